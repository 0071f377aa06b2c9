// A seeded shop to measure recommendations on: items that belong together, tastes that drift within a session, fashions
// that drift over the days.

import { raise } from '../../src/lib/raise.js'
import { gather, type Visits } from '../../src/cli/visits.js'

export interface Shop {
  items: { key: string; title: string; tags: string[]; popularity: number }[]
  visits: Visits
}

/** A small generator with a good spread (mulberry32). */
export const seeded = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

const DAYS = 28
const CATEGORY = 50
const WORDS = ['light', 'warm', 'dry', 'soft', 'strong', 'small', 'wide', 'quick', 'calm', 'bright']

export function shop(count = 3000, sessions = 20_000, seed = 7): Shop {
  const next = seeded(seed)
  const whole = (below: number): number => Math.floor(next() * below)
  const categories = Math.max(1, Math.round(count / CATEGORY))
  const category = (item: number): number => item % categories
  /** Small numbers are likelier: by about one over the number. */
  const zipf = (below: number): number => Math.min(below - 1, Math.max(0, Math.floor((below + 1) ** next()) - 1))
  const inCategory = (one: number, rank: number): number => Math.min(count - 1, one + categories * rank)
  // Things that one looks at next, whoever one is: alternatives of the same kind, and what goes well with it.
  const related = Array.from({ length: count }, (_, item) =>
    [...Array.from({ length: 5 }, () => inCategory(category(item), whole(CATEGORY))), ...Array.from({ length: 3 }, (_, i) => inCategory((category(item) * 7 + 1 + i) % categories, zipf(CATEGORY)))].filter((other) => other !== item),
  )
  // What people come for: things of two or three kinds, of which each visitor looks at some, in any order.
  const needs = Array.from({ length: Math.round(count / 4) }, (_, n) => {
    const kinds = [n % categories, (n * 7 + 1) % categories, whole(categories)]
    return Array.from({ length: 14 }, (_, i) => inCategory(kinds[i % 5 < 3 ? 0 : i % 5 < 4 ? 1 : 2] as number, whole(CATEGORY)))
  })

  const gathered = gather()
  const seen = new Uint32Array(count)
  for (let s = 0; s < sessions; s++) {
    const day = (s / sessions) * DAYS
    // Each week other needs are in fashion.
    const fashion = Math.floor(day / 7) * 29
    const comesFor = (): number[] => needs[(next() < 0.3 ? fashion + zipf(40) : whole(needs.length)) % needs.length] as number[]
    let need = comesFor()
    let item = need[zipf(need.length)] as number
    for (let step = 0; step === 0 || (step < 40 && next() < 0.8); step++) {
      raise(seen, item)
      gathered.add(`s${s}`, item, day * 86_400_000 + step * 60_000)
      const dice = next()
      // Now and then the visitor's mind goes elsewhere.
      if (dice > 0.95) need = comesFor()
      const list = dice < 0.25 ? (related[item] as number[]) : need
      item = dice > 0.88 && dice <= 0.95 ? inCategory(category(item), zipf(CATEGORY)) : (list[zipf(list.length)] as number)
    }
  }
  return {
    items: Array.from({ length: count }, (_, item) => ({
      key: `/p/${item.toString(36)}`,
      title: `Item ${item}`,
      tags: [`kind ${category(item)}`, WORDS[item % 7] as string, WORDS[(item * 3) % 10] as string],
      popularity: seen[item] as number,
    })),
    visits: gathered.finish(),
  }
}
