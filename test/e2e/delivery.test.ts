// Rows that leave by another transport than OTLP, and pages that are left while rows are on their way.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { expect, inject, test, vi } from 'vitest'
import { chromiumLaunch } from '../support/browsers.js'
import { startClickHouse, statements } from '../support/clickhouse.js'
import { collectorBefore } from './collector.js'
import { RULESET, STRICT, startSite } from './site.js'
import { visitor } from './visitor.js'

const engine = inject('engine')
const HURRY = { 'hurry.js': 'Math.random = () => 0.01' }
const SITE = `let site; while (!(site = window.slotwise?.track && window.slotwise)) await new Promise((next) => setTimeout(next, 10)); await site.ready;`
const AGREE = `${SITE} await site.consent({ personalize: 'granted', measure: 'granted' })`
const soon = <T>(check: () => Promise<T> | T, timeout = 10_000): Promise<T> => vi.waitFor(check, { timeout, interval: 50 })

const rules = (sync: object): string =>
  JSON.stringify({ ...RULESET, slots: { ...RULESET.slots, note: { experiences: [{ name: 'note', show: 'basket' }], variants: RULESET.slots.note.variants } }, consent: { before: 'local', legalGround: 'a test', banner: false }, sync })

test('a browser writes rows into ClickHouse itself, without asking leave first, and the views show what fifty visitors did', async () => {
  const server = await startClickHouse('docs/backends/clickhouse-users.xml')
  for (const sql of statements('docs/backends/clickhouse.sql')) await server.ask(sql)
  const endpoint = `${server.url}?user=rows&password=public`
  const site = await startSite('script tag', { ...HURRY, 'slotwise.json': rules({ endpoint, format: 'clickhouse' }) }, `${STRICT}; connect-src 'self' ${server.url}`)
  const played = await visitor(engine)
  try {
    const tab = await played.tab()
    await tab.open(site.url)
    await tab.run(AGREE)
    await tab.open(site.url)
    await soon(async () => expect(await server.ask('SELECT metric, experience, arm, held, weights FROM slotwise ORDER BY metric')).toBe('seen\tnote\tbasket\t0\t0\nshown\tnote\tbasket\t0\t0'))
    // Plain text to a permitted origin is a simple request.
    expect(await tab.run('return [trouble, performance.getEntriesByType("resource").filter(({ name }) => name.includes("query=INSERT")).length]')).toEqual([[], 2])
    await soon(async () => expect(await tab.run(`${SITE} return new Promise((done) => site.on('sync', done))`)).toMatchObject({ waiting: 0, sent: 2, lost: 0, error: null }))
    expect(await server.ask('SELECT * FROM slotwise_experiences')).toBe('')
    await server.ask(`INSERT INTO slotwise (day, metric, experience, arm, stratum, id) SELECT today(), 'shown', 'note', 'basket', '*', toString(number) FROM system.numbers LIMIT 49`)
    expect(await server.ask('SELECT experience, arm, shown, seen, goals FROM slotwise_experiences')).toBe('note\tbasket\t50\t1\t0')
  } finally {
    await played.leave()
    await site.close()
    await server.stop()
  }
})

// Playwright turns Chromium's back-forward cache off, unless it is asked not to; driven from outside, Firefox and WebKitGTK have none.
test.runIf(engine === 'chromium')('a page that is left while its rows are on their way can be gone back to as it was, and goes on', async () => {
  const site = await collectorBefore(await startSite('script tag', { ...HURRY, 'slotwise.json': rules({ endpoint: '/collect/v1/logs' }) }))
  const profile = mkdtempSync(join(tmpdir(), 'slotwise-bfcache-'))
  const context = await chromium.launchPersistentContext(profile, { ...chromiumLaunch, headless: true, ignoreDefaultArgs: ['--disable-back-forward-cache'] })
  try {
    const page = await context.newPage()
    const run = <T>(body: string): Promise<T> => page.evaluate<T>(`(async () => { ${body} })()`)
    await page.goto(site.url)
    await run(AGREE)
    // The collector hangs: what is sent is still on its way when the page is left.
    site.answer(() => {})
    await page.goto(site.url)
    await run(`window.same = true; addEventListener('pageshow', ({ persisted }) => { window.persisted = persisted })`)
    await soon(() => expect(site.posted.length).toBe(2))
    await page.goto(`${site.url}/shoes/1.html`)
    site.up()
    await page.goBack({ waitUntil: 'commit' })
    const reasons = () => run<string>(`return JSON.stringify(performance.getEntriesByType('navigation')[0]?.notRestoredReasons ?? null)`)
    expect(await run('return [window.same, window.persisted]'), await reasons()).toEqual([true, true])
    await soon(async () => expect(await run(`${SITE} return new Promise((done) => site.on('sync', done))`)).toMatchObject({ waiting: 0, lost: 0 }), 45_000)
    expect(await run('return trouble')).toEqual([])
  } finally {
    await context.close()
    await site.close()
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 })
  }
})
