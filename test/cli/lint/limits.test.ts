// @vitest-environment node
import { expect, test } from 'vitest'
import { findings } from '../../../src/cli/check.js'
import { daysToDecide, perArm } from '../../../src/cli/lint/trials.js'

const said = (rules: object, expected = {}): string[] => findings(JSON.stringify({ version: 1, goals: { buy: { event: 'buy' }, rare: { event: 'rare' } }, segments: { a: { event: 'x' } }, ...rules }), { expected }).map(({ code, path }) => `${code} ${path.replace('slots.hero.experiences', '')}`)
const slot = (experiences: object[], expected = {}): string[] => said({ slots: { hero: { experiences } } }, expected)

test('limits that never take hold are pointed out', () => {
  const fresh = { event: 'exposure', where: { experience: 'one' }, count: { $lt: 2 } }
  expect(slot([{ name: 'one', when: fresh, show: 'v', cap: { times: 3 } }])).toEqual(['toothless [0].cap'])
  expect(slot([{ name: 'one', when: fresh, show: 'v', cap: { times: 1 } }])).toEqual([])
  expect(slot([{ name: 'one', when: { not: { event: 'buy' } }, show: 'v', untilGoal: 'buy' }])).toEqual(['toothless [0].untilGoal'])
  expect(slot([{ name: 'one', when: { not: { event: 'buy', within: '30d' } }, show: 'v', untilGoal: 'buy' }])).toEqual([])
  expect(slot([{ name: 'one', when: { event: 'buy', within: '30d' }, show: 'v', untilGoal: 'buy' }])).toEqual(['never [0].untilGoal'])
  expect(slot([{ name: 'one', show: 'v', cooldown: { for: '1d', max: '7d' } }])).toEqual(['toothless [0].cooldown.max'])
})

test('a cap on the page’s own content makes a difference only where something comes after it', () => {
  expect(slot([{ name: 'one', show: 'default', cap: { times: 3 } }])).toEqual(['toothless [0].cap'])
  expect(slot([{ name: 'one', show: 'default', cap: { times: 3 } }, { name: 'two', show: 'v' }])).toEqual([])
  expect(slot([{ name: 'one', split: { weights: { default: 1, v: 1 } }, goal: 'buy', cap: { times: 3 } }])).toEqual([])
})

test('tests with too many arms, without a goal, or too few visitors are pointed out', () => {
  const arms = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`v${i}`, 1]))
  expect(slot([{ name: 't', split: { weights: arms(9) }, goal: 'buy' }])).toEqual(['arms [0].split.weights'])
  expect(slot([{ name: 't', split: { weights: arms(2) } }])).toEqual(['goalless [0].split'])
  expect(slot([{ name: 't', split: { weights: arms(2) }, goal: 'buy' }], { perDay: 10_000 })).toEqual([])
  expect(slot([{ name: 't', split: { weights: arms(2) }, goal: 'rare' }], { perDay: 10_000, rate: 0.0005 })).toEqual(['slow [0].split'])
  expect(slot([{ name: 't', split: { weights: { default: 99, v: 1 } }, goal: 'buy' }], { perDay: 10_000 })).toEqual(['slow [0].split'])
})

test('how many visitors a test takes agrees with published sample sizes', () => {
  // Two-sided 5 %, power 80 %: 10 % against 12 % takes 3,841 an arm; 5 % against 6 %, 8,158.
  expect(Math.ceil(perArm(0.1))).toBe(3841)
  expect(Math.ceil(perArm(0.05))).toBe(8158)
  expect(daysToDecide({ split: { weights: { a: 1, b: 1 } } }, 0, { perDay: 1000, rate: 0.1 })).toBe(8)
  expect(daysToDecide({ split: { weights: { a: 3, b: 1 } } }, 0.1, { perDay: 1000, rate: 0.1 })).toBe(Math.ceil(perArm(0.1) / 225))
})

test('what rules and traits say of health or belief is pointed out where it is kept before the choice', () => {
  const rules = { segments: { a: { event: 'view_item', where: { item_category: 'Saúde' } }, b: { trait: { religion: 'x' } } } }
  expect(said(rules)).toEqual(['sensitive segments.a.where.item_category', 'sensitive segments.b.trait.religion'])
  expect(said({ ...rules, consent: { before: 'memory' } })).toEqual([])
})
