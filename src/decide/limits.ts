// limitsOf(): what keeps an experience away for a while, as rules over the log. It holds exposures, dismissals and goals
// already, so that the engine answers caps and cooldowns as it answers everything else: exactly, in time, and for good.

import { duration } from '../lib/duration.js'
import { DISMISS, EXPOSURE, SEEN } from '../lib/exposure.js'
import { own } from '../lib/own.js'
import type { Cooldown, Duration, EventPattern, Experience, Rule, Ruleset } from '../types.js'

export interface Limit {
  /** The key of the experience that asks for it. */
  key: 'cap' | 'cooldown' | 'fatigue' | 'untilGoal'
  /** Holds while the experience may be shown. */
  rule: Rule
}

/** No cooldown is longer, unless the ruleset says so: a year. */
const LONGEST = 365 * 86_400_000
/** So many dismissals make a difference at most. */
const STEPS = 64

/** The nth cooldown is the nth entry, in ms; from the last one on it grows no more. */
export function cooldowns({ for: first, grow = 1, max }: Cooldown): number[] {
  const least = duration(first)
  const most = max === undefined ? Math.max(LONGEST, least) : duration(max)
  const lengths = [Math.min(least, most)]
  while (grow > 1 && least > 0 && lengths.length < STEPS && (lengths[lengths.length - 1] as number) < most) lengths.push(Math.min(least * grow ** lengths.length, most))
  return lengths
}

/** As many digits as a duration has: that is 31 years. */
const seconds = (ms: number): Duration => `${Math.min(Math.round(ms / 1000), 999_999_999)}s`

const goalOf = (name: string | undefined, { goals }: Pick<Ruleset, 'goals'>): EventPattern[] => {
  const goal = name === undefined ? undefined : own(goals, name)
  return goal ? [{ event: goal.event, ...(goal.where ? { where: goal.where } : {}) }] : []
}

export function limitsOf({ name, cap, cooldown, fatigue, goal, untilGoal }: Experience, ruleset: Pick<Ruleset, 'goals'>): Limit[] {
  const where = { experience: name }
  const limits: Limit[] = []
  if (cap) limits.push({ key: 'cap', rule: { event: EXPOSURE, where, ...(cap.within ? { within: cap.within } : {}), count: { $lt: cap.times } } })
  if (cooldown) {
    // The longest that so many dismissals have earned is the one that counts: a shorter one is over before it.
    const away = cooldowns(cooldown).map((length, n): Rule => {
      const lately: Rule = { event: DISMISS, where, within: seconds(length) }
      return n === 0 ? lately : { all: [{ event: DISMISS, where, count: { $gte: n + 1 } }, lately] }
    })
    limits.push({ key: 'cooldown', rule: { not: away.length === 1 ? (away[0] as Rule) : { any: away } } })
  }
  if (fatigue) {
    const { after, within } = fatigue
    const fresh: Rule = { event: SEEN, where, within, count: { $lt: after } }
    const [reached] = goalOf(goal, ruleset)
    limits.push({ key: 'fatigue', rule: reached ? { any: [fresh, { ...reached, within }] } : fresh })
  }
  for (const reached of goalOf(untilGoal, ruleset)) limits.push({ key: 'untilGoal', rule: { not: reached } })
  return limits
}

/** All rules that a decision may ask about an experience. */
export const rulesOf = (experience: Experience, ruleset: Pick<Ruleset, 'goals'>, limits = limitsOf(experience, ruleset)): Rule[] => [
  ...(experience.when === undefined ? [] : [experience.when]),
  ...limits.map(({ rule }) => rule),
  ...(experience.split?.by ?? []).map(({ segment }) => segment),
]
