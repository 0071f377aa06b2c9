// What must not compile: each @ts-expect-error fails the type check when the line beneath it is accepted.

import { expect, test } from 'vitest'
import type { Experience, Rule, Ruleset, Site, VariantData } from '../src/index.js'

const rulesets: Ruleset[] = [
  { version: 1 },
  // @ts-expect-error version is required
  { segments: {} },
  // @ts-expect-error a misspelt key
  { version: 1, segmnets: {} },
  // @ts-expect-error not a duration
  { version: 1, retention: { events: '90 days' } },
  { version: 1, slots: { hero: { select: '#hero', live: true } } },
  // @ts-expect-error true or false
  { version: 1, slots: { hero: { live: 'yes' } } },
]

const rules: Rule[] = [
  'pro',
  { event: 'view', within: '7d', count: { $gte: 3 } },
  // @ts-expect-error not a duration
  { event: 'view', within: '7dd' },
  // @ts-expect-error a misspelt key
  { event: 'view', wher: {} },
  // @ts-expect-error a list is wanted
  { all: 'pro' },
]

const experiences: Experience[] = [
  { name: 'a', show: 'x' },
  // @ts-expect-error nameless
  { show: 'x' },
  // @ts-expect-error weights are numbers
  { name: 'a', split: { weights: { a: '1' } } },
]

const variants: VariantData[] = [
  { text: { h1: 'x' }, hide: ['p'], class: { '': { add: 'a b' } } },
  { html: [['h1', { class: 'x' }, 'text ', ['b', 'x']], ['br'], 'x'] },
  // @ts-expect-error an attribute is a text
  { html: [['h1', { tabindex: 1 }]] },
  // @ts-expect-error a picture has a size
  { image: { img: { src: '/x.png', alt: '' } } },
  // @ts-expect-error a misspelt key
  { htlm: 'x' },
]

const calls = (site: Site): void => {
  void site.track('x', { list: [1, null] })
  // @ts-expect-error a function is no property
  void site.track('x', { f: () => {} })
  // @ts-expect-error no such stage
  site.on('sneeze', () => {})
  site.on('decision', ({ variant }) => variant.length)
}

test('what must not compile does not', () => {
  expect([rulesets.length, rules.length, experiences.length, variants.length, typeof calls]).toEqual([6, 5, 3, 5, 'function'])
})
