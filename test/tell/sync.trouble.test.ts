// A collector in trouble, tabs that share what waits, and answers in the midst of it.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { exposure } from '../../src/lib/exposure.js'
import { memoryStore } from '../../src/remember/memory.js'
import { clear } from '../../src/tell/clear.js'
import type { Store } from '../../src/types.js'
import { DAY, decision, page, type Page, pass, type World, world } from './pages.js'

let here: World
let store: Store
let one: Page

beforeEach(async () => {
  vi.useFakeTimers()
  here = world()
  store = memoryStore()
  one = page(store, here)
  await one.visitor.ready
  await one.happen('page_view')
})
afterEach(() => vi.useRealTimers())

const kept = async (): Promise<Record<string, unknown>[]> => (await store.transact('readonly', (rows) => rows.all(['o']))).map(([, value]) => value as Record<string, unknown>)
const json = (body: object, status = 200): Response => new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
const reach = async (count: number, on = one): Promise<void> => {
  for (let epoch = 0; epoch < count; epoch++) await on.expose(decision({ epoch }))
}
const another = async (): Promise<Page> => {
  const two = page(store, here)
  await two.visitor.ready
  return two
}

test('however many rows wait, a collector that is down is asked a handful of times an hour', async () => {
  here.answer = () => json({}, 503)
  await reach(100)
  await pass(here, 3_600_000, 1000)
  expect(here.posted.length).toBeLessThan(60)
  expect((await kept()).length).toBe(100)
})

test.each(['0', new Date(0).toUTCString()])('a collector that is down and says to come again at once (%s) is still asked ever more rarely', async (header) => {
  here.answer = () => new Response('', { status: 503, headers: { 'retry-after': header } })
  await reach(1)
  await pass(here, 3_600_000, 1000)
  expect(here.posted.length).toBeLessThan(60)
})

test('after trouble that has passed, the next trouble begins with short waits again', async () => {
  here.random = () => 0.2
  here.answer = () => json({}, 503)
  await reach(3)
  await pass(here, 1_800_000, 1000)
  here.answer = () => json({})
  await pass(here, 3_600_000, 1000)
  expect(await kept()).toEqual([])
  here.answer = () => json({}, 503)
  here.posted.length = 0
  await one.expose(decision({ epoch: 50 }))
  await pass(here, 60_000, 1000)
  expect(here.posted.length).toBeGreaterThan(1)
})

test('a row that one tab was told to hold back is not sent by another that had it planned', async () => {
  here.random = () => 0.5
  await reach(1)
  const two = await another()
  here.random = () => 0.9
  await two.teller.follow()
  here.answer = () => new Response('', { status: 429, headers: { 'retry-after': '3600' } })
  await pass(here, 30_000)
  expect(here.posted.length).toBe(1)
})

test('the next page leaves a collector alone as long as the last page was told to', async () => {
  here.random = () => 0
  here.answer = () => new Response('', { status: 429, headers: { 'retry-after': '3600' } })
  await reach(5)
  await pass(here, 2000)
  expect(here.posted.length).toBe(1)
  for (let i = 0; i < 5; i++) {
    const next = await another()
    await next.teller.follow()
    await pass(here, 30_000)
  }
  expect(here.posted.length).toBe(1)
  here.answer = () => json({})
  await pass(here, 3_600_000, 1000)
  expect(await kept()).toEqual([])
})

test('a row taken back while this tab was taking it up is not sent, though measuring was allowed again at once', async () => {
  here.random = () => 0
  await reach(1)
  await vi.advanceTimersByTimeAsync(0)
  here.posted.length = 0
  store = memoryStore()
  one = page(store, here)
  await one.visitor.ready
  await one.happen('page_view')
  // The lease is asked for, and then the visitor changes their mind twice.
  let leased: (() => void) | undefined
  const { transact } = store
  await reach(1)
  store.transact = async (mode, work) => {
    const value = await transact(mode, work)
    if ((await transact('readonly', (rows) => rows.all(['o']))).some(([, value]) => ((value as { lease: number }).lease ?? 0) > 0)) {
      leased?.()
      leased = undefined
    }
    return value
  }
  leased = () => {
    one.teller.abort(true)
    void one.visitor.beside(clear)
  }
  await pass(here, 20_000)
  expect(await kept()).toEqual([])
  expect(here.posted).toEqual([])
})

test('what waits no more is not sent when the page is left, though measuring was allowed again', async () => {
  here.random = () => 0.9
  await reach(2)
  const planning = one.teller.follow()
  one.teller.abort(true)
  await one.visitor.beside(clear)
  await planning
  one.teller.leave(true)
  expect(here.posted).toEqual([])
})

test('of a trial that has a row on its way, none is dropped for want of room', async () => {
  here.random = () => 0
  here.answer = () => new Promise(() => {})
  await one.expose(decision({ epoch: 0 }))
  await one.happen('signup')
  const rows = await kept()
  const goal = rows.find(({ metric }) => metric === 'goal') as { id: string }
  await store.transact('readwrite', async (transaction) => transaction.put(['o', goal.id], { ...goal, lease: here.now + 20_000 }))
  here.now += 1000
  for (let epoch = 1; epoch <= 500; epoch++) {
    const { type, props } = exposure(decision({ epoch }), false)
    void one.visitor.record({ id: `x${epoch}`, type, at: here.now + DAY, props: props ?? {} })
  }
  await one.happen('page_view')
  const left = (await kept()).filter(({ of }) => String(of) === 't,hero,0').map(({ metric }) => metric)
  expect(left.sort()).toEqual(['goal', 'shown'])
})

test('a collector whose web page breaks off leaves no error behind in the page', async () => {
  const rejections: unknown[] = []
  const heard = (reason: unknown): void => void rejections.push(reason)
  process.on('unhandledRejection', heard)
  here.answer = () => new Response(new ReadableStream({ start: (stream) => stream.error(new TypeError('cut')) }), { headers: { 'content-type': 'text/html' } })
  await reach(1)
  await pass(here, 30_000)
  vi.useRealTimers()
  await new Promise((later) => setTimeout(later, 20))
  process.off('unhandledRejection', heard)
  expect(rejections).toEqual([])
  // Nobody knows what that was: it is sent again.
  expect((await kept()).length).toBe(1)
})

test.each([
  ['no time', { due: undefined }],
  ['the id of another', { id: 'elsewhere' }],
  ['no id', { id: undefined }],
  ['words for a number', { tries: 'many' }],
])('a record in the outbox that has %s holds nobody up', async (_, broken) => {
  here.random = () => 0.5
  here.answer = () => new Response('', { status: 503, headers: { 'retry-after': '60' } })
  await reach(1)
  const [row] = (await kept()) as [{ id: string }]
  await store.transact('readwrite', async (transaction) => {
    for (let i = 0; i < 12; i++) transaction.put(['o', `broken${i}`], { ...row, due: 0, ...broken })
  })
  await pass(here, 10_000)
  here.answer = () => json({})
  await pass(here, 300_000, 1000)
  expect(await store.transact('readonly', (rows) => rows.get(['o', row.id]))).toBeUndefined()
  let looked = 0
  const { transact } = store
  store.transact = (mode, work) => {
    looked++
    return transact(mode, work)
  }
  await pass(here, 3_600_000, 1000)
  expect(looked).toBeLessThan(100)
})

test.each([
  ['ten years from a clock that was ahead', (now: number) => now + 3650 * DAY],
  ['half a minute', (now: number) => now + 30_000],
])('a lease that ends in %s holds a row no longer than half a minute', async (_, until) => {
  here.random = () => 0.5
  await reach(1)
  const [row] = (await kept()) as [{ id: string }]
  await store.transact('readwrite', async (transaction) => transaction.put(['o', row.id], { ...row, lease: until(here.now) }))
  await pass(here, 60_000, 1000)
  expect(here.posted.length).toBe(1)
})

test('rows that are on their way, or about to be, are never more than eight in a tab', async () => {
  here.random = () => 0
  let answers: ((response: Response) => void)[] = []
  here.answer = () => new Promise((done) => answers.push(done))
  here.may = false
  await reach(20)
  here.may = true
  await reach(20)
  await pass(here, 2000)
  expect(here.posted.length).toBe(8)
  for (const answer of answers.splice(0, 3)) answer(json({}))
  await pass(here, 2000)
  expect(here.posted.length).toBe(11)
  answers = []
})

test('when rows are called off, every request that is under way is', async () => {
  here.random = () => 0
  here.answer = () => new Promise(() => {})
  await reach(3)
  await pass(here, 1000)
  expect(here.posted.length).toBe(3)
  one.teller.abort(true)
  expect(here.posted.map(({ init }) => init.signal?.aborted)).toEqual([true, true, true])
})

test('a permission that is taken back while the log is being read makes no row', async () => {
  const { type, props } = exposure(decision(), false)
  await one.visitor.record({ id: 'x', type, at: here.now, props: props ?? {} }, true)
  const following = one.teller.follow()
  here.may = false
  await following
  expect(one.rows).toEqual([])
  expect(await kept()).toEqual([])
})

test('a permission that goes while a row is being taken up, unheard of by this tab, stops it', async () => {
  here.random = () => 0
  await reach(1)
  const { transact } = store
  store.transact = async (mode, work) => {
    const value = await transact(mode, work)
    if (((await transact('readonly', (rows) => rows.all(['o']))).map(([, row]) => row as { lease: number })).some(({ lease }) => lease > 0)) here.may = false
    return value
  }
  await pass(here, 20_000)
  store.transact = transact
  expect(here.may).toBe(false)
  expect(here.posted).toEqual([])
})

test('a row that was put off by a clock that was ahead goes out when the clock is right', async () => {
  here.random = () => 0
  here.answer = () => new Response('', { status: 503, headers: { 'retry-after': '60' } })
  await reach(1)
  here.now += 6 * DAY
  await pass(here, 1000)
  expect(here.posted.length).toBeGreaterThan(0)
  one.teller.abort(true)
  here.now -= 6 * DAY
  here.answer = () => json({})
  here.posted.length = 0
  const next = await another()
  await next.teller.follow()
  await pass(here, 60_000)
  expect(here.posted.length).toBe(1)
  expect(await kept()).toEqual([])
})

test('a page that is left after the permission has gone, unheard of by it, sends nothing', async () => {
  await reach(3)
  here.may = false
  one.teller.leave(true)
  await pass(here, 30_000)
  expect(here.posted).toEqual([])
})

test('a collector that wants to be left alone for years is left alone for a day', async () => {
  here.random = () => 0
  here.answer = () => new Response('', { status: 503, headers: { 'retry-after': '99999999999' } })
  await reach(1)
  await pass(here, DAY - 60_000, 60_000)
  expect(here.posted.length).toBe(1)
  await pass(here, 300_000, 1000)
  expect(here.posted.length).toBe(2)
})
