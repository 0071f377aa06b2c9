// What feeds an interest, beside what the recount of engine.test.ts holds it against.

import { expect, test } from 'vitest'
import { affinity } from '../../src/decide/interest.js'
import { ANCHOR, HIT } from '../../src/decide/mask.js'
import { evaluate } from '../../src/rules.js'
import type { Interest, Props, Ruleset } from '../../src/types.js'

const DAY = 86_400_000
const NOW = 100 * DAY

const rules = (interest: Partial<Interest>, property = 'tags'): Ruleset => ({
  version: 1,
  interests: { [property]: { halfLife: '14d', weights: { page_view: 1, view_item: 1, add_to_cart: 4, purchase: 8 }, ...interest } },
  segments: { boots: { interest: { [property]: 'boots' }, share: { $gte: 0.3 } } },
})
const read = (...pages: Props[]) => pages.map((props, i) => ({ type: 'page_view', at: NOW + i, props }))
const loves = (ruleset: Ruleset, events: { type: string; at: number; props: Props }[]): boolean => evaluate(ruleset, { events, now: NOW + 1000 }).length > 0

test('one page that is loaded again and again makes no interest, where the ruleset caps what a page gives', () => {
  const again = read(...Array.from({ length: 9 }, () => ({ path: '/a', tags: ['boots', 'winter'] })))
  expect(loves(rules({}), again)).toBe(true)
  expect(loves(rules({ perPage: 1 }), again)).toBe(false)
  const pages = read(...Array.from({ length: 9 }, (_, i) => ({ path: `/${i}`, tags: ['boots', 'winter'] })))
  expect(loves(rules({ perPage: 1 }), pages)).toBe(true)
})

test('what a visitor does on a page counts beside looking at it, each kind of thing for itself', () => {
  const category = 'item_category'
  const shopping = [...read({ path: '/a' }), ...['view_item', 'view_item', 'add_to_cart', 'add_to_cart'].map((type, i) => ({ type, at: NOW + 10 + i, props: { item_category: 'boots' } }))]
  const stream = affinity(category, 14 * DAY, { weights: { view_item: 1, add_to_cart: 4 }, perPage: 1 })
  const [hit, anchor] = stream.patterns.map(({ bit }) => bit).filter((bit, i, all) => all.indexOf(bit) === i) as [number, number]
  for (const { type, at, props } of shopping) stream.take({ id: '', type, at, props }, type === 'page_view' ? anchor : hit)
  expect(stream.share('boots', NOW + 20)).toBeCloseTo(5 / 10, 3)
})

test('a page that was left in the midst of it goes on from what was saved', () => {
  const make = () => affinity('tags', 14 * DAY, { weights: { page_view: 1 }, perPage: 2 })
  const [one, other] = [make(), make()]
  const bits = HIT | ANCHOR
  const view = { id: '', type: 'page_view', at: NOW, props: { path: '/a', tags: ['boots'] } }
  one.take(view, bits)
  one.take(view, bits)
  other.load(JSON.parse(JSON.stringify(one.save())), true)
  other.take(view, bits)
  expect(other.share('boots', NOW)).toBe(one.share('boots', NOW))
  expect(one.share('boots', NOW)).toBeCloseTo(2 / 7, 6)
})

test('what speaks of health, belief, politics, sexuality or minors is no interest, unless the ruleset says why', () => {
  const events = read(...Array.from({ length: 9 }, (_, i) => ({ path: `/${i}`, tags: ['Saúde'] })))
  const health = (more: Partial<Interest>): Ruleset => ({ ...rules(more), segments: { health: { interest: { tags: 'Saúde' }, share: { $gte: 0.3 } } } })
  expect(loves(health({}), events)).toBe(false)
  expect(loves(health({ sensitive: 'a pharmacy, asked for by its visitors' }), events)).toBe(true)
})

test('an interest is more than the site’s own share, however large that is', () => {
  const events = read(...Array.from({ length: 12 }, (_, i) => ({ path: `/${i}`, section: i % 3 ? 'news' : 'boots' })))
  const lifted = (site: { [value: string]: number }): string[] =>
    evaluate({ ...rules({ site }, 'section'), segments: { news: { interest: { section: 'news' }, lift: { $gte: 1.5 } }, boots: { interest: { section: 'boots' }, lift: { $gte: 1.5 } } } }, { events, now: NOW + 1000 })
  expect(lifted({ news: 0.6, boots: 0.05 })).toEqual(['boots'])
})
