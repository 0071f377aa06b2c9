// Rows that leave by another transport than OTLP, and pages that are left while rows are on their way.

import { expect, inject, test, vi } from 'vitest'
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

// Of all tabs one sends at a time, by a lock that it holds until the collector has answered; and Firefox keeps no page that holds one.
const when = engine === 'firefox' ? 'once its rows have arrived (before, the page holds a lock, and no such page is kept here)' : 'while its rows are on their way'
test(`a page that is left ${when} can be gone back to as it was, like one without Slotwise, and goes on`, async () => {
  const plain = '<!doctype html><title>plain</title><link rel="icon" href="/icon.svg"><script src="/watch.js"></script><p>No Slotwise.</p>'
  const site = await collectorBefore(await startSite('script tag', { ...HURRY, 'slotwise.json': rules({ endpoint: '/collect/v1/logs' }), 'plain.html': plain, 'other.html': plain }))
  const played = await visitor(engine, {}, 1, true)
  try {
    const tab = await played.tab()
    /** Whether the page is the same, as it was left, once it has been gone back to; and why not, where the browser says so. */
    const left = async (path: string): Promise<unknown> => {
      await tab.run(`window.same = true; addEventListener('pageshow', ({ persisted }) => { window.persisted = persisted })`)
      await tab.open(`${site.url}/other.html`)
      site.up()
      // By the page's own history: of a page that is shown again there is no load that tools could wait for.
      await tab.run('setTimeout(() => history.back())')
      await soon(async () => expect(await tab.run('return location.pathname')).toBe(path))
      await soon(async () => expect(await tab.run('return document.readyState')).toBe('complete'))
      return tab.run(`return [window.same ?? false, window.persisted ?? false, performance.getEntriesByType('navigation')[0]?.notRestoredReasons ?? null]`)
    }
    const kept = [true, true, null]
    await tab.open(`${site.url}/plain.html`)
    expect(await left('/plain.html'), 'the browser keeps no page at all').toEqual(kept)

    if (engine === 'firefox') {
      await tab.open(`${site.url}/plain.html`)
      await tab.run(`await new Promise((held) => void navigator.locks.request('other', () => new Promise(() => held())))`)
      expect(await left('/plain.html')).toEqual([false, false, null])
    }

    await tab.open(site.url)
    await tab.run(AGREE)
    // The collector hangs: what is sent is still on its way when the page is left.
    if (engine !== 'firefox') site.answer(() => {})
    await tab.open(site.url)
    await soon(() => expect(site.posted.length).toBe(2))
    if (engine === 'firefox') await soon(async () => expect(await tab.run(`${SITE} return new Promise((done) => site.on('sync', done))`)).toMatchObject({ waiting: 0, sent: 2 }))
    expect(await left('/')).toEqual(kept)
    await soon(async () => expect(await tab.run(`${SITE} return new Promise((done) => site.on('sync', done))`)).toMatchObject({ waiting: 0, lost: 0 }), 45_000)
    expect(await tab.run('return trouble')).toEqual([])
  } finally {
    await played.leave()
    await site.close()
  }
}, 90_000)
