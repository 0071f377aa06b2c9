// The whole flow in a document, with a store in memory, a fixed clock and no network: reads as the story of a visitor.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { memoryStore, type Options, personalize, type Ruleset, type Site, type Stages, type Store } from '../src/index.js'

const ruleset: Ruleset = {
  version: 1,
  pages: { shoes: '/shoes/*' },
  segments: {
    returning: { event: 'visit', count: { $gte: 2 } },
    'shoe-lover': { event: 'look', where: { category: 'shoes' }, within: '7d', count: { $gte: 3 } },
    pro: { trait: { plan: 'pro' } },
  },
  slots: {
    hero: {
      experiences: [
        { name: 'pros', when: 'pro', show: 'pro' },
        { name: 'shoes', when: 'shoe-lover', show: 'shoes' },
        { name: 'again', when: 'returning', show: 'returning' },
      ],
      variants: { returning: { text: { h1: 'Welcome back' } } },
    },
  },
}

let clock: number
let sites: Site[]

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  clock = Date.UTC(2026, 0, 1)
  sites = []
  document.body.innerHTML = `<section data-slot="hero">
    <template data-variant="shoes"><h1>Boots are back</h1></template><template data-variant="pro"><h1>For pros</h1></template><h1>Welcome</h1></section>`
})
afterEach(() => {
  for (const site of sites) site.stop()
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const start = (options: Partial<Options> = {}): Site => {
  const site = personalize({ ruleset, storage: memoryStore(), now: () => clock, ...options })
  sites.push(site)
  return site
}
const title = (): string => document.querySelector('[data-slot=hero] h1')?.textContent ?? ''

/** Leaves the page and comes back to it, later. */
const nextPage = async (site: Site, storage: Store, later = 1000): Promise<Site> => {
  site.stop()
  await storage.transact('readonly', async () => {})
  clock += later
  const next = start({ storage })
  await next.ready
  return next
}

test('a visitor who looks at shoes three times sees shoes on the next page, and not before', async () => {
  const storage = memoryStore()
  const site = start({ storage })
  await site.ready
  for (let i = 0; i < 3; i++) void site.track('look', { category: 'shoes' })
  expect(site.segments()).toEqual(['shoe-lover'])
  expect(title()).toBe('Welcome')
  expect(site.decide('hero')).toMatchObject({ variant: 'default', reason: 'no-match' })

  const next = await nextPage(site, storage)
  expect(title()).toBe('Boots are back')
  expect(next.decide('hero')).toMatchObject({ variant: 'shoes', experience: 'shoes', because: '"shoes" shows "shoes": "shoe-lover" holds.' })
})

test('a second visit is noticed, and its variant can come from the ruleset', async () => {
  const storage = memoryStore()
  const site = start({ storage })
  await site.ready
  expect(title()).toBe('Welcome')
  const next = await nextPage(site, storage, 31 * 60_000)
  expect(next.segments()).toEqual(['returning'])
  expect(title()).toBe('Welcome back')
})

test('what the site knows before the first decision counts in it', async () => {
  const site = start()
  void site.traits({ plan: 'pro' })
  await site.ready
  expect(title()).toBe('For pros')
  await site.traits(null)
  expect(site.segments()).toEqual([])
})

test('a segment is left on time, with no event', async () => {
  const site = start()
  await site.ready
  for (let i = 0; i < 3; i++) void site.track('look', { category: 'shoes' })
  const heard: string[][] = []
  site.on('segments', (names) => heard.push(names))
  clock += 7 * 86_400_000
  vi.advanceTimersByTime(7 * 86_400_000)
  expect(heard).toEqual([['shoe-lover'], []])
})

test('every stage can be listened to, in the order of the flow', async () => {
  const site = start()
  const heard: string[] = []
  for (const stage of ['event', 'profile', 'segments', 'decision', 'health', 'diagnostic'] satisfies (keyof Stages)[]) site.on(stage, () => heard.push(stage))
  await site.ready
  const first = (stage: string): number => heard.indexOf(stage)
  expect(first('event')).toBeGreaterThanOrEqual(0)
  expect(first('profile')).toBeGreaterThan(first('event'))
  expect(first('segments')).toBeGreaterThan(first('profile'))
  expect(first('decision')).toBeGreaterThan(first('segments'))
  expect(heard).toContain('health')
  expect(heard).not.toContain('diagnostic')
})

test('forgotten, the visitor sees the default at once, and nothing is left', async () => {
  const storage = memoryStore()
  const site = start({ storage })
  void site.traits({ plan: 'pro' })
  await site.ready
  expect(title()).toBe('For pros')
  const done = site.forget()
  expect(title()).toBe('Welcome')
  await done
  expect(await storage.transact('readonly', (rows) => rows.all([]))).toEqual([])
})

test('stopped, the page is as it was, and nothing is heard any more', async () => {
  const html = document.body.innerHTML
  const site = start()
  void site.traits({ plan: 'pro' })
  await site.ready
  const heard: unknown[] = []
  site.on('event', (event) => heard.push(event))
  heard.length = 0
  site.stop()
  site.stop()
  expect(document.body.innerHTML).toBe(html)
  await site.track('look')
  document.body.click()
  expect(heard).toEqual([])
})

test('stopped before it was ready, it never starts', async () => {
  const html = document.body.innerHTML
  const site = start()
  const tracked = site.track('look')
  const known = site.traits({ plan: 'pro' })
  site.stop()
  await Promise.all([site.ready, tracked, known])
  expect(document.body.innerHTML).toBe(html)
  expect(site.segments()).toEqual([])
})

test('a second copy on the page gets the site of the first', async () => {
  const site = start()
  expect(personalize({ ruleset })).toBe(site)
  site.stop()
  const other = start()
  expect(other).not.toBe(site)
})

test('before it is ready, a slot is said to be undecided', async () => {
  const site = start()
  expect(site.decide('hero')).toMatchObject({ variant: 'default', reason: 'not-ready' })
  await site.ready
  expect(site.decide('nowhere')).toMatchObject({ variant: 'default', reason: 'unknown-slot' })
})

test('a page without slots loses nothing', async () => {
  document.body.innerHTML = '<p>Plain</p>'
  const site = start()
  await site.ready
  expect(document.body.innerHTML).toBe('<p>Plain</p>')
})

test('a wrong ruleset given by code throws at once, naming path and mend', () => {
  expect(() => start({ ruleset: { version: 1, slots: { hero: { experiences: [{ name: 'x', when: 'returing', show: 'a' }] } } } })).toThrow(
    'slots.hero.experiences[0].when: no segment "returing"; none is known here',
  )
  expect(() => start()).not.toThrow()
})

test.each([
  ['is not there', async () => new Response('', { status: 404 }), 'HTTP 404'],
  ['is not JSON', async () => new Response('<html>'), 'SyntaxError'],
  ['is wrong', async () => new Response('{"version":1,"sluts":{}}'), 'did you mean "slots"?'],
  ['is out of reach', async () => Promise.reject(new TypeError('offline')), 'offline'],
])('with a fetched ruleset that %s the page keeps its own content, with one word on the console', async (_, fetch, words) => {
  const errors = vi.spyOn(console, 'error').mockImplementation(() => {})
  const html = document.body.innerHTML
  const site = start({ ruleset: '/slotwise.json', fetch: fetch as typeof globalThis.fetch })
  const diagnostics: string[] = []
  site.on('diagnostic', ({ code, message }) => diagnostics.push(`${code} ${message}`))
  const tracked = site.track('look')
  await site.ready
  await tracked
  await site.traits({ plan: 'pro' })
  await site.forget()
  expect(document.body.innerHTML).toBe(html)
  expect(errors).toHaveBeenCalledTimes(1)
  expect(errors.mock.calls[0]?.[0]).toContain(words)
  expect(diagnostics[0]).toContain(words)
})

test('a fetched ruleset with one bad variant is used, less that variant', async () => {
  const bad = structuredClone(ruleset) as unknown as { slots: { hero: { variants: { [name: string]: unknown } } } }
  bad.slots.hero.variants.broken = { text: 7 }
  const site = start({ ruleset: '/slotwise.json', fetch: async () => new Response(JSON.stringify(bad)) })
  const diagnostics: string[] = []
  site.on('diagnostic', ({ message }) => diagnostics.push(message))
  void site.traits({ plan: 'pro' })
  await site.ready
  expect(title()).toBe('For pros')
  expect(diagnostics[0]).toContain('slots.hero.variants.broken.text')
})

test('a ruleset may come from a function', async () => {
  const site = start({ ruleset: async () => structuredClone(ruleset) })
  void site.traits({ plan: 'pro' })
  await site.ready
  expect(title()).toBe('For pros')
})

test('a listener or a plugin that throws stops nobody else', async () => {
  const order: string[] = []
  const fails = (): never => {
    throw new Error('theirs')
  }
  const diagnostics: string[] = []
  const site = start({
    plugins: [
      (site) => void site.on('diagnostic', ({ code }) => diagnostics.push(code)),
      fails,
      (site) => {
        order.push('second')
        site.on('event', fails)
        return () => order.push('undone')
      },
      () => fails,
    ],
  })
  void site.traits({ plan: 'pro' })
  await site.ready
  expect(title()).toBe('For pros')
  expect(diagnostics).toContain('plugin-failed')
  expect(diagnostics).toContain('listener-failed')
  site.stop()
  expect(order).toEqual(['second', 'undone'])
  expect(title()).toBe('Welcome')
})

test('what cannot be tracked is left out with a word, and throws nothing', async () => {
  const site = start()
  const diagnostics: string[] = []
  site.on('diagnostic', ({ code }) => diagnostics.push(code))
  await site.ready
  const circle: { [name: string]: never } = {}
  circle.self = circle as never
  await site.track('')
  await site.track('look', circle)
  await site.track('look', 7 as never)
  await site.traits('pro' as never)
  expect(diagnostics.length).toBe(4)
  expect(site.segments()).toEqual([])
})

test('decide() gives one answer in a page view, whenever it is asked', async () => {
  const site = start({ ruleset: { ...ruleset, segments: { ...ruleset.segments, pro: { event: 'page_view' } } } })
  const answers = new Set<string>()
  site.on('segments', () => {
    const { reason, variant } = site.decide('hero')
    if (reason !== 'not-ready') answers.add(variant)
  })
  await site.ready
  answers.add(site.decide('hero').variant)
  expect([...answers]).toEqual(['pro'])
})

test('content that code shows before the site is ready is shown when it is', async () => {
  const site = start()
  const undo = site.render('hero', { text: { h1: 'Mine' } })
  site.render('hero', { text: { h1: 'Taken back' } })()
  await site.ready
  await Promise.resolve()
  expect(title()).toBe('Mine')
  undo()
  expect(title()).toBe('Welcome')
})

test('forget() after stop() erases, and throws nothing', async () => {
  const storage = memoryStore()
  const site = start({ storage })
  await site.ready
  void site.traits({ plan: 'pro' })
  site.stop()
  await site.forget()
  expect(await storage.transact('readonly', (rows) => rows.all([]))).toEqual([])
})

test('a ruleset that never comes is given up, and nobody waits for it for ever', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const site = start({ ruleset: () => new Promise(() => {}) })
  const tracked = site.track('look')
  vi.advanceTimersByTime(10_000)
  await site.ready
  await tracked
  expect(title()).toBe('Welcome')
})

test('the name of an event that is recorded by itself is refused', async () => {
  const site = start()
  const said: string[] = []
  site.on('diagnostic', ({ message }) => said.push(message))
  await site.track('visit')
  expect(said[0]).toContain('"visit"')
})
