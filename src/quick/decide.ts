// In the script tag's file, in place of decide/decide.ts: decides by simple rulesets, and passes on all others.

import type { Decider } from '../decide/decide.js'
import { decideSlot } from '../decide/experiences.js'
import type { Rule, Ruleset } from '../types.js'
import { matches } from './conditions.js'
import { segments } from './segments.js'
import type { SimpleRule } from './simple.js'
import { languages } from './whole.js'

function simpleDecider(ruleset: Ruleset): Decider {
  const whens = Object.values(ruleset.slots ?? {})
    .flatMap((slot) => slot.experiences ?? [])
    .flatMap(({ when }): Rule[] => (when === undefined ? [] : [when]))
  const goals = Object.entries(ruleset.goals ?? {})
  // The check has seen that these rules are of the simple language.
  const { members, holds: held, ...folding } = segments((ruleset.segments ?? {}) as { [name: string]: SimpleRule }, whens as SimpleRule[])
  const holds: Decider['holds'] = held as never
  return {
    ...folding,
    holds,
    segments: members,
    goals: ({ type, props }) => goals.flatMap(([name, { event, where }]) => (event === type && (!where || matches(where, props)) ? [name] : [])),
    decide: (slot, visitor, facts) => decideSlot(ruleset, slot, { ...visitor, holds: (rule) => holds(rule, visitor.now, facts) }),
  }
}

export const createDecider = (ruleset: Ruleset): Decider => languages.get(ruleset)?.createDecider(ruleset) ?? simpleDecider(ruleset)

export { tooLate, undecided, unpermitted } from '../decide/experiences.js'
