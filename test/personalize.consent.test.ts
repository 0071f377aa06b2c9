// What a visitor allows, and what the whole flow does then: reads as the story of a visitor, with a store in memory.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Choice, type Consent, type ConsentRules, memoryStore, type Options, personalize, type Ruleset, type Site, type Store } from '../src/index.js'

const ALL: Choice = { personalize: 'granted', measure: 'granted' }
const NONE: Choice = { personalize: 'denied', measure: 'denied' }

const rules = (consent: ConsentRules = {}): Ruleset => ({
  version: 1,
  segments: { looked: { event: 'look' }, always: { not: { event: 'never' } } },
  goals: { signup: { event: 'signup' } },
  holdout: 0.5,
  slots: {
    hero: {
      experiences: [{ name: 'looked', when: 'looked', show: 'looked' }],
      variants: { looked: { text: { h1: 'You have looked' } } },
    },
    test: { experiences: [{ name: 'test', split: { version: 2, weights: { default: 1, b: 3 } }, goal: 'signup' }], variants: { b: { text: { h1: 'B' } } } },
  },
  consent,
  sync: { endpoint: '/collect' },
})

let clock: number
let sites: Site[]
let storage: Store
let posts: string[]

beforeEach(() => {
  localStorage.clear()
  clock = Date.UTC(2026, 0, 1)
  sites = []
  posts = []
  storage = memoryStore()
  document.body.innerHTML = '<section data-slot="hero"><h1>Welcome</h1></section><section data-slot="test"><h1>A</h1></section>'
})
afterEach(() => {
  for (const site of sites) site.stop()
  vi.restoreAllMocks()
})

const start = (consent?: ConsentRules, options: Partial<Options> = {}): Site => {
  const site = personalize({
    ruleset: rules(consent),
    storage,
    now: () => clock,
    random: () => 0,
    fetch: async (url) => {
      posts.push(String(url))
      return new Response('{}', { headers: { 'content-type': 'application/json' } })
    },
    ...options,
  })
  sites.push(site)
  return site
}
const page = async (consent?: ConsentRules): Promise<Site> => {
  for (const site of sites.splice(0)) site.stop()
  await storage.transact('readonly', async () => {})
  clock += 1000
  const site = start(consent)
  await site.ready
  return site
}
const kept = async (): Promise<unknown[]> => (await storage.transact('readonly', (rows) => rows.all([]))).map(([[kind]]) => kind)
/** Written at once, and not in two seconds. */
const happen = async (site: Site, type: string): Promise<void> => void (await Promise.all([site.track(type), site.traits({})]))
const title = (slot = 'hero'): string => document.querySelector(`[data-slot=${slot}] h1`)?.textContent ?? ''
const said = ({ personalize, measure, by }: Consent) => [personalize, measure, by]

test('before a choice, a site that works locally remembers, and measures nobody', async () => {
  const site = await page()
  expect(said(site.consent())).toEqual(['unset', 'unset', 'nobody'])
  await happen(site, 'look')
  expect(site.segments()).toEqual(['looked', 'always'])
  // Nobody is held out, and the larger arm is shown.
  expect(site.decide('test')).toMatchObject({ variant: 'b', reason: 'unmeasured', measured: false })
  await page()
  expect(title()).toBe('You have looked')
})

test('before a choice, a site that keeps to memory knows this page, and nothing on the next', async () => {
  const site = await page({ before: 'memory' })
  await happen(site, 'look')
  await site.traits({ plan: 'pro' })
  expect(site.segments()).toEqual(['looked', 'always'])
  expect(await kept()).toEqual([])
  const next = await page({ before: 'memory' })
  expect(next.segments()).toEqual(['always'])
  expect(await kept()).toEqual([])
  expect(Object.keys(localStorage)).toEqual([])
})

test('what a page has held in memory is kept once the visitor agrees, page view and traits with it', async () => {
  const site = await page({ before: 'memory' })
  await happen(site, 'look')
  await site.traits({ plan: 'pro' })
  await site.consent({ personalize: 'granted', measure: 'denied' })
  expect(await kept()).toContain('e')
  let profile: { visits: number; events: number; traits: object } | undefined
  const next = await page({ before: 'memory' })
  next.on('profile', (value) => {
    profile = value
  })
  expect(profile).toMatchObject({ visits: 1, traits: { plan: 'pro' } })
  expect(title()).toBe('You have looked')
})

test('before a choice, a site that keeps nothing shows its own content, reveals every slot, and begins when the visitor agrees', async () => {
  const site = await page({ before: 'off' })
  await happen(site, 'look')
  expect(site.segments()).toEqual([])
  expect(site.decide('hero')).toMatchObject({ variant: 'default', reason: 'no-consent' })
  expect([...document.querySelectorAll('[data-slot]')].map((slot) => slot.getAttribute('data-slot-state'))).toEqual(['default', 'default'])
  const types: string[] = []
  site.on('event', ({ type }) => types.push(type))
  await site.consent({ personalize: 'granted' })
  expect(types).toEqual(['visit', 'page_view'])
  // What is shown holds for the page view.
  expect(site.decide('hero').reason).toBe('no-consent')
  await happen(site, 'look')
  await page({ before: 'off' })
  expect(title()).toBe('You have looked')
})

test('a visitor who says no is forgotten at once, sees the defaults, and stays forgotten', async () => {
  await happen(await page(), 'look')
  const site = await page()
  expect(title()).toBe('You have looked')
  const done = site.consent(NONE)
  await done
  expect(title()).toBe('Welcome')
  expect(await kept()).toEqual([])
  await happen(site, 'look')
  await site.traits({ plan: 'pro' })
  expect(site.segments()).toEqual([])
  expect(await kept()).toEqual([])
  expect(Object.keys(localStorage)).toEqual(['slotwise:consent'])
  const next = await page()
  expect(next.segments()).toEqual([])
  expect(await kept()).toEqual([])
})

test('a visitor who changes their mind begins anew', async () => {
  const site = await page()
  await happen(site, 'look')
  await site.consent(NONE)
  await site.consent({ personalize: 'granted' })
  expect(site.segments()).toEqual(['always'])
  await happen(site, 'look')
  expect(site.segments()).toEqual(['looked', 'always'])
  await page()
  expect(title()).toBe('You have looked')
})

test('an answer that comes before anything is known is heard first', async () => {
  const site = start({ before: 'off' })
  const answered = site.consent(ALL)
  await Promise.all([site.ready, answered])
  expect(said(site.consent())).toEqual(['granted', 'granted', 'visitor'])
  await happen(site, 'look')
  expect(site.segments()).toEqual(['looked', 'always'])
  expect(site.decide('test').measured).toBe(true)
})

test('a no that comes before anything is known leaves nothing of earlier pages', async () => {
  await happen(await page(), 'look')
  for (const one of sites.splice(0)) one.stop()
  const site = start()
  await site.consent(NONE)
  expect(await kept()).toEqual([])
  expect(site.segments()).toEqual([])
})

test('a no is written down at once, whether or not it is known by then what is asked', async () => {
  const site = start(undefined, { ruleset: () => new Promise(() => {}) })
  const heard: unknown[] = []
  site.on('consent', (consent) => heard.push(said(consent)))
  void site.consent(NONE)
  expect(JSON.parse(localStorage.getItem('slotwise:consent') ?? '')).toMatchObject(NONE)
  // Nobody is told what holds before that is known.
  expect(heard).toEqual([])
  site.stop()
  expect((await page()).consent().by).toBe('visitor')
})

test.each([
  ['before a choice', undefined],
  ['after a no', NONE],
] as const)('%s a site that may keep nothing writes nothing, not even for a moment', async (_, choice) => {
  const first = await page({ before: 'memory' })
  if (choice) await first.consent(choice)
  const written: string[] = []
  const real = localStorage
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => real.getItem(key),
    removeItem: (key: string) => real.removeItem(key),
    setItem: (key: string) => void written.push(key),
  })
  const site = await page({ before: 'memory' })
  await happen(site, 'look')
  await new Promise((later) => setTimeout(later, 20))
  expect(written).toEqual([])
  vi.unstubAllGlobals()
})

test('where a permission has lapsed, a site that may keep nothing by itself keeps nothing any longer', async () => {
  const site = await page({ before: 'memory', revision: 1 })
  await site.consent({ personalize: 'granted' })
  await happen(site, 'look')
  expect(await kept()).not.toEqual([])
  const next = await page({ before: 'memory', revision: 2 })
  expect(next.consent().by).toBe('nobody')
  expect(next.segments()).toEqual(['always'])
  await vi.waitFor(async () => expect(await kept()).toEqual([]))
})

test('where the ruleset cannot be had, a no still erases what is kept', async () => {
  await happen(await page(), 'look')
  for (const one of sites.splice(0)) one.stop()
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const site = start(undefined, { ruleset: () => Promise.reject(new Error('gone')) })
  await site.consent(NONE)
  expect(await kept()).toEqual([])
  expect(JSON.parse(localStorage.getItem('slotwise:consent') ?? '')).toMatchObject(NONE)
})

test('who agrees to be measured is drawn, and held out where the draw says so, from the next page view on', async () => {
  const site = await page()
  await site.consent(ALL)
  expect(site.decide('test').reason).toBe('unmeasured')
  const next = await page()
  const { measured, reason, weights, arm } = next.decide('test')
  expect([measured, weights]).toEqual([true, 2])
  expect(['split', 'held']).toContain(reason)
  expect(['default', 'b']).toContain(arm)
})

test('forgotten, a visitor is asked again, and the mode before a choice holds', async () => {
  const site = await page({ before: 'memory' })
  await site.consent(ALL)
  await happen(site, 'look')
  const heard: unknown[] = []
  site.on('consent', (consent) => heard.push(said(consent)))
  await site.forget()
  expect(heard.at(-1)).toEqual(['unset', 'unset', 'nobody'])
  expect(await kept()).toEqual([])
  await happen(site, 'look')
  expect(await kept()).toEqual([])
  expect(Object.keys(localStorage)).toEqual([])
})

test('listeners hear what holds once the ruleset is known, and each change once', async () => {
  const site = start({ controller: 'Example Ltda', policy: '/privacy' })
  const heard: unknown[] = []
  site.on('consent', (consent) => heard.push(said(consent)))
  await site.ready
  await site.consent(ALL)
  await site.consent(ALL)
  await site.consent({ measure: 'denied' })
  expect(heard).toEqual([
    ['unset', 'unset', 'nobody'],
    ['granted', 'granted', 'visitor'],
    ['granted', 'denied', 'visitor'],
  ])
  expect(site.consent().notice).toEqual({ asks: true, sends: true, controller: 'Example Ltda', policy: '/privacy' })
})

test('a wrong answer is ignored with one diagnostic, and rejects nothing', async () => {
  const site = await page()
  const codes: string[] = []
  site.on('diagnostic', ({ code }) => codes.push(code))
  await site.consent({ personalize: true } as unknown as Choice)
  expect(codes).toEqual(['consent'])
  expect(site.consent().by).toBe('nobody')
})

test('nobody but Slotwise says that a slot was reached', async () => {
  const site = await page()
  const messages: string[] = []
  site.on('diagnostic', ({ message }) => messages.push(message))
  await site.track('exposure', { experience: 'test', trial: { arm: 'b', epoch: 1 } })
  expect(messages).toEqual([expect.stringContaining('recorded by itself')])
})

test('without consent, or an address, nothing is ever posted', async () => {
  const site = await page()
  await happen(site, 'signup')
  await site.consent({ personalize: 'granted', measure: 'denied' })
  await happen(site, 'signup')
  const { sync: _, ...local } = rules()
  for (const one of sites.splice(0)) one.stop()
  const quiet = start(undefined, { ruleset: local })
  await quiet.ready
  await quiet.consent(ALL)
  await happen(quiet, 'signup')
  await new Promise((later) => setTimeout(later, 50))
  expect(posts).toEqual([])
  expect((await kept()).filter((kind) => 'otgn'.includes(String(kind)))).toEqual([])
})
