// The script tag's own check beside the complete one: it takes what is right and simple, and nothing else.

import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { isSimple } from '../../src/quick/check.js'
import { checkRuleset } from '../../src/ruleset.js'
import type { Ruleset } from '../../src/types.js'
import { random, scenario } from '../decide/scenario.js'
import { slip, whole } from '../support/rulesets.js'
import { keepsSimple, simpleRuleset } from './simple.js'

// Thousands of rulesets, on a machine that does other things too.
vi.setConfig({ testTimeout: 30_000 })

const wanted = (value: unknown): boolean => checkRuleset(value).length === 0 && keepsSimple(value as Ruleset)

test('simple rulesets are taken; with a slip only those that are still right and simple', () => {
  let refused = 0
  fc.assert(
    fc.property(simpleRuleset, fc.integer(), (ruleset, seed) => {
      expect(wanted(ruleset)).toBe(true)
      expect(isSimple(ruleset)).toBe(true)
      const slipped = slip(ruleset, random(seed))
      const right = wanted(slipped)
      if (!right) refused++
      expect(isSimple(slipped), JSON.stringify([slipped, checkRuleset(slipped)])).toBe(right)
    }),
    { numRuns: 3000 },
  )
  expect(refused).toBeGreaterThan(1000)
})

test('of rulesets of the whole language those are taken that keep to the simple one', () => {
  let [taken, refused] = [0, 0]
  for (let seed = 1; seed <= 1600; seed++) {
    const next = random(seed)
    const { groups, interests, timeZone, fill, sense, rows, ...made } = whole(next)
    for (const ruleset of [made, slip(made, next), { ...made, groups }, { ...made, interests }, { ...made, timeZone }, { ...made, fill }, { ...made, sense }, { ...made, rows }, scenario(random(seed), 1).ruleset]) {
      const value = JSON.parse(JSON.stringify(ruleset))
      const right = wanted(value)
      if (right) taken++
      else refused++
      expect(isSimple(value), `seed ${seed}: ${JSON.stringify([value, checkRuleset(value)])}`).toBe(right)
    }
  }
  expect(Math.min(taken, refused)).toBeGreaterThan(250)
})

test('whatever JSON can hold is judged alike', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      for (const ruleset of [value, { version: 1, segments: { a: value } }, { version: 1, slots: { a: value } }, { version: 1, slots: { a: { experiences: [value] } } }]) {
        expect(isSimple(ruleset)).toBe(wanted(ruleset))
      }
    }),
    { numRuns: 1000 },
  )
})

const nested = (depth: number): unknown => (depth > 1 ? { not: nested(depth - 1) } : { event: 'x' })
const slot = (...experiences: unknown[]): unknown => ({ version: 1, slots: { hero: { experiences } } })
const segments = (rules: unknown[]): unknown => ({ version: 1, segments: Object.fromEntries(rules.map((rule, i) => [`s${i}`, rule])) })

test.each([
  ['eight rules in one another', segments([nested(8)]), segments([nested(9)])],
  ['a hundred segments', segments(Array(100).fill(nested(1))), segments(Array(101).fill(nested(1)))],
  ['a count of a thousand', segments([{ event: 'x', count: { $gte: 1000 } }]), segments([{ event: 'x', count: { $gte: 1001 } }])],
  ['operators on values', segments([{ trait: { a: { $in: [] } } }]), segments([{ $or: [] }])],
  ['texts that compare values', segments([{ trait: { a: { $gt: '' } } }]), segments([{ event: 'x', count: { $gt: '' } }])],
  ['groups of pages', segments([{ event: 'page_view', where: { page: 'x' } }, { event: 'view_item', where: { item_id: 'x' } }]), segments([{ event: 'page_view', where: { item_id: 'x' } }])],
  ['two names', slot({ name: 'a', show: 'x' }, { name: 'b', show: 'x' }), slot({ name: 'a', show: 'x' }, { name: 'a', show: 'x' })],
  ['variants', { version: 1, slots: { hero: { variants: { other: { text: {} } } } } }, { version: 1, slots: { hero: { variants: { default: { text: {} } } } } }],
  ['selectors of 200 characters', { version: 1, slots: { hero: { variants: { a: { text: { ['x'.repeat(200)]: '' } } } } } }, { version: 1, slots: { hero: { variants: { a: { text: { ['x'.repeat(201)]: '' } } } } } }],
  ['texts as they stand', { version: 1, slots: { hero: { variants: { a: { text: { h1: '{ {x}}' } } } } } }, { version: 1, slots: { hero: { variants: { a: { text: { h1: '{{x}}' } } } } } }],
  ['a hundred segments that lead on', segments([...Array.from({ length: 99 }, (_, i) => `s${i + 1}`), nested(1)]), segments([...Array.from({ length: 100 }, (_, i) => `s${i + 1}`), nested(1)])],
  ['names that lead on', segments(['s1', 's2', { event: 'x' }]), segments(['s1', 's2', 's0'])],
])('%s are simple, and no more', (_, simple, other) => {
  expect([isSimple(simple), wanted(simple)]).toEqual([true, true])
  expect([isSimple(other), wanted(other)]).toEqual([false, false])
})

test.each([
  ['cap', { times: 1 }],
  ['cooldown', { for: '1d' }],
  ['fatigue', { after: 3, within: '7d' }],
  ['untilGoal', 'signup'],
  ['on', { exit: true }],
  ['from', '2026-11-27'],
  ['to', '2026-11-27'],
  ['exclusive', 'banners'],
  ['assignBy', 'account'],
  ['holdout', 0.1],
])('an experience with %s is right, and not simple', (key, value) => {
  const ruleset = { ...(slot({ name: 'a', show: 'x', [key]: value }) as object), goals: { signup: { event: 'signup' } } }
  expect([isSimple(ruleset), checkRuleset(ruleset)]).toEqual([false, []])
})

test('segments that share others many times over are checked in no time', () => {
  expect(isSimple(segments([{ event: 'x' }, ...Array.from({ length: 60 }, (_, i) => ({ all: [`s${i}`, `s${i}`] }))]))).toBe(true)
})
