import { expect, test } from 'vitest'
import { createDecider, type Viewer } from '../../src/decide/decide.js'
import type { Decision, Experience, Ruleset, Trigger } from '../../src/types.js'

const NOW = Date.UTC(2026, 10, 27, 2, 30)
const viewer: Viewer = { seed: 'anna', measure: false, now: NOW }

const seen = (fired: (trigger: Trigger) => boolean = () => true, dismissed = false) => ({ fired, dismissed: () => dismissed })

const ruled = (experiences: Experience[], rest: Partial<Ruleset> = {}): Ruleset => ({ version: 1, slots: { hero: { experiences } }, ...rest })
const decide = (ruleset: Ruleset, given: Partial<Viewer> = {}, traits = {}, standing?: Decision): Decision =>
  createDecider(ruleset).decide('hero', { ...viewer, ...given }, { traits, context: {} }, standing)
const seeds = Array.from({ length: 3000 }, (_, i) => `visitor ${i}`)
const shares = (of: (seed: string) => string | null): { [name: string]: number } => {
  const counts: { [name: string]: number } = {}
  for (const seed of seeds) counts[`${of(seed)}`] = (counts[`${of(seed)}`] ?? 0) + 1 / seeds.length
  return counts
}

test('an experience is there from one date until before another, by the clocks of the ruleset’s time zone', () => {
  const at = (now: string, timeZone: string): string | null => decide(ruled([{ name: 'black friday', from: '2026-11-27', to: '2026-11-28', show: 'a' }], { timeZone }), { now: Date.parse(now) }).experience
  expect(['2026-11-27T02:59:59.999Z', '2026-11-27T03:00Z', '2026-11-28T02:59:59.999Z', '2026-11-28T03:00Z'].map((now) => at(now, 'America/Sao_Paulo'))).toEqual([null, 'black friday', 'black friday', null])
  expect(['2026-11-27T02:59Z', '2026-11-28T00:00Z'].map((now) => at(now, 'UTC'))).toEqual(['black friday', null])
})

const exit: Trigger = { exit: true }
const waiting = ruled([
  { name: 'offer', on: exit, when: { trait: { plan: 'free' } }, show: 'offer' },
  { name: 'late', on: { scroll: 0.5 }, show: 'late' },
  { name: 'everybody', show: 'a' },
])

test('an experience that waits for a trigger leaves the slot to later ones until it fires', () => {
  expect(decide(waiting).experience).toBe('everybody')
  expect(decide(waiting, { view: seen() }, { plan: 'free' }).experience).toBe('offer')
})

test('when a trigger fires only what waited, and stands first, takes the place of what was decided', () => {
  const first = decide(waiting)
  const again = (traits: object, standing: Decision, fired = (_: Trigger) => true) => decide(waiting, { view: seen(fired) }, traits, standing)
  expect(again({ plan: 'free' }, first).experience).toBe('offer')
  expect(again({ plan: 'pro' }, first).experience).toBe('late')
  expect(again({}, first, () => false)).toBe(first)
  const late = again({}, first)
  expect(again({}, late)).toBe(late)
  // What has been decided holds, although its own exposure has used it up and others have come to fit.
  const capped = ruled([{ name: 'new', when: { trait: { plan: 'free' } }, show: 'n' }, { name: 'once', cap: { times: 1 }, show: 'a' }, { name: 'rest', on: exit, show: 'b' }])
  const decider = createDecider(capped)
  const shown = decider.decide('hero', viewer, { traits: {}, context: {} })
  decider.feed({ id: '1', type: 'exposure', at: NOW, props: { experience: 'once' } })
  expect(decider.decide('hero', { ...viewer, view: seen() }, { traits: { plan: 'free' }, context: {} }, shown)).toBe(shown)
})

test('in a live slot any experience may take over; its own exposure does not end what is shown, and its goal does', () => {
  const goals = { signup: { event: 'signup' } }
  const slots = { hero: { live: true, experiences: [{ name: 'pros', when: { trait: { plan: 'pro' } }, show: 'p' }, { name: 'once', cap: { times: 1 }, untilGoal: 'signup', show: 'a' }, { name: 'rest', show: 'b' }] } }
  const decider = createDecider({ version: 1, goals, slots })
  const at = (traits: object, standing?: Decision) => decider.decide('hero', viewer, { traits: { ...traits }, context: {} }, standing)
  const shown = at({})
  decider.feed({ id: '1', type: 'exposure', at: NOW, props: { experience: 'once' } })
  expect([shown.experience, at({}, shown).experience, at({}).experience]).toEqual(['once', 'once', 'rest'])
  expect(at({ plan: 'pro' }, shown).experience).toBe('pros')
  decider.feed({ id: '2', type: 'signup', at: NOW, props: {} })
  expect(at({}, shown).experience).toBe('rest')
})

test('who has dismissed something gets the page’s own content, and nothing else in its place', () => {
  const shown = decide(waiting)
  const view = seen(() => true, true)
  const closed = decide(waiting, { view }, { plan: 'free' }, shown)
  expect(closed).toMatchObject({ variant: 'default', experience: null, reason: 'dismissed', measured: false, because: 'The visitor has dismissed "everybody".' })
  expect(decide(waiting, { view }, { plan: 'free' }, closed)).toBe(closed)
})

const group: Experience[] = ['a', 'b', 'c'].map((name) => ({ name, exclusive: 'g', show: name }))

test('each experience of an exclusive group has its own slice of visitors, the same whatever else there is', () => {
  const who = (list: Experience[]) => (seed: string) => decide(ruled(list), { seed }).experience
  for (const share of Object.values(shares(who(group)))) expect(share).toBeCloseTo(1 / 3, 1)
  const others: Experience[] = [{ name: 'z', show: 'z', when: { trait: { x: 1 } } }, ...[...group].reverse(), { name: 'y', exclusive: 'other', show: 'y' }]
  for (const seed of seeds) if (who(others)(seed) !== 'y') expect(who(others)(seed)).toBe(who(group)(seed))
  // One that is switched off keeps its slice, so that nobody is moved into another's.
  const off = group.map((one) => (one.name === 'b' ? { ...one, enabled: false } : one))
  for (const seed of seeds) expect(who(off)(seed)).toBe(who(group)(seed) === 'b' ? null : who(group)(seed))
  const uneven: Experience[] = [{ name: 'a', exclusive: { group: 'g', weight: 3 }, show: 'a' }, { name: 'b', exclusive: 'g', show: 'b' }]
  expect(shares(who(uneven)).a).toBeCloseTo(0.75, 1)
})

test('who is assigned by a trait has the same arm on every device, and none before the trait is known', () => {
  const ruleset = ruled([{ name: 'test', assignBy: 'account', split: { weights: { default: 1, spring: 1 } } }])
  expect(decide(ruleset).experience).toBe(null)
  for (const account of [{ id: 1 }, ['x'], null, '']) expect(decide(ruleset, {}, { account }).experience).toBe(null)
  const arm = (seed: string, account: string | number) => decide(ruleset, { seed }, { account }).arm
  for (const account of seeds.slice(0, 100)) expect(arm('phone', account)).toBe(arm('laptop', account))
  expect(arm('phone', 7)).toBe(arm('laptop', '7'))
  expect(shares((account) => arm('phone', account)).spring).toBeCloseTo(0.5, 1)
})

test('an experience’s own holdout keeps a share of visitors out of it, with a would-be arm, and only of those who are measured', () => {
  const ruleset = ruled([{ name: 'test', holdout: 0.25, split: { weights: { default: 1, spring: 1 } } }])
  const held = (seed: string, measure = true) => decide(ruleset, { seed, measure })
  expect(shares((seed) => `${held(seed).held}`).true).toBeCloseTo(0.25, 1)
  expect(shares((seed) => `${held(seed, false).held}`).true).toBeUndefined()
  expect(new Set(seeds.map((seed) => held(seed)).filter((one) => one.held).map(({ arm, variant, reason }) => [arm, variant, reason].join()))).toEqual(new Set(['default,default,held', 'spring,default,held']))
})
