// @vitest-environment node
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { reportOf } from '../../../src/cli/report/report.js'
import { pageOf } from '../../../src/cli/report/page.js'
import { tableOf } from '../../../src/cli/report/table.js'
import type { Ruleset } from '../../../src/types.js'
import { cellsOf, counted, days } from './cells.js'

const RULESET: Ruleset = {
  version: 3,
  goals: { signup: { event: 'signup', window: '7d' } },
  slots: { hero: { experiences: [{ name: 'hero-test', goal: 'signup', split: { version: 2, weights: { spring: 3, default: 1 }, past: [{ version: 1, weights: { default: 1, spring: 1 } }] } }] } },
}
const even = (day: number, goals: [number, number] = [40, 40], weights = 1) => [
  { arm: 'default', shown: 1000, goals: goals[0], weights, day },
  { arm: 'spring', shown: 1000, goals: goals[1], weights, day },
]
const adviceFor = (trials: Parameters<typeof cellsOf>[0], ruleset = RULESET, today?: number) => reportOf(counted(cellsOf(trials)), [ruleset], today).experiences[0]?.advice

test('only days whose goals can no longer come are judged', () => {
  const report = reportOf(counted(cellsOf(days(100, 10, (day) => even(day)))), [RULESET])
  // Seven days after day 101 have passed by day 109.
  expect(report.today).toBe(109)
  expect(report.experiences[0]?.days.map(({ day }) => day)).toEqual([100, 101])
  expect(report.experiences[0]?.young).toBe(16_000)
  expect(adviceFor(days(100, 5, (day) => even(day)))).toEqual({ code: 'early' })
  expect(reportOf(counted(cellsOf(days(100, 5, (day) => even(day)))), [RULESET], 120).experiences[0]?.days).toHaveLength(5)
})

test('versions of the weights are kept apart: two equal arms do not differ when weights and base rate move together', () => {
  const moved = [...days(100, 5, (day) => even(day)), ...days(105, 5, (day) => [{ arm: 'default', shown: 500, goals: 40, weights: 2, day }, { arm: 'spring', shown: 1500, goals: 120, weights: 2, day }])]
  const [one] = reportOf(counted(cellsOf(moved)), [RULESET], 130).experiences
  const [base, spring] = one?.judged[0]?.arms ?? []
  expect(base?.rate?.value).toBeCloseTo(0.06, 10)
  expect(spring?.lift?.value).toBeCloseTo(0, 10)
  expect(spring?.always?.value).toBeCloseTo(0, 10)
  expect(one?.judged[0]?.sampleRatio.p).toBe(1)
  expect(one?.learned).toMatchObject({ versions: 2 })
})

test('a version whose odds nobody knows is left out and named; an earlier ruleset knows them', () => {
  const unknown = days(100, 5, (day) => even(day, [40, 60], 9))
  const archived: Ruleset = { version: 1, slots: { hero: { experiences: [{ name: 'hero-test', split: { version: 9, weights: { default: 1, spring: 1 } } }] } } }
  expect(adviceFor(unknown, RULESET, 130)).toEqual({ code: 'unknown-versions', versions: [9] })
  const [one] = reportOf(counted(cellsOf(unknown)), [RULESET, archived], 130).experiences
  expect(one?.apart).toEqual([])
  expect(one?.judged[0]?.arms[1]?.shown).toBe(5000)
})

test('trials of a version that could not show all arms there are now are left out', () => {
  const three: Ruleset = { ...RULESET, slots: { hero: { experiences: [{ name: 'hero-test', goal: 'signup', split: { version: 2, weights: { default: 1, spring: 1, summer: 1 }, past: [{ version: 1, weights: { default: 1, spring: 1 } }] } }] } } }
  const [one] = reportOf(counted(cellsOf([...days(100, 3, (day) => even(day)), ...days(103, 3, (day) => [...even(day, [40, 40], 2), { arm: 'summer', shown: 1000, goals: 40, weights: 2, day }])])), [three], 130).experiences
  expect(one?.apart).toEqual([{ weights: 1, why: 'other-arms', trials: 6000 }])
  expect(one?.judged[0]?.arms.map(({ shown }) => shown)).toEqual([3000, 3000, 3000])
})

test('each state of things has one thing to do', () => {
  const at = (goals: [number, number], many = 20) => adviceFor(days(100, many, (day) => even(day, goals)), RULESET, 200)
  expect(at([40, 60])).toEqual({ code: 'ship', arm: 'spring' })
  expect(at([60, 40])).toEqual({ code: 'keep-default' })
  expect(at([40, 43])?.code).toBe('wait')
  expect(at([40, 40], 2)?.code).toBe('never')
  expect(adviceFor(days(100, 20, (day) => even(day, [400, 401])).map((one) => ({ ...one, shown: one.shown * 10, goals: (one.goals ?? 0) * 10 })), RULESET, 200)).toEqual({ code: 'equal' })
  expect(adviceFor(days(100, 20, (day) => [{ arm: 'default', shown: 1100, goals: 44, day }, { arm: 'spring', shown: 900, goals: 54, day }]), RULESET, 200)).toEqual({ code: 'sample-ratio' })
  const [hero] = RULESET.slots?.hero?.experiences ?? []
  const varied = (change: object): Ruleset => ({ ...RULESET, slots: { hero: { experiences: [{ ...(hero as { name: string }), ...change }] } } })
  expect(adviceFor(days(100, 20, (day) => even(day, [40, 43])), varied({ learn: true }), 200)).toEqual({ code: 'learning', arm: 'spring' })
  expect(adviceFor(days(100, 20, (day) => even(day)), varied({ goal: undefined }), 200)).toEqual({ code: 'no-goal' })
})

const SHOW: Ruleset = { version: 1, holdout: 0.1, goals: { signup: { event: 'signup', window: '1d' } }, slots: { hero: { experiences: [{ name: 'hero-again', show: 'again', goal: 'signup' }] } } }
const again = (day: number, held: number, goals: number) => [
  { experience: 'hero-again', arm: 'again', shown: 900, goals, weights: 0, day },
  { experience: 'hero-again', arm: 'again', shown: held, goals: Math.round(held * 0.04), held: true, weights: 0, day },
]

test('what everybody sees is judged by those held out, and so is the programme', () => {
  const advice = (held: number, goals: number, ruleset = SHOW) => adviceFor(days(100, 20, (day) => again(day, held, goals)), ruleset, 200)
  expect(advice(100, 72)).toEqual({ code: 'better-than-nothing' })
  expect(advice(100, 9)).toEqual({ code: 'worse-than-nothing' })
  expect(advice(160, 72)).toEqual({ code: 'sample-ratio' })
  expect(advice(0, 72)).toEqual({ code: 'no-comparison' })
  const two: Ruleset = { ...SHOW, slots: { ...SHOW.slots, other: { experiences: [{ name: 'other', show: 'x' }] } } }
  expect(advice(100, 72, two)).toEqual({ code: 'better-together' })

  const programme = days(100, 20, (day) => again(day, 100, 72).map((one) => ({ ...one, experience: '*', arm: '*' })))
  const report = reportOf(counted(cellsOf(programme)), [SHOW], 200)
  expect(report.programme?.judged.arms[1]?.lift?.value).toBeCloseTo(1, 6)
  expect(report.programme?.share).toBeCloseTo(0.1, 6)
  expect(report.experiences).toEqual([])
})

test('values are summed by bucket, over all trials and not only those with a goal', () => {
  const trials = cellsOf(days(100, 10, (day) => even(day)))
  const value = (arm: string, edge: number, n: number, day: number) => ({ metric: 'value', experience: 'hero-test', arm, held: false, weights: 1, stratum: '*', day, value: edge, n })
  const values = Array.from({ length: 10 }, (_, i) => [value('default', 50, 20, 100 + i), value('spring', 50, 10, 100 + i), value('spring', 100, 10, 100 + i)]).flat()
  const [one] = reportOf(counted([...trials, ...values]), [RULESET], 130).experiences
  expect(one?.values?.[0]?.value).toBeCloseTo(1, 9)
  expect(one?.values?.[1]?.value).toBeCloseTo(1.5, 9)
  // Two hundred times 50 in ten thousand: a standard deviation of 7 and an error of 0.07.
  expect(one?.values?.[0]?.high).toBeCloseTo(1 + 1.96 * Math.sqrt(49 / 10_000), 3)
})

test('strata are judged apart, and equal ones together', () => {
  const split: Ruleset = { ...RULESET, segments: { back: { event: 'visit' } }, slots: { hero: { experiences: [{ name: 'hero-test', goal: 'signup', split: { weights: { default: 1, spring: 1 }, by: [{ segment: 'back', weights: { default: 1, spring: 1 } }] } }] } } }
  const trials = days(100, 20, (day) => [...even(day, [40, 60]), ...even(day, [80, 50]).map((one) => ({ ...one, stratum: 'back' }))])
  const [one] = reportOf(counted(cellsOf(trials)), [split], 200).experiences
  expect(one?.judged.map(({ stratum, leader }) => [stratum, leader])).toEqual([['*', 'default'], ['others', 'spring'], ['back', 'default']])
})

const LOUD = counted([
  ...cellsOf([...days(100, 20, (day) => even(day, [40, 60])), ...days(100, 3, (day) => even(day, [40, 40], 7)), { experience: 'gone', arm: 'x', shown: 12, day: 100 }]),
  { metric: 'count', experience: 'searches', arm: 'kind=boots', held: false, weights: 0, stratum: 'shop', day: 101, value: 2, n: 70 },
  { metric: 'count', experience: 'searches', arm: 'kind=tents', held: false, weights: 0, stratum: 'shop', day: 101, value: 0, n: 3 },
])
LOUD.broken = 1
LOUD.examples = [{ file: 'rows.ndjson', line: 7, why: 'it is no JSON' }]

test('table and page say the same in both languages, and small counts are not told', () => {
  const report = reportOf(LOUD, [RULESET], 200)
  const table = tableOf(report, 'en')
  for (const text of ['Show “spring” to everybody', 'rows.ndjson:7  it is no JSON', '1 lines are broken', 'which the ruleset does not have: 12 rows', '6,000 trials of weights version 7 are left out', 'fewer than 50', '3–4', '+50.0% (+37.5% … +63.7%)', 'in 1,000']) expect(table).toContain(text)
  expect(table).not.toContain('kind=tents  shop  1  3')
  const pt = tableOf(report, 'pt-BR')
  for (const text of ['Mostre “spring” a todos', '+50,0%', '1 linhas estão quebradas', 'menos de 50']) expect(pt).toContain(text)
  for (const [page, lang] of [[pageOf(report, 'en'), 'en'], [pageOf(report, 'pt-BR'), 'pt-BR']] as const) {
    expect(page).toContain(`<html lang="${lang}">`)
    expect(page).not.toMatch(/undefined|NaN|\{\w+\}(?! )|<script|https?:/)
    expect(page.match(/<svg/g)?.length).toBe(3)
  }
})

test('the report that the demo shows can be read in both languages', () => {
  const report = JSON.parse(readFileSync('demo/results/report.json', 'utf8'))
  expect(report.experiences.map(({ name }: { name: string }) => name)).toEqual(['signup-test', 'shelf-test', 'hero-again'])
  for (const language of ['en', 'pt-BR'] as const) expect(pageOf(report, language) + tableOf(report, language)).not.toMatch(/undefined|NaN/)
})

test('a name cannot write into the page', () => {
  const nasty: Ruleset = { version: 1, goals: RULESET.goals ?? {}, slots: { hero: { experiences: [{ name: '<img src=x onerror=alert(1)>', goal: 'signup', split: { weights: { default: 1, '"><script>': 1 } } }] } } }
  const trials = days(100, 20, (day) => even(day).map((one) => ({ ...one, experience: '<img src=x onerror=alert(1)>', arm: one.arm === 'spring' ? '"><script>' : one.arm })))
  const page = pageOf(reportOf(counted(cellsOf(trials)), [nasty], 200), 'en')
  expect(page).not.toMatch(/<img|<script/)
  expect(page).toContain('&#60;img src=x')
})
