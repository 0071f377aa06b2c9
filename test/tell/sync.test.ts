// Rows leave one by one, in no order, each after a while; and a collector in trouble loses none of them.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { memoryStore } from '../../src/remember/memory.js'
import type { Store } from '../../src/types.js'
import { DAY, decision, page, type Page, pass, RULESET, sent, type World, world } from './pages.js'

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
const counts = () => store.transact('readonly', (rows) => rows.get(['n']))
const json = (body: object, status = 200): Response => new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
/** Reaches so many experiences of as many epochs: a row each. */
const reach = async (count: number, on = one): Promise<void> => {
  for (let epoch = 0; epoch < count; epoch++) await on.expose(decision({ epoch }))
}

test('a row is sent once, alone, within twenty seconds, without cookies, referrer or anything else that tells who', async () => {
  await one.expose(decision())
  expect(here.posted).toEqual([])
  await pass(here, 21_000)
  expect(sent(here)).toEqual(['shown'])
  const [{ url, init, body }] = here.posted as [World['posted'][0]]
  expect(url).toBe('/collect/v1/logs')
  expect(init).toMatchObject({ method: 'POST', credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store', redirect: 'error', keepalive: true })
  expect(init.headers).toEqual({ 'content-type': 'application/json' })
  expect(body.match(/"eventName"/g)?.length).toBe(1)
  await pass(here, 120_000)
  expect(here.posted.length).toBe(1)
  expect(await kept()).toEqual([])
  expect(one.synced.at(-1)).toEqual({ waiting: 0, sent: 1, lost: 0, retryAt: null, error: null })
})

test('the moment of sending says nothing of the order in which things happened', async () => {
  // Kendall's tau between the order of making and the order of sending, over many batches.
  let agree = 0
  let pairs = 0
  for (let round = 0; round < 60; round++) {
    here.posted.length = 0
    store = memoryStore()
    const fresh = page(store, here)
    await fresh.visitor.ready
    await fresh.happen('page_view')
    await reach(5, fresh)
    const order = fresh.rows.map(({ id }) => id)
    await pass(here, 25_000, 500)
    const arrived = here.posted.map(({ body }) => order.findIndex((id) => body.includes(id)))
    expect([...arrived].sort()).toEqual([0, 1, 2, 3, 4])
    for (let i = 0; i < 5; i++) for (let j = i + 1; j < 5; j++) agree += (arrived[i] as number) < (arrived[j] as number) ? 1 : -1
    pairs += 10
  }
  expect(Math.abs(agree / pairs)).toBeLessThan(0.2)
})

test('which of many rows leave first says nothing of which came first', async () => {
  here.may = false
  await reach(40)
  here.may = true
  await one.teller.follow()
  const order = one.rows.map(({ id }) => id)
  expect(order.length).toBe(40)
  one.teller.leave(false)
  await pass(here, 500)
  const first = here.posted.slice(0, 8).map(({ body }) => order.findIndex((id) => body.includes(id)))
  expect(first.length).toBe(8)
  expect(Math.max(...first)).toBeGreaterThan(8)
})

test('a row whose arrival two pages hear of counts once', async () => {
  here.random = () => 0.1
  await reach(1)
  let answer = (): void => {}
  here.answer = () => new Promise((done) => (answer = () => done(json({}))))
  one.teller.leave(true)
  await pass(here, 250)
  const first = answer
  // The lease has run out.
  await store.transact('readwrite', async (rows) => {
    for (const [key, value] of await rows.all(['o'])) rows.put(key, { ...(value as object), lease: 0 })
  })
  const next = page(store, here)
  await next.visitor.ready
  await next.teller.follow()
  await pass(here, 3000)
  answer()
  first()
  await pass(here, 1000)
  expect(here.posted.length).toBe(2)
  expect(await counts()).toMatchObject({ sent: 1, lost: 0 })
})

test('each page counts what waits by itself, whatever others have noted of it', async () => {
  await reach(3)
  one.teller.abort(false)
  await store.transact('readwrite', async (rows) => rows.put(['n'], { ...((await rows.get(['n'])) as object), waiting: 1, bytes: 1 }))
  const next = page(store, here)
  await next.visitor.ready
  await next.teller.follow()
  expect(next.synced.at(-1)).toMatchObject({ waiting: 3 })
  await pass(here, 60_000)
  expect(next.synced.at(-1)).toMatchObject({ waiting: 0, sent: 3 })
})

test('no more than eight are on their way at once, and the others follow', async () => {
  let open = 0
  let most = 0
  here.random = () => 0
  here.answer = async () => {
    most = Math.max(most, ++open)
    await new Promise((done) => setTimeout(done, 500))
    open--
    return json({})
  }
  here.may = false
  await reach(20)
  here.may = true
  await reach(20)
  await pass(here, 60_000)
  expect(most).toBeLessThanOrEqual(8)
  expect(new Set(here.posted.map(({ body }) => body)).size).toBe(20)
  expect(await kept()).toEqual([])
})

test('a page that is out of sight sends what it has at once', async () => {
  await reach(3)
  one.teller.leave(false)
  await pass(here, 500)
  expect(here.posted.length).toBe(3)
  expect(await kept()).toEqual([])
})

test('a page that is left sends what it has without asking the store, and what arrived unheard of arrives again under the same id', async () => {
  await reach(2)
  // The page is gone before an answer comes.
  here.answer = () => new Promise(() => {})
  one.teller.leave(true)
  expect(here.posted.length).toBe(2)
  here.answer = () => json({})
  const next = page(store, here)
  await next.visitor.ready
  await next.teller.follow()
  await pass(here, 180_000)
  expect(here.posted.length).toBe(4)
  expect(new Set(here.posted.map(({ body }) => body)).size).toBe(2)
})

test('two tabs never send the same row', async () => {
  const two = page(store, here)
  await two.visitor.ready
  await reach(6)
  await two.teller.follow()
  await pass(here, 60_000)
  expect(here.posted.length).toBe(6)
  expect(new Set(here.posted.map(({ body }) => body)).size).toBe(6)
})

test('a tab that dies with rows in its hands holds them no longer than half a minute', async () => {
  here.random = () => 0
  here.answer = () => new Promise(() => {})
  await reach(1)
  await pass(here, 1000)
  expect(here.posted.length).toBe(1)
  one.teller.abort(true)
  const next = page(store, here)
  await next.visitor.ready
  here.answer = () => json({})
  await next.teller.follow()
  await pass(here, 20_000)
  expect(here.posted.length).toBe(1)
  await pass(here, 15_000)
  expect(here.posted.length).toBe(2)
  expect(await kept()).toEqual([])
})

test.each([
  ['nothing to read', () => new Response(null, { status: 204 })],
  ['a plain word that it calls a web page', () => new Response('ok', { status: 200, headers: { 'content-type': 'text/html' } })],
  ['broken JSON', () => new Response('{', { status: 200, headers: { 'content-type': 'application/json' } })],
  ['null', () => new Response('null', { status: 200, headers: { 'content-type': 'application/json' } })],
  ['a partial success of nothing', () => json({ partialSuccess: null })],
  ['a word to whom it may concern', () => json({ partialSuccess: { rejectedLogRecords: '0', errorMessage: 'be quick' } })],
])('a collector that takes it and answers %s has it', async (_, answer) => {
  here.answer = answer
  await reach(1)
  await pass(here, 60_000)
  expect(here.posted.length).toBe(1)
  expect(await kept()).toEqual([])
  expect(one.reports).toEqual([])
})

test('a row that the collector takes with one hand and rejects with the other is lost, and the site is told why', async () => {
  here.answer = () => json({ partialSuccess: { rejectedLogRecords: '1', errorMessage: 'too old' } })
  await reach(1)
  await pass(here, 60_000)
  expect(here.posted.length).toBe(1)
  expect(await counts()).toMatchObject({ sent: 0, lost: 1 })
  expect(one.reports).toEqual([expect.stringContaining('too old')])
})

test.each([400, 404, 405, 413, 415, 422])('a row that is answered by %i will never be taken, and is dropped with a word to the site', async (status) => {
  here.answer = () => json({}, status)
  await reach(1)
  await pass(here, 120_000)
  expect(here.posted.length).toBe(1)
  expect(await kept()).toEqual([])
  expect(await counts()).toMatchObject({ sent: 0, lost: 1 })
  expect(one.reports).toEqual([expect.stringContaining(`HTTP ${status}`)])
})

test.each([401, 403])('after %i nothing more is sent on the page, and nothing is lost', async (status) => {
  here.answer = () => json({}, status)
  await reach(3)
  await pass(here, 3_600_000, 5000)
  expect(here.posted.length).toBe(1)
  expect((await kept()).length).toBe(3)
  here.answer = () => json({})
  const next = page(store, here)
  await next.visitor.ready
  await next.teller.follow()
  await pass(here, 60_000)
  expect(await kept()).toEqual([])
})

test.each([
  ['500', () => json({}, 500)],
  ['503', () => json({}, 503)],
  ['408', () => json({}, 408)],
  ['a redirect, which is not followed', () => Promise.reject(new TypeError('unexpected redirect'))],
  ['a refused connection', () => Promise.reject(new TypeError('Failed to fetch'))],
  ['nothing at all', () => new Promise<Response>(() => {})],
  ['a web page, as a portal does that wants a login', () => new Response('<!doctype html>', { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } })],
])('a collector that answers %s is asked again, ever more rarely, and has each row once when it is back', async (_, answer) => {
  here.answer = answer
  await reach(4)
  await pass(here, 3_600_000, 1000)
  // Full jitter up to half an hour: a handful of tries each hour, whatever waits.
  expect(here.posted.length).toBeGreaterThan(3)
  expect(here.posted.length).toBeLessThan(60)
  expect((await kept()).length).toBe(4)
  expect(one.synced.at(-1)?.retryAt).toBeGreaterThan(here.now - DAY)
  here.posted.length = 0
  here.answer = () => json({})
  await pass(here, 3_700_000, 1000)
  expect(await kept()).toEqual([])
  expect(new Set(here.posted.map(({ body }) => body)).size).toBe(4)
  expect(here.posted.length).toBe(4)
  expect(await counts()).toMatchObject({ sent: 4, lost: 0 })
})

test.each([
  ['in seconds', () => '120', 120_000],
  ['as a date', () => new Date(here.now + 120_000).toUTCString(), 119_000],
])('a collector that says %s when to come again is left alone until then', async (_, header, wait) => {
  here.random = () => 0
  here.answer = () => new Response('', { status: 429, headers: { 'retry-after': header() } })
  await reach(2)
  await pass(here, wait as number, 1000)
  expect(here.posted.length).toBe(1)
  here.answer = () => json({})
  await pass(here, 60_000)
  expect(await kept()).toEqual([])
})

test.each(['99999999999', 'Fri, 01 Jan 2100 00:00:00 GMT'])('no collector is believed that wants to be left alone for ever (%s)', async (header) => {
  here.random = () => 0
  here.answer = () => new Response('', { status: 503, headers: { 'retry-after': header } })
  await reach(1)
  await pass(here, 1000)
  here.answer = () => json({})
  await pass(here, DAY, 60_000)
  await pass(here, 60_000, 1000)
  expect(await kept()).toEqual([])
})

test.each(['', 'soon', '-5', '1e9'])('a Retry-After of "%s" is none', async (header) => {
  here.random = () => 0.5
  here.answer = () => new Response('', { status: 503, headers: { 'retry-after': header } })
  await reach(1)
  await pass(here, 120_000, 500)
  expect(here.posted.length).toBeGreaterThan(1)
})

test('a permission that is taken back stops what is under way and what waits, before it has been heard of', async () => {
  here.random = () => 0
  const aborted: boolean[] = []
  here.answer = () => new Promise(() => {})
  await reach(2)
  await pass(here, 500)
  const signals = here.posted.map(({ init }) => init.signal as AbortSignal)
  for (const signal of signals) signal.addEventListener('abort', () => aborted.push(true))
  here.may = false
  one.teller.abort(true)
  expect(aborted.length).toBe(signals.length)
  const before = here.posted.length
  await pass(here, 120_000, 1000)
  expect(here.posted.length).toBe(before)
})

test('a permission that was taken back in another tab is found gone just before sending', async () => {
  await reach(3)
  here.may = false
  await pass(here, 60_000)
  one.teller.leave(false)
  one.teller.leave(true)
  await pass(here, 60_000)
  expect(here.posted).toEqual([])
  expect(await kept()).not.toEqual([])
})

test('more than five hundred rows are not kept: whole trials go, the oldest first, and none is told by halves', async () => {
  here.answer = () => Promise.reject(new TypeError('down'))
  for (let epoch = 0; epoch < 255; epoch++) {
    here.now += DAY / 48
    await one.expose(decision({ epoch }))
    await one.happen('signup')
  }
  const rows = await kept()
  expect(rows.length).toBeLessThanOrEqual(500)
  expect(rows.length).toBeGreaterThan(490)
  const trials = new Map<string, string[]>()
  for (const { of, metric } of rows) trials.set(String(of), [...(trials.get(String(of)) ?? []), String(metric)])
  for (const metrics of trials.values()) expect(metrics).toContain('shown')
  const epochs = [...trials.keys()].map((key) => Number(key.split(',')[2]))
  expect(Math.min(...epochs)).toBe(255 - epochs.length)
  expect(await counts()).toMatchObject({ lost: 510 - rows.length })
  // A dropped trial is told of no more.
  await one.expose(decision({ epoch: 0 }), true)
  expect((await kept()).some(({ of }) => String(of) === 't,hero,0')).toBe(false)
}, 60_000)

test('a row whose words are gone from the ruleset is not sent', async () => {
  await one.expose(decision({ slot: 'note', experience: 'test', arm: 'a', variant: 'a', weights: 4 }))
  one.teller.abort(true)
  const next = page(store, here, { ...RULESET, slots: { hero: RULESET.slots.hero } })
  await next.visitor.ready
  await next.teller.follow()
  await pass(here, 60_000)
  expect(here.posted).toEqual([])
  expect(await kept()).toEqual([])
  expect(next.reports).toEqual([expect.stringContaining('no longer has the words')])
})

test('what a script has put into the outbox does not leave in its own words', async () => {
  await store.transact('readwrite', async (rows) => {
    rows.put(['o', 'ana@example.com'], { v: 1, id: 'ana@example.com', metric: 'shown', trial: { experience: 'hero', arm: 'spring', held: false, weights: 0, stratum: '*', day: 20_463 }, of: ['t', 'x', 0], tries: 0, due: 0, lease: 0 })
    rows.put(['o', 'b'], { v: 1, id: 'V1StGXR8_Z5jdHi6B-myT', metric: 'shown', trial: { experience: 'hero', arm: 'ana@example.com', held: false, weights: 0, stratum: '*', day: 20_463 }, of: ['t', 'x', 0], tries: 0, due: 0, lease: 0 })
  })
  await one.teller.follow()
  await pass(here, 60_000)
  expect(here.posted).toEqual([])
})

test('a record that names another row than its key does is put away like any other', async () => {
  await store.transact('readwrite', async (rows) => {
    rows.put(['o', 'V1StGXR8_Z5jdHi6B-myT'], { v: 1, id: 'somebody', metric: 'shown', trial: { experience: 'hero', arm: 'spring', held: false, weights: 0, stratum: '*', day: Math.floor(here.now / DAY) }, of: ['t', 'x', 0], tries: 0, due: 0, lease: 0 })
  })
  await one.teller.follow()
  await pass(here, 60_000)
  expect(here.posted.length).toBe(1)
  expect(here.posted[0]?.body).not.toContain('somebody')
  expect(await kept()).toEqual([])
})

test('a clock that was ahead when a row was put off does not hold it back for years', async () => {
  here.random = () => 0
  here.answer = () => json({}, 503)
  here.now += 3650 * DAY
  await reach(1)
  await pass(here, 1000)
  one.teller.abort(true)
  here.now -= 3650 * DAY
  here.answer = () => json({})
  const next = page(store, here)
  await next.visitor.ready
  await next.teller.follow()
  await pass(here, 60_000)
  expect(here.posted.length).toBeGreaterThan(0)
})
