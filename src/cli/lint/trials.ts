// Tests that would take too long to tell anything: too many arms, too few visitors, or too rare a goal.

import type { Experience, Ruleset, Weights } from '../../types.js'
import type { Found } from '../finding.js'

export interface Expected {
  /** Visitors a day who reach the slot. */
  perDay?: number | undefined
  /** The share of them, 0 to 1, that reaches the goal anyway. */
  rate: number
}

/** Beyond that a test tells more of the season than of its arms. */
const LONGEST_DAYS = 60
const MOST_ARMS = 8
/** What a test is to find: a goal reached by a fifth more or less. */
const LIFT = 0.2
/** Two-sided 5 %, and found in four of five tests. */
const [Z_ALPHA, Z_BETA] = [1.959964, 0.841621]

/**
 * Visitors per arm so that a difference of `lift`, relative to `rate`, is found: two proportions, normal approximation, as
 * R's power.prop.test has it (Fleiss, Levin, Paik: Statistical Methods for Rates and Proportions, 3rd ed., equation 4.14).
 */
export function perArm(rate: number, lift = LIFT): number {
  const other = Math.min(rate * (1 + lift), 0.999)
  const mean = (rate + other) / 2
  const spread = Z_ALPHA * Math.sqrt(2 * mean * (1 - mean)) + Z_BETA * Math.sqrt(rate * (1 - rate) + other * (1 - other))
  return (spread / (other - rate)) ** 2
}

const armsOf = (weights: Weights): number[] => Object.values(weights).filter((weight) => weight > 0)

/** Days until the smallest arm has had enough visitors. */
export function daysToDecide({ split, holdout = 0 }: Pick<Experience, 'split' | 'holdout'>, held: number, { perDay = 0, rate }: Expected): number {
  const arms = armsOf(split?.weights ?? {})
  const share = Math.min(...arms) / arms.reduce((sum, weight) => sum + weight, 0)
  return Math.ceil(perArm(rate) / (perDay * share * (1 - held) * (1 - holdout)))
}

export function trials(ruleset: Ruleset, expected: Expected, found: Found): void {
  for (const [slot, { experiences = [] }] of Object.entries(ruleset.slots ?? {})) {
    experiences.forEach((one, i) => {
      const path = `slots.${slot}.experiences[${i}].split`
      const { name, split, goal, enabled } = one
      if (!split || enabled === false) return
      const arms = armsOf(split.weights).length
      if (arms > MOST_ARMS) found(`${path}.weights`, 'arms', `"${name}" tries ${arms} arms at once; by chance alone one of so many looks best`, `keep at most ${MOST_ARMS}, better two to four`)
      if (goal === undefined && (one.learn || arms > 1)) found(path, 'goalless', `"${name}" draws between ${arms} arms, and nothing says which of them is better`, 'give it the "goal" that it is judged by')
      if (goal === undefined || arms < 2 || expected.perDay === undefined) return
      const days = daysToDecide(one, ruleset.holdout ?? 0, expected)
      if (days <= LONGEST_DAYS) return
      const two = daysToDecide({ ...one, split: { weights: { a: 1, b: 1 } } }, ruleset.holdout ?? 0, expected)
      const advice = two <= LONGEST_DAYS && arms > 2 ? `two arms alone would take ${two}` : 'choose a goal that is reached more often, or a slot that more visitors see'
      found(path, 'slow', `"${name}" would take about ${days} days to tell ${arms} arms apart by a fifth, with ${expected.perDay} visitors a day of whom ${+(expected.rate * 100).toFixed(2)} % reach "${goal}" anyway`, advice)
    })
  }
}
