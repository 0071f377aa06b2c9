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

test('each arm gets its share of visitors, and every visitor an arm', () => {
  const weights = { default: 1, spring: 2, off: 0, summer: 1 }
  const counts: { [arm: string]: number } = {}
  for (let i = 0; i < 20_000; i++) {
    const { arm, probability } = draw(weights, hash('test', `visitor ${i}`))
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

test('the last arm is drawn at the very edge', () => {
  expect(draw({ a: 0.1, b: 0.2, c: 0.7 }, 0.9999).arm).toBe('c')
  expect(draw({ a: 1 }, 0).arm).toBe('a')
})

test('the largest weight wins, the first of equals', () => {
  expect(largest({ default: 1, a: 2, b: 2 })).toEqual({ arm: 'a', probability: 1 })
})
