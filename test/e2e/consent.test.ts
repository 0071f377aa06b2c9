// A site that keeps nothing before a choice, and a page whose way back to the choice is a link.

import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest'
import { type Collector, collectorBefore } from './collector.js'
import { startSite } from './site.js'
import { type Tab, type Visitor, visitor } from './visitor.js'

const soon = <T>(check: () => Promise<T> | T, timeout = 8000): Promise<T> => vi.waitFor(check, { timeout, interval: 50 })
const SITE = `let site; while (!(site = window.slotwise?.track && window.slotwise)) await new Promise((next) => setTimeout(next, 10)); await site.ready;`

const RULESET = {
  version: 1,
  goals: { signup: { event: 'signup' } },
  slots: { note: { experiences: [{ name: 'note', show: 'basket', goal: 'signup' }], variants: { basket: { text: { p: 'Your boots are waiting' } } } } },
  consent: { before: 'memory', revision: 1, controller: 'Example Ltda', policy: '/shoes/1.html' },
  sync: { endpoint: '/collect/v1/logs' },
}
const CONTROL = `<!doctype html><html lang="en"><head><title>Link</title><link rel="icon" href="/icon.svg"><script src="/watch.js"></script><script src="/slotwise.js" data-ruleset="/slotwise.json" async></script></head>
<body><aside data-slot="note"><p>Nothing in your basket</p></aside><a id="privacy" href="/shoes/1.html" data-slotwise-consent>Privacy</a></body></html>`

let played: Visitor
let site: Collector
let tab: Tab

beforeAll(async () => {
  played = await visitor(inject('engine'))
})
afterAll(() => played?.leave())
afterEach(async () => {
  await tab.close()
  await site.close()
})

const begin = async (): Promise<void> => {
  site = await collectorBefore(await startSite('script tag', { 'slotwise.json': JSON.stringify(RULESET), 'link.html': CONTROL, 'hurry.js': 'Math.random = () => 0.02' }))
  tab = await played.tab()
}
const visit = async (path: string): Promise<void> => {
  await tab.open(site.url + path)
  await soon(async () => expect(await tab.run(`${SITE} return document.querySelector('[data-slot=note][data-slot-state]') !== null`)).toBe(true))
}

test('B01: where nothing may be kept before a choice, a whole visit leaves nothing in the browser, and the slots are shown all the same', async () => {
  await begin()
  for (const path of ['/', '/shoes/1.html', '/']) {
    await visit(path)
    await tab.run(`${SITE} void site.track('signup'); await site.traits({ plan: 'pro' })`)
    await new Promise((later) => setTimeout(later, 1300))
  }
  expect(await tab.text('[data-slot=note] p')).toBe('Your boots are waiting')
  expect(await tab.run('return [Object.keys(localStorage), Object.keys(sessionStorage), document.cookie, ((await indexedDB.databases?.()) ?? []).map(({ name }) => name), (await globalThis.caches?.keys()) ?? []]')).toEqual([[], [], '', [], []])
  expect(site.posted).toEqual([])
  // What this page knows is promoted by a yes, and told of from the next page on.
  await tab.run(`${SITE} await site.consent({ personalize: 'granted', measure: 'granted' })`)
  await visit('/shoes/1.html')
  await soon(() => expect(site.posted.map(({ row }) => row.metric)).toContain('slotwise.shown'))
  expect(await tab.run('return [...trouble, ...consoleErrors]')).toEqual([])
})

test('a link that leads to the choice opens it, and not the page it would lead to without a script', async () => {
  await begin()
  await visit('/link.html')
  await tab.run(`${SITE} await site.consent({ personalize: 'granted', measure: 'granted' })`)
  await visit('/link.html')
  await tab.click('#privacy')
  await soon(async () => expect(await tab.run('return [location.pathname, document.querySelector("[data-slotwise-banner] button") !== null]')).toEqual(['/link.html', true]))
  expect(await tab.run('return trouble')).toEqual([])
})
