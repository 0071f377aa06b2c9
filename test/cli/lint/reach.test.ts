// @vitest-environment node
import { expect, test } from 'vitest'
import { type Finding, findings } from '../../../src/cli/check.js'
import { createDecider } from '../../../src/decide/decide.js'
import type { Ruleset } from '../../../src/types.js'
import { random, scenario } from '../../decide/scenario.js'
import { site } from '../../bench/workload.js'

const NOW = Date.UTC(2026, 5, 1)
const found = (rules: object): Finding[] => findings(JSON.stringify({ version: 1, ...rules }), { now: NOW })
const said = (rules: object): string[] => found(rules).map(({ code, path }) => `${code} ${path}`)
const segments = (segments: object, more: object = {}): string[] => said({ segments, ...more })
const slot = (experiences: object[], more: object = {}): string[] => said({ segments: { a: { event: 'x' }, b: { trait: { plan: 'pro' } } }, slots: { hero: { experiences, ...more } } })

test.each<[string, unknown]>([
  ['asks for more and for less of the same events', { event: 'x', count: { $gte: 3, $lt: 2 } }],
  ['asks for and against the same', { all: [{ event: 'x', within: '7d' }, { not: { event: 'x', within: '7d' } }] }],
  ['asks for a part without the whole', { all: [{ event: 'x', where: { k: 1 }, within: '7d' }, { not: { event: 'x', within: '30d' } }] }],
  ['asks for more lately than ever', { all: [{ event: 'x', within: '1d', count: { $gte: 5 } }, { event: 'x', count: { $lt: 4 } }] }],
  ['asks for what no device is', { context: { device: 'mobile' } }],
  ['asks for an hour that no clock has', { context: { hour: { $gte: 24 } } }],
  ['asks for two values of one fact', { all: [{ context: { weekday: 'sat' } }, { context: { weekday: 'sun' } }] }],
  ['asks for longer ago than it looks back', { event: 'x', within: '7d', ago: { $gte: '7d' } }],
  ['asks for more than all of an interest', { interest: { tags: 'red' }, share: { $gt: 1 } }],
  ['asks for a score that its terms never reach', { score: { bias: -3, terms: [{ when: { event: 'x' }, add: 1 }] }, is: { $gte: 0.5 } }],
  ['asks for a number above and below', { trait: { age: { $gt: 40, $lt: 30 } } }],
  ['asks for nothing of a list', { trait: { plan: { $in: [] } } }],
  ['keeps whom it never lets in', { event: 'x', count: { $lt: 0 }, keep: '7d' }],
])('a segment that %s is pointed out', (_, rule) => {
  expect(segments({ s: rule }, { interests: { tags: { halfLife: '7d', weights: { x: 1 } } } })).toEqual(['never segments.s'])
})

test.each<[string, unknown]>([
  ['a part and not all of it', { all: [{ event: 'x', within: '30d' }, { not: { event: 'x', within: '7d' } }] }],
  ['a list with both', { all: [{ trait: { tags: { $in: ['a'] } } }, { trait: { tags: { $in: ['b'] } } }] }],
  ['a list with both and not a third', { trait: { $and: [{ tags: { $in: ['a'] } }, { tags: { $in: ['b'] } }, { tags: { $nin: ['c'] } }] } }],
  ['days that calendars and windows count apart', { all: [{ event: 'x', within: { days: 2 } }, { not: { event: 'x', within: '1d' } }] }],
  ['somebody who was in', { all: ['kept', { not: { event: 'x' } }] }],
  ['a score that all terms together reach', { score: { bias: -1, terms: [{ when: { event: 'x' }, add: 0.6 }, { when: { trait: { plan: 'pro' } }, add: 0.6 }] }, is: { $gte: 0.5 } }],
  ['a pattern', { trait: { name: { $regex: '^a', $ne: 'b' } } }],
  ['a version', { all: [{ trait: { app: { $vgte: '2.0.0' } } }, { trait: { app: { $vlt: '1.0.0' } } }] }],
])('%s is left alone', (_, rule) => {
  expect(segments({ s: rule, kept: { event: 'x', within: '1d', keep: '7d' } })).toEqual([])
})

test('a segment for everybody, and two that say the same, are pointed out', () => {
  expect(segments({ s: { event: 'x', count: { $gte: 0 } } })).toEqual(['always segments.s'])
  expect(segments({ s: { any: [{ trait: { plan: 'pro' } }, { not: { trait: { plan: 'pro' } } }] } })).toEqual(['always segments.s'])
  expect(segments({ s: { event: 'x', within: '7d' }, t: { within: '7d', event: 'x' } })).toEqual(['same segments.t'])
})

test('a condition that no such event meets is told where it stands', () => {
  expect(segments({ s: { event: 'scroll', where: { percent: { $gt: 75, $lt: 100 } } } })).toEqual(['never segments.s.where'])
  expect(segments({ s: { event: 'scroll', where: { percent: { $gte: 60 } } } })).toEqual([])
  expect(segments({ s: { event: 'scroll', where: { percent: 60 } } }, { sense: { off: ['scroll'] } })).toEqual([])
  expect(segments({ s: { any: [{ event: 'x' }, { event: 'y', where: { price: { $gt: 5, $lt: 4 } } }] } })).toEqual(['never segments.s.any[1].where'])
  expect(segments({ s: { event: 'engaged', where: { seconds: 45 } } })).toEqual(['never segments.s.where'])
  expect(segments({ s: { event: 'engaged', where: { seconds: 45 } } }, { sense: { engaged: ['45s'] } })).toEqual([])
})

test('what random rules are said to be, for random visitors they are', () => {
  const seen = { never: 0, always: 0 }
  for (let seed = 1; seed <= 100; seed++) {
    const { ruleset, steps } = scenario(random(seed), 20)
    const all = findings(JSON.stringify(ruleset))
    const named = (sought: string): string[] => all.filter(({ code, path }) => code === sought && /^segments\.\w+$/.test(path)).map(({ path }) => path.slice(9))
    const [never, always] = [named('never'), named('always')]
    seen.never += never.length
    seen.always += always.length
    const decider = createDecider(ruleset as Ruleset)
    const facts: { traits: object; context: object; facts: object } = { traits: {}, context: {}, facts: {} }
    for (const [i, step] of steps.entries()) {
      if ('event' in step) decider.feed({ id: `${i}`, ...step.event })
      else Object.assign(facts, 'traits' in step ? { traits: step.traits } : 'context' in step ? { context: step.context } : 'facts' in step ? { facts: step.facts } : {})
      const members = decider.segments(step.at, facts as never)
      for (const name of never) expect(members, `seed ${seed}: ${JSON.stringify(ruleset.segments?.[name])}`).not.toContain(name)
      for (const name of always) expect(members, `seed ${seed}: ${JSON.stringify(ruleset.segments?.[name])}`).toContain(name)
    }
  }
  // Otherwise nothing would have been looked at.
  expect(seen.never).toBeGreaterThan(5)
  expect(seen.always).toBeGreaterThan(5)
})

test('an experience that those before it leave nobody is pointed out, and what only it would show', () => {
  expect(slot([{ name: 'all', show: 'v' }, { name: 'late', when: 'a', show: 'w' }], { variants: { v: { text: { h1: 'V' } }, w: { text: { h1: 'W' } } } })).toEqual(['shadowed slots.hero.experiences[1]', 'unused slots.hero.variants.w'])
  expect(slot([{ name: 'one', when: 'a', show: 'v' }, { name: 'two', when: { not: 'a' }, show: 'v' }, { name: 'rest', show: 'v' }])).toEqual(['shadowed slots.hero.experiences[2]'])
  expect(slot([{ name: 'wide', when: { event: 'x' }, show: 'v' }, { name: 'narrow', when: { event: 'x', where: { k: 1 }, count: { $gte: 2 } }, show: 'v' }])).toEqual(['shadowed slots.hero.experiences[1]'])
})

test('an experience that something keeps away now and then leaves room for those behind it', () => {
  for (const key of [{ cap: { times: 1 } }, { on: { exit: true } }, { enabled: false }, { from: '2027-01-01' }, { assignBy: 'plan' }, { cooldown: { for: '1d' } }]) {
    expect(slot([{ name: 'all', show: 'v', ...key }, { name: 'late', show: 'v' }]), JSON.stringify(key)).toEqual([])
  }
})

test('an experience that is over, or for nobody, is pointed out', () => {
  expect(slot([{ name: 'spring', show: 'v', to: '2026-03-01' }])).toEqual(['over slots.hero.experiences[0].to'])
  expect(slot([{ name: 'soon', show: 'v', to: '2026-07-01' }])).toEqual([])
  expect(slot([{ name: 'none', when: { all: ['a', { not: 'a' }] }, show: 'v' }])).toEqual(['never slots.hero.experiences[0].when'])
})

test('weights that nobody is drawn by, and arms without any, are pointed out', () => {
  const split = (by: object[], weights: object = { default: 1, v: 1 }): string[] => said({ goals: { g: { event: 'g' } }, segments: { a: { event: 'x' }, many: { event: 'x', count: { $gte: 3 } }, b: { trait: { plan: 'pro' } } }, slots: { hero: { experiences: [{ name: 't', when: { trait: { plan: 'pro' } }, goal: 'g', split: { weights, by } }] } } })
  expect(split([{ segment: 'a', weights: { default: 1, v: 3 } }, { segment: 'many', weights: { v: 1 } }])).toEqual(['shadowed slots.hero.experiences[0].split.by[1]'])
  expect(split([{ segment: 'many', weights: { v: 1 } }, { segment: 'a', weights: { default: 1, v: 3 } }])).toEqual([])
  expect(split([{ segment: 'b', weights: { v: 1 } }, { segment: 'a', weights: { v: 2 } }])).toEqual(['shadowed slots.hero.experiences[0].split.by[1]'])
  expect(split([{ segment: 'a', weights: { v: 1 } }], { default: 1, v: 1, w: 0 })).toEqual(['undrawn slots.hero.experiences[0].split.weights.w'])
})

test('page groups that one before them has taken are pointed out', () => {
  const groups = (pages: object): string[] => said({ pages })
  expect(groups({ all: '/*', shoes: '/shoes/*' })).toEqual(['shadowed pages.shoes'])
  expect(groups({ shoes: '/shoes/*', all: '/*' })).toEqual([])
  expect(groups({ one: '/blog/:post', all: '/blog/*' })).toEqual([])
  expect(groups({ all: '/blog/*', one: '/blog/:post' })).toEqual(['shadowed pages.one'])
  expect(groups({ deep: '/a/:id/*', wide: '/a/*' })).toEqual([])
  expect(groups({ a: ['/a/*', '/a/b'] })).toEqual(['shadowed pages.a[1]'])
})

test('1,000 segments are checked within a second', () => {
  const text = JSON.stringify({ version: 1, segments: site(1000) })
  const took = [1, 2].map(() => {
    // Of the processor's time: the machine may do other things too.
    const begun = process.cpuUsage()
    findings(text)
    const { user, system } = process.cpuUsage(begun)
    return (user + system) / 1000
  })
  expect(Math.min(...took)).toBeLessThan(1000)
})
