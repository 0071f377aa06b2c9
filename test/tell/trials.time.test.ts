// A trial lasts for its epoch and its goal's window, whichever is longer.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { memoryStore } from '../../src/remember/memory.js'
import type { Store } from '../../src/types.js'
import { DAY, decision, page, type Page, told, type World, world } from './pages.js'

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
