import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDecider } from '../../src/decide/decide.js'
import { duration } from '../../src/lib/duration.js'
import type { EventLeaf, Rule, Ruleset, VisitorEvent } from '../../src/types.js'

const MINUTE = 60_000
const facts = { traits: {}, context: {} }
let id = 0
const event = (type: string, at: number, props = {}): VisitorEvent => ({ id: String(id++), type, at, props })
const ruleset = (segments: { [name: string]: Rule }): Ruleset => ({ version: 1, segments })

test('a visitor who has read three shoe pages within seven days is a shoe lover, to the millisecond', () => {
  const decider = createDecider(ruleset({ 'shoe-lover': { event: 'view', where: { category: 'shoes' }, within: '7d', count: { $gte: 3 } } }))
  const week = duration('7d')
  for (const at of [1000, 2000, 3000]) decider.feed(event('view', at, { category: 'shoes' }))
  decider.feed(event('view', 4000, { category: 'tents' }))
  expect(decider.segments(3000, facts)).toEqual(['shoe-lover'])
  expect(decider.next(3000)).toBe(1000 + week)
  expect(decider.segments(1000 + week - 1, facts)).toEqual(['shoe-lover'])
  expect(decider.segments(1000 + week, facts)).toEqual([])
})

test('a condition over what never happened compares with nought', () => {
  const decider = createDecider(ruleset({ few: { event: 'view', count: { $lt: 3 } }, none: { event: 'view', count: 0 }, some: { event: 'view' } }))
  expect(decider.segments(0, facts)).toEqual(['few', 'none'])
  decider.feed(event('view', 0))
  expect(decider.segments(0, facts)).toEqual(['few', 'some'])
})

test('rules combine behaviour, traits, context and other segments', () => {
  const decider = createDecider(
    ruleset({
      pro: { trait: { plan: 'pro' } },
      campaign: { context: { 'utm.source': { $in: ['news', 'ads'] } } },
      buyer: { event: 'purchase', within: '30d' },
      target: { all: ['pro', { any: ['campaign', { context: { device: 'phone' } }] }, { not: { segment: 'buyer' } }] },
    }),
  )
  const seen = (traits: object, context: object) => decider.segments(10, { traits: traits as never, context })
  expect(seen({}, {})).toEqual([])
  expect(seen({ plan: 'pro' }, {})).toEqual(['pro'])
  expect(seen({ plan: 'pro' }, { utm: { source: 'ads' } })).toEqual(['pro', 'campaign', 'target'])
  expect(seen({ plan: 'pro' }, { device: 'phone' })).toEqual(['pro', 'target'])
  decider.feed(event('purchase', 10))
  expect(seen({ plan: 'pro' }, { device: 'phone' })).toEqual(['pro', 'buyer'])
})

test('a segment named like a part of Object is an ordinary segment, or none', () => {
  const decider = createDecider(ruleset({ toString: { event: 'x' }, hasOwn: 'constructor' }))
  expect(decider.segments(0, facts)).toEqual([])
})

// ------------------------------------------------------------- against a slow, obvious reference

const leaf: fc.Arbitrary<EventLeaf> = fc.record(
  {
    event: fc.constantFrom('a', 'b'),
    where: fc.record({ k: fc.constantFrom(1, 2) }),
    within: fc.constantFrom('1m', '2m', '5m', '1h'),
    count: fc.oneof(
      fc.integer({ min: 0, max: 4 }),
      fc.record({ $gte: fc.integer({ min: 0, max: 4 }) }),
      fc.record({ $gt: fc.integer({ min: 0, max: 4 }), $lte: fc.integer({ min: 0, max: 4 }) }),
      fc.record({ $in: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 2 }) }),
      fc.record({ $ne: fc.integer({ min: 0, max: 4 }) }),
    ),
  },
  { requiredKeys: ['event'] },
) as fc.Arbitrary<EventLeaf>

const { rule } = fc.letrec<{ rule: Rule }>((tie) => ({
  rule: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    leaf,
    fc.record({ all: fc.array(tie('rule'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('rule'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('rule') }),
  ) as fc.Arbitrary<Rule>,
}))

const history = fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.integer({ min: 0, max: 8 * MINUTE }), fc.constantFrom(1, 2)), { maxLength: 12 })

/** Recounts everything, every time. */
function slow(rule: Rule, events: VisitorEvent[], now: number): boolean {
  if (typeof rule === 'string') throw new Error('not generated')
  if ('all' in rule) return rule.all.every((part) => slow(part, events, now))
  if ('any' in rule) return rule.any.some((part) => slow(part, events, now))
  if ('not' in rule) return !slow(rule.not, events, now)
  if (!('event' in rule)) throw new Error('not generated')
  const n = events.filter(
    ({ type, at, props }) =>
      type === rule.event && (rule.where === undefined || props.k === rule.where.k) && (rule.within === undefined || at > now - duration(rule.within)),
  ).length
  const count = (rule.count ?? { $gte: 1 }) as { [operator: string]: never } | number
  if (typeof count === 'number') return n === count
  return Object.entries(count).every(([operator, x]) => {
    if (operator === '$gte') return n >= x
    if (operator === '$gt') return n > x
    if (operator === '$lte') return n <= x
    if (operator === '$ne') return n !== x
    return (x as number[]).includes(n)
  })
}

test('memberships equal a full recount, for late events too, and after a restore', () => {
  fc.assert(
    fc.property(fc.array(rule, { minLength: 1, maxLength: 4 }), history, fc.nat({ max: 12 }), (rules, past, cut) => {
      const named = Object.fromEntries(rules.map((rule, i) => [`s${i}`, rule]))
      let decider = createDecider(ruleset(named))
      const events = past.map(([type, at, k]) => event(type, at, { k }))
      events.forEach((one, i) => {
        if (i === cut) {
          const state = JSON.parse(JSON.stringify(decider.state()))
          decider = createDecider(ruleset(named))
          expect(decider.complete(state)).toBe(true)
          decider.load(state)
        }
        decider.feed(one)
      })
      for (let now = 8 * MINUTE; ; ) {
        const expected = Object.keys(named).filter((name) => slow(named[name] as Rule, events, now))
        expect(decider.segments(now, facts)).toEqual(expected)
        const next = decider.next(now)
        if (next === Number.POSITIVE_INFINITY) break
        // Nothing changes by itself before the instant that was announced.
        expect(decider.segments(next - 1, facts)).toEqual(expected)
        expect(next).toBeGreaterThan(now)
        now = next
      }
    }),
    { numRuns: 2000 },
  )
})

test('a ruleset that asks about more finds it in the log, and keeps what its snapshot has', () => {
  const events = [event('a', 1), event('a', 2), event('b', 3)]
  const before = createDecider(ruleset({ a: { event: 'a' } }))
  for (const one of events) before.feed(one)

  const after = createDecider(ruleset({ a: { event: 'a' }, three: { event: 'a', count: { $gte: 3 } }, b: { event: 'b' } }))
  expect(after.complete(before.state())).toBe(false)
  after.load(before.state())
  for (const one of events) after.fill(one)
  expect(after.segments(9, facts)).toEqual(['a', 'b'])
  after.feed(event('a', 4))
  expect(after.segments(9, facts)).toEqual(['a', 'three', 'b'])
})

test('a ruleset that only asks for a higher count looks into the log again', () => {
  const before = createDecider(ruleset({ a: { event: 'a' } }))
  for (let at = 1; at <= 5; at++) before.feed(event('a', at))
  const after = createDecider(ruleset({ five: { event: 'a', count: { $gte: 5 } } }))
  expect(after.complete(before.state())).toBe(false)
  after.load(before.state())
  for (let at = 1; at <= 5; at++) after.fill(event('a', at))
  expect(after.segments(9, facts)).toEqual(['five'])
})

test('what is kept of a history does not grow with it', () => {
  const decider = createDecider(ruleset({ a: { event: 'a', count: { $gte: 3 } } }))
  for (let at = 1; at <= 1000; at++) decider.feed(event('a', at))
  const small = JSON.stringify(decider.state()).length
  for (let at = 1001; at <= 5000; at++) decider.feed(event('a', at))
  expect(JSON.stringify(decider.state()).length).toBeLessThanOrEqual(small + 4)
})

test.each([undefined, null, 7, 'x', [], { '["a",{}]': 'x' }, { '["a",{}]': [9, ['x']] }, { __proto__: null }])('a snapshot that is no snapshot (%j) costs nothing but a recount', (state) => {
  const decider = createDecider(ruleset({ a: { event: 'a' } }))
  expect(decider.complete(state)).toBe(state === undefined)
  decider.load(state)
  expect(decider.segments(9, facts)).toEqual([])
})
