// @vitest-environment node
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { alwaysValidP, halfWidth, likelihoodRatio, varianceToSee } from '../../../src/cli/statistics/alwaysValid.js'
import { bestArms } from '../../../src/cli/statistics/bestArm.js'
import { type Group, looksAt, rateIn, policyValue } from '../../../src/cli/statistics/groups.js'
import { after, priorOf } from '../../../src/cli/statistics/prior.js'
import { difference, expectedLoss, lift, probabilityBetter, rateOf, twoProportions } from '../../../src/cli/statistics/proportions.js'
import { sampleRatio } from '../../../src/cli/statistics/sampleRatio.js'
import { betaBelow, betaQuantile, chiSquareAbove, lnBeta, lnGamma, normalBelow, normalQuantile } from '../../../src/cli/statistics/special.js'
import { jstat } from '../../support/jstat.js'

/** Values computed with SciPy 1.17.1. */
const PAIRS = [
  { a: [120, 1000], b: [145, 1000], z: 1.648854, p: 0.099177, difference: [-0.004697, 0.054697], lift: [-0.035548, 0.513885], better: 0.950197, lossB: 0.00031584, lossA: 0.02526594, sequential: 0.792761, half: 0.069331 },
  { a: [420, 5000], b: [468, 5100], z: 1.377756, p: 0.168279, difference: [-0.003276, 0.018805], lift: [-0.036727, 0.23892], better: 0.915734, lossB: 0.00021759, lossA: 0.00797599, sequential: 0.990587, half: 0.017605 },
  { a: [221, 1847], b: [258, 1902], z: 1.466527, p: 0.142505, difference: [-0.005358, 0.037345], lift: [-0.041506, 0.340843], better: 0.928547, lossB: 0.00034642, lossA: 0.01631093, sequential: 0.829266, half: 0.041394 },
  { a: [10, 200], b: [22, 200], z: 2.211629, p: 0.026992, difference: [0.007154, 0.112846], lift: [0.069412, 3.52585], better: 0.986042, lossB: 0.00013677, lossA: 0.05954271, sequential: 0.790612, half: 0.191826 },
] as const
const near = (value: number, wanted: number, within = 1e-6): void => expect(Math.abs(value - wanted), `${value} is not ${wanted}`).toBeLessThanOrEqual(within)

test('two rates, side by side, are what SciPy says of them', () => {
  for (const { a: [ah, an], b: [bh, bn], ...wanted } of PAIRS) {
    const [a, b] = [{ hits: ah, of: an }, { hits: bh, of: bn }]
    near(twoProportions(a, b).z, wanted.z)
    near(twoProportions(a, b).p, wanted.p)
    const apart = difference(rateOf(a), rateOf(b))
    near(apart.low, wanted.difference[0])
    near(apart.high, wanted.difference[1])
    const ratio = lift(rateOf(a), rateOf(b))
    near(ratio?.low ?? 0, wanted.lift[0])
    near(ratio?.high ?? 0, wanted.lift[1])
    const [one, other] = [after({ a: 1, b: 1 }, a), after({ a: 1, b: 1 }, b)]
    near(probabilityBetter(other, one), wanted.better)
    near(expectedLoss(other, one), wanted.lossB)
    near(expectedLoss(one, other), wanted.lossA)
    const [first, second] = bestArms([one, other]) as [{ probability: number; loss: number }, { probability: number; loss: number }]
    near(second.probability, wanted.better)
    near(first.loss, wanted.lossA)
    near(second.loss, wanted.lossB)
    const look = { value: apart.value, variance: rateOf(a).variance + rateOf(b).variance }
    near(alwaysValidP([look], 0.01), wanted.sequential)
    near(halfWidth(look.variance, 0.01), wanted.half)
  }
})

test('the chi-square test of the sample ratio is what SciPy says', () => {
  const even = (...counts: number[]) => [{ counts, expected: [0.5, 0.5] }]
  for (const [groups, chiSquare, p] of [
    [even(5000, 5200), 3.921569, 0.0476704],
    [even(10050, 9950), 0.5, 0.4795001],
    [even(9850, 10150), 4.5, 0.0338949],
    [even(821588, 815482), 22.774369, 1.82179e-6],
    [[{ counts: [902, 2048, 7050], expected: [0.1, 0.2, 0.7] }], 11.113143, 0.00386199],
  ] as const) {
    const found = sampleRatio([...groups].map(({ counts, expected }) => ({ counts: [...counts], expected: [...expected] })))
    near(found.chiSquare, chiSquare)
    near(found.p, p)
  }
})

test('special functions hold at their anchors, and agree with jstat', () => {
  near(betaBelow(0.5, 2, 3), 0.6875, 1e-12)
  near(betaQuantile(0.025, 12, 988), 0.006221762, 1e-9)
  near(betaQuantile(0.975, 12, 988), 0.019616159, 1e-9)
  near(chiSquareAbove(3.841458820694124, 1), 0.05, 1e-12)
  near(normalQuantile(0.975), 1.959963984540054, 1e-12)
  const shape = fc.double({ min: 0.5, max: 300, noNaN: true })
  fc.assert(
    fc.property(shape, shape, fc.double({ min: 0.001, max: 0.999, noNaN: true }), (a, b, x) => {
      near(lnGamma(a), jstat.gammaln(a), 1e-8)
      near(lnBeta(a, b), jstat.betaln(a, b), 1e-7)
      near(betaBelow(x, a, b), jstat.beta.cdf(x, a, b), 1e-6)
      near(chiSquareAbove(a, Math.ceil(b / 10)), 1 - jstat.chisquare.cdf(a, Math.ceil(b / 10)), 1e-6)
      near(normalBelow((x - 0.5) * 8), jstat.normal.cdf((x - 0.5) * 8, 0, 1), 1e-6)
      near(betaBelow(betaQuantile(x, a, b), a, b), x, 1e-9)
    }),
    { numRuns: 300 },
  )
})

test('large counts lose nothing', () => {
  // SciPy: betaln(1e6, 1e7)
  near(betaBelow(1e6 / 1.1e7, 1e6, 1e7), 0.5, 1e-3)
  near(betaBelow(betaQuantile(0.3, 1e6, 1e7), 1e6, 1e7), 0.3, 1e-9)
})

test('the best of several: together 1, whatever the order, and equal for equals', () => {
  const beta = fc.record({ a: fc.integer({ min: 1, max: 500 }), b: fc.integer({ min: 1, max: 20_000 }) })
  fc.assert(
    fc.property(fc.array(beta, { minLength: 2, maxLength: 5 }), (arms) => {
      const best = bestArms(arms)
      near(best.reduce((sum, { probability }) => sum + probability, 0), 1, 1e-9)
      for (const [i, one] of [...bestArms([...arms].reverse())].reverse().entries()) near(one.probability, best[i]?.probability ?? -1, 1e-6)
      const [a, b] = bestArms([arms[0] as { a: number; b: number }, arms[0] as { a: number; b: number }])
      near(a?.probability ?? 0, b?.probability ?? 1, 1e-9)
    }),
    { numRuns: 60 },
  )
})

test('three arms are what a plain sum over the densities of jstat gives', () => {
  const arms = [{ a: 41, b: 961 }, { a: 51, b: 951 }, { a: 3, b: 40 }]
  const steps = 40_000
  const plain = arms.map((arm, k) => {
    let sum = 0
    for (let i = 0; i < steps; i++) {
      const x = (i + 0.5) / steps
      const mass = jstat.beta.pdf(x, arm.a, arm.b) / steps
      if (mass > 1e-15) sum += arms.reduce((product, other, j) => (j === k ? product : product * jstat.beta.cdf(x, other.a, other.b)), mass)
    }
    return sum
  })
  for (const [k, { probability }] of bestArms(arms).entries()) near(probability, plain[k] ?? -1, 1e-5)
})

const group = (day: number, probabilities: number[], counts: [number, number][]): Group => ({ day, probabilities, counts: counts.map(([hits, of]) => ({ hits, of })) })

test('two equal arms stay equal when weights and base rate move together', () => {
  const moving = [group(1, [0.5, 0.5], [[200, 5000], [200, 5000]]), group(2, [0.1, 0.9], [[80, 1000], [720, 9000]])]
  // Pooled: 280 of 6000 against 920 of 14000, "+41 %".
  near(rateIn(moving, 0)?.value ?? 0, 0.06, 1e-12)
  near(rateIn(moving, 1)?.value ?? 0, 0.06, 1e-12)
  near(looksAt(moving, 1, 0).at(-1)?.value ?? 1, 0, 1e-12)
  near(policyValue(() => [1, 0], moving), 0.06, 1e-12)
})

test('a look is the difference of the rates where there is one group, and its variance the usual one', () => {
  const [look] = looksAt([group(1, [0.5, 0.5], [[120, 1000], [145, 1000]])], 1, 0)
  near(look?.value ?? 0, 0.025, 1e-12)
  near(look?.variance ?? 0, 0.1325 * 0.8675 * (2 / 1000) * (2000 / 1999), 1e-12)
  near(likelihoodRatio({ value: halfWidth(0.0001, 0.01), variance: 0.0001 }, 0.01), 20, 1e-9)
  near(halfWidth(varianceToSee(0.01, 0.01), 0.01), 0.01, 1e-9)
})

test('the prior is as wide as said', () => {
  const { a, b } = priorOf(0.05)
  near(a / (a + b), 0.05, 1e-12)
  near(Math.sqrt((a * b) / ((a + b) ** 2 * (a + b + 1))) / 0.05, 0.3, 0.001)
})

test('the sample ratio over groups is right where every group has odds of its own', () => {
  // Drawn at 50/50 and then at 10/90: pooled shares fit neither, yet nothing is wrong.
  const fine = [{ counts: [5010, 4990], expected: [0.5, 0.5] }, { counts: [985, 9015], expected: [0.1, 0.9] }]
  expect(sampleRatio(fine).p).toBeGreaterThan(0.5)
  expect(sampleRatio([{ counts: [5400, 4600], expected: [0.5, 0.5] }, ...fine]).p).toBeLessThan(1e-6)
  expect(sampleRatio([{ counts: [10, 0, 12], expected: [0.5, 0, 0.5] }]).degrees).toBe(1)
})
