// What rows there are besides shown, seen and goal: dismissals, values, the programme as a whole, and rows of a site's own.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { hash } from '../../src/lib/hash.js'
import { memoryStore } from '../../src/remember/memory.js'
import type { CountRow, Ruleset, Store } from '../../src/types.js'
import { DAY, decision, page, type Page, pass, RULESET, told, trialRows, type World, world } from './pages.js'

const RULES = {
  ...RULESET,
  holdout: 0.3,
  pages: { shoes: '/shoes/*', home: '/' },
  goals: { ...RULESET.goals, order: { event: 'purchase', where: { paid: true }, value: { prop: 'total', edges: [10, 50, 200] } } },
  rows: {
    reads: { event: 'read', by: { topic: ['boots', 'tents'] }, page: true },
    clicks: { event: 'tap', by: { position: [1, 2, 3] }, count: true },
    paid: { event: 'purchase', where: { paid: true } },
  },
  slots: {
    ...RULESET.slots,
    note: { experiences: [...RULESET.slots.note.experiences, { name: 'letter', show: 'letter', cooldown: { for: '1d' }, goal: 'order' }] },
  },
} satisfies Ruleset

let here: World
let store: Store
let one: Page

beforeEach(async () => {
  vi.useFakeTimers()
  here = world()
  store = memoryStore()
  one = page(store, here, RULES)
  await one.visitor.ready
  await one.happen('page_view', { page: 'home', path: '/' })
})
afterEach(() => vi.useRealTimers())

const letter = decision({ slot: 'note', experience: 'letter', variant: 'letter', arm: 'letter' })
const test4 = decision({ slot: 'note', experience: 'test', variant: 'b', arm: 'b', weights: 4, stratum: 'returning' })
/** All but those of the programme. */
const own = (): string[] => told(one.rows).filter((row) => !row.includes('*'))
const whole = () => trialRows(one.rows).filter(({ experience }) => experience === '*')
const counted = (): Omit<CountRow, 'id'>[] => one.rows.flatMap((row) => (row.metric === 'count' ? [(({ id, ...rest }) => rest)(row)] : []))
const today = (): number => Math.floor(here.now / DAY)

test('a dismissal is told once, of the trial that it ends', async () => {
  await one.dismiss(letter)
  expect(own()).toEqual([])
  await one.expose(letter)
  await one.dismiss(letter)
  await one.dismiss(letter)
  expect(own()).toEqual(['shown letter letter', 'dismiss letter letter'])
})

test('a dismissal of what cannot be dismissed is no row', async () => {
  await one.expose(decision())
  await one.dismiss(decision())
  expect(own()).toEqual(['shown hero spring'])
})

test('what a goal was worth goes by itself, without a stratum, as one of a few amounts', async () => {
  here.random = () => 0.49
  await one.expose(test4)
  await one.happen('purchase', { paid: true, total: 30 })
  await one.happen('purchase', { paid: true, total: 200 })
  const [, goal, value] = trialRows(one.rows).filter(({ experience }) => experience === 'test')
  expect(goal).toMatchObject({ metric: 'goal', stratum: 'returning' })
  expect(goal).not.toHaveProperty('value')
  // Half of the way from 10 to 50: the upper one in one half of all cases.
  expect(value).toMatchObject({ metric: 'value', arm: 'b', held: false, weights: 4, stratum: '*', value: 50, day: today() })
  expect(value?.id).not.toBe(goal?.id)
  expect(one.rows.filter(({ metric }) => metric === 'value').length).toBe(2)
})

test.each([
  ['no number', {}, undefined],
  ['less than nothing', { total: -3 }, undefined],
  ['a text that is none', { total: 'free' }, undefined],
  ['nothing', { total: 0 }, 0],
  ['a text from markup', { total: '50' }, 50],
  ['more than the last edge', { total: 1e9 }, 200],
])('a goal with %s is told, and what it was worth as is right', async (_, props, value) => {
  await one.expose(test4)
  await one.happen('purchase', { paid: true, ...props })
  const rows = trialRows(one.rows).filter(({ metric }) => metric === 'value')
  expect(rows.map((row) => row.value)).toEqual(value === undefined ? [] : [value, value])
  expect(one.rows.filter(({ metric }) => metric === 'goal').length).toBe(2)
})

test('an amount stays as it was drawn, however often it has to be sent', async () => {
  const bodies = async (): Promise<string[]> => {
    await pass(here, 30_000)
    return here.posted.splice(0).map(({ body }) => body).filter((body) => body.includes('slotwise.value'))
  }
  await one.expose(test4)
  here.answer = () => new Response('', { status: 503 })
  await one.happen('purchase', { paid: true, total: 33 })
  // While a collector is down it is asked by one row or another.
  const first: string[] = []
  while (first.length === 0) first.push(...(await bodies()))
  here.answer = () => new Response('{}')
  const all = [...first]
  // However long it has been left alone by then.
  for (let i = 0; i < 100; i++) all.push(...(await bodies()))
  const amounts = all.map((body) => [/"slotwise.row","value":\{"stringValue":"(\w+)/.exec(body)?.[1], /"slotwise.value","value":\{"intValue":"(\d+)/.exec(body)?.[1]].join())
  expect(all.length).toBeGreaterThan(2)
  expect(new Set(amounts).size).toBe(2)
})

test('the programme is counted from the first decision that is measured, before anything is reached, and once an epoch', async () => {
  here.eligible = 5
  await one.teller.follow()
  await one.teller.follow()
  expect(whole()).toEqual([{ metric: 'shown', experience: '*', arm: '*', held: hash('holdout', one.visitor.seed()) < 0.3, weights: 0, stratum: '*', day: today(), id: expect.any(String) }])
  await one.expose(decision({ epoch: 5 }))
  const again = page(store, here, RULES)
  await again.visitor.ready
  await again.teller.follow()
  expect(again.rows).toEqual([])
  here.eligible = 6
  await again.teller.follow()
  expect(told(again.rows)).toEqual(['shown * *'])
})

test('a page that was left before it could tell, as by a redirect, has begun the programme by what was reached', async () => {
  const event = { type: 'exposure', props: { slot: 'hero', experience: 'hero', variant: 'spring', trial: { arm: 'spring', held: false, weights: 0, stratum: '*', epoch: 5 } } }
  await one.visitor.record({ id: 'left', at: here.now, ...event }, true)
  here.now += DAY
  here.eligible = 5
  await one.teller.follow()
  expect(told(one.rows).sort()).toEqual(['shown * *', 'shown hero spring'])
  expect(new Set(trialRows(one.rows).map(({ day }) => day))).toEqual(new Set([today() - 1]))
})

test('any goal of the site closes the programme’s trial, each in its own window; what it was worth is told with the first that has a worth', async () => {
  here.eligible = 5
  await one.teller.follow()
  await one.happen('signup')
  await one.happen('purchase', { paid: true, total: 10 })
  await one.happen('purchase', { paid: true, total: 200 })
  expect(whole().map(({ metric, value }) => [metric, value])).toEqual([
    ['shown', undefined],
    ['goal', undefined],
    ['value', 10],
  ])
})

test('a goal of an earlier page does not count for a programme that begins on this one', async () => {
  await one.visitor.record({ id: 'before', type: 'signup', at: here.now, props: {} }, true)
  here.eligible = 5
  await one.teller.follow()
  expect(told(one.rows)).toEqual(['shown * *'])
})

test('to be held out of one experience is not to be held out of the programme', async () => {
  const seeds = new Set<boolean>()
  for (let i = 0; i < 20 && seeds.size < 2; i++) {
    const other = page(memoryStore(), here, RULES)
    await other.visitor.ready
    await other.happen('page_view')
    await other.expose({ ...decision(), held: true, variant: 'default' })
    const [programme, experience] = ['*', 'hero'].map((name) => trialRows(other.rows).find((row) => row.experience === name))
    expect(experience?.held).toBe(true)
    expect(programme?.held).toBe(hash('holdout', other.visitor.seed()) < 0.3)
    seeds.add(programme?.held as boolean)
  }
  expect(seeds.size).toBe(2)
})

test('a site without a holdout has nothing to compare the programme with, and tells nothing of it', async () => {
  const { holdout, ...rest } = RULES
  for (const ruleset of [rest, { ...rest, holdout: 0 }]) {
    const other = page(memoryStore(), { ...here, eligible: 5 }, ruleset)
    await other.visitor.ready
    await other.happen('page_view')
    await other.expose(decision())
    expect(told(other.rows)).toEqual(['shown hero spring'])
  }
})

test('a declared row tells which of its words an event says, and on which page group', async () => {
  await one.happen('page_view', { page: 'shoes', path: '/shoes/1' })
  await one.happen('read', { topic: 'boots', title: 'Ana’s boots' })
  await one.happen('page_view', { path: '/elsewhere' })
  await one.happen('read', { topic: 'tents' })
  expect(counted()).toEqual([
    { metric: 'count', name: 'reads', values: { topic: 'boots' }, page: 'shoes', day: today() },
    { metric: 'count', name: 'reads', values: { topic: 'tents' }, day: today() },
  ])
})

test('a word that is not listed, or none at all, is told by no row', async () => {
  await one.happen('read', { topic: 'ana@example.com' })
  await one.happen('read', {})
  await one.happen('read', { topic: ['boots'], extra: 1 })
  await one.happen('tap', { position: 4 })
  await one.happen('purchase', { paid: false })
  await one.happen('read', { topic: { toString: 'boots' } })
  expect(counted().filter(({ values }) => values.topic !== 'boots')).toEqual([])
  expect(JSON.stringify(one.rows)).not.toContain('ana')
})

test('a cell is told once a day, whatever tabs and reloads do, and again the next day', async () => {
  const two = page(store, here, RULES)
  await two.visitor.ready
  await Promise.all([one.happen('purchase', { paid: true }), two.happen('purchase', { paid: true })])
  await one.happen('purchase', { paid: true })
  const days = (): number[] => [...one.rows, ...two.rows].filter(({ metric }) => metric === 'count').map(({ day }) => day)
  expect(days()).toEqual([today()])
  here.now += DAY
  await one.happen('purchase', { paid: true })
  await one.happen('purchase', { paid: true })
  expect(days()).toEqual([today() - 1, today()])
})

test('how often in a day is told by buckets, each when it is reached, and without an end', async () => {
  for (let i = 0; i < 40; i++) await one.happen('tap', { position: i % 20 === 7 ? '2' : 1 })
  const buckets = (position: number): unknown[] => counted().filter(({ values }) => values.position === position).map(({ bucket }) => bucket)
  expect(buckets(1)).toEqual([0, 1, 2, 3, 4])
  // Markup has texts only; the word is the ruleset's.
  expect(buckets(2)).toEqual([0, 1])
})

test('what is counted of a day that is over is kept no longer', async () => {
  const kept = () => store.transact('readonly', async (rows) => (await rows.all(['c'])).map(([key]) => key))
  await one.happen('purchase', { paid: true })
  const day = today()
  here.now += 5 * DAY
  await one.happen('tap', { position: 1 })
  expect(await kept()).toEqual([['c', 'clicks', day + 5]])
})

test('records that make no sense stop no count', async () => {
  await store.transact('readwrite', async (rows) => {
    rows.put(['c', 'paid', today()], 'nonsense')
    rows.put(['c', 'clicks', today()], { '[{"position":1},null]': 'many' })
    rows.put(['c', 7], null)
  })
  await one.happen('purchase', { paid: true })
  await one.happen('tap', { position: 1 })
  expect(counted().map(({ name }) => name)).toEqual(['paid', 'clicks'])
})

test('when rows wait for too long, the days of declared rows go as a whole, and trials only as trials', async () => {
  here.answer = () => Promise.reject(new TypeError('down'))
  await one.expose(decision())
  for (let day = 0; day < 20; day++) {
    for (let i = 0; i < 9; i++) await one.happen('tap', { position: 1 })
    here.now += DAY
  }
  const kept = (await store.transact('readonly', (rows) => rows.all(['o']))).map(([, row]) => row as { metric: string; of: unknown[]; trial: { day: number } })
  expect(kept.length).toBeLessThanOrEqual(45)
  const days = new Map<number, number>()
  for (const { metric, trial } of kept) if (metric === 'count') days.set(trial.day, (days.get(trial.day) ?? 0) + 1)
  expect(new Set(days.values())).toEqual(new Set([5]))
}, 30_000)

test('what a site has written into its ruleset that looks like somebody’s own does not leave either', async () => {
  const named = { ...RULES, slots: { ...RULES.slots, hero: { experiences: [{ name: 'hero', show: 'for ana@example.com', goal: 'signup' }] } } }
  const other = page(memoryStore(), here, named)
  await other.visitor.ready
  await other.happen('page_view')
  await other.expose(decision({ arm: 'for ana@example.com', variant: 'for ana@example.com' }))
  await other.expose(letter)
  expect(told(other.rows).sort()).toEqual(['shown * *', 'shown letter letter'])
  expect(other.reports.join()).toContain('personal')
})
