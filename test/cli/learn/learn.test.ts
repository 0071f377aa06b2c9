// @vitest-environment node
import { parseTree } from 'jsonc-parser'
import { expect, test } from 'vitest'
import { learn } from '../../../src/cli/learn/learn.js'
import { alike, rounded, weigh } from '../../../src/cli/learn/weigh.js'
import { assertRuleset } from '../../../src/ruleset.js'
import { cellsOf, days, type Trials } from '../report/cells.js'

const TEXT = `{
  "version": 1,
  "goals": { "signup": { "event": "signup", "window": "1d" } },
  "segments": { "back": { "event": "visit", "count": { "$gte": 2 } } },
  "slots": {
    "hero": { "experiences": [
      { "name": "hero-test", "split": { "weights": { "default": 1, "spring": 1,   "summer": 1 } }, "goal": "signup", "learn": true },
      { "name": "other",
        "split": {
          "version": 4,
          "weights": { "default": 1, "bold": 1 },
          "past": [
            { "version": 3, "weights": { "default": 2, "bold": 1 } },
            { "version": 2, "weights": { "default": 1, "bold": 2 } }
          ]
        }, "goal": "signup", "learn": true }
    ] }
  }
}
`
const three = (day: number, goals: number[] = [40, 50, 60], weights = 1): Trials[] => ['default', 'spring', 'summer'].map((arm, k) => ({ arm, shown: 1000, goals: goals[k] ?? 0, weights, day }))
const other = (day: number, weights: number, goals = [30, 60]): Trials[] => ['default', 'bold'].map((arm, k) => ({ experience: 'other', arm, shown: weights === 4 ? 500 : weights === 3 ? (k ? 333 : 667) : k ? 667 : 333, goals: goals[k] ?? 0, weights, day }))
const learned = (trials: Trials[], text = TEXT, options: Parameters<typeof learn>[3] = {}) => learn(text, [assertRuleset(JSON.parse(text))], cellsOf(trials), options)

test('better arms get more visitors, as a change of one line, with a new version; the weights before go to past', () => {
  const { text, changes, leftAlone, diff } = learned(days(1000, 10, (day) => three(day)))
  const before = TEXT.split('\n')
  const changed = text.split('\n').flatMap((line, i) => (line === before[i] ? [] : [i]))
  expect(changed).toEqual([6])
  const { experiences } = JSON.parse(text).slots.hero
  expect(experiences[0].split.version).toBe(2)
  expect(experiences[0].split.past).toEqual([{ version: 1, weights: { default: 1, spring: 1, summer: 1 } }])
  const { default: own, spring, summer } = experiences[0].split.weights
  expect(own + spring + summer).toBeCloseTo(1, 9)
  expect(summer).toBeGreaterThan(0.9)
  expect(own).toBeGreaterThanOrEqual(0.0166)
  expect(text.split('\n')[6]).toContain(`"spring": ${spring},   "summer"`)
  expect(assertRuleset(JSON.parse(text))).toBeTruthy()
  expect(diff).toEqual(['@@ line 7 @@', `-${before[6]}`, `+${text.split('\n')[6]}`])
  expect(changes).toMatchObject([{ experience: 'hero-test', slot: 'hero', from: 1, to: 2, strata: [{ stratum: '*', leader: 'summer' }] }])
  expect(changes[0]?.strata[0]?.gain).toBeGreaterThan(5)
  expect(changes[0]?.strata[0]?.cost).toBeGreaterThan(0)
  expect(leftAlone).toEqual([{ experience: 'other', why: 'no day is old enough: goals of its newest trials may still come' }])
})

test('the same rows give the same bytes, in whatever order they came', () => {
  const trials = days(1000, 10, (day) => three(day, [40 + (day % 3), 50, 55]))
  expect(learned([...trials].reverse()).text).toBe(learned(trials).text)
})

test('a second time goes on from the first, keeps the earlier versions, and the file stays as it is written', () => {
  const first = days(1000, 5, (day) => other(day, 4))
  const once = learned(first)
  const split = JSON.parse(once.text).slots.hero.experiences[1].split
  expect(split.version).toBe(5)
  expect(split.past.map(({ version }: { version: number }) => version)).toEqual([4, 3, 2])
  expect(once.text).toContain('"past": [\n            { "version": 4, "weights": { "default": 1, "bold": 1 } },\n            { "version": 3,')
  const { default: own, bold } = split.weights
  const second = days(1005, 5, (day) => [{ experience: 'other', arm: 'default', shown: Math.round(10_000 * own), goals: Math.round(1200 * own), weights: 5, day }, { experience: 'other', arm: 'bold', shown: Math.round(10_000 * bold), goals: Math.round(300 * bold), weights: 5, day }])
  const twice = learned([...first, ...second], once.text, { today: 1012 })
  expect(JSON.parse(twice.text).slots.hero.experiences[1].split.past.map(({ version }: { version: number }) => version)).toEqual([5, 4, 3, 2])
  expect(parseTree(twice.text)).toBeTruthy()
})

test('versions that nothing can be told of any more are forgotten', () => {
  // 28 days of an epoch and one of the window.
  const trials = [...days(940, 5, (day) => other(day, 2)), ...days(960, 5, (day) => other(day, 3)), ...days(985, 8, (day) => other(day, 4))]
  const after = JSON.parse(learned(trials).text).slots.hero.experiences[1].split
  expect(after.past.map(({ version }: { version: number }) => version)).toEqual([4, 3])
})

test('what cannot be improved is left alone, with the reason', () => {
  const why = (trials: Trials[], text = TEXT) => learned(trials, text).leftAlone.find(({ experience }) => experience === 'hero-test')?.why
  const enough = days(1000, 10, (day) => three(day))
  expect(why(enough, TEXT.replace('"learn": true', '"learn": false'))).toContain('not marked')
  expect(why(enough, TEXT.replace('"goal": "signup", ', ''))).toContain('no goal')
  expect(why(enough, TEXT.replace('"spring": 1,   "summer": 1', '"spring": 0,   "summer": 0'))).toContain('fewer than two arms')
  expect(why([{ arm: 'default', shown: 400, goals: 12, day: 1000 }, { arm: 'spring', shown: 380, goals: 9, day: 1000 }, { arm: 'summer', shown: 99, goals: 9, day: 1000 }, ...three(1005)])).toContain('"summer" has 99')
  expect(why(days(1000, 10, (day) => three(day, [0, 0, 0])))).toContain('is it recorded?')
  expect(why(days(1000, 10, (day) => three(day).map((one) => (one.arm === 'spring' ? { ...one, shown: 1300 } : one))))).toContain('did not get the visitors')
  expect(why(days(1000, 10, (day) => three(day, [40, 50, 60], 9)))).toContain('of version 9 of the weights')
  const { text, changes } = learned(days(1000, 10, (day) => three(day, [40, 50, 60], 9)))
  expect(changes).toEqual([])
  expect(text).toBe(TEXT)
  // What was learned stays learned: equal evidence moves nothing.
  const once = learned(enough)
  expect(learned([...enough], once.text).leftAlone[0]?.why).toContain('less than half a percentage point')
})

test('each stratum has weights of its own, drawn towards those of all where it has few visitors', () => {
  const text = TEXT.replace('"summer": 1 } }', '"summer": 1 }, "by": [{ "segment": "back", "weights": { "default": 1, "spring": 1, "summer": 1 } }] }')
  const trials = (back: number) => days(1000, 10, (day) => [...three(day), ...three(day, [60, 40, 40]).map((one) => ({ ...one, stratum: 'back', shown: one.shown / back, goals: (one.goals ?? 0) / back }))])
  const weightsOf = (back: number) => JSON.parse(learned(trials(back), text).text).slots.hero.experiences[0].split
  const many = weightsOf(1)
  expect(many.weights.summer).toBeGreaterThan(0.9)
  expect(many.by[0].weights.default).toBeGreaterThan(0.9)
  const few = weightsOf(20)
  expect(few.by[0].weights.summer).toBeGreaterThan(0.1)
  expect(few.by[0].weights.default).toBeLessThan(0.9)
  expect(few.past[0].by).toEqual([{ segment: 'back', weights: { default: 1, spring: 1, summer: 1 } }])
})

const group = (day: number, probabilities: number[], counts: [number, number][]) => ({ day, probabilities, counts: counts.map(([hits, of]) => ({ hits, of })) })
const options = { halfLife: 28, floor: 0.05, today: 30 }

test('good days do not speak for the arm that had most of their visitors', () => {
  // Equal arms; raw counts say 280 of 6,000 against 920 of 14,000.
  const moving = [group(28, [0.5, 0.5], [[200, 5000], [200, 5000]]), group(29, [0.1, 0.9], [[80, 1000], [720, 9000]])]
  const { counts } = alike(moving, { ...options, halfLife: 1e9 })
  const [a, b] = counts.map(({ hits, of }) => hits / of) as [number, number]
  expect(Math.abs(b / a - 1)).toBeLessThan(0.02)
  const [first] = weigh([{ name: '*', groups: moving }], options)
  expect(first?.weights[0]).toBeGreaterThan(0.25)
})

test('old trials count less, the newest wholly', () => {
  const changed = [group(-55, [0.5, 0.5], [[900, 10_000], [500, 10_000]]), group(29, [0.5, 0.5], [[250, 5000], [290, 5000]])]
  expect(weigh([{ name: '*', groups: changed }], { ...options, halfLife: 7 })[0]?.best[1]?.probability).toBeGreaterThan(0.9)
  expect(weigh([{ name: '*', groups: changed }], { ...options, halfLife: 1e6 })[0]?.best[1]?.probability).toBeLessThan(0.1)
})

test('in a stratum of 200 visitors half of the belief comes from all others, at the rate of the stratum', () => {
  const all = group(29, [0.5, 0.5], [[2000, 100_000], [4000, 100_000]])
  const back = group(29, [0.5, 0.5], [[4, 100], [4, 100]])
  const means = weigh([{ name: '*', groups: [all] }, { name: 'back', groups: [back] }], { ...options, halfLife: 1e9 })[1]?.means ?? []
  // 4 of 100 counted, and 2.7 and 5.3 of 100 believed.
  expect(means[0]).toBeCloseTo((4 + 2.67) / 200, 3)
  expect(means[1]).toBeCloseTo((4 + 5.33) / 200, 3)
})

test('rounded weights are together 1 and none falls below the floor by it', () => {
  const weights = rounded([1 / 3, 1 / 3, 1 / 3])
  expect(weights.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 12)
  expect(weights).toEqual([0.3334, 0.3333, 0.3333])
})

test('an arm that is likelier the best gets more than that likelihood, and no arm less than its part of the floor', () => {
  const groups = [{ day: 1000, probabilities: [1 / 3, 1 / 3, 1 / 3], counts: [40, 46, 52].map((hits) => ({ hits, of: 1000 })) }]
  const [learned] = weigh([{ name: '*', groups }], { halfLife: 28, floor: 0.06, today: 1000 })
  const { weights = [], best = [] } = learned ?? {}
  const likely = best.map(({ probability }) => probability)
  const [first, second, third] = weights.map((weight) => (weight - 0.02) / 0.94) as [number, number, number]
  expect(likely[2]).toBeLessThan(0.9)
  expect(third).toBeGreaterThan(likely[2] as number)
  expect(first).toBeLessThan(likely[0] as number)
  // Of two arms the odds are sharpened alike, whatever a third one does.
  expect(Math.log(third / second) / Math.log((likely[2] as number) / (likely[1] as number))).toBeCloseTo(Math.log(third / first) / Math.log((likely[2] as number) / (likely[0] as number)), 6)
  expect(Math.min(...weights)).toBeGreaterThan(0.02)
  expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12)
})
