// Experiences in the whole flow: what is shown, closed and counted on one page decides what the next pages show.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Experience, memoryStore, personalize, type Ruleset, type Site, type Store } from '../src/index.js'
import { Observer } from './support/page.js'

const HOUR = 3_600_000

let clock: number
let storage: Store
let site: Site
let events: string[]

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
  vi.stubGlobal('IntersectionObserver', Observer)
  clock = Date.UTC(2026, 0, 1)
  storage = memoryStore()
})
afterEach(() => {
  site.stop()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const SLOT = '<section data-slot="hero"><template data-variant="offer"><h1>Offer</h1><button data-slotwise-dismiss>Close</button></template><template data-variant="other"><h1>Other</h1></template><h1>Welcome</h1></section>'

const rules = (experience: Partial<Experience>, rest: Partial<Ruleset> = {}): Ruleset =>
  ({ version: 1, ...rest, slots: { hero: { experiences: [{ name: 'offer', show: 'offer', ...experience }] } } }) as Ruleset

/** Opens the next page, and lets its slots be met. */
const open = async (ruleset: Ruleset, later = 1000): Promise<void> => {
  site?.stop()
  await storage.transact('readonly', async () => {})
  clock += later
  document.body.innerHTML = SLOT
  site = personalize({ ruleset, storage, now: () => clock })
  events = []
  site.on('event', ({ type }) => events.push(type))
  await site.ready
  await vi.advanceTimersByTimeAsync(1)
}
const title = (): string => document.querySelector('[data-slot=hero] h1')?.textContent ?? ''
const close = (): void => (document.querySelector('[data-slotwise-dismiss]') as HTMLElement).click()

test('a capped offer is shown so often, and stays for the page view that reaches the cap', async () => {
  const ruleset = rules({ cap: { times: 2 } })
  for (const page of [1, 2]) {
    await open(ruleset)
    expect(title(), `page ${page}`).toBe('Offer')
    expect(events).toContain('exposure')
    // Another element of the same slot, and code that asks, get the same in this page view.
    document.body.insertAdjacentHTML('beforeend', SLOT)
    await new Promise((next) => setImmediate(next))
    expect([...document.querySelectorAll('h1')].map(({ textContent }) => textContent)).toEqual(['Offer', 'Offer'])
    expect(site.decide('hero').variant).toBe('offer')
  }
  await open(ruleset)
  expect(title()).toBe('Welcome')
  await open(ruleset, 100 * 24 * HOUR)
  expect(title()).toBe('Welcome')
})

test('a cap for ever outlives the events that it counts', async () => {
  const ruleset = rules({ cap: { times: 1 } }, { retention: { events: '1d', count: 5 } })
  await open(ruleset)
  expect(title()).toBe('Offer')
  const logged = async () => JSON.stringify(await storage.transact('readonly', (transaction) => transaction.all(['e'])))
  await vi.advanceTimersByTimeAsync(3000)
  expect(await logged()).toContain('"exposure"')
  for (let page = 0; page < 30; page++) {
    await open(ruleset, 25 * HOUR)
    expect(title()).toBe('Welcome')
    for (let i = 0; i < 25; i++) void site.track('tick')
    await vi.advanceTimersByTimeAsync(3000)
  }
  expect(await logged()).not.toContain('"exposure"')
  await open(ruleset, HOUR)
  expect(title()).toBe('Welcome')
})

test('what is closed is gone at once, and stays away for its cooldown, longer each time', async () => {
  const ruleset = rules({ cooldown: { for: '1h', grow: 3 } })
  await open(ruleset)
  const heard: unknown[] = []
  site.on('event', (event) => event.type === 'dismiss' && heard.push(event.props))
  close()
  expect(title()).toBe('Welcome')
  expect(site.decide('hero')).toMatchObject({ variant: 'default', reason: 'dismissed', experience: null, because: 'The visitor has dismissed "offer".' })
  expect(heard).toEqual([{ slot: 'hero', experience: 'offer', variant: 'offer' }])
  expect(document.querySelector('[data-slot]')?.getAttribute('data-slot-state')).toBe('default')

  await open(ruleset, HOUR - 2)
  expect(title()).toBe('Welcome')
  await open(ruleset, 2)
  expect(title()).toBe('Offer')
  close()
  await open(ruleset, 3 * HOUR - 1)
  expect(title()).toBe('Welcome')
  await open(ruleset, 1)
  expect(title()).toBe('Offer')
})

test('nobody but the visitor dismisses: the name is taken', async () => {
  await open(rules({ cooldown: { for: '1h' } }))
  const reports: string[] = []
  site.on('diagnostic', ({ message }) => reports.push(message))
  await site.track('dismiss', { experience: 'offer' })
  expect(events).not.toContain('dismiss')
  expect(reports).toEqual([expect.stringContaining('"dismiss" is recorded by itself')])
})

test('what waits for an event is shown when it is recorded, once, and in the next page view not before it happens again', async () => {
  const ruleset = {
    version: 1,
    slots: { hero: { experiences: [{ name: 'help', show: 'other', on: { event: 'search' } }, { name: 'offer', show: 'offer' }] } },
  } as Ruleset
  await open(ruleset)
  expect(title()).toBe('Offer')
  const decisions: (string | null)[] = []
  site.on('decision', ({ experience }) => decisions.push(experience))
  void site.track('look')
  expect(title()).toBe('Offer')
  void site.track('search')
  expect(title()).toBe('Other')
  void site.track('search')
  expect(decisions).toEqual(['offer', 'help'])
  await open(ruleset)
  expect(title()).toBe('Offer')
})

test('who has closed the offer is not met by what has waited', async () => {
  const ruleset = {
    version: 1,
    slots: { hero: { experiences: [{ name: 'help', show: 'other', on: { event: 'dismiss' } }, { name: 'offer', show: 'offer', cooldown: { for: '1h' } }] } },
  } as Ruleset
  await open(ruleset)
  close()
  expect(title()).toBe('Welcome')
  expect(site.decide('hero').reason).toBe('dismissed')
})

test('a forgotten visitor sees the page as on the first day: what had happened in it has not', async () => {
  await open(rules({ on: { event: 'search' } }))
  void site.track('search')
  expect(title()).toBe('Offer')
  await site.forget()
  expect(title()).toBe('Welcome')
  void site.track('search')
  expect(title()).toBe('Offer')
})

test('a page view that waits for its own page_view event shows the offer at once', async () => {
  await open(rules({ on: { event: 'page_view' } }))
  expect(title()).toBe('Offer')
  expect(site.decide('hero').experience).toBe('offer')
})
