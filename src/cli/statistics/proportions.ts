// Two rates side by side: difference, lift, and how sure it is that one is better.

import { lnBeta, twoSided, Z95 } from './special.js'

/** So many of so many. */
export interface Count {
  hits: number
  of: number
}

export interface Interval {
  low: number
  high: number
}

/** An estimate of something, with its variance. */
export interface Estimate {
  value: number
  variance: number
}

export const rateOf = ({ hits, of }: Count): Estimate => ({ value: hits / of, variance: ((hits / of) * (1 - hits / of)) / of })

export const around = (value: number, half: number): Interval => ({ low: value - half, high: value + half })

/** z and p of "the rates are equal", with a pooled variance (Fleiss, Statistical Methods for Rates and Proportions). */
export function twoProportions(a: Count, b: Count): { z: number; p: number } {
  const pooled = (a.hits + b.hits) / (a.of + b.of)
  const z = (b.hits / b.of - a.hits / a.of) / Math.sqrt(pooled * (1 - pooled) * (1 / a.of + 1 / b.of))
  return { z, p: twoSided(z) }
}

/** The difference b - a with its interval at 95 %, the variances not pooled. */
export function difference(a: Estimate, b: Estimate): { value: number } & Interval {
  const value = b.value - a.value
  return { value, ...around(value, Z95 * Math.sqrt(a.variance + b.variance)) }
}

/**
 * How much larger b is than a, as a share of a, with its interval at 95 %: on the logarithm of the ratio, so that it
 * never goes below -1 (Katz et al., Biometrics 1978). Undefined where one of them is 0.
 */
export function lift(a: Estimate, b: Estimate): ({ value: number } & Interval) | undefined {
  if (!(a.value > 0 && b.value > 0)) return undefined
  const log = Math.log(b.value / a.value)
  const half = Z95 * Math.sqrt(a.variance / a.value ** 2 + b.variance / b.value ** 2)
  return { value: Math.expm1(log), low: Math.expm1(log - half), high: Math.expm1(log + half) }
}

/** A distribution of what a rate may be. */
export interface Beta {
  a: number
  b: number
}

/**
 * That a draw of `better` is larger than one of `than`: a finite sum where `better.a` is a whole number (Evan Miller,
 * Formulas for Bayesian A/B Testing). `bestArm` has it for any two and more.
 */
export function probabilityBetter(better: Beta, than: Beta): number {
  let sum = 0
  for (let i = 0; i < better.a; i++) {
    sum += Math.exp(lnBeta(than.a + i, better.b + than.b) - Math.log(better.b + i) - lnBeta(1 + i, better.b) - lnBeta(than.a, than.b))
  }
  return sum
}

/** How much less than the other a draw of `chosen` gives on average, where it gives less (Chris Stucchio 2014). */
export function expectedLoss(chosen: Beta, other: Beta): number {
  const mean = ({ a, b }: Beta): number => a / (a + b)
  return mean(other) * probabilityBetter({ ...other, a: other.a + 1 }, chosen) - mean(chosen) * probabilityBetter(other, { ...chosen, a: chosen.a + 1 })
}
