// What a visitor takes along and takes back, with a store in memory that stands for the device.

import Ajv from 'ajv/dist/2020.js'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { exportSchema } from '../src/cli/exportSchema.js'
import { type Exported, memoryStore, type Options, personalize, type Ruleset, type Site, type Store } from '../src/index.js'

const DAY = 86_400_000

const RULESET: Ruleset = {
  version: 1,
  segments: {
    looked: { event: 'look', count: { $gte: 2 } },
    shoes: { interest: { category: 'shoes' }, share: { $gte: 0.5 } },
    pro: { trait: { plan: 'pro' } },
    returning: { event: 'visit', count: { $gte: 2 } },
  },
  interests: { category: { halfLife: '14d', weights: { look: 1, buy: 3 } } },
  goals: { bought: { event: 'buy' } },
  slots: { hero: { experiences: [{ name: 'lookers', when: 'looked', show: 'lookers', goal: 'bought' }], variants: { lookers: { text: { h1: 'You have looked' } } } } },
  consent: { before: 'local', legalGround: 'asked for' },
  retention: { events: '30d', count: 100 },
  sync: { endpoint: '/collect' },
}

const fits = new Ajv({ strict: false }).compile(exportSchema())

let clock: number
let sites: Site[]
let posts: string[]
let diagnostics: string[]

beforeEach(() => {
  localStorage.clear()
  clock = Date.UTC(2026, 0, 1)
  sites = []
  posts = []
  diagnostics = []
  document.body.innerHTML = '<section data-slot="hero"><h1>Welcome</h1></section>'
})
afterEach(() => {
  for (const site of sites) site.stop()
  vi.useRealTimers()
})

const open = async (storage: Store, options: Partial<Options> = {}): Promise<Site> => {
  for (const site of sites.splice(0)) site.stop()
  await storage.transact('readonly', async () => {})
  clock += 1000
  const site = personalize({
    ruleset: RULESET,
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
  site.on('diagnostic', ({ code, message }) => diagnostics.push(`${code}: ${message}`))
  await site.ready
  // Whatever is exported in these tests is what the published schema says.
  const give = site.export
  site.export = async () => {
    const all = await give()
    expect(fits(JSON.parse(JSON.stringify(all))), JSON.stringify(fits.errors)).toBe(true)
    return all
  }
  return site
}
const happen = async (site: Site, ...events: [type: string, props?: { [name: string]: string }][]): Promise<void> => {
  for (const [type, props] of events) {
    clock += 1000
    void site.track(type, props)
  }
  await site.traits({})
}
const title = (): string => document.querySelector('h1')?.textContent ?? ''
const types = ({ events }: Exported): string[] => events.map(({ type }) => type)
const rows = async (store: Store, ...prefix: string[]) => (await store.transact('readonly', (all) => all.all(prefix))).map(([, value]) => value)

/** Two visits with all there is to remember. */
const known = async (store = memoryStore()): Promise<{ store: Store; site: Site }> => {
  const first = await open(store)
  await happen(first, ['look', { category: 'shoes' }], ['look', { category: 'shoes' }], ['buy', { category: 'bags' }])
  await first.traits({ plan: 'pro' }, { source: 'crm' })
  clock += 31 * 60_000
  return { store, site: await open(store) }
}

test('an export holds what is kept, in the order of the log, and nothing that could single the visitor out', async () => {
  const { site } = await known()
  const all = await site.export()
  expect(all).toMatchObject({
    schema: 'slotwise-export/1',
    generatedAt: new Date(clock).toISOString(),
    consent: { personalize: 'unset', measure: 'unset', by: 'nobody', paused: false, at: null, until: null },
    traits: { plan: { value: 'pro', source: 'crm' } },
    segments: ['looked', 'pro', 'returning'],
    trials: [],
    outbox: [],
    sent: [],
    retention: { events: '30d', count: 100, consent: '180d', sent: 200 },
  })
  expect(types(all)).toEqual(['visit', 'page_view', 'look', 'look', 'buy', 'visit', 'page_view', 'exposure'].filter((type) => type !== 'exposure' || types(all).includes('exposure')))
  expect(all.events.every((event) => Object.keys(event).join() === 'type,at,props')).toBe(true)
  expect(all.rulesetHash).toBe(`sha256-${Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(RULESET)))).toString('hex')}`)
})

test('the published schema refuses what is no export', async () => {
  const all = await (await known()).site.export()
  for (const wrong of [{ ...all, name: 'Ana' }, { ...all, events: [{ type: 'look', at: 1 }] }, { ...all, events: [{ ...all.events[0], id: 'x' }] }, { ...all, schema: 'slotwise-export/2' }, { ...all, trials: [{}] }]) expect(fits(wrong)).toBe(false)
  expect(fits({ ...all, trials: [{ experience: 'a', arm: 'b', held: false, weights: 0, stratum: '*', day: 1, epoch: 0, told: ['shown'] }] })).toBe(true)
})

test('what was exported here is the same visitor there, and twice is as good as once', async () => {
  const { site } = await known()
  const all = await site.export()
  const there = memoryStore()
  const other = await open(there)
  expect(other.segments()).toEqual([])
  const own = types(await other.export()).length
  expect(await other.import(all)).toEqual({ ok: true, events: all.events.length, traits: 1 })
  expect(other.segments()).toEqual(['looked', 'pro', 'returning'])
  // The text of the file will do, too.
  expect(await other.import(JSON.stringify(all))).toEqual({ ok: true, events: 0, traits: 0 })
  const again = await other.export()
  expect(again.events).toHaveLength(all.events.length + own)
  expect(again.events.map(({ at }) => at)).toEqual([...again.events.map(({ at }) => at)].sort((a, b) => a - b))
  expect(again.traits).toEqual(all.traits)
  const next = await open(there)
  expect(next.segments()).toEqual(['looked', 'pro', 'returning'])
  expect(title()).toBe('You have looked')
})

test('right after all was erased, or before anything was kept, an import finds its place', async () => {
  const { store, site } = await known()
  const all = await site.export()
  await site.forget()
  expect(await rows(store)).toEqual([])
  expect(await site.import(all)).toMatchObject({ ok: true, events: all.events.length })
  expect(site.segments()).toContain('looked')
  const other = await open(memoryStore())
  other.pause()
  expect(await (await open(memoryStore())).import(all)).toMatchObject({ ok: true, traits: 1 })
})

test('of a trait that both know, the last to tell is believed', async () => {
  const { site } = await known()
  const all = await site.export()
  clock += DAY
  const other = await open(memoryStore())
  await other.traits({ plan: 'free' })
  expect(await other.import(all)).toMatchObject({ traits: 0 })
  expect((await other.export()).traits.plan).toMatchObject({ value: 'free', source: 'site' })
})

test('an answer given elsewhere is no answer here, and nothing is told twice', async () => {
  const { store, site } = await known()
  await site.consent({ personalize: 'granted', measure: 'granted' })
  const measured = await open(store)
  measured.decide('hero')
  const all = await measured.export()
  expect(all.consent).toMatchObject({ personalize: 'granted', measure: 'granted', by: 'visitor', at: expect.any(Number) })
  localStorage.clear()
  const there = memoryStore()
  const other = await open(there)
  await other.import({ ...all, trials: [{ experience: 'lookers' }], outbox: [{ id: 'x' }] } as never)
  expect(other.consent()).toMatchObject({ personalize: 'unset', measure: 'unset', by: 'nobody' })
  await other.consent({ personalize: 'granted', measure: 'granted' })
  await open(there)
  expect(await rows(there, 'o')).toEqual([])
  expect(await rows(there, 't')).toEqual([])
})

test.each<[string, unknown]>([
  ['it is no JSON', '{ "schema": '],
  ['schema: expected "slotwise-export/1"', { schema: 'slotwise-export/2', events: [] }],
  ['schema: expected', null],
  ['events: expected a list', { schema: 'slotwise-export/1' }],
  ['events[1].at: expected a time', { schema: 'slotwise-export/1', events: [{ type: 'look', at: 5, props: {} }, { type: 'look', at: Date.UTC(2030, 0), props: {} }] }],
  ['events[0].type: expected a name', { schema: 'slotwise-export/1', events: [{ type: '', at: 5, props: {} }] }],
  ['events[0].props: expected an object', { schema: 'slotwise-export/1', events: [{ type: 'look', at: 5, props: [] }] }],
  ['traits.plan: expected { value, source, at }', { schema: 'slotwise-export/1', events: [], traits: { plan: 'pro' } }],
  ['traits.__proto__: this name is not allowed', '{ "schema": "slotwise-export/1", "events": [], "traits": { "__proto__": { "value": 1, "source": "a", "at": 5 } } }'],
])('what cannot be used is refused as a whole, and it is said why: %s', async (why, data) => {
  const site = await open(memoryStore())
  const before = (await site.export()).events
  const result = await site.import(data as Exported)
  expect(result).toMatchObject({ ok: false, events: 0, traits: 0, why: expect.stringContaining(why) })
  expect(diagnostics.filter((one) => one.startsWith('import: '))).toHaveLength(1)
  expect((await site.export()).events).toEqual(before)
})

test('what looks personal does not come in, and neither does what is older than what is kept', async () => {
  const site = await open(memoryStore())
  const events = [
    { type: 'look', at: clock - 2 * DAY, props: { category: 'shoes', mail: 'ana@example.com' } },
    { type: 'look', at: clock - 31 * DAY, props: {} },
  ]
  expect(await site.import({ schema: 'slotwise-export/1', events, traits: { mail: { value: 'ana@example.com', source: 'crm', at: clock } } } as never)).toMatchObject({ ok: true, events: 1, traits: 0 })
  const all = await site.export()
  expect(all.events[0]).toEqual({ type: 'look', at: clock - 2 * DAY, props: { category: 'shoes' } })
  expect(JSON.stringify(all)).not.toContain('ana@')
})

test('nothing is taken over where the visitor has not agreed that it may be kept', async () => {
  const { site } = await known()
  const all = await site.export()
  for (const before of ['memory', 'off'] as const) {
    const store = memoryStore()
    const other = await open(store, { ruleset: { ...RULESET, consent: { before } } })
    expect(await other.import(all)).toMatchObject({ ok: false, why: expect.stringContaining('own answer') })
    expect(await rows(store)).toEqual([])
  }
})

test('one kind of event is forgotten: memberships at once, the log, the count of it, and the next page', async () => {
  const { store, site } = await known()
  await site.forget({ event: 'look' })
  expect(site.segments()).toEqual(['pro', 'returning'])
  expect(types(await site.export())).not.toContain('look')
  expect(JSON.stringify(await rows(store))).not.toContain('"look"')
  const next = await open(store)
  expect(next.segments()).toEqual(['pro', 'returning'])
  expect(title()).toBe('Welcome')
  // What comes later is remembered again.
  await happen(next, ['look'], ['look'])
  expect(next.segments()).toContain('looked')
})

test('visits are forgotten, and how they came about', async () => {
  const { site } = await known()
  let profile: object = {}
  site.on('profile', (value) => (profile = value))
  await site.forget({ event: 'visit' })
  expect(site.segments()).toEqual(['looked', 'pro'])
  expect(profile).toMatchObject({ visits: 0, utm: {} })
})

test('an interest is forgotten with the events that feed it, in one value or in all', async () => {
  const { site, store } = await known()
  await site.forget({ interest: { category: 'shoes' } })
  expect(types(await site.export()).filter((type) => type === 'look' || type === 'buy')).toEqual(['buy'])
  const next = await open(store)
  await next.forget({ interest: 'category' })
  expect(types(await next.export())).not.toContain('buy')
})

test('one trait is forgotten', async () => {
  const { site, store } = await known()
  await site.forget({ trait: 'plan' })
  expect(site.segments()).toEqual(['looked', 'returning'])
  expect((await (await open(store)).export()).traits).toEqual({})
})

test('what is no fact is ignored with one diagnostic, and nothing is lost', async () => {
  const { site } = await known()
  const before = types(await site.export())
  for (const fact of [{ evnt: 'look' }, { interest: 'colour' }, { interest: {} }, new Event('click')]) await site.forget(fact as never)
  expect(types(await site.export())).toEqual(before)
  expect(diagnostics.filter((one) => one.startsWith('forget: '))).toHaveLength(4)
})

test('where only this page remembers, its facts are exported and forgotten all the same', async () => {
  const site = await open(memoryStore(), { ruleset: { ...RULESET, consent: { before: 'memory' } } })
  await happen(site, ['look'], ['look'])
  expect(site.segments()).toEqual(['looked'])
  expect(types(await site.export())).toContain('look')
  await site.forget({ event: 'look' })
  expect(site.segments()).toEqual([])
  expect(types(await site.export())).not.toContain('look')
})

test('what another tab writes a moment later of the same kind is forgotten, too', async () => {
  const { site, store } = await known()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  await site.forget({ event: 'look' })
  const [head] = (await rows(store, 'h')) as { n: number }[]
  await store.transact('readwrite', async (transaction) => {
    const n = (head?.n ?? 0) + 1
    transaction.put(['e', n], { v: 1, events: [{ id: 'late', type: 'look', at: clock - 500, props: {} }] })
    transaction.put(['h'], { ...(head as object), n })
  })
  await vi.advanceTimersByTimeAsync(4100)
  expect(JSON.stringify(await rows(store, 'e'))).not.toContain('"look"')
})

test('after much that retention has dropped, what is left is counted right', async () => {
  const store = memoryStore()
  const site = await open(store)
  for (let i = 0; i < 300; i++) await happen(site, [i % 2 ? 'look' : 'buy'])
  let profile = { events: 0, visits: 0 }
  site.on('profile', (value) => (profile = value))
  const before = profile.events
  const gone = types(await site.export()).filter((type) => type === 'look').length
  expect(gone).toBeGreaterThan(0)
  expect(types(await site.export()).length).toBeLessThan(before)
  await site.forget({ event: 'look' })
  expect(profile).toMatchObject({ events: before - gone, visits: 1 })
})

test('while it is paused nothing is recorded or shown, on any page, and afterwards all is as it was', async () => {
  const { site, store } = await known()
  expect(title()).toBe('You have looked')
  const seen: (boolean | undefined)[] = []
  site.on('consent', ({ paused }) => seen.push(paused))
  site.pause()
  expect(title()).toBe('Welcome')
  expect(site.segments()).toEqual([])
  expect(site.consent()).toMatchObject({ paused: true, by: 'nobody' })
  await happen(site, ['buy'], ['buy'])
  await site.traits({ plan: 'free' })
  const paused = await open(store)
  expect(title()).toBe('Welcome')
  expect(paused.decide('hero')).toMatchObject({ variant: 'default', reason: 'no-consent' })
  const all = await paused.export()
  expect(types(all).filter((type) => type === 'buy')).toHaveLength(1)
  expect(all).toMatchObject({ consent: { paused: true }, segments: ['looked', 'pro', 'returning'], traits: { plan: { value: 'pro' } } })
  // One thing can be forgotten all the same.
  await paused.forget({ trait: 'plan' })
  expect((await paused.export()).traits).toEqual({})
  paused.resume()
  expect(title()).toBe('You have looked')
  await happen(paused, ['buy'])
  expect(types(await paused.export()).filter((type) => type === 'buy')).toHaveLength(2)
  expect(seen).toEqual([undefined, true])
})

test('a pause sends nothing, keeps what waits, and does not outlive a no', async () => {
  const { site, store } = await known()
  await site.consent({ personalize: 'granted', measure: 'granted' })
  const sent = { id: 'a'.repeat(21), metric: 'shown', trial: { experience: 'lookers', arm: 'lookers', held: false, weights: 0, stratum: '*', day: Math.floor(clock / DAY) }, of: ['t', 'lookers', 1], tries: 0, due: 0, lease: 0 }
  await store.transact('readwrite', async (transaction) => transaction.put(['o', sent.id], { v: 1, ...sent }))
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  site.pause()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(posts).toEqual([])
  expect((await site.export()).outbox).toMatchObject([{ metric: 'shown', experience: 'lookers', arm: 'lookers', id: sent.id }])
  site.resume()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(posts).toEqual(['/collect'])
  // What was sent can be looked at, and goes with the permission.
  expect((await site.export()).sent).toEqual([{ metric: 'shown', ...sent.trial, sentOn: Math.floor(clock / DAY) }])
  site.pause()
  await site.consent({ personalize: 'granted', measure: 'denied' })
  expect(await rows(store, 'n')).toEqual([])
  expect(site.consent().paused).toBeFalsy()
})

test('a visitor who has said no to an experience by hand is shown what comes after it', async () => {
  const { site, store } = await known()
  expect(title()).toBe('You have looked')
  await site.traits({ declined: ['lookers'] }, { source: 'visitor' })
  const next = await open(store)
  expect(title()).toBe('Welcome')
  await next.traits(null)
  await open(store)
  expect(title()).toBe('Welcome')
})

test('it can be asked why a segment holds', async () => {
  const { site } = await known()
  expect(await site.explain({ segment: 'looked' })).toMatchObject({ held: true, parts: [{ asks: 'event', event: 'look', got: 2, held: true }] })
  expect(await site.explain({ segment: 'nobody' })).toBeUndefined()
})
