// Random visitors on random sites: rulesets of the whole language, and steps that play a visitor's life.

import type { EventLeaf, EventPattern, Interest, Json, Measure, Props, Rule, Ruleset, Segment, Span, Window } from '../../src/types.js'

export type Step = { at: number } & (
  | { event: { type: string; at: number; props: Props } }
  | { traits: Props }
  | { context: Props }
  | { facts: Props }
  /** The page is left, and another one goes on from what was saved. */
  | { restart: true }
  | { tick: true }
)

export interface Scenario {
  ruleset: Ruleset
  steps: Step[]
}

export type Random = () => number

/** Mulberry32. */
export const random = (seed: number): Random => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
export const START = Date.UTC(2026, 2, 27, 9)

const ZONES = ['Europe/Berlin', 'America/Sao_Paulo', 'Asia/Kolkata', 'UTC']
const DURATIONS = ['30s', '5m', '20m', '45m', '2h', '6h', '1d', '3d'] as const

export function scenario(next: Random, length = 24): Scenario {
  const chance = (share: number): boolean => next() < share
  const below = (n: number): number => Math.floor(next() * n)
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T
  const some = <T>(make: () => T, least: number, most: number): T[] => Array.from({ length: least + below(most - least + 1) }, make)

  const type = (): string => pick(['look', 'look', 'look', 'buy', 'page_view'])
  const where = (): { [path: string]: Json } => {
    if (chance(0.6)) return { k: pick<Json>([1, 2, '1', 'x']) }
    return pick<{ [path: string]: Json }>([
      { k: { $in: [1, 'x'] } },
      { tags: { $in: ['red', 'blue'] } },
      { tags: 'red' },
      { k: { $eq: 1 } },
      { k: { $ne: 'x' }, price: { $gt: 1 } },
      { price: { $exists: true } },
      { $or: [{ k: 1 }, { price: 3 }] } as never,
      { k: { $inGroup: 'some' } },
      { 'deep.x': 1 },
      { k: null },
      {},
    ])
  }
  const pattern = (): EventPattern => ({ event: type(), ...(chance(0.5) ? { where: where() } : {}) })

  const number = (least = 0, most = 4): Measure => {
    const n = (): number => least + below(most - least + 1)
    return pick<() => Measure>([
      () => ({ $gte: n() }),
      () => ({ $gte: n() }),
      () => ({ $gt: n() }),
      () => ({ $lt: n() }),
      () => ({ $lte: n() }),
      n,
      () => ({ $ne: n() }),
      () => ({ $gte: n(), $lt: n() }),
      () => ({ $in: [n(), n()] }),
      () => ({ $nin: [n()] }),
      () => ({ $not: { $gte: n() } }),
    ])()
  }
  const window = (): Window =>
    pick<() => Window>([
      () => pick(DURATIONS),
      () => pick(DURATIONS),
      () => pick(DURATIONS),
      () => 'visit',
      () => 'page',
      () => ({ days: 1 + below(3) }),
      () => ({ since: pattern() }),
      () => pick([{ from: '2026-03-28' }, { to: '2026-03-28T12:00' }, { from: '2026-03-27T10:00Z', to: '2026-03-29' }]),
    ])()
  const value = (): Json => pick<Json>([1, '1', 'x', 2, { $in: ['x', 1] }, { $exists: false }, { $exists: true }, { $ne: 1 }])

  const event = (): EventLeaf => {
    const leaf: EventLeaf = { ...pattern(), ...(chance(0.75) ? { within: window() } : {}), ...(chance(0.12) ? { same: chance(0.7) ? ['k'] : ['k', 'price'] } : {}) }
    const within = leaf.within
    const question = pick<() => Partial<EventLeaf>>([
      () => ({}),
      () => ({ count: number() }),
      () => ({ count: number() }),
      () => ({ count: number() }),
      () => ({ sum: { price: number(0, 9) } }),
      () => ({ sum: { delta: number(-3, 5) } }),
      () => pick([{ avg: { price: number(0, 4) } }, { min: { price: number() } }, { max: { delta: number(-2, 4) } }]),
      () => ({ distinct: { [pick(['k', 'tags'])]: number(0, 3) } }),
      () => ({ days: number(0, 3) }),
      () => ({ last: { k: value() } }),
      () => ({ first: { k: value() } }),
      () => ({ most: { [pick(['k', 'tags'])]: value() } }),
      () => ({ ago: pick<Span>([{ $lt: '20m' }, { $gte: '2h' }, { $gt: '5m', $lte: '1d' }, { $exists: false }]) }),
    ])()
    return { ...leaf, ...(within === undefined ? {} : { within }), ...question }
  }

  const names: string[] = []
  const rule = (depth: number): Rule => {
    if (names.length > 0 && chance(0.08)) return chance(0.5) ? pick(names) : { segment: pick(names) }
    if (depth > 0 && chance(0.35)) {
      return pick<() => Rule>([
        () => ({ all: some(() => rule(depth - 1), 1, 3) }),
        () => ({ any: some(() => rule(depth - 1), 1, 3) }),
        () => ({ not: rule(depth - 1) }),
        () => ({ score: { bias: -1, terms: some(() => ({ when: rule(depth - 1), add: pick([-1, 0.5, 1, 2]) }), 1, 3) }, is: { $gte: pick([0.3, 0.5, 0.7]) } }),
      ])()
    }
    return pick<() => Rule>([
      event,
      event,
      event,
      event,
      event,
      event,
      () => ({
        sequence: some(pattern, 2, 3),
        ...(chance(0.6) ? { within: window() } : {}),
        ...(chance(0.5) ? { gap: pick(DURATIONS) } : {}),
        ...(chance(0.4) ? { without: chance(0.5) ? pattern() : some(pattern, 1, 2) } : {}),
      }),
      () => ({ moreThan: [{ ...pattern(), ...(chance(0.5) ? { within: window() } : {}) }, pattern()] }),
      () => ({ trait: { plan: pick<Json>(['pro', { $ne: 'pro' }, null]) } }),
      () => ({ context: { 'utm.source': pick<Json>(['news', { $exists: true }]) } }),
    ])()
  }
  const segments: { [name: string]: Segment } = {}
  for (let i = 0; i < 6; i++) {
    const made = rule(2)
    const held: Segment = typeof made === 'object' && chance(0.1) ? { ...made, keep: pick(DURATIONS) } : made
    segments[`s${i}`] = held
    names.push(`s${i}`)
  }
  const interests: { [name: string]: Interest } = { tags: { halfLife: '6h', weights: { look: 2, buy: 4.5, page_view: -0.5 }, site: { red: 0.3 }, ...(chance(0.4) ? { perPage: 1 + below(2) } : {}) } }
  // Whoever stays in remembers when: a decayed number gives the recount no such instants to look at.
  if (!JSON.stringify(segments).includes('"keep"') && chance(0.5)) {
    segments.fond = { interest: { tags: 'red' }, ...(chance(0.5) ? { share: { $gte: 0.213 } } : { lift: { $gt: 1.01, $lt: 2.03 } }) }
  }

  const props = (): Props => ({
    ...(chance(0.8) ? { k: pick<Json>([1, 2, '1', 'x', 'x', null, ['x', 1]]) } : {}),
    ...(chance(0.7) ? { price: pick<Json>([0, 1, 2, 3, '3']) } : {}),
    ...(chance(0.5) ? { delta: below(7) - 3 } : {}),
    ...(chance(0.5) ? { tags: pick<Json>([['red'], ['red', 'blue'], 'red', [], ['blue', null], 'green']) } : {}),
    ...(chance(0.2) ? { deep: { x: below(2) } } : {}),
  })

  let now = START
  const steps = Array.from({ length }, (): Step => {
    now += pick([0, 1, 30_000, 5 * MINUTE, 20 * MINUTE, 35 * MINUTE, 2 * HOUR, 14 * HOUR]) * (chance(0.5) ? 1 : next())
    now = Math.round(now)
    if (chance(0.03)) now -= Math.round(next() * 5 * HOUR)
    const kind = next()
    if (kind < 0.68) {
      // What comes more than a day late is taken for a clock that was wrong, and begins a visit.
      const late = chance(0.15) ? Math.round(pick([0, MINUTE, 2 * HOUR, 9 * HOUR]) * next()) : 0
      const one = type()
      const utm: Props = one === 'page_view' && chance(0.2) ? { utm: { source: pick(['news', 'ads']) } } : {}
      const path: Props = one === 'page_view' && chance(0.8) ? { path: pick(['/a', '/b']) } : {}
      return { at: now, event: { type: one, at: now - late, props: { ...props(), ...utm, ...path } } }
    }
    if (kind < 0.73) return { at: now, traits: chance(0.5) ? { plan: pick(['pro', 'free']) } : {} }
    if (kind < 0.78) return { at: now, context: chance(0.5) ? { utm: { source: 'news' } } : {} }
    if (kind < 0.85) return { at: now, facts: pick<Props>([{ k: 1 }, { k: 'x', price: 2 }, {}, { k: ['x', 1], price: 1 }]) }
    if (kind < 0.92) return { at: now, restart: true }
    return { at: now, tick: true }
  })
  return { ruleset: { version: 1, segments, interests, groups: { some: [1, 'x'] }, timeZone: pick(ZONES) }, steps }
}
