// What is kept and what is sent follows what the visitor allows, in whatever order things happen: the whole page in one.

import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { memoryStore, type Options, type Ruleset, type Site, type Store } from '../src/index.js'
import { ALL, heading, KEY, kept, later, metrics, type Network, network, NONE, Observer, ours, RULES, soon, tab } from './support/page.js'

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
  expect(net.signals.map((signal) => signal?.aborted)).toEqual([true])
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

// ------------------------------------------------------------------------------------------------ in whatever order

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
  expect(await kept()).toEqual([])
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

test('what could not be emptied when measuring was taken back, as the store had failed, is emptied before anything is sent again', async () => {
  const store = memoryStore()
  let fails = false
  const storage: Store = { ...store, transact: (mode, work) => (fails ? Promise.reject(new DOMException('', 'UnknownError')) : store.transact(mode, work)) }
  const site = await open(RULES, { storage })
  await site.consent(ALL)
  site.stop()
  await later()
  net.answer = () => Promise.reject(new TypeError('down'))
  const two = await open(RULES, { storage })
  await soon(() => expect(net.posted.length).toBeGreaterThan(0))
  fails = true
  await two.consent({ measure: 'denied' })
  await two.consent({ measure: 'granted' })
  fails = false
  net.posted.length = 0
  net.answer = network().answer
  document.dispatchEvent(new Event('visibilitychange'))
  await later(200)
  expect(net.posted).toEqual([])
  expect(await store.transact('readonly', (rows) => rows.all(['o']))).toEqual([])
})

test('two tabs that reach the same slot at once tell of it once', async () => {
  const site = await open()
  await site.consent(ALL)
  site.stop()
  await later()
  net.answer = () => new Promise(() => {})
  await Promise.all([open(), open()])
  await later(1300)
  expect(metrics(net)).toEqual(['seen', 'shown'])
})

test('permission that is taken back while what sends is being fetched is obeyed', async () => {
  const site = await open()
  await site.consent(ALL)
  site.stop()
  await later()
  const two = tab(net)
  sites.push(two)
  await two.ready
  await two.consent({ measure: 'denied' })
  await later(1200)
  expect(net.posted).toEqual([])
  expect((await kept())?.filter((kind) => 'togn'.includes(String(kind)))).toEqual([])
})

test('a storage that another tab has cleared is an answer taken back: the visitor is asked anew', async () => {
  const site = await open()
  await site.consent(ALL)
  const heard: string[] = []
  site.on('consent', ({ by }) => heard.push(by))
  localStorage.clear()
  window.dispatchEvent(Object.assign(new Event('storage'), { key: null }))
  expect(heard).toEqual(['visitor', 'nobody'])
})

test('a visitor who does not allow a profile has no events that anybody hears of, and no segments', async () => {
  const site = await open({ ...before('off'), segments: { all: { not: { event: 'never' } } } })
  const heard: unknown[] = []
  site.on('event', (event) => heard.push(event))
  await site.track('signup')
  expect(heard).toEqual([])
  expect(site.segments()).toEqual([])
  expect(site.decide('hero').reason).toBe('no-consent')
})

test('nobody is held out, and no arm drawn, who is not measured; who is, draws and is held', async () => {
  const rules: Ruleset = {
    ...RULES,
    holdout: 1,
    slots: { hero: { ...RULES.slots.hero, experiences: [{ name: 'hero', split: { version: 2, weights: { default: 1, spring: 1.5 } }, goal: 'signup' }] } },
  }
  const site = await open(rules)
  expect(site.decide('hero')).toMatchObject({ reason: 'unmeasured', variant: 'spring', held: false, measured: false })
  await site.consent(ALL)
  expect(heading()).toBe('Spring')
  const two = await next(site, rules)
  expect(two.decide('hero')).toMatchObject({ reason: 'held', variant: 'default', held: true, measured: true })
  await soon(() => expect(net.posted.length).toBeGreaterThan(0))
  expect(net.posted[0]).toContain('{"key":"slotwise.held","value":{"boolValue":true}}')
})

test('a page that comes back from the back-forward cache hears what was said meanwhile, and goes on', async () => {
  const site = await open()
  await site.consent(ALL)
  const two = await next(site)
  const heard: string[] = []
  two.on('consent', ({ by }) => heard.push(by))
  window.dispatchEvent(new Event('pagehide'))
  void two.track('signup')
  await later()
  expect(metrics(net)).not.toContain('goal')
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
  await soon(() => expect(metrics(net)).toContain('goal'))
  signal(true)
  document.dispatchEvent(new Event('visibilitychange'))
  expect(heard).toEqual(['visitor', 'signal'])
})

test('what waits is sent by the next page, though nothing happens there', async () => {
  const site = await open()
  await site.consent(ALL)
  site.stop()
  await later()
  const two = await open(RULES, { random: () => 0.9 })
  await later(100)
  expect(net.posted).toEqual([])
  document.body.innerHTML = '<p>No slot here</p>'
  await next(two)
  await soon(() => expect(metrics(net)).toContain('shown'))
})

test('a no that is said before the ruleset has come is heard first, and leaves nothing of before', async () => {
  const site = await open()
  await site.track('signup')
  await site.consent(ALL)
  site.stop()
  await later()
  let come: (rules: Ruleset) => void = () => {}
  const two = tab(net, () => new Promise((done) => (come = done)))
  sites.push(two)
  const said = two.consent(NONE)
  come(RULES)
  await said
  expect(await kept()).toEqual([])
  expect(heading()).toBe('Welcome')
  await later(1200)
  expect(net.posted).toEqual([])
})

test('a page that is left sends at once what it had meant to send soon', async () => {
  const site = await open()
  await site.consent(ALL)
  site.stop()
  await later()
  await open(RULES, { random: () => 0.9 })
  await later(1300)
  expect(net.posted).toEqual([])
  window.dispatchEvent(new Event('pagehide'))
  expect(metrics(net)).toEqual(['seen', 'shown'])
})

test('a no to what is asked anew takes what an earlier yes had left, where nothing is kept before a choice', async () => {
  const site = await open(before('off'))
  await site.consent(ALL)
  const two = await next(site, { ...RULES, consent: { before: 'off', revision: 2 } })
  expect(two.consent().by).toBe('nobody')
  await two.consent(NONE)
  expect(await kept()).toEqual([])
})
