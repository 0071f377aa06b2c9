// segments(): which named rules hold, over behaviour, traits and context.

import type { Facts } from '../decide/standing.js'
import { own } from '../lib/own.js'
import { type Behaviour, behaviour } from './behaviour.js'
import { matches } from './conditions.js'
import { parts, type SimpleLeaf, type SimpleRule } from './simple.js'

export interface Segments extends Omit<Behaviour, 'holds'> {
  /** The names of the segments that hold, in the ruleset's order. */
  members(now: number, facts: Facts): string[]
  holds(rule: SimpleRule, now: number, facts: Facts): boolean
}

/** The leaves that rules lead to, by the segments they name as well. */
export function leavesOf(named: { [name: string]: SimpleRule }, rules: SimpleRule[]): SimpleLeaf[] {
  const below = new Set(rules)
  // A set also gives what is added on the way; what several rules share is looked at once.
  for (const rule of below) for (const part of typeof rule === 'string' ? [own(named, rule) ?? []].flat() : parts(rule)) below.add(part)
  return [...below].filter((rule) => typeof rule === 'object' && 'event' in rule) as SimpleLeaf[]
}

/** `named` is the ruleset's `segments`; `others` are rules that stand elsewhere, such as an experience's `when`. */
export function segments(named: { [name: string]: SimpleRule }, others: SimpleRule[]): Segments {
  const names = Object.keys(named)
  const { holds: leafHolds, ...folding } = behaviour(leavesOf(named, [...Object.values(named), ...others]))

  const evaluator = (now: number, facts: Facts) => {
    const known = new Map<string, boolean>()
    const member = (name: string): boolean => {
      const rule = own(named, name)
      // A cycle never passes the check; should one come by another way, it is false and not a hang.
      if (!known.has(name)) known.set(name, false).set(name, rule !== undefined && holds(rule))
      return known.get(name) as boolean
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
