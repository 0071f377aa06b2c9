// An amount is told as one of few, and sums over many visitors are right all the same.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rounded } from '../../src/tell/rounded.js'

const edges = fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 6 }).map((list) => list.sort((a, b) => a - b))

test('what comes out is 0 or an edge, the one below or the one above', () => {
  fc.assert(
    fc.property(edges, fc.double({ min: 0, max: 2000, noNaN: true }), fc.double({ min: 0, max: 0.999999, noNaN: true }), (edges, value, random) => {
      const made = rounded(value, edges, random) as number
      const all = [0, ...edges]
      expect(all).toContain(made)
      const below = all.filter((edge) => edge <= value).at(-1) as number
      const above = all.find((edge) => edge > value) ?? below
      expect([below, above]).toContain(made)
    }),
  )
})

test('on average it is the amount itself, up to the last edge', () => {
  fc.assert(
    fc.property(edges, fc.double({ min: 0, max: 1, noNaN: true }), (edges, share) => {
      const last = edges.at(-1) as number
      const value = share * last
      // Over all that chance can say, evenly.
      const steps = 2000
      let sum = 0
      for (let i = 0; i < steps; i++) sum += rounded(value, edges, (i + 0.5) / steps) as number
      expect(Math.abs(sum / steps - value)).toBeLessThanOrEqual(last / steps)
      expect(rounded(last + share * 1000, edges, share * 0.999)).toBe(last)
    }),
    { numRuns: 50 },
  )
})
