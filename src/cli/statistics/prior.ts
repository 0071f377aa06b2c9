// What is believed of arms before anything is counted of them: that they are like the others.

import type { Beta } from './proportions.js'

/** How far arms of one test lie apart, as a share of their mean: a standard deviation of 30 %. */
const APART = 0.3

/**
 * A Beta distribution whose mean is the rate of all arms together and whose standard deviation is 30 % of it: an
 * empirical-Bayes prior (Efron and Morris 1973). So an arm with few visitors is not taken for the best or the worst.
 */
export function priorOf(rate: number): Beta {
  const mean = Math.min(0.999, Math.max(1e-6, rate))
  const weight = (1 - mean) / (mean * APART * APART)
  return { a: mean * weight, b: (1 - mean) * weight }
}

/** So many visitors' worth of belief that an arm does in one stratum as it does in all. */
export const STRATUM_WEIGHT = 100

/** With `hits` of `of` counted. */
export const after = (prior: Beta, { hits, of }: { hits: number; of: number }): Beta => ({ a: prior.a + hits, b: prior.b + Math.max(0, of - hits) })
