// The pure part by itself, for Node, editors and tests: the very same code that decides in the browser.

import { createDecider, type Decider, type Viewer } from './decide/decide.js'
import { explain as explainSlot } from './decide/explain.js'
import { assertRuleset } from './ruleset.js'
import type { Context, Decision, Explanation, Props, Ruleset } from './types.js'

export { hash } from './decide/assign.js'
export { matches } from './decide/conditions.js'
export { checkRuleset, type Problem, type RulesetError } from './ruleset.js'
export type { Clause, Context, Decision, ExplainedExperience, Explanation, Props, Reason, Rule, Ruleset } from './types.js'

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

/** Who sees a slot. */
export interface Viewing extends Situation {
  /** Random, of the visitor's device. */
  seed: string
  /** Is `measure` granted? A split with a goal, and the holdout, are drawn only then. */
  measure?: boolean
  /** What has happened in this page view, for experiences that wait for it; without it nothing. */
  view?: Viewer['view']
}

const checkedOf = (ruleset: Compiled | Ruleset): Ruleset => (known.has(ruleset) ? (ruleset as Compiled) : compile(ruleset)).ruleset

function fold(checked: Ruleset, { events = [], timeZone, now }: Situation): Decider {
  const decider = createDecider(timeZone === undefined ? checked : { ...checked, timeZone })
  // What is still to come has not happened; and order is by time, then as given.
  const past = events.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at)
  for (const [index, event] of past.entries()) decider.feed({ id: String(index), props: {}, ...event })
  return decider
}

const viewerOf = ({ seed, measure = false, now, view }: Viewing): Viewer => ({ seed, measure, now, view })
const seen = ({ traits = {}, context = {}, facts = {} }: Situation) => ({ traits, context, facts })

/**
 * The names of the segments that hold at `now`. Throws a RulesetError for a wrong ruleset.
 *
 *     const ruleset = { version: 1, segments: { again: { event: 'visit', within: '7d', count: { $gte: 2 } } } }
 *     evaluate(ruleset, { events: [{ type: 'visit', at: 1 }, { type: 'visit', at: 2 }], now: 3 }) // ['again']
 */
export function evaluate(ruleset: Compiled | Ruleset, situation: Situation): string[] {
  return [...fold(checkedOf(ruleset), situation).segments(situation.now, seen(situation))]
}

/**
 * What a slot would show to this visitor.
 *
 *     decide(ruleset, 'hero', { events, now: Date.now(), seed: 'anna' }).variant // 'spring'
 */
export function decide(ruleset: Compiled | Ruleset, slot: string, viewing: Viewing): Decision {
  return fold(checkedOf(ruleset), viewing).decide(slot, viewerOf(viewing), seen(viewing))
}

/**
 * Why it would show that: every condition of the slot's experiences, how it stands, and what would turn it.
 *
 *     explain(ruleset, 'hero', { events, now: Date.now(), seed: 'anna' }).experiences[0].says
 */
export function explain(ruleset: Compiled | Ruleset, slot: string, viewing: Viewing): Explanation {
  const checked = checkedOf(ruleset)
  return explainSlot(checked, slot, () => ({ decider: fold(checked, viewing), viewer: viewerOf(viewing), facts: seen(viewing) }))
}
