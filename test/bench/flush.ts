// How long sending keeps the main thread: a page with as many rows waiting as may wait, in Chromium with its CPU slowed
// four times, while rows leave one by one, and while the page is hidden; beside the same page with nothing to send, and
// with the browser's own share of it: bare requests as large and as many.

import { type Browser, chromium } from 'playwright'
import { chromiumLaunch, found } from '../support/browsers.js'
import { collectorBefore } from '../e2e/collector.js'
import { INSTALL, startSite } from '../e2e/site.js'
import { otlp } from '../../src/tell/otlp.js'
import { median } from './rounds.js'

const ROUNDS = 5
const WAITING = 480
/** ms. No task of a flush is to be longer. */
const LONG = 5

const RULESET = JSON.stringify({
  version: 1,
  slots: { hero: { experiences: [{ name: 'hero', show: 'spring', goal: 'signup' }] } },
  goals: { signup: { event: 'signup' } },
  consent: { before: 'local', legalGround: 'a benchmark', banner: false },
  sync: { endpoint: '/collect/v1/logs' },
})
const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>bench</title><link rel="icon" href="/icon.svg">${INSTALL['script tag']}</head><body><p>Nothing to see.</p></body></html>`
const SITE = `let site; while (!(site = window.slotwise?.track && window.slotwise)) await new Promise((next) => setTimeout(next, 10)); await site.ready;`
const FILL = `const WAITING = ${WAITING}; ${SITE} await site.consent({ personalize: 'granted', measure: 'granted' })
  const open = await new Promise((done) => { const r = indexedDB.open('slotwise'); r.onsuccess = () => done(r.result) })
  const rows = open.transaction('rows', 'readwrite').objectStore('rows')
  const day = Math.floor(Date.now() / 86400000)
  for (let n = 0; n < WAITING; n++) {
    const id = String(n).padStart(21, '0')
    rows.put({ v: 1, id, metric: 'shown', trial: { experience: 'hero', arm: 'spring', held: false, weights: 0, stratum: '*', day }, of: ['t', 'hero', n], tries: 0, due: 0, lease: 0, at: Date.now(), bytes: 250 }, ['o', id])
  }
  await new Promise((done) => { rows.transaction.oncomplete = done })
  open.close()`
const LOOK = `Object.defineProperty(document, 'visibilityState', { get: () => document.documentElement.dataset.seen ?? 'visible' }); const see = (how) => { document.documentElement.dataset.seen = how; document.dispatchEvent(new Event('visibilitychange')) }`

const BODY = JSON.stringify(otlp({ endpoint: '' })({ metric: 'shown', experience: 'hero', arm: 'spring', held: false, weights: 0, stratum: '*', day: 20_780, id: '0'.padStart(21, '0') }).body)
const BARE = `setInterval(() => void fetch('/collect/v1/logs', { method: 'POST', headers: { 'content-type': 'application/json' }, body: ${BODY}, credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store', redirect: 'error', keepalive: true, signal: new AbortController().signal }).then((answer) => answer.json()), 60)`

type TraceEvent = { name: string; ph: string; tid: number; pid: number; dur?: number; tdur?: number; args: { name?: string } }

type How = 'nothing to send' | 'bare requests' | 'one by one' | 'when hidden'

interface Flushed {
  /** ms. */
  longest: number
  /** Tasks that are longer than is promised. */
  over: number
  sent: number
}

/** The longest task of the page's main thread, and how many rows left. */
async function flush(browser: Browser, how: How): Promise<Flushed> {
  const site = await collectorBefore(await startSite('script tag', { 'hurry.js': 'Math.random = () => 0.02', 'index.html': PAGE, 'slotwise.json': RULESET }))
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    await page.goto(site.url)
    await page.evaluate(`(async () => { ${how === 'nothing to send' || how === 'bare requests' ? FILL.replace(`WAITING = ${WAITING}`, 'WAITING = 0') : FILL} })()`)
    await page.goto(site.url)
    const hide = how === 'when hidden' ? `see(n % 2 ? 'visible' : 'hidden')` : ''
    const bare = how === 'bare requests' ? BARE : ''
    // As a timer of the page's own: what runs by `evaluate` runs beside the tools' own work.
    await page.evaluate(`(async () => { ${SITE} ${LOOK}; ${bare}; window.done = false; let n = 0; setInterval(() => { ${hide}; window.done = ++n > 8 }, 300) })()`)
    const session = await context.newCDPSession(page)
    await session.send('Emulation.setCPUThrottlingRate', { rate: 4 })
    await page.waitForTimeout(700)
    const before = site.posted.length
    await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'] })
    await page.waitForTimeout(2500)
    const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] }
    // By the thread's own clock, as what else the machine does is no part of it; but that clock jumps, and nothing works
    // for longer than it takes.
    const ms = ({ dur = 0, tdur = dur }: TraceEvent): number => Math.min(dur, tdur) / 1000
    const main = trace.traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(({ pid, tid }) => `${pid} ${tid}`)
    const tasks = trace.traceEvents.filter(({ name, ph, pid, tid }) => ph === 'X' && main.includes(`${pid} ${tid}`) && name === 'RunTask')
    if (tasks.length === 0) throw new Error('the trace has no tasks')
    return { longest: Math.max(...tasks.map(ms)), over: tasks.filter((task) => ms(task) > LONG).length, sent: site.posted.length - before }
  } finally {
    await context.close()
    await site.close()
  }
}

export default async function run(): Promise<void> {
  if (!found.chromium) return console.log('\nflush: chromium is not on this machine')
  const browser = await chromium.launch(chromiumLaunch)
  console.log(`\nflush: ${WAITING} rows wait, CPU slowed four times (chromium, the longest task of 2.5 s, median of ${ROUNDS} rounds, ms)`)
  try {
    const all = new Map<How, Flushed[]>([['nothing to send', []], ['bare requests', []], ['one by one', []], ['when hidden', []]])
    for (let round = 0; round < ROUNDS; round++) for (const [how, rounds] of all) rounds.push(await flush(browser, how))
    for (const [how, rounds] of all) console.log(`  ${how.padEnd(16)} ${median(rounds.map(({ longest }) => longest)).toFixed(1).padStart(6)}  (${rounds.map(({ longest }) => longest.toFixed(1)).join(' ')}), ${median(rounds.map(({ over }) => over))} tasks over ${LONG} ms, ${median(rounds.map(({ sent }) => sent))} requests`)
  } finally {
    await browser.close()
  }
}
