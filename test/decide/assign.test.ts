import fc from 'fast-check'
import { expect, test } from 'vitest'
// @ts-expect-error without types: the oracle is not part of GrowthBook's public entry
import { hash as oracle } from '../../node_modules/@growthbook/growthbook/dist/esm/util.mjs'
import { draw, hash, largest } from '../../src/decide/assign.js'
import type { Weights } from '../../src/types.js'

test('the hash is version 2 of GrowthBook’s', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (seed, value) => {
      expect(hash(seed, value)).toBe(oracle(seed, value, 2))
    }),
    { numRuns: 2000 },
  )
})

test('each arm gets its share of visitors, and every visitor an arm', () => {
  const weights = { default: 1, spring: 2, off: 0, summer: 1 }
  const counts: { [arm: string]: number } = {}
  for (let i = 0; i < 20_000; i++) {
    const { arm, probability } = draw(weights, 'test', `visitor ${i}`)
    counts[arm] = (counts[arm] ?? 0) + 1
    expect(probability).toBe(weights[arm as keyof typeof weights] / 4)
  }
  expect(counts.off).toBeUndefined()
  // Within four standard deviations.
  for (const [arm, share] of [['default', 0.25], ['spring', 0.5], ['summer', 0.25]] as const) {
    expect(Math.abs((counts[arm] ?? 0) - 20_000 * share)).toBeLessThan(4 * Math.sqrt(20_000 * share * (1 - share)))
  }
})

test('draws under different seeds are independent', () => {
  let both = 0
  for (let i = 0; i < 20_000; i++) if (hash('one', `v${i}`) < 0.5 && hash('two', `v${i}`) < 0.5) both++
  expect(Math.abs(both - 5000)).toBeLessThan(4 * Math.sqrt(20_000 * 0.25 * 0.75))
})

const visitors = Array.from({ length: 20_000 }, (_, i) => `visitor ${i}`)
const moves = (one: Weights, other: Weights): Set<string> =>
  new Set(visitors.flatMap((visitor) => [[draw(one, 'test', visitor).arm, draw(other, 'test', visitor).arm]]).flatMap(([from, to]) => (from === to ? [] : [`${from} to ${to}`])))

test('a weight that rises takes visitors, and moves nobody between the others; one that falls gives some away', () => {
  expect(moves({ a: 1, b: 1, c: 1 }, { a: 2, b: 1, c: 1 })).toEqual(new Set(['b to a', 'c to a']))
  expect(moves({ a: 1, b: 1, c: 1 }, { a: 1, b: 1, c: 0.5 })).toEqual(new Set(['c to a', 'c to b']))
  expect(moves({ a: 1, b: 1 }, { a: 1, b: 1, c: 1 })).toEqual(new Set(['a to c', 'b to c']))
})

test('neither the order of the arms nor the unit of their weights moves anybody', () => {
  expect(moves({ a: 1, b: 2, c: 3 }, { c: 30, a: 10, b: 20 })).toEqual(new Set())
})

test('the shares are right for any weights', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 20 }), { minKeys: 1, maxKeys: 5 }), fc.string(), (weights, seed) => {
      const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0)
      const counts = new Map<string, number>()
      for (const visitor of visitors.slice(0, 4000)) {
        const { arm } = draw(weights, seed, visitor)
        counts.set(arm, (counts.get(arm) ?? 0) + 1)
      }
      for (const [arm, weight] of Object.entries(weights)) {
        const share = weight / total
        // Within five standard deviations, and one more visitor.
        expect(Math.abs((counts.get(arm) ?? 0) - 4000 * share)).toBeLessThan(5 * Math.sqrt(4000 * share * (1 - share)) + 1)
      }
    }),
    { numRuns: 40, seed: 7 },
  )
})

test('the largest weight wins, the first of equals', () => {
  expect(largest({ default: 1, a: 2, b: 2 })).toEqual({ arm: 'a', probability: 1 })
})
