// After the permission to measure is taken back, nothing of a row is left in the page's memory or on the device. Chromium
// alone lets its heap be looked into.

import { type CDPSession, chromium } from 'playwright'
import { expect, inject, test, vi } from 'vitest'
import { chromiumLaunch } from '../support/browsers.js'
import { collectorBefore } from './collector.js'
import { RULESET, startSite } from './site.js'

const engine = inject('engine')
const SITE = `let site; while (!(site = window.slotwise?.track && window.slotwise)) await new Promise((next) => setTimeout(next, 10)); await site.ready;`
const TOPICS = Array.from({ length: 20 }, (_, n) => `topic-${n}`)
const RULES = JSON.stringify({ ...RULESET, rows: { reads: { event: 'read', by: { topic: TOPICS } } }, consent: { before: 'local', legalGround: 'a test', banner: false }, sync: { endpoint: '/collect/v1/logs' } })
/** Half of the rows leave at once, and the others after eighteen seconds. */
const HURRY = { 'hurry.js': 'let n = 0; Math.random = () => (n++ % 2 ? 0.9 : 0.01)' }
const WAITING = `const open = await new Promise((done) => { const r = indexedDB.open('slotwise'); r.onsuccess = () => done(r.result) })
  const keys = await new Promise((done) => { const r = open.transaction('rows').objectStore('rows').getAllKeys(); r.onsuccess = () => done(r.result) })
  open.close()
  return keys.filter(([kind]) => kind === 'o').map(([, id]) => id)`
const soon = <T>(check: () => Promise<T> | T): Promise<T> => vi.waitFor(check, { timeout: 10_000, interval: 50 })

/** Every string in a page's heap, after what is of no use any more has been thrown away. */
async function strings(session: CDPSession): Promise<string> {
  const chunks: string[] = []
  const take = ({ chunk }: { chunk: string }): void => void chunks.push(chunk)
  session.on('HeapProfiler.addHeapSnapshotChunk', take)
  for (let n = 0; n < 3; n++) await session.send('HeapProfiler.collectGarbage')
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  session.off('HeapProfiler.addHeapSnapshotChunk', take)
  return (JSON.parse(chunks.join('')) as { strings: string[] }).strings.join('\n')
}

test.runIf(engine === 'chromium')('of rows on the wire, about to be sent and waiting, not one is left in the heap or on the device once the permission is taken back', async () => {
  const site = await collectorBefore(await startSite('script tag', { ...HURRY, 'slotwise.json': RULES }))
  const browser = await chromium.launch(chromiumLaunch)
  try {
    // What is sent hangs on the wire.
    site.answer(() => {})
    const context = await browser.newContext()
    const [page, other] = [await context.newPage(), await context.newPage()]
    // Looks at what is kept, from a process of its own: asked for it, the page would have it in its heap.
    await other.goto(`${site.url}/icon.svg`)
    const waiting = () => other.evaluate<string[]>(`(async () => { ${WAITING} })()`)
    const run = (body: string): Promise<void> => page.evaluate<void>(`(async () => { ${SITE} ${body} })()`)
    await page.goto(site.url)
    await run(`await site.consent({ personalize: 'granted', measure: 'granted' })`)
    await run(`for (const topic of ${JSON.stringify(TOPICS)}) await site.track('read', { topic })`)
    await soon(async () => expect((await waiting()).length).toBeGreaterThanOrEqual(20))
    await soon(() => expect(site.posted.length).toBeGreaterThanOrEqual(2))
    const ids = await waiting()
    const sent = site.posted.map(({ row }) => String(row.row))
    expect(ids).toEqual(expect.arrayContaining(sent))
    expect(sent.length).toBeLessThan(8)
    const session = await context.newCDPSession(page)
    const before = await strings(session)
    // There is something to be found: what is on the wire, and what is about to be sent.
    const held = ids.filter((id) => before.includes(id))
    expect(held).toEqual(expect.arrayContaining(sent))
    expect(held.length).toBeGreaterThan(sent.length)

    await run(`await site.consent({ personalize: 'granted', measure: 'denied' })`)
    await soon(async () => expect(await waiting()).toEqual([]))
    const underWay = site.posted.length
    await soon(async () => {
      const after = await strings(session)
      expect([...ids, ...site.posted.map(({ row }) => String(row.row))].filter((id) => after.includes(id))).toEqual([])
      expect(after).not.toMatch(/"timeUnixNano":"\d/)
    })
    // The page is as alive as before.
    await run(`await site.track('read', { topic: 'topic-1' })`)
    expect(await waiting()).toEqual([])
    expect(site.posted.length).toBe(underWay)
  } finally {
    await browser.close()
    await site.close()
  }
})
