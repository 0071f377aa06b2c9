import { expect, test } from 'vitest'
import { createDecider } from '../../src/decide/decide.js'
import type { Decision, Ruleset } from '../../src/types.js'

const facts = { traits: {}, context: {} }
const NOW = Date.UTC(2026, 0, 15)

const decide = (rest: Partial<Ruleset>, visitor: { seed?: string; measure?: boolean; now?: number } = {}, traits = {}): Decision =>
  createDecider({ version: 1, ...rest }).decide('hero', { seed: 'anna', measure: false, now: NOW, ...visitor }, { ...facts, traits })

const share = (of: (seed: string) => boolean): number => {
  let yes = 0
  for (let i = 0; i < 4000; i++) if (of(`visitor ${i}`)) yes++
  return yes / 4000
}

test('the first experience whose condition holds decides the slot', () => {
  const slots = {
    hero: {
      experiences: [
        { name: 'off', enabled: false, show: 'a' },
        { name: 'pros', when: { trait: { plan: 'pro' } }, show: 'b' },
        { name: 'all', show: 'c' },
      ],
    },
  }
  expect(decide({ slots }, {}, { plan: 'pro' })).toMatchObject({ variant: 'b', experience: 'pros', reason: 'show', probability: 1, weights: null })
  expect(decide({ slots })).toMatchObject({ variant: 'c', experience: 'all' })
})

test('where nothing applies the page keeps its own content, and says why', () => {
  expect(decide({})).toMatchObject({ variant: 'default', experience: null, reason: 'unknown-slot' })
  expect(decide({ slots: { hero: { experiences: [{ name: 'x', when: { trait: { a: 1 } }, show: 'a' }] } } })).toMatchObject({ variant: 'default', reason: 'no-match' })
  expect(decide({ slots: { toString: {} } })).toMatchObject({ reason: 'unknown-slot' })
  for (const decision of [decide({}), decide({ slots: { hero: {} } })]) expect(decision.because).not.toBe('')
})

const split = { hero: { experiences: [{ name: 'test', split: { version: 3, weights: { default: 1, spring: 3 } } }] } }

test('a split draws each visitor the same arm again, by weight', () => {
  const first = decide({ slots: split })
  const later = decide({ slots: split }, { now: NOW + 86_400_000 * 100 })
  expect({ ...later, epoch: first.epoch }).toEqual(first)
  expect(first).toMatchObject({ experience: 'test', reason: 'split', weights: 3, stratum: '*' })
  expect(share((seed) => decide({ slots: split }, { seed }).variant === 'spring')).toBeCloseTo(0.75, 1)
})

test('members of a segment get its own weights, and its name as the stratum', () => {
  const slots = {
    hero: { experiences: [{ name: 'test', split: { version: 1, weights: { default: 1 }, by: [{ segment: 'pro', weights: { spring: 1 } }] } }] },
  }
  const segments = { pro: { trait: { plan: 'pro' } } }
  expect(decide({ slots, segments }, {}, { plan: 'pro' })).toMatchObject({ variant: 'spring', stratum: 'pro' })
  expect(decide({ slots, segments })).toMatchObject({ variant: 'default', stratum: '*' })
})

const goals = { signup: { event: 'signup' } }
const measured = { hero: { experiences: [{ name: 'test', goal: 'signup', split: { weights: { default: 1, spring: 2, summer: 2 } } }] } }

test('a split with a goal is drawn only for visitors who granted measuring; others get the largest weight', () => {
  expect(share((seed) => decide({ goals, slots: measured }, { seed }).variant === 'spring')).toBe(1)
  expect(decide({ goals, slots: measured })).toMatchObject({ reason: 'unmeasured', probability: 1 })
  expect(share((seed) => decide({ goals, slots: measured }, { seed, measure: true }).variant === 'spring')).toBeCloseTo(0.4, 1)
})

test('a split with a goal is drawn anew in each epoch, and only then', () => {
  const epoch = 28 * 86_400_000
  const start = Math.floor(NOW / epoch) * epoch
  const arm = (seed: string, now: number) => decide({ goals, slots: measured }, { seed, now, measure: true }).arm
  expect(share((seed) => arm(seed, start) === arm(seed, start + epoch - 1))).toBe(1)
  expect(share((seed) => arm(seed, start) === arm(seed, start + epoch))).toBeCloseTo(0.04 + 0.16 + 0.16, 1)
})

test('a held-out visitor sees the page’s own content, and has a would-be arm all the same', () => {
  const held = (seed: string, measure = true) => decide({ holdout: 0.2, slots: split }, { seed, measure })
  expect(share((seed) => held(seed).held)).toBeCloseTo(0.2, 1)
  expect(share((seed) => held(seed, false).held)).toBe(0)
  const seed = Array.from({ length: 100 }, (_, i) => `visitor ${i}`).find((seed) => held(seed).held && held(seed).arm === 'spring') as string
  expect(held(seed)).toMatchObject({ variant: 'default', arm: 'spring', held: true, reason: 'held', experience: 'test', weights: 3 })
})
