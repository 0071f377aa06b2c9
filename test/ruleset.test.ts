import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDecider } from '../src/decide/decide.js'
import { assertRuleset, checkRuleset, loadRuleset, type RulesetError, usableRuleset } from '../src/ruleset.js'

const good = (): Record<string, unknown> => ({
  $schema: './slotwise.schema.json',
  version: 7,
  holdout: 0.1,
  epochDays: 28,
  pages: { product: ['/p/*', '/en/p/*'], pricing: '/pricing' },
  segments: {
    returning: { event: 'visit', count: { $gte: 2 } },
    'shoe-lover': { all: [{ event: 'view', where: { category: 'shoes' }, within: '7d', count: 3 }, { not: { event: 'purchase', within: '30d' } }] },
    campaign: { context: { 'utm.source': { $in: ['news', 'ads'] } } },
    pro: { any: ['returning', { trait: { plan: 'pro' } }, { segment: 'campaign' }] },
  },
  goals: { signup: { event: 'signup', where: { plan: 'free' }, window: '7d' } },
  slots: {
    hero: {
      experiences: [
        { name: 'finish', when: 'shoe-lover', show: 'finish-order' },
        {
          name: 'hero-test',
          enabled: true,
          goal: 'signup',
          learn: true,
          split: { version: 3, weights: { default: 1, spring: 1 }, by: [{ segment: 'returning', weights: { spring: 1 } }] },
        },
      ],
      variants: { spring: { text: { h1: 'Spring is here', '': '' } } },
    },
    empty: {},
  },
  retention: { events: '90d', count: 10_000 },
})

test('a right ruleset has no problems', () => {
  expect(checkRuleset(good())).toEqual([])
  expect(assertRuleset(good())).toEqual(good())
  expect(checkRuleset({ version: 1 })).toEqual([])
})

const set = (path: string, value: unknown): unknown => {
  const ruleset = good()
  const keys = path.split('/')
  const last = keys.pop() as string
  // biome-ignore lint/suspicious/noExplicitAny: walks any shape
  const target = keys.reduce((object: any, key) => object[key], ruleset)
  if (value === undefined) delete target[last]
  else target[last] = value
  return ruleset
}

test.each([
  ['version', undefined, 'ruleset', '"version" is missing; add it'],
  ['version', '7', 'version', 'expected a whole number'],
  ['holdout', 2, 'holdout', 'expected a share from 0 to 1, got 2'],
  ['segmnets', {}, 'segmnets', 'unknown key "segmnets"; did you mean "segments"?'],
  ['slots/hero/select', '#a {', 'slots.hero.select', 'expected a CSS selector such as "#hero", of at most 200 characters, got "#a {"'],
  ['slots/hero/live', 'yes', 'slots.hero.live', 'expected true or false'],
  ['slots', [], 'slots', 'expected an object, got []'],
  ['pages/product', 7, 'pages.product', 'expected a path pattern such as "/shoes/*", or a list of them, got 7'],
  ['pages/product', [], 'pages.product', 'at least one entry'],
  ['segments/returning', { event: 'visit', count: { $gt3: 2 } }, 'segments.returning.count.$gt3', 'unknown operator "$gt3"; did you mean "$gt"?'],
  ['segments/returning', { event: 'visit', count: 'three' }, 'segments.returning.count', 'expected a number or a condition such as { "$gte": 3 }, got "three"'],
  ['segments/returning', { event: 'visit', within: '7dd' }, 'segments.returning.within', 'expected a duration such as "30m", "7d" or "12w", got "7dd"'],
  ['segments/returning', { event: 'visit', wher: {} }, 'segments.returning.wher', 'unknown key "wher"; did you mean "where"?'],
  ['segments/returning', { evnt: 'visit' }, 'segments.returning', 'unknown key "evnt", did you mean "event"?'],
  ['segments/returning', { all: [] }, 'segments.returning.all', 'at least one entry'],
  ['segments/returning', { all: ['pro', { event: '' }] }, 'segments.returning.all[1].event', 'expected a text'],
  ['segments/returning', { context: { page: { $in: 'pricing' } } }, 'segments.returning.context.page.$in', '"$in" takes a list'],
  ['segments/returning', { trait: { plan: { $eq: 1, name: 2 } } }, 'segments.returning.trait.plan', 'mixes operators with names'],
  ['segments/pro', 'shoelover', 'segments.pro', 'no segment "shoelover"; did you mean "shoe-lover"?'],
  ['segments/returning', { not: { any: ['pro'] } }, 'segments.pro.any[0]', 'segments go round in a circle: returning -> pro -> returning'],
  ['slots/hero/experiences/0/when', 'shoe-lovr', 'slots.hero.experiences[0].when', 'did you mean "shoe-lover"?'],
  ['slots/hero/experiences/0/name', 'hero-test', 'slots.hero.experiences[1].name', 'names are unique'],
  ['slots/hero/experiences/0/name', undefined, 'slots.hero.experiences[0]', '"name" is missing'],
  ['slots/hero/experiences/0/show', undefined, 'slots.hero.experiences[0]', 'needs either "show" or "split"'],
  ['slots/hero/experiences/1/show', 'x', 'slots.hero.experiences[1]', 'and not both'],
  ['slots/hero/experiences/1/goal', 'sinup', 'slots.hero.experiences[1].goal', 'no goal "sinup"; did you mean "signup"?'],
  ['slots/hero/experiences/1/split/weights', { a: 0 }, 'slots.hero.experiences[1].split.weights', 'at least one weight'],
  ['slots/hero/experiences/1/split/weights', { a: -1, b: 1 }, 'slots.hero.experiences[1].split.weights.a', 'expected a number, 0 or more'],
  ['slots/hero/experiences/1/split/by', [{ segment: 'nobody', weights: { a: 1 } }], 'slots.hero.experiences[1].split.by[0].segment', 'no segment "nobody"'],
  ['slots/hero/experiences/0/untilGoal', 'sinup', 'slots.hero.experiences[0].untilGoal', 'no goal "sinup"; did you mean "signup"?'],
  ['slots/hero/experiences/0/cap', { times: 0 }, 'slots.hero.experiences[0].cap.times', 'expected a whole number, 1 or more, got 0'],
  ['slots/hero/experiences/0/cap', { times: 1, within: 'page' }, 'slots.hero.experiences[0].cap.within', 'expected a duration such as "7d", or "visit", got "page"'],
  ['slots/hero/experiences/0/cooldown', { for: '1d', grow: 0.5 }, 'slots.hero.experiences[0].cooldown.grow', 'expected a number, 1 or more, got 0.5'],
  ['slots/hero/experiences/0/cooldown', { for: '2d', max: '1d' }, 'slots.hero.experiences[0].cooldown.max', '"max" is shorter than "for"'],
  ['slots/hero/experiences/0/fatigue', { after: 3 }, 'slots.hero.experiences[0].fatigue', '"within" is missing'],
  ['slots/hero/experiences/0/on', { exit: false }, 'slots.hero.experiences[0].on.exit', 'expected true'],
  ['slots/hero/experiences/0/on', { scrol: 0.5 }, 'slots.hero.experiences[0].on', 'expected { "exit": true }, { "scroll": 0.5 }'],
  ['slots/hero/experiences/0/on', { scroll: 50 }, 'slots.hero.experiences[0].on.scroll', 'expected a share from 0 to 1, got 50'],
  ['slots/hero/experiences/0/holdout', 10, 'slots.hero.experiences[0].holdout', 'expected a share from 0 to 1'],
  ['slots/hero/experiences/0/exclusive', true, 'slots.hero.experiences[0].exclusive', 'expected the name of a group'],
  ['slots/hero/experiences', [{ name: 'a', show: 'a', from: '2026-12-01', to: '2026-11-30' }], 'slots.hero.experiences[0].to', 'put the earlier one first'],
  ['slots/hero/experiences', [{ name: 'a', show: 'a', exclusive: 'g' }, { name: 'b', show: 'b', exclusive: 'g', assignBy: 'account' }], 'slots.hero.experiences[1].assignBy', 'a group has one "assignBy"'],
  ['slots/hero/variants/default', { text: {} }, 'slots.hero.variants.default', 'the page\'s own content'],
  ['slots/hero/variants/spring', { htlm: '<b>' }, 'slots.hero.variants.spring.htlm', 'did you mean "html"?'],
  ['slots/hero/experiences/0/^', 'x', 'slots.hero.experiences[0].^', 'unknown key "^"'],
  ['segments/returning', { event: 'visit', '?': 1 }, 'segments.returning.?', 'unknown key "?"'],
  ['slots/hero/experiences/0/cap', { times: 0 }, 'slots.hero.experiences[0].cap.times', 'expected a whole number, 1 or more, got 0'],
  ['slots/hero/experiences/0/cap', { times: 3, within: 'page' }, 'slots.hero.experiences[0].cap.within', 'expected a duration such as "7d", or "visit", got "page"'],
  ['slots/hero/experiences/0/cap', 3, 'slots.hero.experiences[0].cap', 'expected an object'],
  ['slots/hero/experiences/0/cooldown', { grow: 2 }, 'slots.hero.experiences[0].cooldown', '"for" is missing; add it'],
  ['slots/hero/experiences/0/cooldown', { for: '1d', grow: 0.5 }, 'slots.hero.experiences[0].cooldown.grow', 'expected a number, 1 or more, got 0.5'],
  ['slots/hero/experiences/0/cooldown', { for: '2d', max: '1d' }, 'slots.hero.experiences[0].cooldown.max', '"max" is shorter than "for", 2d; it is the longest time that a cooldown grows to'],
  ['slots/hero/experiences/0/fatigue', { after: 3 }, 'slots.hero.experiences[0].fatigue', '"within" is missing'],
  ['slots/hero/experiences/0/untilGoal', 'sinup', 'slots.hero.experiences[0].untilGoal', 'no goal "sinup"; did you mean "signup"?'],
  ['slots/hero/experiences/0/from', '27.11.2026', 'slots.hero.experiences[0].from', 'expected a date such as "2026-11-27"'],
  ['slots/hero/experiences/0/holdout', 10, 'slots.hero.experiences[0].holdout', 'expected a share from 0 to 1, got 10'],
  ['slots/hero/experiences/0/on', 'exit', 'slots.hero.experiences[0].on', 'expected { "exit": true }, { "scroll": 0.5 }'],
  ['slots/hero/experiences/0/on', { scroll: 50 }, 'slots.hero.experiences[0].on.scroll', 'expected a share from 0 to 1, got 50'],
  ['slots/hero/experiences/0/on', { exit: false }, 'slots.hero.experiences[0].on.exit', 'expected true; without it, leave it out'],
  ['slots/hero/experiences/0/on', { scrol: 0.5 }, 'slots.hero.experiences[0].on', '{ "scroll": 0.5 }'],
  ['slots/hero/experiences/0/exclusive', { weight: 1 }, 'slots.hero.experiences[0].exclusive', 'expected the name of a group, or { "group", "weight" }'],
  ['slots/hero/experiences/0/assignBy', 7, 'slots.hero.experiences[0].assignBy', 'expected a text'],
  ['retention/events', 90, 'retention.events', 'expected a duration'],
] as [string, unknown, string, string][])('wrong %s: the path and the mend are named', (path, value, at, mend) => {
  const problems = checkRuleset(set(path, value))
  const texts = problems.map((problem) => `${problem.path}: ${problem.message}`)
  expect(texts.some((text) => text.startsWith(`${at}: `) && text.includes(mend)), texts.join('\n')).toBe(true)
})

test.each([
  ['2026-01-02', '2026-01-01', false],
  ['2026-01-01', '2026-01-01', false],
  ['2026-01-01', '2026-01-02', true],
  // In São Paulo, the day begins at three o'clock.
  ['2026-01-01T02:00Z', '2026-01-01', true],
  ['2026-01-01T04:00Z', '2026-01-01', false],
])('from %s to %s', (from, to, right) => {
  const experiences = [{ name: 'a', show: 'x', from, to }]
  const problems = checkRuleset({ version: 1, timeZone: 'America/Sao_Paulo', slots: { hero: { experiences } } })
  expect(problems).toEqual(right ? [] : [{ path: 'slots.hero.experiences[0].to', message: `ends at ${to}, which is not after ${from}; put the earlier one first` }])
})

test('the slices of one exclusive group are all drawn by the same', () => {
  const group = (...by: (string | undefined)[]) => checkRuleset(JSON.parse(JSON.stringify({ version: 1, slots: { hero: { experiences: by.map((assignBy, i) => ({ name: `e${i}`, show: 'x', exclusive: i === 0 ? 'g' : { group: 'g' }, assignBy })) } } })))
  expect(group(undefined, undefined)).toEqual([])
  expect(group('account', 'account')).toEqual([])
  expect(group('account', 'plan')).toEqual([{ path: 'slots.hero.experiences[1].assignBy', message: expect.stringContaining('"e0" is of the same exclusive group and assigned by "account"') }])
  expect(group(undefined, 'plan')).toEqual([{ path: 'slots.hero.experiences[1].assignBy', message: expect.stringContaining('assigned by the device') }])
})

test('names that would reach a prototype are refused', () => {
  const hostile = JSON.parse('{ "version": 1, "segments": { "__proto__": { "event": "x" }, "constructor": { "event": "x" } } }')
  expect(checkRuleset(hostile).map(({ path }) => path)).toEqual(['segments.__proto__', 'segments.constructor'])
})

test('whatever JSON can hold is refused or used, and never throws anything but the error that names the mend', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      for (const ruleset of [value, { version: 1, segments: { a: value }, slots: { b: value } }]) {
        try {
          assertRuleset(ruleset)
        } catch (error) {
          expect((error as RulesetError).name).toBe('RulesetError')
          expect((error as RulesetError).problems.length).toBeGreaterThan(0)
        }
      }
    }),
  )
})

test('segments that share others many times over are checked in no time', () => {
  const segments: { [name: string]: unknown } = { s0: { event: 'x' } }
  for (let i = 1; i < 60; i++) segments[`s${i}`] = { all: [`s${i - 1}`, `s${i - 1}`] }
  expect(checkRuleset({ version: 1, segments })).toEqual([])
})

test('what is too much is refused before it costs time', () => {
  const rules = (list: unknown[]): unknown => ({ version: 1, segments: Object.fromEntries(list.map((rule, i) => [`s${i}`, rule])) })
  const many = (n: number): unknown => rules(Array(n).fill({ event: 'x' }))
  expect(checkRuleset(many(5000))).toEqual([])
  const began = performance.now()
  expect(checkRuleset(many(5001))).toEqual([{ path: 'segments', message: '5001 segments are more than 5000; remove what is not used' }])

  const nested = (n: number, innermost: unknown = { event: 'x' }): unknown => {
    let rule = innermost
    for (let i = 1; i < n; i++) rule = { all: [rule] }
    return rule
  }
  expect(checkRuleset(rules([nested(16)]))).toEqual([])
  for (const depth of [17, 100_000]) {
    expect(checkRuleset(rules([nested(depth)]))).toEqual([{ path: expect.stringMatching(/^segments\.s0(\.all\[0\])+$/), message: expect.stringContaining('lies deeper than 16 rules') }])
  }
  expect(checkRuleset({ version: nested(100_000) })).toHaveLength(1)

  /** Each leads on to the next, from the first or from the last. */
  const chain = (n: number, depth = 1): unknown[] => Array.from({ length: n }, (_, i) => nested(depth, i < n - 1 ? `s${i + 1}` : { event: 'x' }))
  expect(checkRuleset(rules(chain(100, 16)))).toEqual([])
  expect(checkRuleset(rules(chain(101)))).toEqual([{ path: expect.stringContaining('segments.s'), message: expect.stringContaining('break the chain') }])
  expect(checkRuleset(rules(chain(5000))).length).toBeGreaterThan(0)
  const backwards = (n: number): unknown[] => Array.from({ length: n }, (_, i) => (i > 0 ? `s${i - 1}` : { event: 'x' }))
  expect(checkRuleset(rules(backwards(101)))).toMatchObject([{ path: 'segments.s100' }])
  // Not a millisecond for most; the limit is for a machine that is busy.
  expect(performance.now() - began).toBeLessThan(1000)
  const decider = createDecider(assertRuleset(rules(chain(100, 16))))
  decider.feed({ id: '1', type: 'x', at: 1, props: {} })
  expect(decider.segments(2, { traits: {}, context: {} })).toHaveLength(100)
})

test('in a visitor’s page a wrong variant is left out, and everything else refused', () => {
  const dropped: string[] = []
  const ruleset = usableRuleset([set('slots/hero/variants', { v1: { text: {} }, 'v1.2': { html: 7, text: 1 } })], ({ path }) => dropped.push(path))
  expect(Object.keys(ruleset.slots?.hero?.variants ?? {})).toEqual(['v1'])
  expect(dropped).toEqual(['slots.hero.variants.v1.2.html'])
  expect(() => usableRuleset([set('slots/hero/experiences/0/when', 'x')], () => {})).toThrow('no segment "x"')
  expect(() => usableRuleset(['x'], () => {})).toThrow('expected an object')
})

const answer = (body: string, status = 200) => async () => new Response(body, { status })

test.each([
  ['missing', answer('', 404), 'HTTP 404'],
  ['not JSON', answer('<!doctype html>'), 'SyntaxError'],
  ['empty', answer(''), 'SyntaxError'],
  ['huge', answer(`"${'x'.repeat(1_000_000)}"`), 'more than 1000000'],
  ['out of reach', async () => Promise.reject(new TypeError('Failed to fetch')), 'could not be loaded'],
] as [string, typeof fetch, string][])('a ruleset that is %s is named by its address', async (_, fetch, words) => {
  await expect(loadRuleset('/slotwise.json', fetch, () => {})).rejects.toThrow(new RegExp(`/slotwise\\.json.*${words}`))
})
