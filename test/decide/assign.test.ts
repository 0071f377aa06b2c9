import fc from 'fast-check'
import { expect, test } from 'vitest'
// @ts-expect-error without types: the oracle is not part of GrowthBook's public entry
import { hash as oracle } from '../../node_modules/@growthbook/growthbook/dist/esm/util.mjs'
import { draw, hash, largest } from '../../src/decide/assign.js'

test('the hash is version 2 of GrowthBook’s', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (seed, value) => {
      expect(hash(seed, value)).toBe(oracle(seed, value, 2))
    }),
    { numRuns: 2000 },
  )
})

const VISITORS = 3000
/** Experiences: one by itself would be judged by its luck. */
const SEEDS = Array.from({ length: 40 }, (_, i) => `experience-${i}`)
const arms = (count: number, weight = (_: number) => 1) => Object.fromEntries(Array.from({ length: count }, (_, i) => [i === 0 ? 'default' : `arm-${i}`, weight(i)]))

/** How far tables of counts are, all together, from what is expected of them: in standard deviations of chi-square. */
const surprise = (tables: number[][], shares: number[]): number => {
  const square = (counts: number[]): number => {
    const total = counts.reduce((sum, count) => sum + count, 0)
    return counts.reduce((sum, count, i) => sum + (count - total * (shares[i] as number)) ** 2 / (total * (shares[i] as number)), 0)
  }
  const free = tables.length * (shares.length - 1)
  return (tables.reduce((sum, counts) => sum + square(counts), 0) - free) / Math.sqrt(2 * free)
}

const tally = (of: (visitor: string) => string, names: string[]): number[] => {
  const counts = new Map(names.map((name) => [name, 0]))
  for (let i = 0; i < VISITORS; i++) {
    const name = of(`visitor ${i}`)
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts.values()]
}

test.each([
  ['two arms', arms(2)],
  ['three arms', arms(3)],
  ['ten arms', arms(10)],
  ['arms of unequal weight', arms(4, (i) => [1, 2, 0.5, 6.5][i] as number)],
  ['an arm of one in a hundred', arms(2, (i) => (i === 0 ? 99 : 1))],
])('of %s each gets its share of visitors, and every visitor an arm', (_, weights) => {
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0)
  const shares = Object.values(weights).map((weight) => weight / total)
  const tables = SEEDS.map((seed) => tally((visitor) => draw(weights, seed, visitor).arm, Object.keys(weights)))
  // Too far off would be uneven, and too close would be no chance.
  expect(Math.abs(surprise(tables, shares))).toBeLessThan(4)
  // A small lean of one arm shows in all of them together.
  for (const [i, share] of shares.entries()) {
    const draws = SEEDS.length * VISITORS
    const count = tables.reduce((sum, counts) => sum + (counts[i] as number), 0)
    expect(Math.abs(count - draws * share) / Math.sqrt(draws * share * (1 - share))).toBeLessThan(4)
  }
  const { arm, probability } = draw(weights, 'hero-test', 'anna')
  expect(probability).toBe((weights[arm] as number) / total)
})

test('an arm without weight gets nobody, and without any weight it is the page’s own content', () => {
  expect(tally((visitor) => draw({ default: 1, off: 0 }, 'test', visitor).arm, ['default', 'off'])).toEqual([VISITORS, 0])
  expect(draw({ a: 0 }, 'test', 'anna')).toEqual({ arm: 'default', probability: 1 })
  expect(draw({ a: 0.3 }, 'test', 'anna')).toEqual({ arm: 'a', probability: 1 })
})

test('a weight that rises only takes visitors, one that falls only gives them away, and a new arm moves nobody between the others', () => {
  const before = { default: 2, a: 1, b: 1 }
  const moves = (after: { [arm: string]: number }) => {
    const moved = new Set<string>()
    for (let i = 0; i < 5000; i++) {
      const [from, to] = [before, after].map((weights) => draw(weights, 'test', `visitor ${i}`).arm) as [string, string]
      if (from !== to) moved.add(`${from} to ${to}`)
    }
    return [...moved].sort()
  }
  expect(moves(before)).toEqual([])
  expect(moves({ b: 1, a: 1, default: 2 })).toEqual([])
  expect(moves({ default: 20, a: 10, b: 10 })).toEqual([])
  expect(moves({ ...before, a: 3 })).toEqual(['b to a', 'default to a'])
  expect(moves({ ...before, default: 1 })).toEqual(['default to a', 'default to b'])
  expect(moves({ ...before, a: 0 })).toEqual(['a to b', 'a to default'])
  expect(moves({ ...before, c: 2 })).toEqual(['a to c', 'b to c', 'default to c'])
})

test('what is drawn of a visitor in one experience, or epoch, says nothing of another', () => {
  const three = arms(3)
  const names = Object.keys(three)
  const pairs = names.flatMap((a) => names.map((b) => `${a} ${b}`))
  for (const other of [(seed: string) => `${seed}:732`, (seed: string) => `exclusive:${seed}`, (seed: string) => `${seed}0`]) {
    const tables = SEEDS.map((seed) => tally((visitor) => `${draw(three, seed, visitor).arm} ${draw(three, other(seed), visitor).arm}`, pairs))
    expect(Math.abs(surprise(tables, Array(9).fill(1 / 9)))).toBeLessThan(4)
  }
})

test('draws under different seeds are independent', () => {
  let both = 0
  for (let i = 0; i < 20_000; i++) if (hash('one', `v${i}`) < 0.5 && hash('two', `v${i}`) < 0.5) both++
  expect(Math.abs(both - 5000)).toBeLessThan(4 * Math.sqrt(20_000 * 0.25 * 0.75))
})

test('the largest weight wins, the first of equals', () => {
  expect(largest({ default: 1, a: 2, b: 2 })).toEqual({ arm: 'a', probability: 1 })
})
