// What a simple ruleset is, in words that can be run; and random ones, with visitors whose lives they are asked about.

import fc from 'fast-check'
import { isObject } from '../../src/lib/own.js'
import type { Props, Ruleset } from '../../src/types.js'

const OPERATORS = ['$eq', '$ne', '$in', '$nin', '$gt', '$gte', '$lt', '$lte']
const LEAF = ['event', 'where', 'within', 'count']

const within = (value: object, known: string[]): boolean => Object.keys(value).every((key) => known.includes(key))

/** Paths, each with a bare value or with operators of the eight. How a visit came about is none. */
const conditions = (value: object): boolean =>
  Object.entries(value).every(([path, condition]) => path[0] !== '$' && !['referrer', 'click', 'landing'].includes(path) && (!isObject(condition) || !Object.keys(condition).some((key) => key[0] === '$') || within(condition, OPERATORS)))

/** What a page tells of itself with nothing fetched for it. */
const little = (context: object): boolean => Object.keys(context).every((path) => ['page', 'path', 'utm', 'device', 'language', 'visit'].includes(path.split('.')[0] as string))

/** What a page is about, page views say by the whole language only. */
const plain = (event: unknown, where: object = {}): boolean => event !== 'page_view' || little(where)

/** Numbers up to 1,000. */
const count = (value: unknown): boolean => (isObject(value) ? within(value, OPERATORS) && Object.values(value).flat().every(count) : (value as number) <= 1000)

/** How deep rules lie in one another; no end for one that is not simple. */
const depth = (rule: unknown): number => {
  if (!isObject(rule)) return 1
  const { event, where, within: window, count: asked = 1, all, any, not, trait, context, segment } = rule as { [key: string]: never }
  if (event !== undefined) return within(rule, LEAF) && conditions(where ?? {}) && plain(event, where) && /^\d/.test(window ?? '1d') && count(asked) ? 1 : Number.POSITIVE_INFINITY
  if (trait !== undefined || context !== undefined) return conditions(trait ?? context ?? {}) && little(context ?? {}) ? 1 : Number.POSITIVE_INFINITY
  if (segment !== undefined) return 1
  const parts: unknown[] = all ?? any ?? [not]
  return within(rule, ['all', 'any', 'not']) && !parts.includes(undefined) ? 1 + Math.max(...parts.map(depth)) : Number.POSITIVE_INFINITY
}

/** What an experience may say in it. */
const EXPERIENCE = ['name', 'enabled', 'when', 'show', 'split', 'goal', 'learn']

/** Of a ruleset that is right: does it keep to the simple language? */
export function keepsSimple({ segments = {}, slots = {}, goals = {}, groups, interests, timeZone, fill, sense, rows, consent }: Ruleset): boolean {
  const whens = Object.values(slots).flatMap(({ experiences = [] }) => experiences.map(({ when = 'all' }) => when))
  return (
    [groups, interests, timeZone, fill, sense, rows, consent?.texts].every((key) => key === undefined) &&
    Object.values(slots).every(({ experiences = [] }) => experiences.every((one) => within(one, EXPERIENCE))) &&
    Object.values(slots).every(({ select, live }) => select === undefined && live === undefined) &&
    Object.keys(segments).length <= 100 &&
    Object.values(slots).every(({ variants = {} }) => Object.values(variants).every((data) => Object.keys(data).join() === 'text' && !JSON.stringify(data).includes('{{'))) &&
    [...Object.values(segments), ...whens].every((rule) => depth(rule) <= 8 && !(isObject(rule) && 'keep' in rule)) &&
    Object.values(goals).every(({ event, where = {}, value }) => value === undefined && conditions(where) && plain(event, where))
  )
}

// ---------------------------------------------------------------- random ones

const value = fc.constantFrom<unknown>(1, 2, '1', 'x', '', true, null, ['x', 1], { a: 1 })
const compared = fc.oneof(
  { weight: 2, arbitrary: value },
  ...['$eq', '$ne'].map((name) => value.map((one) => ({ [name]: one }))),
  ...['$in', '$nin'].map((name) => fc.array(value, { maxLength: 3 }).map((list) => ({ [name]: list }))),
  fc.record({ $gt: fc.constantFrom<unknown>(0, 1, '1'), $gte: fc.constantFrom<unknown>(1, 'x'), $lt: fc.constant(2), $lte: fc.constantFrom<unknown>(2, '2') }, { requiredKeys: [] }),
)
const where = fc.dictionary(fc.constantFrom('k', 'deep.a', 'price'), compared, { maxKeys: 2 })
const number = fc.constantFrom(-1, 0, 1, 2, 3, 1.5)
const count_ = fc.oneof(
  number,
  fc.record({ $gte: number }),
  fc.record({ $lt: number }),
  fc.record({ $eq: number, $ne: number, $gt: number, $lte: number, $in: fc.array(number, { maxLength: 2 }), $nin: fc.array(number, { maxLength: 2 }) }, { requiredKeys: [] }).filter((one) => Object.keys(one).length > 0),
)
const leaf = fc.record({ event: fc.constantFrom('look', 'look', 'buy'), where, within: fc.constantFrom('30s', '5m', '2h', '1d', '0s'), count: count_ }, { requiredKeys: ['event'] })
const NAMES = ['s0', 's1', 's2', 's3', 's4']
/** May name those before it. */
const rule = (known: string[]) =>
  fc.letrec<{ rule: unknown }>((tie) => ({
    rule: fc.oneof(
      { depthSize: 'small', maxDepth: 3 },
      leaf,
      leaf,
      fc.record({ trait: fc.dictionary(fc.constantFrom('plan', 'deep.a'), compared, { minKeys: 1, maxKeys: 2 }) }),
      fc.record({ context: fc.dictionary(fc.constantFrom('page', 'utm.source'), compared, { minKeys: 1, maxKeys: 1 }) }),
      ...(known.length > 0 ? [fc.constantFrom(...known), fc.constantFrom(...known).map((segment) => ({ segment }))] : []),
      fc.array(tie('rule'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
      fc.array(tie('rule'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
      tie('rule').map((not) => ({ not })),
    ),
  })).rule

const weights = fc.record({ default: fc.constantFrom(0, 1, 2), a: fc.constant(1), b: fc.constantFrom(0, 3) })
const split = fc.record(
  { version: fc.constant(3), weights, by: fc.array(fc.record({ segment: fc.constantFrom(...NAMES), weights }), { minLength: 1, maxLength: 2 }), past: fc.constant([{ version: 2, weights: { a: 1 } }]) },
  { requiredKeys: ['weights', 'version'] },
)
const experience = fc
  .tuple(fc.record({ enabled: fc.boolean(), when: rule(NAMES), goal: fc.constant('bought') }, { requiredKeys: [] }), fc.oneof(fc.constant({ show: 'a' }), fc.record({ split })))
  .map(([one, shown]) => ({ ...one, ...shown }))

export const simpleRuleset = fc
  .tuple(
    fc.tuple(...NAMES.map((_, i) => rule(NAMES.slice(0, i)))),
    fc.array(experience, { maxLength: 3 }),
    fc.record({ holdout: fc.constantFrom(0, 0.5), epochDays: fc.constantFrom(1, 28), pages: fc.constant({ shoes: ['/shoes/*'] }), consent: fc.constant({ before: 'memory', banner: false }) }, { requiredKeys: [] }),
    where,
  )
  .map(([rules, experiences, rest, bought]): unknown => ({
    version: 1,
    ...rest,
    segments: Object.fromEntries(rules.map((one, i) => [NAMES[i] as string, one])),
    goals: { bought: { event: 'buy', where: bought } },
    slots: { hero: { experiences: experiences.map((one, i) => ({ name: `e${i}`, ...one })), variants: { a: { text: { h1: 'A' } } } } },
  }))

export type Step = { after: number } & ({ event: { type: string; late: number; props: Props } } | { traits: Props } | { context: Props } | { restart: true } | { tick: true })

const props = fc.dictionary(fc.constantFrom('k', 'price', 'deep'), value, { maxKeys: 3 }) as fc.Arbitrary<Props>
const after = fc.constantFrom(0, 1, 15_000, 30_000, 299_999, 3_600_000, 40_000_000, -60_000)
const event = fc.record({ type: fc.constantFrom('look', 'look', 'buy', 'other'), late: fc.constantFrom(0, 0, 0, 1, 30_000, 7_000_000), props })
export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ after, event }) },
    { weight: 1, arbitrary: fc.record({ after, traits: fc.record({ plan: value }) as fc.Arbitrary<Props> }) },
    { weight: 1, arbitrary: fc.record({ after, context: fc.record({ page: value, utm: fc.record({ source: value }) }) as fc.Arbitrary<Props> }) },
    { weight: 1, arbitrary: fc.record({ after, restart: fc.constant(true as const) }) },
    { weight: 1, arbitrary: fc.record({ after, tick: fc.constant(true as const) }) },
  ),
  { minLength: 1, maxLength: 25 },
)
