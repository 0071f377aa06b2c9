// What stood at the end of the page before, and which rules something has stirred since: all others stand as they did,
// and no rule has to be read to know them.

import { fingerprint } from '../lib/fingerprint.js'
import { at, isObject } from '../lib/own.js'
import type { Context, Props, VisitorEvent } from '../types.js'
import { heard, type Listeners } from './listeners.js'

/** What a rule can see besides behaviour. */
export interface Facts {
  traits: Props
  context: Context
  /** Of this page, for `same`. */
  facts?: Props | undefined
}

/** What could stir a rule. Rules are numbers: first the segments, then those that stand elsewhere. */
export interface Reach {
  listeners: Listeners
  /** Rules about the visit that goes on: any event tells that it has not ended. */
  visit: number[]
  facts: [kind: keyof Facts, path: string, rules: number[]][]
  /** Whose value others look at. */
  users: [rule: number, users: number[]][]
  /** Those that let a visitor stay in. */
  keeps: number[]
}

export interface Standing {
  rules: number
  /** The time zone, where days matter. */
  zone?: string
  at: number
  /** The rules that held. */
  held: number[]
  /** When rules could change by themselves, the soonest first. */
  due: [at: number, rule: number][]
  reach: Reach
  /** Of each fact that is reached. */
  prints: number[]
  /** The facts themselves, where somebody who stays in may have to be told by them when the rule ceased to hold. */
  known?: Facts
}

export interface Stirring {
  /** Something has come or gone: each gives to `stir` the rules that it could change. */
  event(event: VisitorEvent): void
  time(now: number): void
  facts(facts: Facts): void
  rule(rule: number): void
  /** The rules that were stirred since this was last asked. */
  stirred(): number[]
  /** When the next rule that was not stirred could change by itself; Infinity if never. */
  next(): number
  /** The same for each such rule, the soonest first. */
  due(): Standing['due']
}

const NEVER = Number.POSITIVE_INFINITY

export const factPrints = ({ facts: reached }: Reach, facts: Facts): number[] =>
  reached.map(([kind, path]) => fingerprint(`${JSON.stringify(path === '' ? facts[kind] : at(facts[kind], path))}`))

/** A state of this very ruleset. That it was left in the midst of something, before any rule was asked, is another thing. */
export const isLeft = (state: unknown, rules: number, zone: () => string): boolean =>
  isObject(state) && state.rules === rules && (state.zone === undefined || state.zone === zone()) && isObject(state.streams) && isObject(state.visit)

export const isStanding = (state: unknown): state is Standing =>
  isObject(state) &&
  Number.isFinite(state.at) &&
  isObject(state.reach) &&
  isObject(state.reach.listeners) &&
  [state.held, state.due, state.prints, state.reach.visit, state.reach.facts, state.reach.users, state.reach.keeps].every(Array.isArray)

/** `closely` stirs, with a rule, all that look at it, and what looks at those. */
export function stirring({ due, reach, prints }: Standing, closely: boolean): Stirring {
  const users = new Map(reach.users)
  const ever = new Set<number>()
  const waiting: number[] = []
  let passed = 0
  let before = prints

  const stir = (rule: number): void => {
    if (ever.has(rule)) return
    ever.add(rule)
    waiting.push(rule)
    if (closely) users.get(rule)?.forEach(stir)
  }
  const ahead = (): Standing['due'] => due.slice(passed).filter(([, rule]) => !ever.has(rule))

  return {
    event: (event) => {
      reach.visit.forEach(stir)
      heard(reach.listeners, event, stir)
    },
    time: (now) => {
      for (; passed < due.length && (due[passed] as [number, number])[0] <= now; passed++) stir((due[passed] as [number, number])[1])
    },
    facts: (facts) => {
      const after = factPrints(reach, facts)
      for (const [i, [, , rules]] of reach.facts.entries()) if (after[i] !== before[i]) rules.forEach(stir)
      before = after
    },
    rule: (rule) => users.get(rule)?.forEach(stir),
    stirred: () => waiting.splice(0),
    next: () => {
      while (passed < due.length && ever.has((due[passed] as [number, number])[1])) passed++
      return due[passed]?.[0] ?? NEVER
    },
    due: ahead,
  }
}
