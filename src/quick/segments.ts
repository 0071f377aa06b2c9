// segments(): which named rules hold, over behaviour, traits and context.

import type { Facts } from '../decide/standing.js'
import { own } from '../lib/own.js'
import { type Behaviour, behaviour } from './behaviour.js'
import { matches } from './conditions.js'
import type { SimpleLeaf, SimpleRule } from './simple.js'

export interface Segments extends Omit<Behaviour, 'holds'> {
  /** The names of the segments that hold, in the ruleset's order. */
  members(now: number, facts: Facts): string[]
  holds(rule: SimpleRule, now: number, facts: Facts): boolean
}

const parts = (rule: Exclude<SimpleRule, string>): SimpleRule[] => ('all' in rule ? rule.all : 'any' in rule ? rule.any : 'not' in rule ? [rule.not] : [])

const leavesOf = (rule: SimpleRule): SimpleLeaf[] =>
  typeof rule === 'string' ? [] : 'event' in rule ? [rule] : parts(rule).flatMap(leavesOf)

/** `named` is the ruleset's `segments`; `others` are rules that stand elsewhere, such as an experience's `when`. */
export function segments(named: { [name: string]: SimpleRule }, others: SimpleRule[]): Segments {
  const names = Object.keys(named)
  const { holds: leafHolds, ...folding } = behaviour([...Object.values(named), ...others].flatMap(leavesOf))

  const evaluator = (now: number, facts: Facts) => {
    const known = new Map<string, boolean>()
    const member = (name: string): boolean => {
      let held = known.get(name)
      if (held === undefined) {
        // A cycle never passes the check; should one come by another way, it is false and not a hang.
        known.set(name, false)
        const rule = own(named, name)
        held = rule !== undefined && holds(rule)
        known.set(name, held)
      }
      return held
    }
    const holds = (rule: SimpleRule): boolean => {
      if (typeof rule === 'string') return member(rule)
      if ('segment' in rule) return member(rule.segment)
      if ('all' in rule) return rule.all.every(holds)
      if ('any' in rule) return rule.any.some(holds)
      if ('not' in rule) return !holds(rule.not)
      if ('trait' in rule) return matches(rule.trait, facts.traits)
      if ('context' in rule) return matches(rule.context, facts.context)
      return leafHolds(rule, now)
    }
    return { member, holds }
  }

  return {
    ...folding,
    members: (now, facts) => names.filter(evaluator(now, facts).member),
    holds: (rule, now, facts) => evaluator(now, facts).holds(rule),
  }
}
