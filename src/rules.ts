// The pure part by itself, for Node, editors and tests: the very same code that decides in the browser.

import { createDecider, type Decider } from './decide/decide.js'
import { assertRuleset } from './ruleset.js'
import type { Context, Decision, Props, Ruleset } from './types.js'

export { hash } from './decide/assign.js'
export { matches } from './decide/conditions.js'
export { checkRuleset, type Problem, type RulesetError } from './ruleset.js'
export type { Context, Decision, Props, Reason, Rule, Ruleset } from './types.js'

/** A ruleset that has been checked. Keeps no visitor: it can be used for any number of them. */
export interface Compiled {
  ruleset: Ruleset
}

const known = new WeakSet<object>()

/**
 * Checks a ruleset once, for many calls of `evaluate` and `decide`. Throws a RulesetError with path and mend.
 *
 *     const compiled = compile(JSON.parse(text))
 *     for (const visitor of visitors) evaluate(compiled, visitor)
 */
export function compile(ruleset: unknown): Compiled {
  const compiled = { ruleset: assertRuleset(ruleset) }
  known.add(compiled)
  return compiled
}

/** A visitor as seen at one instant. Times are in ms since 1970. */
export interface Situation {
  /** In any order; what is later than `now` has not happened. */
  events?: { type: string; at: number; props?: Props }[]
  traits?: Props
  context?: Context
  /** Of the page that the visitor sees, for `same`. */
  facts?: Props
  /** For calendar days and dates; the ruleset's own by default, else that of this machine. */
  timeZone?: string
  now: number
}

function fold(ruleset: Compiled | Ruleset, { events = [], timeZone, now }: Situation): Decider {
  const { ruleset: checked } = known.has(ruleset) ? (ruleset as Compiled) : compile(ruleset)
  const decider = createDecider(timeZone === undefined ? checked : { ...checked, timeZone })
  // What is still to come has not happened; and order is by time, then as given.
  const past = events.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at)
  for (const [index, event] of past.entries()) decider.feed({ id: String(index), props: {}, ...event })
  return decider
}

const seen = ({ traits = {}, context = {}, facts = {} }: Situation) => ({ traits, context, facts })

/**
 * The names of the segments that hold at `now`. Throws a RulesetError for a wrong ruleset.
 *
 *     const ruleset = { version: 1, segments: { again: { event: 'visit', within: '7d', count: { $gte: 2 } } } }
 *     evaluate(ruleset, { events: [{ type: 'visit', at: 1 }, { type: 'visit', at: 2 }], now: 3 }) // ['again']
 */
export function evaluate(ruleset: Compiled | Ruleset, situation: Situation): string[] {
  return [...fold(ruleset, situation).segments(situation.now, seen(situation))]
}

/**
 * What a slot would show to a visitor with this random `seed`. `measure` says whether that purpose is granted: a
 * split with a goal, and the holdout, are drawn only then.
 *
 *     decide(ruleset, 'hero', { events, now: Date.now(), seed: 'anna' }).variant // 'spring'
 */
export function decide(
  ruleset: Compiled | Ruleset,
  slot: string,
  situation: Situation & { seed: string; measure?: boolean },
): Decision {
  const { now, seed, measure = false } = situation
  return fold(ruleset, situation).decide(slot, { seed, measure, now }, seen(situation))
}
