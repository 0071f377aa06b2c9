// isSimple(): is a ruleset right, and of the simple language? Says no more than that; language.js can explain.

import { duration } from '../lib/duration.js'
import { isObject, own } from '../lib/own.js'
import type { Ruleset } from '../types.js'
import { isOperators, OPERATORS } from './conditions.js'
import { parts, type SimpleLeaf, type SimpleRule } from './simple.js'

/** Whatever is truthy is a yes. */
type Is = (value: unknown) => unknown

/** Rules in one another, segments, and a count: with more of them the whole engine pays. */
const DEEPEST = 8
const MOST_SEGMENTS = 100
const HIGHEST = 1000

const anyText: Is = (value) => typeof value === 'string'
const text: Is = (value) => value && anyText(value)
const flag: Is = (value) => typeof value === 'boolean'
const length: Is = (value) => duration(value) >= 0
const amount: Is = (value) => Number.isFinite(value) && (value as number) >= 0
const integer: Is = (value) => Number.isInteger(value) && amount(value)
const positive: Is = (value) => value && integer(value)
const share: Is = (value) => amount(value) && (value as number) <= 1
const number: Is = (value) => Number.isFinite(value) && (value as number) <= HIGHEST
const order: Is = (value) => anyText(value) || Number.isFinite(value)

const word = (words: string): Is => (value) => words.split('|').includes(value as string)

const list = (of: Is, least = 1): Is => (value) => Array.isArray(value) && value.length >= least && value.every((one) => of(one))

const each = (of: (key: string, value: unknown) => unknown): Is => (value) => isObject(value) && Object.entries(value).every(([key, one]) => of(key, one))

/** Names that would reach a prototype where a careless reader looks them up are never right. */
const map = (of: Is, named = (_: string): boolean => true): Is =>
  each((name, value) => !/^(__proto__|constructor|prototype)$/.test(name) && named(name) && of(value))

/** Known keys only, so that a mistyped one is never passed over. The first of them, as many as are `required`, stand there. */
const object = (fields: { [key: string]: Is }, required = 0): Is => {
  const known = each((key, value) => own(fields, key)?.(value))
  return (value) => known(value) && Object.keys(fields).every((key, i) => i >= required || key in (value as object))
}

const isPlain = (name: string): boolean => name[0] !== '$'
const operators = (is: Is, orders: Is): Is =>
  each((name, value) => own(OPERATORS, name) && (name.endsWith('in') ? list(is, 0) : /[gl]t/.test(name) ? orders : is)(value))
const compares = operators(() => true, order)
const counts = operators(number, number)
const conditionsOn = (named: (path: string) => boolean): Is => map((value) => !isObject(value) || each(isPlain)(value) || compares(value), named)
const conditions = conditionsOn(isPlain)

/** What is told of a page with nothing fetched for it. */
const isTold = (name: string): boolean => /^(page|path|utm|device|language|visit)(\.|$)/.test(name)
const context = conditionsOn(isTold)
/** What a page view or a visit says beyond that, the whole language asks for. */
const events = (fields: { [key: string]: Is }): Is => {
  const is = object({ event: text, where: conditions, ...fields }, 1)
  return (value) => is(value) && (!/^(page_view|visit)$/.test((value as SimpleLeaf).event) || context((value as SimpleLeaf).where ?? {}))
}
const leaf = events({ within: length, count: (value) => number(value) || (isOperators(value) && counts(value)) })
const rule = (value: unknown, depth = DEEPEST): unknown => {
  const inner: Is = (part) => rule(part, depth - 1)
  const one = object({ trait: conditions, context, segment: text, all: list(inner), any: list(inner), not: inner })
  return depth && (text(value) || leaf(value) || (one(value) && Object.keys(value as object).length === 1))
}

const weights: Is = (value) => map(amount)(value) && Object.values(value as object).some((weight) => weight > 0)
const drawn = { weights, version: integer, by: list(object({ segment: text, weights }, 2)) }
const split = object({ ...drawn, past: list(object(drawn, 2)) }, 1)
/** A text that has something to fill in is looked at by the whole check. */
const words: Is = (value) => anyText(value) && !(value as string).includes('{{')
const variant = object({ text: map(words, (selector) => selector.length <= 200) }, 1)

const ruleset = object(
  {
    version: integer,
    $schema: text,
    holdout: share,
    epochDays: positive,
    pages: map((value) => text(value) || list(text)(value)),
    segments: map(rule),
    goals: map(events({ window: length })),
    slots: map(
      object({
        experiences: list(object({ name: text, enabled: flag, when: rule, show: text, split, goal: text, learn: flag }, 1), 0),
        variants: map(variant, (name) => name !== 'default'),
      }),
    ),
    retention: object({ events: length, count: integer }),
    consent: object({
      before: word('local|memory|off'),
      legalGround: text,
      revision: integer,
      controller: text,
      policy: text,
      banner: flag,
      layout: word('bar|box|dialog'),
      requests: word('free'),
    }),
    sync: object({ endpoint: text, key: text, service: text, format: word('otlp|clickhouse|cloudevents|snowplow|plausible|posthog') }, 1),
    expected: object({ perDay: positive, segments: map(share), accept: map(text) }, 1),
  },
  1,
)

const isUnique = (values: unknown[]): boolean => new Set(values).size === values.length

/** Does every name lead somewhere, and never round in a circle? */
function refers({ segments = {}, goals = {}, slots = {} }: Ruleset): boolean {
  const names = Object.keys(segments)
  const known = new Map<string, boolean>()
  const leads = (rule: SimpleRule): boolean => {
    if (typeof rule !== 'string') return parts(rule).every(leads)
    // A segment that is still being followed has come back to itself.
    if (!known.has(rule)) known.set(rule, false).set(rule, names.includes(rule) && leads(segments[rule] as SimpleRule))
    return known.get(rule) as boolean
  }
  const experiences = Object.values(slots).flatMap((slot) => slot.experiences ?? [])
  return (
    names.length <= MOST_SEGMENTS &&
    names.every(leads) &&
    isUnique(['*', ...experiences.map(({ name }) => name)]) &&
    experiences.every(
      ({ when = [], show, split, goal }) =>
        !show !== !split &&
        // A stratum names its segment as a rule does.
        [when, split?.by ?? []].flat().every((rule) => leads(rule as SimpleRule)) &&
        isUnique([split, ...(split?.past ?? [])].map((one) => one?.version ?? 1)) &&
        (goal === undefined || own(goals, goal) !== undefined),
    )
  )
}

export const isSimple = (value: unknown): value is Ruleset => !!ruleset(value) && refers(value as Ruleset)
