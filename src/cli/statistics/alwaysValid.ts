// An interval that may be looked at every day: it holds at all looks together, and not only at one that was planned.
// Mixture sequential probability ratio test with a normal mixture (Robbins 1970; Johari, Pekelis, Walsh 2015).

import { bisect } from './special.js'

export interface Look {
  /** The estimated difference. */
  value: number
  variance: number
}

/** How many times likelier the difference is under effects of standard deviation `tau` than under none. */
export function likelihoodRatio({ value, variance }: Look, tau: number): number {
  const both = variance + tau * tau
  return Math.sqrt(variance / both) * Math.exp((value * value * tau * tau) / (2 * variance * both))
}

/** Half of the interval's width. It leaves out 0 exactly where the likelihood ratio has reached 1 / alpha. */
export function halfWidth(variance: number, tau: number, alpha = 0.05): number {
  const both = variance + tau * tau
  return Math.sqrt(((variance * both) / (tau * tau)) * (Math.log(both / variance) - 2 * Math.log(alpha)))
}

/** The p-value after all these looks, oldest first: the smallest that any of them has given. */
export const alwaysValidP = (looks: Look[], tau: number): number => looks.reduce((p, look) => Math.min(p, 1 / likelihoodRatio(look, tau)), 1)

/** How small the variance has to be for an interval that leaves out 0 at such a difference. */
export function varianceToSee(value: number, tau: number, alpha = 0.05): number {
  // In logarithms: the width rises with the variance up to far beyond what anybody waits for.
  const size = Math.abs(value)
  return Math.exp(bisect((ln) => halfWidth(Math.exp(ln), tau, alpha), size, Math.log(size * size * 1e-6), Math.log(size * size)))
}
