// Delivery: what one tab has in hand no other sends, leaving a page awaits nothing, little waits and not for long.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { memoryStore } from '../../src/remember/memory.js'
import { transports } from '../../src/tell/transports.js'
import type { Row, Ruleset, Store } from '../../src/types.js'
import { DAY, decision, page, type Page, pass, RULESET, tasks, type World, world } from './pages.js'

let here: World
let store: Store
let one: Page

beforeEach(async () => {
  vi.useFakeTimers()
  here = world()
  store = memoryStore()
  one = await another()
  await one.happen('page_view')
})
afterEach(() => vi.useRealTimers())

const another = async (ruleset: Ruleset = RULESET): Promise<Page> => {
  const fresh = page(store, here, ruleset)
  await fresh.visitor.ready
  return fresh
}
const kept = async (): Promise<Record<string, unknown>[]> => (await store.transact('readonly', (rows) => rows.all(['o']))).map(([, value]) => value as Record<string, unknown>)
const counts = () => store.transact('readonly', (rows) => rows.get(['n']))
const json = (body: object, status = 200): Response => new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
const reach = async (count: number, on = one, from = 0): Promise<void> => {
  for (let epoch = from; epoch < from + count; epoch++) await on.expose(decision({ epoch }))
}
const hanging = (): Promise<Response> => new Promise(() => {})

/** Web Locks of one browser: who asks `ifAvailable` while it is held gets nothing. */
function browserLocks(): { request: LockManager['request']; held: () => boolean } {
  let held = false
  const request = async (_name: string, options: LockOptions, work: (lock: Lock | null) => Promise<unknown>): Promise<unknown> => {
    expect(options.ifAvailable).toBe(true)
    if (held) return work(null)
    held = true
    try {
      return await work({ name: _name, mode: 'exclusive' } as Lock)
    } finally {
      held = false
    }
  }
  return { request: request as LockManager['request'], held: () => held }
}

test('a page that is put out of sight has its rows on the wire at once, though each in a task of its own', async () => {
  await reach(8)
  one.teller.leave(false)
  // The page can answer in between.
  let most = here.posted.length
  for (let n = 0; n < 40; n++) {
    const before = here.posted.length
    await tasks(1)
    most = Math.max(most, here.posted.length - before)
  }
  expect(here.posted.length).toBe(8)
  expect(most).toBe(1)
  await pass(here, 500)
  expect(here.posted.length).toBe(8)
  expect(await kept()).toEqual([])
})

test.each([0, 1, 2, 3, 5])('a page that is left %i tasks after it was put out of sight has on the wire, before anything is awaited, what was not yet, and each row once', async (between) => {
  await reach(8)
  one.teller.leave(false)
  await tasks(between)
  expect(here.posted.length).toBeLessThan(8)
  one.teller.leave(true)
  expect(here.posted.length).toBe(8)
  await tasks(40)
  await pass(here, 500)
  expect(here.posted.length).toBe(8)
  expect(new Set(here.posted.map(({ body }) => body)).size).toBe(8)
})

test('of a permission that is taken back while a hidden page sends its rows, no further row hears', async () => {
  await reach(8)
  one.teller.leave(false)
  await tasks(2)
  here.may = false
  const underWay = here.posted.length
  expect(underWay).toBeLessThan(8)
  await tasks(40)
  expect(here.posted.length).toBe(underWay)
})

test('what one tab is about to send no other tab takes up, so that hiding both sends each row once', async () => {
  await reach(6)
  const two = await another()
  await two.teller.follow()
  one.teller.leave(false)
  two.teller.leave(false)
  await pass(here, 500)
  expect(here.posted.length).toBe(6)
  expect(new Set(here.posted.map(({ body }) => body)).size).toBe(6)
})

test('of what waits in one tab for the other, nothing is forgotten when that one stops', async () => {
  await reach(3)
  const two = await another()
  await two.teller.follow()
  one.teller.abort(false)
  await pass(here, 90_000)
  expect(here.posted.length).toBe(3)
})

test('a row that another tab has taken over, since this one slept, is left to that tab', async () => {
  here.random = () => 0.9
  await reach(1)
  // A machine that sleeps: time goes on, timers do not.
  here.now += 120_000
  const two = await another()
  here.random = () => 0
  here.answer = hanging
  await two.teller.follow()
  await vi.advanceTimersByTimeAsync(100)
  expect(here.posted.length).toBe(1)
  await vi.advanceTimersByTimeAsync(9000)
  expect(here.posted.length).toBe(1)
})

test('no more than six requests, and 48 KiB of them, outlive the page; the others are ordinary ones', async () => {
  here.answer = hanging
  await reach(8)
  one.teller.leave(true)
  expect(here.posted.map(({ init }) => init.keepalive).sort()).toEqual([false, false, true, true, true, true, true, true])

  here = world()
  here.answer = hanging
  here.transport = (row) => ({ url: '/in', type: 'text/plain', body: row.id.padEnd(20 * 1024, 'é') })
  store = memoryStore()
  one = await another()
  await one.happen('page_view')
  await reach(3)
  one.teller.leave(true)
  // 20 × 1024 characters, but twice as many bytes.
  expect(here.posted.map(({ init }) => init.keepalive)).toEqual([true, false, false])
})

test('answered requests make room for others that outlive the page', async () => {
  await reach(8)
  one.teller.leave(false)
  await pass(here, 500)
  here.answer = hanging
  await reach(4, one, 8)
  one.teller.leave(true)
  expect(here.posted.slice(8).map(({ init }) => init.keepalive)).toEqual([true, true, true, true])
})

test('without a network nothing is tried, and what waited goes out when it is back', async () => {
  here.navigator.onLine = false
  await reach(3)
  await pass(here, 3_600_000, 1000)
  expect(here.posted).toEqual([])
  expect(one.synced.at(-1)).toMatchObject({ waiting: 3, retryAt: null, error: null })
  here.navigator.onLine = true
  globalThis.dispatchEvent(new Event('online'))
  await pass(here, 60_000)
  expect(here.posted.length).toBe(3)
})

test('a network that goes while a row has its moment costs no request', async () => {
  await reach(3)
  here.navigator.onLine = false
  await pass(here, 60_000)
  expect(here.posted).toEqual([])
  here.navigator.onLine = true
  globalThis.dispatchEvent(new Event('online'))
  await pass(here, 60_000)
  expect(here.posted.length).toBe(3)
})

test('of two tabs one sends at a time, and the other one’s rows follow', async () => {
  const locks = browserLocks()
  here.navigator.locks = locks
  store = memoryStore()
  one = await another()
  await one.happen('page_view')
  const two = await another()
  let open = 0
  let most = 0
  here.random = () => 0
  here.answer = async () => {
    most = Math.max(most, ++open)
    await new Promise((done) => setTimeout(done, 3000))
    open--
    return json({})
  }
  await reach(1)
  await reach(1, two, 1)
  await pass(here, 2000)
  expect(here.posted.length).toBe(1)
  expect(locks.held()).toBe(true)
  await pass(here, 60_000)
  expect(most).toBe(1)
  expect(here.posted.length).toBe(2)
  expect(locks.held()).toBe(false)
})

test('no collector that hangs makes a tab hold the lock for more than ten seconds, and no page that is left holds it', async () => {
  const locks = browserLocks()
  here.navigator.locks = locks
  store = memoryStore()
  one = await another()
  await one.happen('page_view')
  here.answer = hanging
  here.random = () => 0
  await reach(1)
  await pass(here, 500)
  expect(locks.held()).toBe(true)
  here.random = () => 0.9
  await pass(here, 10_500)
  expect(locks.held()).toBe(false)
  here.answer = () => json({})
  await pass(here, 60_000)
  here.answer = hanging
  here.random = () => 0
  await reach(1, one, 5)
  await pass(here, 500)
  expect(locks.held()).toBe(true)
  one.teller.leave(true)
  await vi.advanceTimersByTimeAsync(0)
  expect(locks.held()).toBe(false)
})

test('where locks are denied, rows are sent all the same', async () => {
  here.navigator.locks = { request: (async () => Promise.reject(new DOMException('no', 'SecurityError'))) as unknown as LockManager['request'] }
  store = memoryStore()
  one = await another()
  await one.happen('page_view')
  await reach(2)
  await pass(here, 30_000)
  expect(here.posted.length).toBe(2)
})

test('a trial whose rows have waited for more than a week goes wholly, and is told of no more', async () => {
  here.answer = () => Promise.reject(new TypeError('down'))
  await reach(2)
  await one.happen('signup')
  here.now += 3 * DAY
  await one.expose(decision({ epoch: 7 }))
  here.now += 4 * DAY + 60_000
  // The goal of the young trial stays beside it; of the old ones nothing does.
  await one.happen('signup')
  expect((await kept()).map(({ metric, of }) => `${metric} ${String(of)}`).sort()).toEqual(['goal t,hero,7', 'shown t,hero,7'])
  expect(await counts()).toMatchObject({ lost: 4 })
  await one.expose(decision({ epoch: 0 }), true)
  expect((await kept()).length).toBe(2)
})

test('what is told of already is not cut short because the rest of it comes late', async () => {
  await reach(1)
  one.teller.leave(false)
  await pass(here, 1000)
  expect(here.posted.length).toBe(1)
  here.answer = () => Promise.reject(new TypeError('down'))
  await one.happen('signup')
  await pass(here, 1000)
  here.now += 10 * DAY
  await one.happen('page_view')
  expect((await kept()).map(({ metric }) => metric)).toEqual(['goal'])
  here.answer = () => json({})
  await pass(here, 3_600_000, 5000)
  expect(await kept()).toEqual([])
  expect(await counts()).toMatchObject({ sent: 2, lost: 0 })
})

test('more than 128 kB are not kept, however few the rows', async () => {
  const name = 'a-long-name-'.repeat(15)
  const ruleset = { ...RULESET, slots: { hero: { experiences: [{ name, show: 'spring', goal: 'signup' }] } } }
  here.answer = () => Promise.reject(new TypeError('down'))
  one.teller.abort(false)
  one = await another(ruleset)
  for (let epoch = 0; epoch < 280; epoch++) {
    here.now += 1000
    await one.expose(decision({ epoch, experience: name }))
  }
  const bytes = JSON.stringify(await kept()).length
  expect(bytes).toBeLessThan(136_000)
  expect(bytes).toBeGreaterThan(120_000)
  expect(Math.max(...(await kept()).map(({ of }) => (of as number[])[2] as number))).toBe(279)
})

test('a receiver that cannot tell a row that arrives twice is sent each row once, and one that fails is lost', async () => {
  here.transport = (row) => ({ url: '/api/event', type: 'text/plain', body: row.id, once: true })
  store = memoryStore()
  one = await another()
  await one.happen('page_view')
  here.answer = () => json({}, 202)
  await reach(2)
  await pass(here, 30_000)
  expect(await counts()).toMatchObject({ sent: 2, lost: 0 })
  here.answer = () => json({}, 503)
  await reach(2, one, 2)
  await pass(here, 30_000)
  const asked = here.posted.length
  expect(asked).toBeGreaterThan(2)
  here.answer = () => json({})
  await pass(here, 3_600_000, 1000)
  expect(new Set(here.posted.map(({ body }) => body)).size).toBe(here.posted.length)
  expect(here.posted.length).toBe(4)
  expect(await counts()).toMatchObject({ sent: 6 - asked, lost: asked - 2 })
})

test('such a receiver is sent nothing while the page is being left, since nothing could be noted then', async () => {
  here.transport = (row) => ({ url: '/api/event', type: 'text/plain', body: row.id, once: true })
  store = memoryStore()
  one = await another()
  await one.happen('page_view')
  await reach(2)
  const { transact } = store
  store.transact = () => Promise.reject(new DOMException('closing', 'AbortError'))
  one.teller.leave(true)
  await pass(here, 1000)
  expect(here.posted).toEqual([])
  store.transact = transact
  one = await another()
  await one.teller.follow()
  await pass(here, 90_000)
  expect(here.posted.length).toBe(2)
})

test('a site’s own transport is asked in place of OTLP, with its own headers; one that throws loses its rows with a word to the site', async () => {
  here.transport = ({ metric, id }: Row) => ({ url: '/mine', type: 'text/plain', headers: { 'X-Mine': 'yes' }, body: `${metric} ${id}` })
  store = memoryStore()
  one = await another()
  await one.happen('page_view')
  await reach(1)
  await pass(here, 30_000)
  expect(here.posted).toEqual([expect.objectContaining({ url: '/mine', body: expect.stringMatching(/^shown /), init: expect.objectContaining({ headers: { 'content-type': 'text/plain', 'X-Mine': 'yes' } }) })])

  here.transport = () => {
    throw new Error('no such field')
  }
  one.teller.abort(false)
  one = await another()
  await reach(1, one, 1)
  await pass(here, 30_000)
  expect(one.reports).toEqual([expect.stringContaining('no such field')])
  expect(await counts()).toMatchObject({ sent: 1, lost: 1, error: expect.stringContaining('no such field') })
})

test('a format whose file cannot be had is told to the site, and rows wait', async () => {
  one.teller.abort(false)
  one = await another({ ...RULESET, sync: { endpoint: '/in', format: 'clickhouse' } })
  await reach(2)
  await pass(here, 60_000)
  expect(here.posted).toEqual([])
  expect((await kept()).length).toBe(2)
  expect(one.reports[0]).toContain('transports/clickhouse.js')
  expect(await transports({ endpoint: '/in' }, () => {})).toBeTypeOf('function')
})

test('what is wrong with the collector can be seen, and that it is right again', async () => {
  here.random = () => 0.5
  here.answer = () => json({}, 503)
  await reach(2)
  await pass(here, 30_000)
  expect(one.synced.at(-1)).toMatchObject({ waiting: 2, sent: 0, lost: 0, error: 'HTTP 503', retryAt: expect.any(Number) })
  // The next page knows it, too.
  const two = await another()
  await two.teller.follow()
  expect(two.synced.at(-1)).toMatchObject({ error: 'HTTP 503', retryAt: expect.any(Number) })
  here.answer = () => json({})
  await pass(here, 600_000, 1000)
  expect(one.synced.at(-1)).toEqual({ waiting: 0, sent: 2, lost: 0, retryAt: null, error: null })
})

test('a collector that may be back is asked by one row, and not by all that wait', async () => {
  here.random = () => 0.3
  here.answer = hanging
  await reach(8)
  await pass(here, 30_000)
  here.posted.length = 0
  let most = 0
  let open = 0
  here.answer = () => {
    most = Math.max(most, ++open)
    return new Promise((_, failed) => setTimeout(() => failed(new TypeError('reset')), 9000)).finally(() => open--) as Promise<Response>
  }
  await pass(here, 1_200_000, 1000)
  expect(here.posted.length).toBeGreaterThan(2)
  expect(most).toBe(1)
})

/** Numbers from 0 up to 1, the same for the same seed. */
const seeded = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}

const TROUBLE: [string, () => Response | Promise<Response>][] = [
  ['500', () => json({}, 500)],
  ['429', () => json({}, 429)],
  ['never', hanging],
  ['by a reset', () => Promise.reject(new TypeError('Failed to fetch'))],
  ['with a web page', () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
]
const ROUNDS = process.env.SOAK ? 60 : 1

/** Requests of a visitor with three tabs in the first hour of trouble, whatever waits: eight rows are on their way when it begins. */
const BOUND = 40

test.each(TROUBLE)('for an hour of a collector that answers %s, requests stay below forty and nothing is lost', async (_, answer) => {
  let most = 0
  for (let round = 0; round < ROUNDS; round++) {
    here = world()
    here.random = seeded(round * 7 + 1)
    here.navigator.locks = browserLocks()
    here.answer = answer
    store = memoryStore()
    const tabs = [await another(), await another(), await another()]
    await tabs[0]?.happen('page_view')
    for (const [i, tab] of tabs.entries()) await reach(20, tab, i * 20)
    await pass(here, 3_600_000, 1000)
    most = Math.max(most, here.posted.length)
    expect((await kept()).length).toBe(60)
    expect(await counts()).toMatchObject({ sent: 0, lost: 0 })
    here.posted.length = 0
    here.answer = () => json({})
    await pass(here, 3_600_000, 1000)
    expect(await kept()).toEqual([])
    expect(new Set(here.posted.map(({ body }) => body)).size).toBe(60)
    expect(here.posted.length).toBe(60)
    for (const tab of tabs) tab.teller.abort(false)
  }
  if (process.env.SOAK) console.log(`${_}: at most ${most} requests in ${ROUNDS} hours of trouble`)
  expect(most).toBeLessThan(BOUND)
})
