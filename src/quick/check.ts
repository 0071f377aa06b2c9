// isSimple(): is a ruleset right, and of the simple language? Says no more than that; language.js can explain.

import { duration } from '../lib/duration.js'
import { isObject, own } from '../lib/own.js'
import type { Ruleset } from '../types.js'
import type { SimpleLeaf, SimpleRule } from './simple.js'

type Is = (value: unknown) => boolean

/** Rules in one another, segments, and a count: with more of them the whole engine pays. */
const DEEPEST = 8
const MOST_SEGMENTS = 100
const HIGHEST = 1000

const any: Is = () => true
const anyText: Is = (value) => typeof value === 'string'
const text: Is = (value) => anyText(value) && value !== ''
const flag: Is = (value) => typeof value === 'boolean'
const length: Is = (value) => duration(value) >= 0
const amount: Is = (value) => Number.isFinite(value) && (value as number) >= 0
const integer: Is = (value) => Number.isInteger(value) && amount(value)
const positive: Is = (value) => integer(value) && value !== 0
const share: Is = (value) => amount(value) && (value as number) <= 1
const number: Is = (value) => Number.isFinite(value) && (value as number) <= HIGHEST
const order: Is = (value) => anyText(value) || Number.isFinite(value)
const oneOf = (...words: unknown[]): Is => (value) => words.includes(value)

const list = (of: Is, least = 1): Is => (value) => Array.isArray(value) && value.length >= least && value.every(of)

/** Names that would reach a prototype where a careless reader looks them up are never right. */
const named = (name: string): boolean => !['__proto__', 'constructor', 'prototype'].includes(name)
const map = (of: Is, name = named): Is => (value) => isObject(value) && Object.keys(value).every((key) => name(key) && of(value[key]))

/** Known keys only, so that a mistyped one is never passed over. */
const object = (fields: { [key: string]: Is }, ...required: string[]): Is => (value) =>
  isObject(value) && Object.keys(value).every((key) => own(fields, key)?.(value[key])) && required.every((key) => own(value, key) !== undefined)

const isOperator = (key: string): boolean => key[0] === '$'
const operators = (is: Is, orders: Is): Is => {
  const among = list(is, 0)
  return object({ $eq: is, $ne: is, $in: among, $nin: among, $gt: orders, $gte: orders, $lt: orders, $lte: orders })
}
const compares = operators(any, order)
const counts = operators(number, number)
const conditionsOn = (paths: RegExp): Is => map((value) => !isObject(value) || !Object.keys(value).some(isOperator) || compares(value), (path) => named(path) && paths.test(path))
/** How a visit came about, beyond its campaign, is told by the whole language only. */
const conditions = conditionsOn(/^(?!\$|(referrer|click|landing)$)/)
/** What a page tells of itself with nothing fetched for it. */
const context = conditionsOn(/^(page|path|utm|device|language|visit)(\.|$)/)
const count: Is = (value) => number(value) || (counts(value) && Object.keys(value as object).length > 0)

/** A text that has something to fill in is looked at by the whole check. */
const words: Is = (value) => anyText(value) && !(value as string).includes('{{')
const isSelector = (selector: string): boolean => named(selector) && selector.length <= 200

/** What a page is about, page views say by the whole language only. */
const events = (fields: { [key: string]: Is }): Is => {
  const is = object({ event: text, where: conditions, ...fields }, 'event')
  return (value) => is(value) && ((value as SimpleLeaf).event !== 'page_view' || context((value as SimpleLeaf).where ?? {}))
}
const leaves = [
  text,
  events({ within: length, count }),
  object({ trait: conditions }, 'trait'),
  object({ context }, 'context'),
  object({ segment: text }, 'segment'),
]
const rules = (depth: number): Is => {
  const inner: Is = (value) => depth > 1 && rules(depth - 1)(value)
  const kinds = [...leaves, object({ all: list(inner) }, 'all'), object({ any: list(inner) }, 'any'), object({ not: inner }, 'not')]
  return (value) => kinds.some((is) => is(value))
}
const rule = rules(DEEPEST)

const weights: Is = (value) => map(amount)(value) && Object.values(value as object).some((weight) => weight > 0)
const drawn = { version: integer, weights, by: list(object({ segment: text, weights }, 'segment', 'weights')) }
const experience = object(
  { name: text, enabled: flag, when: rule, show: text, split: object({ ...drawn, past: list(object(drawn, 'version', 'weights')) }, 'weights'), goal: text, learn: flag },
  'name',
)

const ruleset = object(
  {
    $schema: text,
    version: integer,
    holdout: share,
    epochDays: positive,
    pages: map((value) => text(value) || list(text)(value)),
    segments: map(rule),
    goals: map(events({ window: length })),
    slots: map(object({ experiences: list(experience, 0), variants: map(object({ text: map(words, isSelector) }, 'text')) })),
    retention: object({ events: length, count: integer }),
    consent: object({ before: oneOf('local', 'memory', 'off'), legalGround: text, revision: integer, controller: text, policy: text, banner: flag, requests: oneOf('free') }),
    sync: object({ endpoint: text, service: text }, 'endpoint'),
  },
  'version',
)

/** Does every name lead somewhere, and never round in a circle? */
function refers({ segments = {}, goals = {}, slots = {} }: Ruleset): boolean {
  const names = Object.keys(segments)
  const known = new Map<string, boolean>()
  const leads = (rule: SimpleRule): boolean => {
    if (typeof rule === 'string') {
      // A segment that is still being followed has come back to itself.
      if (!known.has(rule)) known.set(rule, false).set(rule, names.includes(rule) && leads(segments[rule] as SimpleRule))
      return known.get(rule) as boolean
    }
    if ('segment' in rule) return leads(rule.segment)
    return 'not' in rule ? leads(rule.not) : ('all' in rule ? rule.all : 'any' in rule ? rule.any : []).every(leads)
  }
  const taken: unknown[] = []
  /** Once only. */
  const isNew = (value: unknown, among = taken): boolean => !among.includes(value) && !!among.push(value)
  return (
    names.length <= MOST_SEGMENTS &&
    names.every(leads) &&
    Object.values(slots).every(
      ({ experiences = [], variants = {} }) =>
        own(variants, 'default') === undefined &&
        experiences.every(({ name, when, show, split, goal }) => {
          const versions: unknown[] = [split?.version ?? 1]
          return (
            isNew(name) &&
            (show === undefined) !== (split === undefined) &&
            (when === undefined || leads(when as SimpleRule)) &&
            (split?.by ?? []).every(({ segment }) => leads(segment)) &&
            (split?.past ?? []).every(({ version }) => isNew(version, versions)) &&
            (goal === undefined || own(goals, goal) !== undefined)
          )
        }),
    )
  )
}

export const isSimple = (value: unknown): value is Ruleset => ruleset(value) && refers(value as Ruleset)
