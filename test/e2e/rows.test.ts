// Rows of every kind, from what a visitor does in a real browser to what the collector gets; and what goes out before.

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest'
import { type Collector, collectorBefore } from './collector.js'
import { INSTALL, startSite } from './site.js'
import { type Tab, type Visitor, visitor } from './visitor.js'

const engine = inject('engine')
const soon = <T>(check: () => Promise<T> | T, timeout = 8000): Promise<T> => vi.waitFor(check, { timeout, interval: 50 })
const SITE = `let site; while (!(site = window.slotwise?.track && window.slotwise)) await new Promise((next) => setTimeout(next, 10)); await site.ready;`

const RULES = {
  version: 1,
  // Nobody, but for one in ten thousand.
  holdout: 0.0001,
  pages: { shoes: '/shoes/*', home: '/', letter: '/letter.html' },
  segments: { 'shoe-lover': { event: 'page_view', where: { page: 'shoes' } }, gone: { event: 'never' } },
  goals: { signup: { event: 'signup', window: '7d', value: { prop: 'total', edges: [10, 100] } } },
  rows: { adds: { event: 'cart_add', by: { item: ['boots', 'tents'] }, count: true, page: true } },
  slots: {
    hero: { experiences: [{ name: 'shoes', when: 'shoe-lover', show: 'shoes', goal: 'signup' }] },
    letter: { experiences: [{ name: 'letter', show: 'ask', cooldown: { for: '1d' } }], variants: { ask: { text: { p: 'Write to us' } } } },
    away: { experiences: [{ name: 'away', when: 'shoe-lover', show: 'go', goal: 'signup' }], variants: { go: { redirect: '/there.html' } } },
  },
  consent: { before: 'local', legalGround: 'a test', revision: 1, banner: false },
  sync: { endpoint: '/collect/v1/logs' },
  expected: { perDay: 1000 },
}
const PAGE = (body: string): string => `<!doctype html><html lang="en"><head><title>x</title><link rel="icon" href="/icon.svg">${INSTALL['script tag']}</head><body>${body}</body></html>`
const FILES = {
  'hurry.js': 'Math.random = () => 0.02',
  'slotwise.json': JSON.stringify(RULES),
  'letter.html': PAGE('<aside data-slot="letter"><p>Nothing</p><button id="no" data-slotwise-dismiss>No</button></aside>'),
  'away.html': PAGE('<main data-slot="away"><p>here</p></main>'),
  'there.html': PAGE('<p>there</p>'),
}

let played: Visitor
let site: Collector
let tab: Tab
beforeAll(async () => {
  played = await visitor(engine)
})
afterAll(() => played?.leave())
afterEach(async () => {
  await tab.close()
  await site.close()
})

const begin = async (rules: object = RULES): Promise<void> => {
  site = await collectorBefore(await startSite('script tag', { ...FILES, 'slotwise.json': JSON.stringify(rules) }))
  tab = await played.tab()
}
const visit = async (path: string): Promise<void> => {
  await tab.open(site.url + path)
  await tab.run(SITE)
}
const agree = () => tab.run<void>(`${SITE} await site.consent({ personalize: 'granted', measure: 'granted' })`)
/** What has arrived, without what differs from visitor to visitor. */
const arrived = (): string[] =>
  site.posted
    .map(({ row: { metric, time, row, held, weights, stratum, ...says } }) => [String(metric).replace('slotwise.', ''), ...Object.entries(says).map(([key, value]) => `${key}=${value}`)].join(' '))
    .sort()
const untroubled = async () => expect(await tab.run('return [...trouble, ...consoleErrors]')).toEqual([])

test('a visitor who agrees reads on, adds, dismisses and comes back to sign up: each is told by one row of its own', async () => {
  await begin()
  await visit('/shoes/1.html')
  await agree()
  await visit('/')
  const first = ['seen experience=shoes arm=shoes', 'shown experience=* arm=*', 'shown experience=shoes arm=shoes']
  await soon(() => expect(arrived()).toEqual(first))
  await visit('/shoes/2.html')
  for (let i = 0; i < 3; i++) await tab.click('#add')
  await tab.run(`${SITE} await site.track('cart_add', { item: 'ana@example.com' }); await site.track('cart_add', { item: 'tent' })`)
  const adds = ['0', '1', '2'].map((bucket) => `count name=adds page=shoes bucket=${bucket} values.item=boots`)
  await soon(() => expect(arrived()).toEqual([...adds, ...first]))

  await visit('/letter.html')
  await soon(async () => expect(await tab.text('aside p')).toBe('Write to us'))
  await tab.click('#no')
  await soon(() => expect(arrived()).toContain('dismiss experience=letter arm=ask'))
  await soon(() => expect(arrived()).toContain('shown experience=letter arm=ask'))
  await visit('/')
  await tab.run(`${SITE} await site.track('signup', { total: '10', who: 'Ana' }); await site.track('signup', { total: 10 })`)
  await soon(() => expect(arrived().filter((row) => /^(goal|value)/.test(row))).toEqual(['goal experience=* arm=*', 'goal experience=shoes arm=shoes', 'value experience=* arm=* value=10', 'value experience=shoes arm=shoes value=10']))
  await new Promise((later) => setTimeout(later, 1000))
  expect(arrived().filter((row) => !row.startsWith('seen experience=letter')).length).toBe(12)
  expect(new Set(site.posted.map(({ row }) => row.row)).size).toBe(site.posted.length)
  expect(site.posted.map(({ body }) => body).join()).not.toMatch(/Ana|example\.com|tent/)
  await untroubled()
})

test('whoever is redirected has begun their trials, and the goal on the other page closes them', async () => {
  await begin()
  await visit('/shoes/1.html')
  await agree()
  // A link on another site leads there: whoever cannot tell how a page was reached needs one.
  const elsewhere: Server = createServer((_, response) => void response.setHeader('content-type', 'text/html').end(`<!doctype html><a id="in" href="${site.url}/away.html">in</a>`))
  await new Promise<void>((done) => elsewhere.listen(0, done))
  try {
    await tab.open(`http://localhost:${(elsewhere.address() as AddressInfo).port}/`)
    await tab.click('#in')
    await soon(async () => expect(await tab.run(`return document.readyState === 'complete' ? location.pathname : ''`)).toBe('/there.html'))
    await tab.run(`${SITE} await site.track('signup')`)
    await soon(() => expect(arrived()).toEqual(['goal experience=* arm=*', 'goal experience=away arm=go', 'shown experience=* arm=*', 'shown experience=away arm=go']))
    await untroubled()
  } finally {
    elsewhere.close()
  }
})

test('two tabs that do the same at once tell of it once', async () => {
  await begin()
  await visit('/shoes/1.html')
  await agree()
  await visit('/')
  await soon(() => expect(arrived().length).toBe(3))
  const other = await played.tab()
  try {
    await other.open(`${site.url}/`)
    await Promise.all([tab, other].map((one) => one.run(`${SITE} await Promise.all([site.track('signup', { total: 100 }), site.track('cart_add', { item: 'boots' })])`)))
    await soon(() => expect(arrived().filter((row) => /^(goal|value)/.test(row)).length).toBe(4))
    await new Promise((later) => setTimeout(later, 1500))
    expect(arrived().filter((row) => /^(goal|value)/.test(row)).length).toBe(4)
    // Twice that day, by whichever tab.
    expect(arrived().filter((row) => row.startsWith('count'))).toEqual([0, 1].map((bucket) => `count name=adds page=home bucket=${bucket} values.item=boots`))
  } finally {
    await other.close()
  }
})

test('before a visitor agrees to be measured, whoever it is, the same pages ask for the same files and nothing else', async () => {
  await begin()
  const logs: string[][] = []
  for (const does of ['', `await site.track('signup', { total: 7 })`, `await Promise.all(Array.from({ length: 12 }, () => site.track('cart_add', { item: 'tents' }))); await site.traits({ plan: 'pro' })`]) {
    await visit('/shoes/1.html')
    await tab.run(`${SITE} await site.forget()`)
    await visit(does ? '/shoes/1.html' : '/letter.html')
    await tab.run(`${SITE} ${does}`)
    const from = played.requests?.length ?? 0
    for (const path of ['/', '/letter.html', '/away.html']) await visit(path)
    await new Promise((later) => setTimeout(later, 600))
    logs.push((played.requests ?? []).slice(from).map((url) => new URL(url).pathname).sort())
    expect(site.posted).toEqual([])
  }
  if (played.requests) expect(logs[0]?.length).toBeGreaterThan(10)
  for (const log of logs) expect(log).toEqual(logs[0])
  await untroubled()
})
