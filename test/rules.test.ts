import { expect, test } from 'vitest'
import { checkRuleset, compile, decide, evaluate, hash, matches, type Ruleset } from '../src/rules.js'

const DAY = 86_400_000
const ruleset: Ruleset = {
  version: 1,
  segments: {
    'shoe-lover': { event: 'page_view', where: { page: 'shoes' }, within: '7d', count: { $gte: 3 } },
    pro: { trait: { plan: 'pro' } },
  },
  slots: { hero: { experiences: [{ name: 'shoes', when: 'shoe-lover', show: 'shoes' }] } },
}
const views = [1, 2, 3].map((day) => ({ type: 'page_view', at: day * DAY, props: { page: 'shoes' } }))

test('Node names the segments of a visitor with the code that runs in the page', () => {
  expect(evaluate(ruleset, { events: views, now: 3 * DAY })).toEqual(['shoe-lover'])
  expect(evaluate(ruleset, { events: views, now: 8 * DAY })).toEqual([])
  expect(evaluate(ruleset, { traits: { plan: 'pro' }, now: 0 })).toEqual(['pro'])
})

test('the order in which events are given makes no difference, and what is still to come has not happened', () => {
  expect(evaluate(ruleset, { events: [...views].reverse(), now: 3 * DAY })).toEqual(['shoe-lover'])
  expect(evaluate(ruleset, { events: views, now: 3 * DAY - 1 })).toEqual([])
})

test('Node decides as the page does', () => {
  expect(decide(ruleset, 'hero', { events: views, now: 3 * DAY, seed: 'x' })).toMatchObject({ variant: 'shoes', experience: 'shoes' })
  expect(decide(ruleset, 'hero', { now: 0, seed: 'x' })).toMatchObject({ variant: 'default' })
})

test('a compiled ruleset serves any number of visitors', () => {
  const compiled = compile(ruleset)
  expect(evaluate(compiled, { events: views, now: 3 * DAY })).toEqual(['shoe-lover'])
  expect(evaluate(compiled, { now: 3 * DAY })).toEqual([])
})

test('a wrong ruleset is refused with path and mend', () => {
  const wrong = { version: 1, segments: { a: { event: 'x', within: '7dd' } } }
  expect(() => compile(wrong)).toThrow('segments.a.within: expected a duration')
  expect(() => evaluate(wrong as never, { now: 0 })).toThrow('segments.a.within')
  // Nobody can pass off a ruleset as compiled that was never checked.
  expect(() => evaluate({ ruleset: wrong } as never, { now: 0 })).toThrow('unknown key "ruleset"')
  expect(checkRuleset(ruleset)).toEqual([])
})

test('conditions and the hash can be used by themselves', () => {
  expect(matches({ plan: { $in: ['pro', 'team'] } }, { plan: 'team' })).toBe(true)
  expect(hash('seed', 'value')).toBeGreaterThanOrEqual(0)
})

test('this page’s facts and a time zone can be given', () => {
  const rules = { version: 1, segments: { again: { event: 'look', same: ['sku'] }, today: { event: 'look', within: { days: 1 } } } } as Ruleset
  const events = [{ type: 'look', at: Date.UTC(2026, 0, 1, 23, 30), props: { sku: 'a' } }]
  const now = Date.UTC(2026, 0, 2, 0, 30)
  expect(evaluate(rules, { events, facts: { sku: 'a' }, timeZone: 'UTC', now })).toEqual(['again'])
  expect(evaluate(rules, { events, facts: { sku: 'b' }, timeZone: 'America/Sao_Paulo', now })).toEqual(['today'])
  expect(evaluate(rules, { events, timeZone: 'America/Sao_Paulo', now })).toEqual(['today'])
})
