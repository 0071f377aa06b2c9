// Caps, cooldowns and the rest beside a replay that counts one event after another.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDecider } from '../../src/decide/decide.js'
import { cooldowns, rulesOf } from '../../src/decide/limits.js'
import type { Cap, Cooldown, Experience, Fatigue, Ruleset, VisitorEvent } from '../../src/types.js'
import { duration } from '../../src/lib/duration.js'

const facts = { traits: {}, context: {} }
const goals = { bought: { event: 'buy', where: { kind: 'x' } } }
const VISIT = 30 * 60_000

type Step = { type: string; after: number; other?: boolean }

/** May it be shown now? By going through all that happened. */
function allowed({ cap, cooldown, fatigue, goal, untilGoal }: Experience, events: VisitorEvent[], now: number): boolean {
  const ours = (type: string): number[] => events.filter((event) => event.type === type && event.props.experience === 'it').map(({ at }) => at)
  const bought = events.filter(({ type, props }) => type === 'buy' && props.kind === 'x').map(({ at }) => at)
  if (cap) {
    let visit = Number.POSITIVE_INFINITY
    let last = Number.NEGATIVE_INFINITY
    for (const { at } of events) {
      if (at - last > VISIT) visit = at
      last = at
    }
    if (now - last > VISIT) visit = Number.POSITIVE_INFINITY
    const counts = ours('exposure').filter((at) => (cap.within === undefined ? true : cap.within === 'visit' ? at >= visit : at > now - duration(cap.within)))
    if (counts.length >= cap.times) return false
  }
  if (cooldown) {
    let away = Number.NEGATIVE_INFINITY
    let length = duration(cooldown.for)
    for (const at of ours('dismiss')) {
      away = Math.max(away, at + Math.min(length, duration(cooldown.max ?? '365d')))
      length *= cooldown.grow ?? 1
    }
    if (now < away) return false
  }
  if (fatigue) {
    const lately = (list: number[]): number => list.filter((at) => at > now - duration(fatigue.within)).length
    if (lately(ours('exposure_seen')) >= fatigue.after && !(goal !== undefined && lately(bought) > 0)) return false
  }
  return !(untilGoal !== undefined && bought.length > 0)
}

const cap = fc.record({ times: fc.integer({ min: 1, max: 4 }), within: fc.constantFrom('visit', '1h', '2d') }, { requiredKeys: ['times'] }) as fc.Arbitrary<Cap>
const cooldown = fc.record({ for: fc.constantFrom('10m', '1h'), grow: fc.constantFrom(1, 2, 3), max: fc.constantFrom('2h', '5h', '64d') }, { requiredKeys: ['for'] }) as fc.Arbitrary<Cooldown>
const fatigue = fc.record({ after: fc.integer({ min: 1, max: 3 }), within: fc.constantFrom('1h', '1d') }) as fc.Arbitrary<Fatigue>
const experience = fc
  .record({ cap, cooldown, fatigue, goal: fc.constant('bought'), untilGoal: fc.constant('bought') }, { requiredKeys: [] })
  .map((one): Experience => ({ name: 'it', show: 'a', ...one }))
const steps = fc.array(
  fc.record({ type: fc.constantFrom('exposure', 'exposure', 'exposure_seen', 'dismiss', 'page_view', 'buy'), after: fc.constantFrom(0, 1000, 600_000, 1_799_999, 1_800_000, 1_800_001, 3_600_000, 7_200_000, 86_400_000, 172_800_000), other: fc.boolean() }),
  { maxLength: 25 },
) as fc.Arbitrary<Step[]>

test('an experience is kept away exactly while a replay of the log says so, after a restart and at every boundary, too', () => {
  let [yes, no] = [0, 0]
  fc.assert(
    fc.property(experience, steps, fc.nat(), (one, walk, restart) => {
      const ruleset: Ruleset = { version: 1, goals, slots: { hero: { experiences: [one] } } }
      let decider = createDecider(ruleset)
      const events: VisitorEvent[] = []
      let now = 1_000_000_000_000
      for (const [i, { type, after, other }] of walk.entries()) {
        now += after
        const props = type === 'buy' ? { kind: other ? 'y' : 'x' } : { experience: other ? 'another' : 'it' }
        const event = { id: `${i}`, type, at: now, props: props as VisitorEvent['props'] }
        events.push(event)
        decider.feed(event)
        if (i === restart % 25) {
          const state = JSON.parse(JSON.stringify(decider.state()))
          decider = createDecider(ruleset)
          expect(decider.complete(state)).toBe(true)
          decider.load(state)
        }
        for (const at of [now, now + 1_799_999, now + 3_600_000]) {
          const wanted = allowed(one, events, at)
          if (wanted) yes++
          else no++
          const fresh = createDecider(ruleset)
          for (const event of events) fresh.feed(event)
          expect(fresh.decide('hero', { seed: 's', measure: false, now: at }, facts).experience).toBe(wanted ? 'it' : null)
        }
        expect(decider.decide('hero', { seed: 's', measure: false, now }, facts).experience).toBe(allowed(one, events, now) ? 'it' : null)
      }
    }),
    { numRuns: 400 },
  )
  expect(Math.min(yes, no)).toBeGreaterThan(1000)
})

test('a cooldown grows by its factor up to its maximum, and stays there', () => {
  const hours = (cooldown: Cooldown) => cooldowns(cooldown).map((ms) => ms / 3_600_000)
  expect(hours({ for: '1d' })).toEqual([24])
  expect(hours({ for: '1h', grow: 2, max: '9h' })).toEqual([1, 2, 4, 8, 9])
  expect(hours({ for: '1h', max: '1h', grow: 5 })).toEqual([1])
  expect(hours({ for: '52w', grow: 2 }).at(-1)).toBe(365 * 24)
  expect(cooldowns({ for: '1s', grow: 1.0001 })).toHaveLength(64)
})

test('a cooldown as long as a duration can say never ends', () => {
  const decider = createDecider({ version: 1, slots: { hero: { experiences: [{ name: 'it', show: 'a', cooldown: { for: '999999999w' } }] } } })
  decider.feed({ id: '1', type: 'dismiss', at: 1, props: { experience: 'it' } })
  expect(decider.decide('hero', { seed: 's', measure: false, now: 86_400_000 * 3000 }, facts).experience).toBe(null)
})

test('a cap counts visitors alike whether they are held out or not', () => {
  const decider = createDecider({ version: 1, slots: { hero: { experiences: [{ name: 'it', show: 'a', cap: { times: 1 }, holdout: 1 }] } } })
  const decide = () => decider.decide('hero', { seed: 's', measure: true, now: 1 }, facts)
  const { held, experience } = decide()
  expect([held, experience]).toEqual([true, 'it'])
  decider.feed({ id: '1', type: 'exposure', at: 1, props: { experience } })
  expect(decide()).toMatchObject({ reason: 'no-match', held: false })
})

test('the rules of an experience are its condition, its limits, and the segments of its weights', () => {
  const one: Experience = { name: 'it', when: 'pro', split: { weights: { a: 1 }, by: [{ segment: 'new', weights: { a: 1 } }] }, cap: { times: 3 }, untilGoal: 'bought' }
  expect(rulesOf(one, { goals })).toEqual([
    'pro',
    { event: 'exposure', where: { experience: 'it' }, count: { $lt: 3 } },
    { not: { event: 'buy', where: { kind: 'x' } } },
    'new',
  ])
  expect(rulesOf({ name: 'it', show: 'a' }, {})).toEqual([])
})

test('a cap for ever outlives the events that it counts', () => {
  const ruleset: Ruleset = { version: 1, slots: { hero: { experiences: [{ name: 'it', show: 'a', cap: { times: 2 } }] } } }
  const first = createDecider(ruleset)
  for (const at of [1, 2]) first.feed({ id: `${at}`, type: 'exposure', at, props: { experience: 'it' } })
  const state = JSON.parse(JSON.stringify(first.state()))
  // Another ruleset by now, and a log that has been pruned: nothing but the state is left.
  const next = createDecider({ ...ruleset, version: 2, segments: { new: { event: 'x' } } })
  next.load(state)
  expect(next.decide('hero', { seed: 's', measure: false, now: 86_400_000 * 1000 }, facts).experience).toBe(null)
})
