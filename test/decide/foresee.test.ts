import { expect, test } from 'vitest'
import { foresee } from '../../src/decide/foresee.js'
import { decideSlot } from '../../src/decide/experiences.js'
import type { Experience, Rule, Ruleset } from '../../src/types.js'

const NOW = Date.UTC(2026, 10, 24)
const VISIT_ENDS = NOW + 1_800_000
const NEVER = Number.POSITIVE_INFINITY
const liked = { event: 'like' }

/** Until when a slot's decision stands, for somebody for whom `holds` are the rules that hold. */
const stands = (experiences: Experience[], holds: Rule[] = [], ruleset: Partial<Ruleset> = {}, until: (rule: Rule) => number = () => NEVER): number => {
  const whole = { version: 1, ...ruleset, slots: { hero: { experiences } } }
  const decision = decideSlot(whole, 'hero', { seed: 'x', measure: true, now: NOW, holds: (rule) => holds.includes(rule) })
  return foresee(whole, decision, { now: NOW, visitEnds: VISIT_ENDS, rulesOf: ({ when, split }) => [...(when ? [when] : []), ...(split?.by ?? []).map(({ segment }) => segment)], until })
}
const byRule = (when: Rule, ruleset: Partial<Ruleset> = {}): number => stands([{ name: 'a', when, show: 'b' }], [when], ruleset)

test('what a visitor has done stands for good, as what the site knows of them does', () => {
  expect(byRule(liked)).toBe(NEVER)
  expect(byRule({ trait: { plan: 'pro' } })).toBe(NEVER)
  expect(byRule({ all: [liked, { not: { sequence: [liked, liked] } }] })).toBe(NEVER)
  expect(byRule({ interest: { category: 'shoes' }, share: { $gte: 0.5 } })).toBe(NEVER)
})

test('what depends on the page is left to the page, however deep it lies', () => {
  expect(byRule({ context: { page: 'shop' } })).toBe(0)
  expect(byRule({ context: { $or: [{ device: 'phone' }, { $not: { path: '/a' } }] } })).toBe(0)
  expect(byRule({ context: { $savedGroup: { id: 'x' } } })).toBe(0)
  expect(byRule({ event: 'view', same: ['sku'] })).toBe(0)
  expect(byRule({ event: 'view', within: 'page' })).toBe(0)
  expect(byRule({ any: [liked, { not: { all: [{ context: { page: 'shop' } }] } }] })).toBe(0)
  expect(byRule('deep', { segments: { deep: { segment: 'deeper' }, deeper: { context: { hour: 9 } } } })).toBe(0)
  expect(byRule({ score: { terms: [{ when: { context: { page: 'shop' } }, add: 1 }] }, is: { $gte: 0.5 } })).toBe(0)
  expect(byRule({ moreThan: [liked, { event: 'view', within: 'page' }] })).toBe(0)
  expect(byRule({ somethingNew: 1 } as unknown as Rule)).toBe(0)
})

test('what depends on the visit stands for the visit', () => {
  for (const when of [{ context: { utm: { source: 'news' } } }, { context: { 'utm.source': 'news', device: 'phone' } }, { event: 'visit', count: { $gte: 2 } }, { event: 'like', within: 'visit' as const }, { event: 'like', within: { since: { event: 'visit' } } }]) {
    expect(byRule(when)).toBe(VISIT_ENDS)
  }
})

test('it stands no longer than any rule that was asked for it, and those behind the chosen one were not', () => {
  const [first, second, third]: Rule[] = [{ event: 'first' }, { event: 'second' }, { event: 'third' }]
  const experiences = [first, second, third].map((when, i): Experience => ({ name: `${i}`, when: when as Rule, show: 'b' }))
  const until = (rule: Rule): number => NOW + (rule === first ? 300 : rule === second ? 200 : 100)
  expect(stands(experiences, [first as Rule], {}, until)).toBe(NOW + 300)
  expect(stands(experiences, [second as Rule], {}, until)).toBe(NOW + 200)
  expect(stands(experiences, [], {}, until)).toBe(NOW + 100)
  expect(stands([{ ...(experiences[2] as Experience), enabled: false }, ...experiences.slice(0, 1)], [first as Rule], {}, until)).toBe(NOW + 300)
})

test('a split with a goal stands for its epoch, one without for good, and its strata count', () => {
  const split = { weights: { default: 1, b: 1 } }
  const epoch = Math.floor(NOW / 86_400_000 / 28)
  expect(stands([{ name: 'a', split }])).toBe(NEVER)
  expect(stands([{ name: 'a', split, goal: 'g' }])).toBe((epoch + 1) * 28 * 86_400_000)
  expect(stands([{ name: 'a', split, goal: 'g' }], [], { epochDays: 1 })).toBe(NOW + 86_400_000)
  expect(stands([{ name: 'a', split: { ...split, by: [{ segment: 'here', weights: { b: 1 } }] } }], [], { segments: { here: { context: { page: 'shop' } } } })).toBe(0)
})

test('an experience that begins or ends later is looked at again then', () => {
  const dated = (dates: object): number => stands([{ name: 'a', show: 'b', ...dates } as Experience], [], { timeZone: 'America/Sao_Paulo' })
  expect(dated({ to: '2026-11-27' })).toBe(Date.UTC(2026, 10, 27, 3))
  expect(dated({ from: '2026-11-01', to: '2026-11-27T10:00Z' })).toBe(Date.UTC(2026, 10, 27, 10))
})

test('what the page itself makes is not foreseen', () => {
  expect(stands([{ name: 'a', recommend: { items: '/catalog.json' } } as unknown as Experience])).toBe(0)
})
