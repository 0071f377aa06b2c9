// explain(): every clause of every experience of a slot: how it stands, what it is read from, and what would turn it.

import { iso } from '../lib/date.js'
import { at, isObject, own } from '../lib/own.js'
import type { Clause, Decision, Experience, ExplainedExperience, Explanation, Json, Rule, RuleObject, Ruleset } from '../types.js'
import type { BehaviourRule } from './behaviour.js'
import type { Decider, Viewer } from './decide.js'
import { drawnBy, sliceFor } from './eligible.js'
import type { Limit } from './limits.js'
import type { Facts } from './standing.js'
import { asked, compared, conditions, pattern, waits } from './words.js'

/** Who asks, and when. */
export interface Asking {
  decider: Decider
  viewer: Viewer
  facts: Facts
}

const NEVER = Number.POSITIVE_INFINITY
const LIMITS: { [key in Limit['key']]: string } = {
  cap: 'not shown too often yet',
  cooldown: 'not dismissed lately',
  fatigue: 'not seen too often without success',
  untilGoal: 'the goal is not reached yet',
}

/** The least count that a condition is content with, if it names one; and the least that is too much. */
const bounds = (condition: unknown): [least: number, tooMuch: number] => {
  if (typeof condition === 'number') return [condition, condition + 1]
  const { $gte, $gt, $lt, $lte, $eq } = (isObject(condition) ? condition : {}) as { [operator: string]: number | undefined }
  return [Math.ceil($gte ?? $eq ?? ($gt === undefined ? 0 : Math.floor($gt) + 1)), Math.ceil($lt ?? ($lte ?? $eq ?? NEVER) + 1)]
}

/** Which event, or which instant, turns it. */
function turning(rule: RuleObject, held: boolean, got: unknown, until: number): string | undefined {
  const inTime = until < NEVER ? `until ${iso(until)}` : undefined
  if (!('event' in rule) || typeof got !== 'number') return inTime
  const counting = !['sum', 'avg', 'min', 'max', 'distinct', 'days', 'last', 'first', 'most', 'ago'].some((key) => key in rule)
  if (!counting) return inTime
  const [least, tooMuch] = bounds(rule.count ?? { $gte: 1 })
  const more = held ? tooMuch - got : least - got
  const event = more > 0 && more < NEVER ? `${more} more ${pattern(rule)}` : undefined
  return held ? [inTime, event].filter(Boolean).join(', or ') || undefined : (event ?? inTime)
}

const mentioned = (says: string, part: Clause, depth: number): string => (part.parts && part.parts.length > 1 && depth > 0 ? `(${says})` : says)

export function clauseOf(rule: Rule, asking: Asking, ruleset: Ruleset, open: string[] = []): Clause {
  const { decider, viewer, facts } = asking
  const held = decider.holds(rule, viewer.now, facts)
  const inner = (part: Rule): Clause => clauseOf(part, asking, ruleset, open)
  const joined = (asks: string, rules: Rule[], by: string): Clause => {
    const parts = rules.map(inner)
    return { asks, held, says: parts.map((part) => mentioned(part.says, part, 1)).join(by), parts }
  }
  const name = typeof rule === 'string' ? rule : 'segment' in rule ? rule.segment : undefined
  if (name !== undefined) {
    const found = own(ruleset.segments, name)
    // A cycle never passes the check.
    if (found === undefined || open.includes(name)) return { asks: 'segment', held, says: `"${name}"` }
    const part = clauseOf(found as Rule, asking, ruleset, [...open, name])
    return { asks: 'segment', held, says: `"${name}": ${part.says}${held && !part.held ? ', and it still stands' : ''}`, wanted: name, parts: [part] }
  }
  const given = rule as Exclude<RuleObject, { segment: string }>
  if ('all' in given) return joined('all', given.all, ' and ')
  if ('any' in given) return joined('any', given.any, ' or ')
  if ('not' in given) {
    const part = inner(given.not)
    return { asks: 'not', held, says: `not ${mentioned(part.says, part, 1)}`, parts: [part] }
  }
  if ('score' in given) {
    const { bias = 0, terms } = given.score
    const parts = terms.map(({ when }) => inner(when))
    const sum = terms.reduce((all, { add }, i) => all + (parts[i]?.held ? add : 0), bias)
    return { asks: 'score', held, says: `a likelihood of ${compared(given.is)}`, wanted: given.is as Json, got: 1 / (1 + Math.exp(-sum)), parts }
  }
  const kind = 'trait' in given ? 'trait' : 'context' in given ? 'context' : undefined
  if (kind) {
    const wanted = (given as { [key: string]: object })[kind] as object
    const known = kind === 'trait' ? facts.traits : facts.context
    const got = Object.fromEntries(Object.keys(wanted).filter((path) => path[0] !== '$').map((path) => [path, at(known, path) as Json]))
    return { asks: kind, held, says: `${kind === 'trait' ? 'known as' : 'seen with'} ${conditions(wanted)}`, wanted: wanted as Json, got }
  }
  const { wanted, says } = asked(given)
  const seen = (decider.look as NonNullable<Decider['look']>)(given as BehaviourRule, viewer.now, facts)
  const change = turning(given, seen.held, seen.got, seen.until)
  return {
    asks: ['event', 'sequence', 'interest', 'moreThan'].find((key) => key in given) as string,
    held: seen.held,
    says,
    wanted: wanted as Json,
    got: seen.got as Json,
    ...('event' in given ? { event: given.event } : {}),
    ...(seen.last === null ? {} : { last: seen.last }),
    ...(seen.until < NEVER ? { until: seen.until } : {}),
    ...(change === undefined ? {} : { change }),
  }
}

function clausesOf(experience: Experience, asking: Asking, ruleset: Ruleset): Clause[] {
  const { decider, viewer, facts } = asking
  const { enabled = true, when, from, to, on, assignBy, name } = experience
  const terms = decider.terms?.get(experience)
  const clauses: Clause[] = []
  const add = (asks: string, held: boolean, says: string, rest: Partial<Clause> = {}): void => void clauses.push({ asks, held, says, ...rest })

  if (!enabled) add('enabled', false, 'switched on')
  if (when !== undefined) {
    const part = clauseOf(when, asking, ruleset)
    add('when', part.held, part.says, { parts: [part] })
  }
  if (!terms) return clauses
  for (const [asks, instant, says] of [['from', terms.from, `from ${from} on`], ['to', terms.to, `before ${to}`]] as const) {
    if (!Number.isFinite(instant)) continue
    const passed = viewer.now >= instant
    add(asks, passed === (asks === 'from'), says, { wanted: iso(instant), got: iso(viewer.now), ...(passed ? {} : { until: instant, change: `until ${iso(instant)}` }) })
  }
  const visitor = drawnBy(experience, { ...viewer, traits: facts.traits })
  if (assignBy !== undefined) add('assignBy', visitor !== undefined, `"${assignBy}" is known`, { wanted: assignBy, got: visitor === undefined ? null : 'known', ...(visitor === undefined ? { change: `the trait "${assignBy}"` } : {}) })
  if (terms.slices && visitor !== undefined) {
    const got = sliceFor(terms.slices, visitor)
    add('exclusive', got === name, `in its slice of "${terms.slices.group}"`, { wanted: name, got })
  }
  if (on) {
    const fired = viewer.view?.fired(on) ?? false
    add('on', fired, waits(on), { wanted: on as unknown as Json, got: fired, ...(fired ? {} : { change: waits(on) }) })
  }
  for (const { key, rule } of terms.limits) {
    const part = clauseOf(rule, asking, ruleset)
    add(key, part.held, LIMITS[key], { parts: [part] })
  }
  return clauses
}

/** The innermost reasons: those parts that would have to turn. */
const turns = (clause: Clause, wanted = true): string[] => {
  if (clause.held === wanted) return []
  const parts = (clause.parts ?? []).flatMap((part) => turns(part, clause.asks === 'not' ? !wanted : wanted))
  return parts.length > 0 ? parts : clause.change ? [clause.change] : []
}

function explained(experience: Experience, asking: Asking, ruleset: Ruleset, now: Decision): ExplainedExperience {
  const { name } = experience
  const clauses = clausesOf(experience, asking, ruleset)
  const missing = clauses.filter(({ held }) => !held)
  const change = missing.flatMap((clause) => turns(clause))
  const says =
    now.experience === name
      ? `"${name}" decides${clauses.length > 0 ? `: ${clauses.map((clause) => clause.says).join('; ')}` : ', for everybody'}.`
      : missing.length > 0
        ? `"${name}" does not apply. It needs: ${missing.map((clause) => clause.says).join('; ')}.${change.length > 0 ? ` Missing: ${change.join('; ')}.` : ''}`
        : `"${name}" would apply, but "${now.experience}" comes first.`
  return { name, applies: missing.length === 0, clauses, says }
}

/** `decided` gives what the slot shows in this page view; without it, it is what would be decided now. */
export function explain(ruleset: Ruleset, slot: string, ask: () => Asking, decided?: (slot: string) => Decision): Explanation
/** How a segment stands, with all that it is made of; undefined where there is none of that name. */
export function explain(ruleset: Ruleset, segment: { segment: string }, ask: () => Asking): Clause | undefined
export function explain(ruleset: Ruleset, asked: string | { segment: string }, ask: () => Asking, decided?: (slot: string) => Decision): Explanation | Clause | undefined {
  if (typeof asked === 'object') return own(ruleset.segments, asked.segment) === undefined ? undefined : clauseOf(asked, ask(), ruleset)
  const slot = asked
  const decision = decided?.(slot)
  // Of a visitor who is not known nothing can be said.
  if (decision?.reason === 'not-ready' || decision?.reason === 'no-consent') return { slot, decision, now: decision, experiences: [] }
  const asking = ask()
  const now = asking.decider.decide(slot, asking.viewer, asking.facts)
  const experiences = own(ruleset.slots, slot)?.experiences ?? []
  return { slot, decision: decision ?? now, now, experiences: experiences.map((one) => explained(one, asking, ruleset, now)) }
}
