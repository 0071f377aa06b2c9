// bestArms(): how likely each of several arms is the best, and what it would cost to be wrong, by quadrature: the same
// input gives the same numbers, and no draw is made.

import type { Beta } from './proportions.js'
import { betaBelow, lnBeta } from './special.js'

export interface Best {
  /** That this arm's rate is the largest of all; together they are 1. */
  probability: number
  /** How much larger the largest rate is than this arm's, on average. */
  loss: number
}

/** Standard deviations to either side; beyond lies less than a double can tell. */
const REACH = 8.5

const meanOf = ({ a, b }: Beta): number => a / (a + b)

/** Of ln(x / (1 - x)): there a Beta distribution is nearly normal. */
const spread = ({ a, b }: Beta): { middle: number; sd: number } => ({ middle: Math.log(a / b), sd: Math.sqrt(1 / a + 1 / b) })

/**
 * P(k is best) = ∫ f_k(x) Π F_i(x) dx over the others, which is how often Thompson sampling would draw arm k (Scott 2010,
 * A modern Bayesian look at the multi-armed bandit). Midpoints on a logit grid of arm k's own; on smooth peaks this
 * converges faster than any power of the step.
 */
export function bestArms(arms: Beta[]): Best[] {
  const narrowest = Math.min(...arms.map((arm) => spread(arm).sd))
  const parts = arms.map((arm, k) => {
    const { middle, sd } = spread(arm)
    const points = Math.min(2048, Math.max(96, Math.ceil((2 * REACH * sd) / (narrowest / 3))))
    // Where few have been counted the distribution has a long tail to the left.
    const [from, to] = [middle - REACH * sd * (arm.a < 10 ? 2 : 1), middle + REACH * sd * (arm.b < 10 ? 2 : 1)]
    const step = (to - from) / points
    const scale = lnBeta(arm.a, arm.b)
    let probability = 0
    let mean = 0
    for (let i = 0; i < points; i++) {
      const logit = from + (i + 0.5) * step
      const x = 1 / (1 + Math.exp(-logit))
      let mass = step * Math.exp(-arm.a * Math.log1p(Math.exp(-logit)) - arm.b * Math.log1p(Math.exp(logit)) - scale)
      if (mass < 1e-18) continue
      for (const [j, other] of arms.entries()) if (j !== k && mass > 0) mass *= betaBelow(x, other.a, other.b)
      probability += mass
      mean += mass * x
    }
    return { probability, mean }
  })
  const total = parts.reduce((sum, { probability }) => sum + probability, 0)
  const largest = parts.reduce((sum, { mean }) => sum + mean, 0) / total
  return parts.map(({ probability }, k) => ({ probability: probability / total, loss: Math.max(0, largest - meanOf(arms[k] as Beta)) }))
}
