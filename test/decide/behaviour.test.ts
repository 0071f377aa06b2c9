// What a page relies on beside right memberships: long histories, broken and hostile events, and doing no more than
// is asked.

import { expect, test } from 'vitest'
import { createDecider } from '../../src/decide/decide.js'
import type { Rule, Ruleset, VisitorEvent } from '../../src/types.js'
import { reference } from './reference.js'
import { random } from './scenario.js'

const HOUR = 3_600_000
const none = { traits: {}, context: {} }
let id = 0
const event = (type: string, at: number, props = {}): VisitorEvent => ({ id: `${id++}`, type, at, props })
const ruleset = (segments: { [name: string]: Rule }, rest: Partial<Ruleset> = {}): Ruleset => ({ version: 1, segments, timeZone: 'UTC', ...rest })

test('beyond the newest 512 events of a kind, means and favourites go on by the hour, late events included', () => {
  const segments: { [name: string]: Rule } = {}
  for (const [i, within] of (['2h', '7h', '20h', '40h', undefined] as const).entries()) {
    const over = within ? { within } : {}
    segments[`avg${i}`] = { event: 'x', ...over, avg: { a: { $gte: 49.5 } } }
    segments[`min${i}`] = { event: 'x', ...over, min: { b: { $lt: 2 } } }
    segments[`max${i}`] = { event: 'x', ...over, max: { c: 99 } }
    segments[`most${i}`] = { event: 'x', ...over, most: { d: 3 } }
    segments[`signed${i}`] = { event: 'x', ...over, sum: { e: { $gt: 0 } } }
    segments[`sum${i}`] = { event: 'x', ...over, sum: { f: { $gte: 5000 } } }
    segments[`more${i}`] = { moreThan: [{ event: 'x', ...over }, { event: 'y' }] }
  }
  const next = random(3)
  const below = (n: number): number => Math.floor(next() * n)
  const [engine, slow] = [createDecider(ruleset(segments)), reference(ruleset(segments))]
  for (let i = 0, at = 0; i < 1200; i++) {
    at += below(250_000)
    const late = next() < 0.1 ? below(20 * HOUR) : 0
    const props = { a: below(100), b: below(200), c: below(100), d: below(5), e: below(11) - 5, f: below(20) }
    const one = event(next() < 0.9 ? 'x' : 'y', Math.max(0, at - late), props)
    engine.feed(one)
    slow.feed(one)
    if (i > 600 && i % 120 === 0) expect(engine.segments(at, none), `event ${i}`).toEqual(slow.members(at, none))
  }
}, 30_000)

test('sums that are not negative, counts and distinct values are exact however long the history is', () => {
  const engine = createDecider(ruleset({ sum: { event: 'x', sum: { n: 3000 } }, count: { event: 'x', count: 3000 }, distinct: { event: 'x', distinct: { id: { $gte: 3000 } } } }))
  for (let i = 0; i < 2999; i++) engine.feed(event('x', i, { n: 1, id: i }))
  expect(engine.segments(1e6, none)).toEqual([])
  engine.feed(event('x', 2999, { n: 1, id: 2999 }))
  expect(engine.segments(1e6, none)).toEqual(['sum', 'count', 'distinct'])
})

test('hostile events change nothing that they should not', () => {
  const engine = createDecider(
    ruleset({
      looked: { event: 'look' },
      sum: { event: 'look', sum: { n: { $gt: 0 } } },
      kinds: { event: 'look', distinct: { kind: { $gte: 2 } } },
      last: { event: 'look', last: { kind: 'a' } },
      where: { event: 'look', where: { 'a.b': 1 } },
      text: { event: 'look', where: { kind: { $regex: '^x+$' } } },
    }),
  )
  const at = Date.UTC(2026, 0, 1)
  for (const props of [
    JSON.parse('{ "__proto__": { "n": 1 }, "constructor": { "n": 1 } }'),
    { n: Number.NaN, kind: Number.NaN },
    { n: '1', a: { toString: 1, b: { valueOf: 1 } } },
    { kind: 'x'.repeat(10_000_000) },
    { kind: { toString: 1 }, n: Number.POSITIVE_INFINITY },
  ]) engine.feed(event('look', at, props as never))
  engine.feed(event('__proto__', at))
  engine.feed(event('constructor', at))
  expect(engine.segments(at, none)).toEqual(['looked', 'kinds', 'text'])
  // What is kept for the next page does not grow with what an event holds.
  expect(JSON.stringify(engine.state()).length).toBeLessThan(3000)
  expect(({} as { n?: number }).n).toBeUndefined()
})

test('a value nested thousands of times stops no other event', () => {
  const engine = createDecider(ruleset({ kinds: { event: 'x', distinct: { kind: { $gte: 1 } } }, all: { event: 'x', count: 2 } }))
  let nested: unknown = 1
  for (let i = 0; i < 20_000; i++) nested = [nested]
  engine.feed(event('x', 1, { kind: nested as never }))
  engine.feed(event('x', 2, { kind: 'a' }))
  expect(engine.segments(3, none)).toEqual(['kinds', 'all'])
})

test('a clock that was in 2099 for a while does not stop visits and page views', () => {
  const engine = createDecider(ruleset({ visit: { event: 'x', within: 'visit' }, page: { event: 'x', within: 'page' } }))
  const then = Date.UTC(2099, 0, 1)
  const now = Date.UTC(2026, 0, 1)
  engine.feed(event('page_view', then))
  expect(engine.segments(then, none)).toEqual([])
  engine.feed(event('page_view', now))
  engine.feed(event('x', now + 1))
  expect(engine.segments(now + 1, none)).toEqual(['visit', 'page'])
  engine.feed(event('page_view', now + 2))
  expect(engine.segments(now + 2, none)).toEqual(['visit'])
})

// ------------------------------------------------------------- no more than is asked

/** Rules that tell whether anybody reads them. */
const watched = (segments: { [name: string]: Rule }): { rules: { [name: string]: Rule }; read: Set<string> } => {
  const read = new Set<string>()
  const rules: { [name: string]: Rule } = {}
  for (const [name, rule] of Object.entries(segments)) {
    rules[name] = new Proxy(rule as object, {
      has: (target, key) => {
        read.add(name)
        return key in target
      },
    }) as Rule
  }
  return { rules, read }
}

test('on the next page only those segments are compiled that something could have changed', () => {
  const plain = {
    lover: { event: 'look', where: { kind: 'shoes' }, count: { $gte: 2 } },
    buyer: { event: 'buy' },
    both: { all: ['lover', 'buyer'] },
    news: { context: { 'utm.source': 'news' } },
    lately: { event: 'look', where: { kind: 'tents' }, within: '1d' },
  } satisfies { [name: string]: Rule }
  const slots = { hero: { experiences: [{ name: 'a', when: 'lover', show: 'a' }] } }
  const before = createDecider(ruleset(plain, { slots }))
  for (const kind of ['shoes', 'shoes', 'tents']) before.feed(event('look', 1, { kind }))
  before.segments(3, none)
  const state = JSON.parse(JSON.stringify(before.state()))

  const { rules, read } = watched(plain)
  const after = createDecider(ruleset(rules, { slots }))
  expect(after.complete(state)).toBe(true)
  after.load(state)
  const reads = (now: number, context = {}): [held: string[], read: string[]] => {
    const held = after.segments(now, { traits: {}, context })
    const names = [...read].sort()
    read.clear()
    return [held, names]
  }
  after.feed(event('page_view', 4))
  expect(after.decide('hero', { seed: 'anna', measure: false, now: 4 }, none).variant).toBe('a')
  expect(reads(4)).toEqual([['lover', 'lately'], []])
  after.feed(event('look', 5, { kind: 'hats' }))
  expect(reads(5, { device: 'phone' })).toEqual([['lover', 'lately'], []])
  after.feed(event('look', 6, { kind: 'shoes' }))
  expect(reads(6)).toEqual([['lover', 'lately'], ['lover']])
  after.feed(event('buy', 7))
  expect(reads(7)).toEqual([['lover', 'buyer', 'both', 'lately'], ['both', 'buyer']])
  expect(reads(8, { utm: { source: 'news' } })).toEqual([['lover', 'buyer', 'both', 'news', 'lately'], ['news']])
  expect(reads(1 + 24 * HOUR, { utm: { source: 'news' } })).toEqual([['lover', 'buyer', 'both', 'news'], ['lately']])
})

const DAY = 24 * HOUR
/** A page that goes on from what another has left. */
const next = (left: Ruleset, state: unknown) => {
  const engine = createDecider(left)
  expect(engine.complete(state)).toBe(true)
  engine.load(JSON.parse(JSON.stringify(state)))
  return engine
}

test('a page on which only the most modest of some questions is asked keeps enough for the others', () => {
  const site = ruleset({ one: { event: 'look' }, five: { event: 'look', within: '1d', count: { $gte: 5 } }, dear: { event: 'buy', sum: { price: { $gte: 1000 } } }, mean: { event: 'buy', avg: { price: { $gt: 2 } } } })
  const first = createDecider(site)
  for (let at = 1; at <= 4; at++) first.feed(event('look', at))
  for (let at = 1; at <= 999; at++) first.feed(event('buy', at, { price: 1 }))
  expect(first.segments(1000, none)).toEqual(['one'])
  const second = next(site, first.state())
  for (const modest of ['one', 'mean']) second.until(modest, 1000, none)
  const third = next(site, second.state())
  third.feed(event('look', 1000))
  third.feed(event('buy', 1000, { price: 1 }))
  expect(third.segments(1000, none)).toEqual(['one', 'five', 'dear'])
})

test('whoever stays in does so from the very moment on, pages later and by way of another segment', () => {
  const site = { version: 1, segments: { once: { event: 'look', count: 1 }, fond: { segment: 'once', keep: '3d' }, calm: { not: { event: 'buy' }, keep: '3d' } } } satisfies Ruleset
  const first = createDecider(site)
  expect(first.segments(1, none)).toEqual(['calm'])
  // Two pages that were left before anybody asked: what has come is found in the log by the one that follows.
  const second = next(site, first.state())
  for (const one of [event('look', DAY), event('buy', 2 * DAY), event('look', 2 * DAY)]) second.feed(one)
  const third = next(site, second.state())
  third.feed(event('other', 3 * DAY))
  expect(third.segments(5 * DAY - 1, none)).toEqual(['fond', 'calm'])
  expect(next(site, second.state()).segments(5 * DAY, none)).toEqual([])
})

test('a page that is left before anybody asked leaves what has changed to the next', () => {
  const rules = { lover: { event: 'look', count: { $gte: 2 } }, buyer: { event: 'buy' } } satisfies { [name: string]: Rule }
  const page = (state: unknown, ...events: VisitorEvent[]) => {
    const engine = createDecider(ruleset(rules))
    expect(engine.complete(state)).toBe(true)
    engine.load(state)
    events.forEach(engine.feed)
    return engine
  }
  const first = page(undefined, event('look', 1))
  first.segments(1, none)
  const second = page(first.state(), event('look', 2))
  const third = page(second.state(), event('buy', 3))
  expect(page(third.state()).segments(4, none)).toEqual(['lover', 'buyer'])
})

test('memberships that nothing can have changed are there without a rule being compiled', () => {
  const plain = { lover: { event: 'look', within: '7d' }, pro: { trait: { plan: 'pro' } } } satisfies { [name: string]: Rule }
  const before = createDecider(ruleset(plain))
  before.feed(event('look', 1))
  before.segments(2, none)
  const state = before.state()
  const { rules, read } = watched(plain)
  const after = createDecider(ruleset(rules))
  expect(after.complete(state)).toBe(true)
  after.load(state)
  expect(after.segments(3, none)).toEqual(['lover'])
  expect([...read]).toEqual([])
  // Once its time has come, or the site knows more, it is asked.
  expect(after.segments(1 + 7 * 24 * HOUR, none)).toEqual([])
  expect(after.segments(1 + 7 * 24 * HOUR, { ...none, traits: { plan: 'pro' } })).toEqual(['pro'])
})

test('while nothing changes, the list is the very same', () => {
  const engine = createDecider(ruleset({ a: { event: 'a' }, b: { event: 'b' } }))
  engine.feed(event('a', 1))
  const first = engine.segments(1, none)
  engine.feed(event('a', 2))
  expect(engine.segments(2, none)).toBe(first)
  engine.feed(event('b', 3))
  expect(engine.segments(3, none)).not.toBe(first)
})
