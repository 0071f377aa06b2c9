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
  { name: 'a', show: 'x', cap: { times: 3, within: 'visit' }, cooldown: { for: '1d', grow: 2, max: '64d' }, fatigue: { after: 5, within: '7d' }, untilGoal: 'signup' },
  { name: 'a', show: 'x', from: '2026-11-27', holdout: 0.1, on: { scroll: 0.5 }, exclusive: { group: 'banners', weight: 2 }, assignBy: 'account' },
  // @ts-expect-error a page view has no such cap
  { name: 'a', show: 'x', cap: { times: 3, within: 'page' } },
  // @ts-expect-error without its length a cooldown is none
  { name: 'a', show: 'x', cooldown: { grow: 2 } },
  // @ts-expect-error fatigue needs its time
  { name: 'a', show: 'x', fatigue: { after: 3 } },
  // @ts-expect-error who does not wait for it leaves it out
  { name: 'a', show: 'x', on: { exit: false } },
  // @ts-expect-error a share and no text
  { name: 'a', show: 'x', on: { scroll: '50%' } },
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
  expect([rulesets.length, rules.length, experiences.length, variants.length, typeof calls]).toEqual([6, 5, 10, 5, 'function'])
})
