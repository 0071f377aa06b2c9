// Trials open once and close once: whatever tabs, reloads, late goals and clocks do.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { clear } from '../../src/tell/clear.js'
import { memoryStore } from '../../src/remember/memory.js'
import type { Store } from '../../src/types.js'
import { DAY, decision, page, type Page, RULESET, told, trialRows, type World, world } from './pages.js'

let here: World
let store: Store
let one: Page

beforeEach(async () => {
  vi.useFakeTimers()
  here = world()
  store = memoryStore()
  one = page(store, here)
  await one.visitor.ready
  // The first look at the log says from where on it is read.
  await one.happen('page_view')
})
afterEach(() => vi.useRealTimers())

const test4 = decision({ slot: 'note', experience: 'test', variant: 'a', arm: 'a', weights: 4, epoch: 7 })

test('a slot that is reached opens a trial once, however often it is reached again', async () => {
  for (let i = 0; i < 3; i++) await one.expose(decision())
  expect(told(one.rows)).toEqual(['shown hero spring'])
  const again = page(store, here)
  await again.visitor.ready
  await again.expose(decision())
  expect(again.rows).toEqual([])
})

test('its row says what held when it opened, and the day in UTC', async () => {
  await one.expose({ ...test4, stratum: 'returning', arm: 'b', variant: 'b' })
  expect(one.rows).toEqual([{ metric: 'shown', experience: 'test', arm: 'b', held: false, weights: 4, stratum: 'returning', day: Math.floor(here.now / DAY), id: expect.stringMatching(/^\d{21}$/) }])
})

test('a held-out visitor opens a ghost of the trial they would have had', async () => {
  await one.expose({ ...test4, held: true, variant: 'default' })
  await one.happen('purchase', { paid: true })
  expect(trialRows(one.rows).map(({ metric, arm, held }) => [metric, arm, held])).toEqual([
    ['shown', 'a', true],
    ['goal', 'a', true],
  ])
})

test('what was decided without measuring opens nothing', async () => {
  await one.expose(decision({ measured: false }))
  await one.expose(decision({ measured: false }), true)
  await one.happen('signup')
  expect(one.rows).toEqual([])
})

test('a goal closes its trial once, with the day on which it opened', async () => {
  await one.expose(decision())
  here.now += 3 * DAY
  await one.happen('signup')
  await one.happen('signup')
  expect(told(one.rows)).toEqual(['shown hero spring', 'goal hero spring'])
  expect(one.rows[1]?.day).toBe(one.rows[0]?.day)
})

test('a goal counts up to the end of its window, and not a moment longer', async () => {
  await one.expose(decision())
  await one.expose(test4)
  here.now += 7 * DAY
  await one.happen('signup')
  // Without a window of its own a goal has seven days, too.
  here.now += 1
  await one.happen('purchase', { paid: true })
  expect(told(one.rows)).toEqual(['shown hero spring', 'shown test a', 'goal hero spring'])
})

test('a goal before the slot was reached is none of its, and only its own conditions make it one', async () => {
  await one.happen('signup')
  await one.expose(decision())
  await one.expose(test4)
  await one.happen('purchase', { paid: false })
  expect(told(one.rows)).toEqual(['shown hero spring', 'shown test a'])
  await one.happen('purchase', { paid: true })
  expect(told(one.rows).slice(2)).toEqual(['goal test a'])
})

test('exposure and goal that are written in one go count in the order in which they happened', async () => {
  void one.visitor.record({ id: 'x1', type: 'signup', at: here.now, props: {} })
  void one.visitor.record({ id: 'x2', type: 'exposure', at: here.now, props: { slot: 'hero', experience: 'hero', variant: 'spring', trial: { arm: 'spring', held: false, weights: 0, stratum: '*', epoch: 0 } } })
  await one.happen('purchase', { paid: true })
  expect(told(one.rows)).toEqual(['shown hero spring'])
  await one.happen('signup')
  expect(told(one.rows)).toEqual(['shown hero spring', 'goal hero spring'])
})

test('to be seen is told once, and only of what was reached', async () => {
  await one.expose(decision(), true)
  expect(one.rows).toEqual([])
  await one.expose(decision())
  await one.expose(decision(), true)
  await one.expose(decision(), true)
  expect(told(one.rows)).toEqual(['shown hero spring', 'seen hero spring'])
})

test('an experience without a goal is told of, and never closes', async () => {
  await one.expose(decision({ slot: 'note', experience: 'plain', variant: 'extra', arm: 'extra' }))
  await one.happen('signup')
  await one.happen('purchase', { paid: true })
  expect(told(one.rows)).toEqual(['shown plain extra'])
})

test('a new epoch is a new trial; the old one still takes its goal', async () => {
  await one.expose(test4)
  await one.expose({ ...test4, epoch: 8, arm: 'default', variant: 'default' })
  await one.happen('purchase', { paid: true })
  expect(told(one.rows)).toEqual(['shown test a', 'shown test default', 'goal test a', 'goal test default'])
})

test('two tabs that reach the same slot and the same goal at once tell of each once', async () => {
  const two = page(store, here)
  await two.visitor.ready
  await Promise.all([one.expose(decision()), two.expose(decision())])
  await Promise.all([one.happen('signup'), two.happen('signup')])
  expect(told([...one.rows, ...two.rows]).sort()).toEqual(['goal hero spring', 'shown hero spring'])
})

test('a goal whose page died before it could tell is told by the next page', async () => {
  await one.expose(decision())
  await one.visitor.record({ id: 'left', type: 'signup', at: here.now, props: {} }, true)
  const next = page(store, here)
  await next.visitor.ready
  await next.teller.follow()
  expect(told(next.rows)).toEqual(['goal hero spring'])
})

test('what happened before measuring was allowed is nobody’s business', async () => {
  const fresh = memoryStore()
  here.may = false
  const before = page(fresh, here)
  await before.visitor.ready
  await before.expose(decision())
  await before.happen('signup')
  here.may = true
  await before.teller.follow()
  await before.happen('signup')
  expect(before.rows).toEqual([])
})

test('a permission that is taken back and given again begins anew', async () => {
  await one.expose(decision())
  await one.visitor.beside(clear)
  expect(await store.transact('readonly', async (rows) => [await rows.all(['t']), await rows.all(['o']), await rows.get(['g'])])).toEqual([[], [], undefined])
  await one.teller.follow()
  await one.happen('signup')
  expect(told(one.rows)).toEqual(['shown hero spring'])
  await one.expose(decision())
  expect(told(one.rows)).toEqual(['shown hero spring', 'shown hero spring'])
})

test.each([
  ['ten years ahead', 3650 * DAY],
  ['a year back', -365 * DAY],
])('a clock that jumps %s and returns opens and closes nothing twice', async (_, jump) => {
  await one.expose(decision())
  const right = here.now
  here.now += jump
  await one.happen('page_view')
  await one.happen('signup')
  await one.expose(decision())
  await one.expose(decision())
  here.now = right + 60_000
  await one.expose(decision())
  await one.happen('signup')
  await one.happen('signup')
  const counts = told(one.rows).filter((row) => row.startsWith('shown') || row.startsWith('goal'))
  expect(counts.filter((row) => row === 'shown hero spring').length).toBe(1)
  // A clock that is so far ahead makes what waits too old: then the whole trial goes, its goal with it.
  expect(counts.filter((row) => row === 'goal hero spring').length).toBe(jump > 0 ? 0 : 1)
})

test('a trial whose time is over is kept no longer, but never dropped on the day that this is first seen', async () => {
  const kept = async (): Promise<number> => (await store.transact('readonly', (rows) => rows.all(['t']))).length
  const start = here.now
  await one.expose(test4.epoch === 7 ? { ...test4, epoch: Math.floor(start / DAY / 28) } : test4)
  here.now = start + 40 * DAY
  await one.happen('signup')
  expect(await kept()).toBe(1)
  here.now += DAY
  await one.happen('signup')
  expect(await kept()).toBe(0)
})

test('records that make no sense stop nothing', async () => {
  await store.transact('readwrite', async (rows) => {
    rows.put(['t', 'hero', 0], 'nonsense')
    rows.put(['t', 'x', 1], { v: 1, told: 7 })
    rows.put(['o', 'bad'], { v: 1 })
    rows.put(['n'], 'many')
  })
  await one.expose(decision())
  expect(told(one.rows)).toEqual(['shown hero spring'])
})

test('what a script forges into the log opens no trial in words that are not the ruleset’s', async () => {
  for (const trial of [{ arm: 'ana@example.com', held: false, weights: 0, stratum: '*', epoch: 1 }, { arm: 'spring', held: false, weights: 77, stratum: '*', epoch: 2 }, { arm: 'spring', held: false, weights: 0, stratum: 'x', epoch: 3 }]) {
    await one.happen('exposure', { slot: 'hero', experience: 'hero', trial })
  }
  await one.happen('exposure', { slot: 'hero', experience: 'somebody', trial: { arm: 'spring', held: false, weights: 0, stratum: '*', epoch: 4 } })
  expect(one.rows).toEqual([])
  expect((await store.transact('readonly', (rows) => rows.all(['o']))).length).toBe(0)
})

test('a trial of earlier weights is still told after the weights have changed', async () => {
  await one.expose({ ...test4, weights: 3, arm: 'old', variant: 'old' })
  const changed = structuredClone(RULESET)
  const next = page(store, here, changed)
  await next.visitor.ready
  await next.happen('purchase', { paid: true })
  expect(trialRows(next.rows).map(({ metric, arm, weights }) => [metric, arm, weights])).toEqual([['goal', 'old', 3]])
})
