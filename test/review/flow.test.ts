// What is kept and what is sent follows what the visitor allows, in whatever order things happen: the whole page in one.

import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Options, Ruleset, Site } from '../../src/index.js'
import { ALL, heading, KEY, kept, later, metrics, type Network, network, NONE, Observer, ours, RULES, soon, tab } from './page.js'

let net: Network
let sites: Site[]

beforeEach(() => {
  localStorage.clear()
  vi.stubGlobal('indexedDB', new IDBFactory())
  vi.stubGlobal('IntersectionObserver', Observer)
  net = network()
  sites = []
  document.body.innerHTML = '<section data-slot="hero"><h1>Welcome</h1></section>'
})
afterEach(async () => {
  for (const site of sites) site.stop()
  await later()
  vi.unstubAllGlobals()
})

const open = async (ruleset: Options['ruleset'] = RULES, options: Partial<Options> = {}): Promise<Site> => {
  const site = tab(net, ruleset, options)
  sites.push(site)
  await site.ready
  return site
}
/** Leaves for the next page. */
const next = async (from: Site, ruleset: Options['ruleset'] = RULES): Promise<Site> => {
  from.stop()
  await later()
  return open(ruleset)
}
const before = (mode: 'local' | 'memory' | 'off'): Ruleset => ({ ...RULES, consent: { before: mode, revision: 1 } })
const signal = (on: boolean): void => void vi.stubGlobal('navigator', { language: 'en', globalPrivacyControl: on })

test('without a choice a visitor is personalized, and nothing is sent', async () => {
  const site = await open()
  await site.track('signup')
  await later(1200)
  expect(heading()).toBe('Spring')
  expect(net.posted).toEqual([])
  expect((await kept())?.filter((kind) => 'togn'.includes(String(kind)))).toEqual([])
})

test('a visitor who agrees is told of from the next page on', async () => {
  const site = await open()
  await site.consent(ALL)
  await later()
  expect(net.posted).toEqual([])
  await next(site)
  await soon(() => expect(metrics(net)).toEqual(['shown']))
  await later(1200)
  expect(metrics(net)).toEqual(['seen', 'shown'])
})

test.each(['memory', 'off'] as const)('a site that keeps %s before a choice leaves nothing in the browser, and asks nobody for anything', async (mode) => {
  const site = await open(before(mode))
  expect(heading()).toBe(mode === 'memory' ? 'Spring' : 'Welcome')
  await site.track('signup')
  await site.traits({ plan: 'pro' })
  window.dispatchEvent(new Event('pagehide'))
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
  document.dispatchEvent(new Event('visibilitychange'))
  await later(1200)
  await site.forget()
  const again = await next(site, before(mode))
  await again.track('signup')
  await later()
  expect(await kept()).toBeUndefined()
  expect(ours()).toEqual([])
  expect(net.posted).toEqual([])
})

test('what a page has kept in memory is promoted by a yes, and a no leaves but the answer', async () => {
  const site = await open(before('memory'))
  await site.track('signup')
  await site.consent(ALL)
  expect(await kept()).toContain('e')
  await site.consent(NONE)
  expect(await kept()).toEqual([])
  expect(ours()).toEqual([KEY])
  await site.track('signup')
  await later()
  expect(await kept()).toEqual([])
})

test('a site that keeps nothing before a choice begins with a yes, in the midst of a page that stays as it is', async () => {
  const site = await open(before('off'))
  await site.consent(ALL)
  expect(await kept()).toContain('e')
  expect(heading()).toBe('Welcome')
  await next(site, before('off'))
  expect(heading()).toBe('Spring')
})

test('a visitor who takes back the permission to measure has nothing left to be told', async () => {
  const site = await open()
  await site.consent(ALL)
  net.answer = () => new Promise(() => {})
  const two = await next(site)
  await soon(() => expect(net.posted.length).toBe(1))
  await two.consent({ measure: 'denied' })
  expect((await kept())?.filter((kind) => 'togn'.includes(String(kind)))).toEqual([])
  await two.track('signup')
  await later(1200)
  expect(net.posted.length).toBe(1)
  expect(heading()).toBe('Spring')
})

test('a signal that is switched on later stops sending before the page has heard of it, and erases when the page is shown', async () => {
  const site = await open()
  await site.consent(ALL)
  await next(site)
  signal(true)
  await later(1200)
  expect(net.posted).toEqual([])
  document.dispatchEvent(new Event('visibilitychange'))
  await soon(async () => expect(await kept()).toEqual([]))
  expect(heading()).toBe('Welcome')
})

test('a no in another tab is obeyed here: what is kept goes, and the page’s own content comes back', async () => {
  const site = await open()
  await site.consent(ALL)
  localStorage.setItem(KEY, JSON.stringify({ v: 1, ...NONE, at: Date.now(), revision: 1, signal: false }))
  window.dispatchEvent(Object.assign(new Event('storage'), { key: KEY }))
  await soon(async () => expect(await kept()).toEqual([]))
  expect(heading()).toBe('Welcome')
})

test('a visitor who is forgotten is asked anew, and nothing of before is told', async () => {
  const site = await open()
  await site.consent(ALL)
  net.answer = () => Promise.reject(new TypeError('down'))
  const two = await next(site)
  await soon(() => expect(net.posted.length).toBeGreaterThan(0))
  await two.forget()
  const sofar = net.posted.length
  net.answer = network().answer
  expect(ours()).toEqual([])
  expect(two.consent().by).toBe('nobody')
  await later(100)
  expect((await kept())?.filter((kind) => 'togn'.includes(String(kind)))).toEqual([])
  expect(net.posted.length).toBe(sofar)
})

// ------------------------------------------------------------------------------------------------ found by review

test('a page that is stopped sends nothing more, whatever it had in its hands', async () => {
  const site = await open()
  await site.consent(ALL)
  const two = await next(site)
  two.stop()
  await later(1200)
  expect(net.posted).toEqual([])
})

test('an answer that is given to a stopped page is kept, and starts nothing', async () => {
  const site = await open(before('off'))
  site.stop()
  await site.consent(ALL)
  await later()
  expect(JSON.parse(localStorage.getItem(KEY) ?? '{}')).toMatchObject(ALL)
  expect(await kept()).toBeUndefined()
})

test('a visitor who says no, yes and no in one breath is held to the last', async () => {
  const site = await open()
  await site.consent(ALL)
  const two = await next(site)
  await Promise.all([two.consent(NONE), two.consent(ALL), two.consent(NONE)])
  expect(two.consent()).toMatchObject(NONE)
  await later(1200)
  expect(await kept()).toEqual([])
  expect(net.posted).toEqual([])
})

test('a no on a page whose ruleset did not come holds on the next page', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const site = await open()
  await site.consent(ALL)
  site.stop()
  await later()
  const broken = await open(async () => Promise.reject(new Error('HTTP 404')))
  await broken.consent({ personalize: 'denied' })
  const two = await next(broken)
  expect(two.consent()).toMatchObject({ personalize: 'denied' })
})

test('a no to measuring on a page whose ruleset did not come leaves the yes to personalization', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const site = await open()
  await site.consent(ALL)
  site.stop()
  await later()
  const broken = await open(async () => Promise.reject(new Error('HTTP 404')))
  await broken.consent({ measure: 'denied' })
  const two = await next(broken)
  expect(two.consent()).toMatchObject({ personalize: 'granted', measure: 'denied' })
})

test('permission to measure that is taken back while the ruleset names no collector empties what waited for one', async () => {
  const site = await open()
  await site.consent(ALL)
  net.answer = () => Promise.reject(new TypeError('down'))
  const two = await next(site)
  await soon(() => expect(net.posted.length).toBeGreaterThan(0))
  const { sync: _, ...silent } = RULES
  const three = await next(two, silent)
  await three.consent({ measure: 'denied' })
  expect((await kept())?.filter((kind) => 'togn'.includes(String(kind)))).toEqual([])
})
