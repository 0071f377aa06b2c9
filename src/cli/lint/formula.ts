// formulas(): a rule as a formula over what it asks about, so that it can be found out whether it can hold at all.

import { duration } from '../../lib/duration.js'
import { isObject, own } from '../../lib/own.js'
import { matches } from '../../rules.js'
import type { Condition, Conditions, EventLeaf, Rule, Ruleset, Span } from '../../types.js'
import { contextDomain, propertyDomain } from './domains.js'
import { anything, counts, isSimple, numbers } from './points.js'
import { type Formula, solve, type Variable, type Variables } from './solve.js'

/** What a value can be, by all that is asked of it; undefined where nothing is known of that name. */
type Domain = (path: string) => Variable['points'] | undefined

/** A rule within one question; formulas of one question share their variables. */
export interface Question {
  of(rule: Rule): Formula
  /** Events of one kind, so many in this window. */
  counted(leaf: EventLeaf): Formula
  /** False: never; undefined: that would take too long to find out. */
  possible(formula: Formula): boolean | undefined
}

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]))
}
/** The same text for the same meaning, whatever the order of keys. */
export const canonical = (value: unknown): string => JSON.stringify(sorted(value)) ?? ''

const MEASURES = ['count', 'sum', 'avg', 'min', 'max', 'distinct', 'days', 'last', 'first', 'most', 'ago'] as const
/** Nothing counts as 0 there; the others have no value then, and are false. */
const FROM_ZERO = ['count', 'days', 'distinct', 'sum']

const compares = (condition: unknown, value: unknown): boolean => matches({ v: condition as Condition }, { v: value as never })

/** A span as numbers. */
const inMs = (span: Span): Conditions => Object.fromEntries(Object.entries(span).map(([key, value]) => [key, typeof value === 'string' ? duration(value) : value]))

const windowOf = (within: unknown): number => (within === undefined ? Number.POSITIVE_INFINITY : duration(within))

/** `impossible` is told of conditions on events that no event meets. */
export function formulas(ruleset: Ruleset, impossible: Set<unknown> = new Set()): { question(): Question } {
  const segments = ruleset.segments ?? {}

  const question = (): Question => {
    const variables: Variables = new Map()
    const met = new Map<string, Formula>()
    const ask = (key: string, condition: unknown, points: Variable['points'], more: Pick<Variable, 'counts'> = {}): void => {
      const known = variables.get(key)
      if (known) known.conditions.push(condition)
      else variables.set(key, { key, conditions: [condition], points, ...more })
    }
    /** What nothing is known of: may hold, or not. */
    const free = (key: string): Formula => {
      ask(key, null, () => [false, true])
      return { of: key, holds: (value) => value === true }
    }

    const values = (subject: string, conditions: Conditions, domain: Domain): Formula => {
      const each = (list: unknown): Formula[] => (list as Conditions[]).map((one) => values(subject, one, domain))
      return {
        all: Object.entries(conditions).map(([path, condition]): Formula => {
          if (path === '$and') return { all: each(condition) }
          if (path === '$or') return (condition as unknown[]).length === 0 ? true : { any: each(condition) }
          if (path === '$nor') return { not: { any: each(condition) } }
          if (path === '$not') return { not: values(subject, condition as Conditions, domain) }
          const points = path !== '$savedGroup' && isSimple(condition) ? domain(path) : undefined
          if (!points) return free(`${subject}.${path} ${canonical(condition)}`)
          const key = `${subject}.${path}`
          ask(key, condition, points)
          return { of: key, holds: (value) => compares(condition, value) }
        }),
      }
    }

    /** Of a page that does not tell the facts that it asks for, it says nothing. */
    const behaviour = (leaf: EventLeaf): Formula => (leaf.same ? { all: [free(`facts ${canonical(leaf.same)}`), told(leaf)] } : told(leaf))

    const told = (leaf: EventLeaf): Formula => {
      const { event, where, same, within } = leaf
      const measure = MEASURES.find((name) => leaf[name] !== undefined) ?? 'count'
      const nothing = where !== undefined && meets(event, where) === false
      if (nothing) impossible.add(where)
      const base = `event ${event} ${canonical([where ?? null, same ?? null, within ?? null])}`
      const asked = measure === 'count' ? (leaf.count ?? { $gte: 1 }) : measure === 'days' ? leaf.days : measure === 'ago' ? inMs(leaf.ago as Span) : undefined
      if (measure === 'count' || measure === 'days') {
        const key = `${base} ${measure}`
        const ms = windowOf(within)
        const counted = measure === 'count' && Number.isFinite(ms) === (within !== undefined) ? { counts: { event, where: where ? canonical(where) : '', same: same ? canonical(same) : '', ms } } : {}
        ask(key, asked, nothing ? () => [0] : counts, counted)
        return { of: key, holds: (value) => compares(asked, value) }
      }
      if (measure === 'ago') {
        const least = windowOf(within)
        // `least - 1` is the longest that there is.
        const points = (asked: unknown[]): unknown[] => [undefined, 0, ...numbers(asked).filter((ms) => ms >= 0 && !(ms >= least)), ...(Number.isFinite(least) ? [least - 1] : [])]
        ask(`${base} ago`, asked, nothing ? () => [undefined] : points)
        return { of: `${base} ago`, holds: (value) => (value === undefined ? (asked as { $exists?: boolean }).$exists === false : compares(asked, value)) }
      }
      const [[property, condition]] = Object.entries(leaf[measure] as object) as [[string, Condition]]
      const key = `${base} ${measure} ${property}`
      if (['last', 'first', 'most'].includes(measure)) return free(`${key} ${canonical(condition)}`)
      const zero = FROM_ZERO.includes(measure)
      const none = zero ? 0 : undefined
      ask(key, condition, (asked) => (nothing ? [none] : [none, ...(measure === 'distinct' ? counts(asked) : numbers(asked))]))
      return { of: key, holds: (value) => (value === undefined ? (condition as { $exists?: boolean }).$exists === false : compares(condition, value)) }
    }

    const of = (rule: Rule): Formula => {
      if (typeof rule === 'string' || 'segment' in rule) return segment(typeof rule === 'string' ? rule : rule.segment)
      if ('all' in rule) return { all: rule.all.map(of) }
      if ('any' in rule) return { any: rule.any.map(of) }
      if ('not' in rule) return { not: of(rule.not) }
      if ('trait' in rule) return values('trait', rule.trait, () => anything)
      if ('context' in rule) return values('context', rule.context, contextDomain)
      if ('event' in rule) return behaviour(rule)
      if ('score' in rule) return { bias: rule.score.bias ?? 0, terms: rule.score.terms.map(({ when, add }) => ({ when: of(when), add })), is: (probability) => compares(rule.is, probability) }
      if ('interest' in rule) {
        const asked = rule.share ?? rule.lift
        const key = `interest ${canonical(rule.interest)} ${rule.share === undefined ? 'lift' : 'share'}`
        ask(key, asked, (asked) => [undefined, 0, 1, ...numbers(asked).filter((value) => value >= 0 && (rule.share === undefined || value <= 1))])
        return { of: key, holds: (value) => value !== undefined && compares(asked, value) }
      }
      return free(canonical(rule))
    }
    const segment = (name: string): Formula => {
      const known = met.get(name)
      if (known !== undefined) return known
      const rule = own(segments, name)
      if (rule === undefined) return free(`segment ${name}`)
      const { keep = undefined, ...plain } = typeof rule === 'string' ? { segment: rule } : rule
      let formula = of(plain as Rule)
      // Who has been in may still be: unless nobody ever could.
      if (keep !== undefined && canBe(plain as Rule) !== false) formula = { any: [formula, free(`kept ${name}`)] }
      met.set(name, formula)
      return formula
    }
    return { of, counted: behaviour, possible: (formula) => solve(formula, variables) }
  }

  const canBe = (rule: Rule): boolean | undefined => {
    const { of, possible } = question()
    return possible(of(rule))
  }
  /** Can an event be like that? */
  const meets = (event: string, where: Conditions): boolean | undefined => {
    const variables: Variables = new Map()
    const walk = (conditions: Conditions): Formula => ({
      all: Object.entries(conditions).map(([path, condition]): Formula => {
        if (path[0] === '$') {
          if (path === '$and') return { all: (condition as Conditions[]).map(walk) }
          if (path === '$or') return (condition as Conditions[]).length === 0 ? true : { any: (condition as Conditions[]).map(walk) }
          if (path === '$nor') return { not: { any: (condition as Conditions[]).map(walk) } }
          if (path === '$not') return { not: walk(condition as Conditions) }
        }
        const points = path !== '$savedGroup' && isSimple(condition) ? (propertyDomain(ruleset, event, path) ?? anything) : undefined
        const key = points ? path : `${path} ${canonical(condition)}`
        const known = variables.get(key) ?? { key, conditions: [], points: points ?? (() => [false, true]) }
        known.conditions.push(condition)
        variables.set(key, known)
        return { of: key, holds: (value) => (points ? compares(condition, value) : value === true) }
      }),
    })
    return solve(walk(where), variables)
  }
  return { question }
}
