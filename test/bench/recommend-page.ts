// In the page: decisions for many visitors, each timed; from the whole table, and from shards.

import { readCatalogue } from '../../src/extras/recommend/catalogue.js'
import { knownOf } from '../../src/extras/recommend/known.js'
import { type Ranked, rank } from '../../src/extras/recommend/rank.js'
import { decodeRow, shardOf, type Table } from '../../src/extras/recommend/table.js'
import type { Recalled } from '../../src/types.js'
import { median } from './rounds.js'

/** A clock that tells 5 µs apart needs several decisions in a row, and a machine that does other things several rounds. */
const AT_ONCE = 10
const ROUNDS = 7

Object.assign(window, {
  bench: async () => {
    const { items, table, shards, seen } = (await (await fetch('/recommend.json')).json()) as { items: unknown[]; table: Table; shards: Table[]; seen: string[][] }
    const catalogue = readCatalogue(items, ['tags'])
    const visitors = seen.map((keys, i): [string, Recalled] => [
      keys[0] as string,
      { seen: [...keys].reverse().map((key) => JSON.stringify(key)), bought: [], dismissed: ['"/p/1"'], shown: keys.slice(1, 4).map((key) => [key, 2]), 'fond tags': [[`kind ${i % 60}`, 4], ['warm', 2]] },
    ])
    const decide = ([path, recalled]: [string, Recalled], rowOf: (position: number) => ReturnType<typeof decodeRow>): Ranked[] => rank(catalogue, rowOf, knownOf(catalogue, recalled, {}, path), { limit: 4 })
    const whole = (position: number) => decodeRow(table.rows[position], table.of[0])
    const sharded = (position: number) => decodeRow(shards[shardOf(catalogue.paths[position] as string, shards.length)]?.rows[position], table.of[0])

    for (const visitor of visitors.slice(0, 500)) decide(visitor, whole)
    const each = visitors.map((): number[] => [])
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, visitor] of visitors.entries()) {
        const before = performance.now()
        for (let n = 0; n < AT_ONCE; n++) decide(visitor, whole)
        each[i]?.push(((performance.now() - before) / AT_ONCE) * 1000)
      }
    }
    const times = each.map(median).sort((a, b) => a - b)
    const place = (share: number): number => times[Math.floor(times.length * share)] as number
    return { middle: place(0.5), high: place(0.95), same: visitors.filter((visitor) => JSON.stringify(decide(visitor, whole)) === JSON.stringify(decide(visitor, sharded))).length }
  },
})
