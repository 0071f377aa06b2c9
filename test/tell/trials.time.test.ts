// A trial lasts for its epoch and its goal's window, whichever is longer.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { memoryStore } from '../../src/remember/memory.js'
import type { Store } from '../../src/types.js'
import { DAY, decision, page, type Page, told, trialRows, type World, world } from './pages.js'

let here: World
let store: Store
let one: Page

/** The first day of an epoch of 28 days. */
const FIRST = 731 * 28 * DAY

beforeEach(async () => {
  vi.useFakeTimers()
  here = world()
  here.now = FIRST
  store = memoryStore()
  one = page(store, here)
  await one.visitor.ready
  await one.happen('page_view')
})
afterEach(() => vi.useRealTimers())

test('a trial whose window is over does not open again in its epoch', async () => {
  await one.expose(decision({ epoch: 731 }))
  for (let day = 9; day < 27; day += 2) {
    here.now = FIRST + day * DAY
    await one.happen('signup')
    await one.expose(decision({ epoch: 731 }))
  }
  expect(told(one.rows)).toEqual(['shown hero spring'])
})

test('a trial whose epoch is over takes its goal to the end of the window', async () => {
  here.now = FIRST + 27 * DAY
  await one.expose(decision({ epoch: 731 }))
  for (let day = 28; day < 33; day++) {
    here.now = FIRST + day * DAY
    await one.expose(decision({ slot: 'note', experience: 'plain', variant: 'extra', arm: 'extra', epoch: 732 }))
  }
  await one.happen('signup')
  expect(told(one.rows)).toContain('goal hero spring')
})

test('a trial that was dropped for want of room is told of no more, in its own epoch either', async () => {
  here.answer = () => Promise.reject(new TypeError('down'))
  for (let epoch = 731; epoch < 731 + 510; epoch++) {
    await one.expose(decision({ epoch }))
    here.now += 1000
    if (epoch === 731) here.now += DAY
  }
  const kept = async (): Promise<string[]> => (await store.transact('readonly', (rows) => rows.all(['o']))).map(([, row]) => String((row as { of: unknown }).of))
  expect(await kept()).not.toContain('t,hero,731')
  await one.expose(decision({ epoch: 731 }), true)
  await one.happen('signup')
  expect(await kept()).not.toContain('t,hero,731')
}, 20_000)

test('a visit across midnight, and a goal on a page that the visitor returns to days later, belong to the day on which the trial opened', async () => {
  here.now = FIRST + DAY - 60_000
  await one.expose(decision({ epoch: 731 }))
  here.now += 120_000
  await one.expose(decision({ epoch: 731 }), true)
  here.now += 6 * DAY
  const returned = page(store, here)
  await returned.visitor.ready
  await returned.happen('signup')
  const rows = trialRows([...one.rows, ...returned.rows])
  expect(rows.map(({ metric, day }) => [metric, day])).toEqual([
    ['shown', FIRST / DAY],
    ['seen', FIRST / DAY],
    ['goal', FIRST / DAY],
  ])
})

test.each(['Pacific/Kiritimati', 'Pacific/Honolulu', 'America/Sao_Paulo'])('in %s the day is that of everywhere', async (zone) => {
  vi.stubEnv('TZ', zone)
  here.now = FIRST + 3 * DAY + 60_000
  await one.expose(decision({ epoch: 731 }))
  expect(trialRows(one.rows).map(({ day }) => day)).toEqual([FIRST / DAY + 3])
  vi.unstubAllEnvs()
})

test('an epoch that ends in the midst of a visit opens the next trial with the next page view, and each takes the goal', async () => {
  here.now = FIRST + 28 * DAY - 60_000
  await one.expose(decision({ epoch: 731 }))
  here.now += 120_000
  await one.expose(decision({ epoch: 732, arm: 'spring' }))
  await one.happen('signup')
  expect(trialRows(one.rows).map(({ metric, day }) => [metric, day - FIRST / DAY])).toEqual([
    ['shown', 27],
    ['shown', 28],
    ['goal', 27],
    ['goal', 28],
  ])
})
