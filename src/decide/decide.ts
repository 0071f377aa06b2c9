// The door of the wing: a ruleset becomes something that folds events, names segments and decides slots. All pure.

import { printOf } from '../lib/fingerprint.js'
import type { Decision, Fold, Rule, Ruleset, VisitorEvent } from '../types.js'
import { matches } from './conditions.js'
import { decideSlot, type Visitor } from './experiences.js'
import { segments } from './segments.js'
import type { Facts } from './standing.js'

export interface Decider extends Fold {
  /** The names of the segments that hold, in the ruleset's order; the same list as before, and frozen, while nothing changes. */
  segments(now: number, facts: Facts): string[]
  decide(slot: string, visitor: Omit<Visitor, 'holds'>, facts: Facts): Decision
  /** The earliest instant, after `now`, at which a rule could change with no event and the same facts; Infinity if none. */
  until(rule: Rule, now: number, facts: Facts): number
  /** The names of the goals that an event counts for. */
  goals(event: VisitorEvent): string[]
  /** The next instant at which a segment could change with no event; Infinity if none. */
  next(now: number): number
}

/** `print` gives the ruleset's fingerprint; that is for those who have seen its text. */
export function createDecider(ruleset: Ruleset, print: () => number = () => printOf(ruleset)): Decider {
  const whens = Object.values(ruleset.slots ?? {})
    .flatMap((slot) => slot.experiences ?? [])
    .flatMap(({ when }): Rule[] => (when === undefined ? [] : [when]))
  const goals = Object.entries(ruleset.goals ?? {})
  const { members, holds, ...folding } = segments(ruleset, whens, print)
  return {
    ...folding,
    segments: members,
    goals: ({ type, props }) => goals.flatMap(([name, { event, where }]) => (event === type && (!where || matches(where, props)) ? [name] : [])),
    decide: (slot, visitor, facts) => decideSlot(ruleset, slot, { ...visitor, holds: (rule) => holds(rule, visitor.now, facts) }),
  }
}

export { tooLate, undecided, unpermitted } from './experiences.js'
