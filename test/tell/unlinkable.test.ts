// No row tells who sent it, and no two rows that they are of one visitor: not by their words, their ids, their order.

import Ajv from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { clear } from '../../src/tell/clear.js'
import { cells } from '../../src/tell/cells.js'
import { memoryStore } from '../../src/remember/memory.js'
import { newId } from '../../src/sense/event.js'
import type { Ruleset, Site, Store } from '../../src/index.js'
import { random } from '../decide/scenario.js'
import { ALL, KEY, later, type Network, network, Observer, soon, tab } from '../support/page.js'
import { DAY, decision, page, type Page, pass, type World, world } from './pages.js'
import { type Caught, idOf, leaves, linked } from './wire.js'

const TOPICS = Array.from({ length: 60 }, (_, i) => `topic-${i}`)
const RULES = {
  version: 7,
  holdout: 0.5,
  pages: { shoes: '/shoes/*', home: '/' },
  segments: { pro: { trait: { plan: 'pro' } }, 'shoe-lover': { event: 'page_view', where: { page: 'shoes' }, count: { $gte: 1 } } },
  goals: { signup: { event: 'signup', window: '7d', value: { prop: 'total', edges: [10, 100] } } },
  rows: { reads: { event: 'read', by: { topic: TOPICS } }, clicks: { event: 'tap', by: { position: [1, 2, 3] }, count: true, page: true } },
  slots: {
    hero: { experiences: [{ name: 'hero', split: { version: 2, weights: { default: 1, spring: 1 }, by: [{ segment: 'pro', weights: { default: 1, spring: 3 } }] }, goal: 'signup' }], variants: { spring: { text: { h1: 'Spring' } } } },
    note: { experiences: [{ name: 'note', show: 'note', cooldown: { for: '1d' } }], variants: { note: { text: { p: 'A note' } } } },
  },
  consent: { before: 'local', legalGround: 'a test', revision: 1 },
  sync: { endpoint: '/collect/v1/logs' },
} satisfies Ruleset

/** The shape of every message, with nothing else in it; its words are those of the ruleset. */
const SCHEMA = (() => {
  const all = [...cells(RULES)]
  const words = (of: (cell: Record<string, unknown>) => unknown): unknown[] => [...new Set(all.flatMap((cell) => of(cell as never) ?? []))]
  const attribute = (key: string, value: object) => object({ key: { const: `slotwise.${key}` }, value })
  const object = (properties: object) => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false })
  const text = (values: unknown[]) => object({ stringValue: { enum: values } })
  const whole = (values: unknown[]) => object({ intValue: { enum: values.map(String) } })
  const one = (items: object) => ({ type: 'array', items, minItems: 1, maxItems: 1 })
  const attributes = {
    type: 'array',
    uniqueItems: true,
    items: {
      anyOf: [
        ...['experience', 'arm', 'stratum', 'name', 'page'].map((key) => attribute(key, text(words((cell) => cell[key])))),
        ...['weights', 'value', 'bucket'].map((key) => attribute(key, whole(words((cell) => cell[key])))),
        attribute('held', object({ boolValue: { type: 'boolean' } })),
        attribute('values.topic', text(TOPICS)),
        attribute('values.position', whole([1, 2, 3])),
        attribute('row', object({ stringValue: { type: 'string', pattern: '^[\\w-]{21}$' } })),
      ],
    },
  }
  const names = ['shown', 'seen', 'goal', 'dismiss', 'value', 'count'].map((metric) => `slotwise.${metric}`)
  const record = object({ timeUnixNano: { type: 'string', pattern: '^\\d+$' }, eventName: { enum: names }, body: text(names), attributes })
  const resource = object({ attributes: one(object({ key: { const: 'service.name' }, value: text(['slotwise']) })) })
  return object({ resourceLogs: one(object({ resource, scopeLogs: one(object({ scope: object({ name: { const: 'slotwise' } }), logRecords: one(record) })) })) })
})()
const isMessage = new Ajv().compile(SCHEMA)
const days = (body: string): number => Number(/"timeUnixNano":"(\d+)"/.exec(body)?.[1]) / 1e9 / 86_400

describe('a hostile page', () => {
  let sites: Site[]
  let net: Network
  beforeEach(() => {
    vi.stubGlobal('IntersectionObserver', Observer)
    sites = []
    net = network()
  })
  afterEach(async () => {
    for (const site of sites) site.stop()
    await later()
    localStorage.clear()
    history.replaceState(null, '', '/')
    Reflect.deleteProperty(document, 'referrer')
    vi.unstubAllGlobals()
  })

  const digits = (count: number) => fc.array(fc.integer({ min: 0, max: 9 }), { minLength: count, maxLength: count }).map((list) => list.join(''))
  const letters = (count: number) => fc.array(fc.constantFrom(...'0123456789ABCDEFGHIJKLMNPQRSTUVWXYZ'), { minLength: count, maxLength: count }).map((list) => list.join(''))
  const secret = fc.oneof(
    digits(11).map((n) => `${n.slice(0, 3)}.${n.slice(3, 6)}.${n.slice(6, 9)}-${n.slice(9)}`),
    letters(14).map((n) => `${n.slice(0, 2)}.${n.slice(2, 5)}.${n.slice(5, 8)}/${n.slice(8, 12)}-12`),
    fc.emailAddress(),
    fc.uuid(),
    fc.base64String({ minLength: 24, maxLength: 40 }).map((text) => `eyJ${text.replace(/\W/g, 'x')}.eyJ${text.replace(/\W/g, 'y')}.sig`),
    digits(13).map((n) => `+55 ${n.slice(2, 4)} ${n.slice(4)}`),
    fc.string({ minLength: 8, maxLength: 60 }),
    fc.constantFrom('"},"evil":"injected', '__proto__.polluted', 'slotwise.shown-forged', '\u202Eesrever-si-siht'),
  )

  test('puts nothing of its own, and nothing of its visitor’s, on the wire', async () => {
    let sent = 0
    await fc.assert(
      fc.asyncProperty(fc.array(secret, { minLength: 12, maxLength: 12 }), async (secrets) => {
        const [path, query, hash, title, referrer, typed, text, trait, prop, name, type, topic] = secrets as string[] & { length: 12 }
        const enc = (word: string | undefined): string => encodeURIComponent((word ?? '').replace(/[\ud800-\udfff]/g, ''))
        const wire: string[] = []
        history.replaceState(null, '', `/shoes/${enc(path)}?q=${enc(query)}&utm_source=${enc(query)}&gclid=${enc(query)}#${enc(hash)}`)
        document.title = title as string
        Object.defineProperty(document, 'referrer', { value: `https://search.example/?q=${enc(referrer)}`, configurable: true })
        document.body.innerHTML = '<section data-slot="hero"><h1></h1></section><aside data-slot="note"><p></p><button data-slotwise-dismiss></button></aside><form><input name="email"><textarea></textarea></form><a data-track="tap"></a>'
        const [heading, input, area, link] = ['h1', 'input', 'textarea', 'a'].map((selector) => document.querySelector(selector)) as [Element, HTMLInputElement, HTMLTextAreaElement, HTMLElement]
        heading.textContent = text as string
        input.value = area.value = typed as string
        link.setAttribute('data-track-position', '2')
        link.setAttribute('data-track-who', typed as string)
        localStorage.setItem(KEY, JSON.stringify({ v: 1, revision: 1, personalize: 'granted', measure: 'granted', by: 'visitor', at: Date.now() }))
        const site = tab(net, RULES, {
          storage: memoryStore(),
          fetch: (async (url: string, init?: RequestInit) => {
            wire.push([url, JSON.stringify(init?.headers), init?.body].join('\n'))
            return new Response('{}')
          }) as typeof fetch,
        })
        sites.push(site)
        await site.consent(ALL)
        await site.ready
        const props = { total: 55, topic: topic as string, [name as string]: prop as string, deep: { list: [prop as string] } }
        await site.traits({ [name as string]: trait as string, plan: trait as string })
        await site.track(type as string, props)
        await site.track('signup', props)
        await site.track('read', { ...props, topic: 'topic-7' })
        await site.track('read', props)
        await site.track('exposure', { experience: name as string, trial: { arm: prop as string, held: false, weights: 2, stratum: '*', epoch: 1 } })
        link.click()
        document.querySelector<HTMLElement>('[data-slotwise-dismiss]')?.click()
        await soon(() => expect(wire.filter((one) => /slotwise\.count/.test(one)).length).toBeGreaterThanOrEqual(2))
        await later(20)
        site.stop()
        sent += wire.length
        const words = JSON.stringify(RULES) + JSON.stringify(SCHEMA)
        for (const one of wire) {
          const says = one.replace(/"timeUnixNano":"\d+"/, '')
          const [url, headers, body] = one.split('\n') as [string, string, string]
          expect(url).toBe('/collect/v1/logs')
          expect(JSON.parse(headers)).toEqual({ 'content-type': 'application/json' })
          expect(isMessage(JSON.parse(body)), JSON.stringify([isMessage.errors, body])).toBe(true)
          expect(Number.isInteger(days(body))).toBe(true)
          for (const hostile of secrets) {
            for (let i = 0; i + 6 <= hostile.length; i++) {
              const part = hostile.slice(i, i + 6)
              if (!words.includes(part)) expect(says.includes(part), `${part} of ${hostile} in ${one}`).toBe(false)
            }
          }
        }
      }),
      { numRuns: process.env.SOAK ? 300 : 15 },
    )
    expect(sent).toBeGreaterThan(60)
  }, 600_000)
})

describe('rows of visitors that are measured', () => {
  let here: World
  beforeEach(() => {
    vi.useFakeTimers()
    here = world()
  })
  afterEach(() => vi.useRealTimers())

  /** A visitor of the same world, whose messages are caught by themselves. */
  const visitor = (store: Store = memoryStore(), ruleset: Ruleset = RULES): { own: World; one: Page } => {
    const own: World = Object.assign(Object.create(here), { posted: [] })
    return { own, one: page(store, own, ruleset, newId) }
  }
  const drawn = (rest: object = {}) => decision({ experience: 'hero', arm: 'spring', variant: 'spring', weights: 2, epoch: Math.floor(here.now / DAY / 28), ...rest })
  const dump = (store: Store): Promise<string> => store.transact('readonly', async (rows) => JSON.stringify(await rows.all([])))

  test('two visitors in one cell send the same, whatever led them there', async () => {
    const bodies: string[][] = []
    for (const history of [[], ['search', 'read', 'cart_add', 'search', 'purchase']]) {
      here.now = Date.UTC(2026, 0, 10, 8 + bodies.length * 7, 13)
      const { own, one } = visitor()
      await one.visitor.ready
      await one.happen('page_view', { page: 'home' })
      for (const type of history) await one.happen(type, { topic: 'none', who: 'Ana' })
      await one.visitor.traits({ plan: history.length ? 'pro' : 'free' })
      for (let i = 0; i <= history.length; i++) await one.expose(drawn())
      await one.expose(drawn(), true)
      await one.happen('tap', { position: 3, who: history.length })
      await one.happen('signup', { total: 1000, order: `${newId()}` })
      await pass(here, 25_000, 500)
      bodies.push(own.posted.map(({ body }) => body.replace(idOf(body), 'ID')).filter((body) => !body.includes('"stringValue":"*"}},{"key":"slotwise.arm"')).sort())
    }
    expect(bodies[0]?.length).toBeGreaterThan(4)
    expect(bodies[1]).toEqual(bodies[0])
  })

  test('in thirty days of one visitor’s pages no two messages share anything but public words, and every id is used once', async () => {
    const store = memoryStore()
    const bodies: string[] = []
    here.random = random(5)
    for (let day = 0; day < 30; day++) {
      here.now = Date.UTC(2026, 0, 10 + day, 9)
      for (let n = 0; n < 2; n++) {
        const { own, one } = visitor(store)
        await one.visitor.ready
        await one.happen('page_view', { page: n ? 'shoes' : 'home' })
        await one.expose(drawn())
        await one.expose(decision({ slot: 'note', experience: 'note', variant: 'note', arm: 'note', epoch: Math.floor(here.now / DAY / 28) }), n === 1)
        await one.happen('read', { topic: `topic-${(day * 7 + n) % 60}` })
        for (let i = 0; i < day % 6; i++) await one.happen('tap', { position: 1 + (i % 3) })
        if (day % 9 === 4) await one.happen('signup', { total: 30 })
        await pass(here, 22_000, 1000)
        bodies.push(...own.posted.map(({ body }) => body))
        one.teller.leave(true)
        await one.visitor.stop().catch(() => {})
        store.transact('readonly', async () => {})
      }
    }
    expect(bodies.length).toBeGreaterThan(120)
    const ids = bodies.map(idOf)
    expect(new Set(ids).size).toBe(ids.length)

    const words = new Set([...cells(RULES)].flatMap((cell) => leaves(cell)).concat('slotwise', 'service.name', ...['shown', 'seen', 'goal', 'dismiss', 'value', 'count'].map((metric) => `slotwise.${metric}`)))
    const keys = /^slotwise\.(experience|arm|held|weights|stratum|row|name|page|bucket|value|values\.(topic|position))$/
    const today = new Set(Array.from({ length: 40 }, (_, i) => `${(Math.floor(Date.UTC(2026, 0, 5) / DAY) + i) * 86_400}000000000`))
    const seen = new Map<string, number>()
    for (const body of bodies) for (const leaf of new Set(leaves(JSON.parse(body)))) seen.set(leaf, (seen.get(leaf) ?? 0) + 1)
    const shared = [...seen].filter(([, count]) => count > 1).map(([leaf]) => leaf)
    expect(shared.filter((leaf) => !words.has(leaf) && !keys.test(leaf) && !today.has(leaf))).toEqual([])
    // What stays on the device is on the wire never, or once.
    const kept = await dump(store)
    expect(ids.filter((id) => kept.includes(id))).toEqual([])
    for (const secret of JSON.parse(kept).flatMap(leaves).filter((leaf: string) => leaf.length > 12 && !words.has(leaf) && !keys.test(leaf))) expect(seen.get(secret) ?? 0, secret).toBeLessThan(2)
  }, 60_000)

  test('ids are drawn evenly, and are no counters', () => {
    const ALPHABET = 'useandom-26T198340PX75pxJACKVERYMINDBUSHWOLF_GQZbfghjklqvwyzrict'
    const ids = Array.from({ length: 4000 }, newId)
    // Bits, in the order in which characters are made: ones and zeros within four standard deviations.
    let ones = 0
    const counts = new Map<string, number>()
    for (const id of ids) {
      for (const sign of id) {
        ones += ALPHABET.indexOf(sign).toString(2).replace(/0/g, '').length
        counts.set(sign, (counts.get(sign) ?? 0) + 1)
      }
    }
    const n = ids.length * 21
    expect(Math.abs(ones - n * 3) / Math.sqrt(n * 6 * 0.25)).toBeLessThan(4)
    // Chi-square over 64 signs: beyond 120 once in a hundred thousand times.
    expect([...counts.values()].reduce((sum, count) => sum + (count - n / 64) ** 2 / (n / 64), 0)).toBeLessThan(120)
    expect(counts.size).toBe(64)
  })

  /** So many favourites of each visitor, of sixty, some of which many have. */
  const favourites = (next: () => number): string[] => {
    const mine = new Set<string>()
    while (mine.size < 5) mine.add(TOPICS[Math.min(59, Math.floor(60 ** next()) - 1)] as string)
    return [...mine]
  }

  test('of a thousand visitors on two days nobody is found again more often than chance among those who say the same; in batches they are', async () => {
    const next = random(3)
    here.random = next
    const everybody = Array.from({ length: 1000 }, () => ({ ...visitor(), likes: favourites(next) }))
    await Promise.all(everybody.map(({ one }) => one.visitor.ready))
    await Promise.all(everybody.map(({ one }) => one.happen('page_view', { page: 'home' })))
    const caught: Caught[][] = []
    const read: string[][][] = []
    for (let day = 0; day < 2; day++) {
      here.now = Date.UTC(2026, 0, 10 + day, 12)
      await Promise.all(
        everybody.map(async ({ one, likes }) => {
          // Nobody does the very same every day.
          for (const topic of likes) if (next() < 0.8) void one.visitor.record({ id: newId(), type: 'read', at: here.now, props: { topic, who: likes.join() } })
          await one.teller.follow()
        }),
      )
      // Left at once, as most pages are: then nothing waits.
      for (const { one } of everybody) one.teller.leave(true)
      await pass(here, 1000, 500)
      caught.push(everybody.flatMap(({ own }, who) => own.posted.splice(0).map(({ body, at }) => ({ who, body, at }))).sort((a, b) => a.at - b.at))
      read.push(everybody.map((_, who) => (caught[day] as Caught[]).filter((one) => one.who === who).map(({ body }) => body)))
    }
    const [before, after] = caught as [Caught[], Caught[]]
    expect(before.length).toBeGreaterThan(3500)

    // Of those who said it on the first day, one is to be picked: no format can do better than to give no further hint.
    const topicOf = (body: string): string => /topic-\d+/.exec(body)?.[0] as string
    const holders = new Map<string, Set<number>>()
    for (const { who, body } of before) holders.set(topicOf(body), (holders.get(topicOf(body)) ?? new Set()).add(who))
    const floor = after.reduce((sum, { body }) => sum + 1 / (holders.get(topicOf(body))?.size ?? Number.POSITIVE_INFINITY), 0) / after.length
    const rate = linked(before, after)
    expect(rate).toBeGreaterThan(0)
    expect(rate).toBeLessThan(1.5 * floor)

    // The same rows, together: what somebody likes is who they are.
    const batch = (bodies: string[]): string => {
      const [first] = bodies
      const made = JSON.parse(first as string)
      made.resourceLogs[0].scopeLogs[0].logRecords = bodies.flatMap((body) => JSON.parse(body).resourceLogs[0].scopeLogs[0].logRecords)
      return JSON.stringify(made)
    }
    const [early, late] = read.map((all) => all.flatMap((bodies, who) => (bodies.length > 0 ? [{ who, body: batch(bodies) }] : []))) as [Caught[], Caught[]]
    expect(linked(early, late)).toBeGreaterThan(0.15)
  }, 120_000)

  test('the order in which rows are sent says nothing of the order in which things happened', async () => {
    const next = random(9)
    here.random = next
    const everybody = Array.from({ length: 500 }, () => visitor())
    await Promise.all(everybody.map(({ one }) => one.visitor.ready))
    await Promise.all(everybody.map(async ({ one }) => {
      await one.happen('page_view', { page: 'home' })
      for (let i = 0; i < 5; i++) await one.happen('read', { topic: `topic-${i}` })
    }))
    await pass(here, 21_000, 250)
    let [agree, pairs] = [0, 0]
    for (const { own } of everybody) {
      const order = own.posted.map(({ body }) => Number(/topic-(\d)/.exec(body)?.[1]))
      expect([...order].sort()).toEqual([0, 1, 2, 3, 4])
      for (let i = 0; i < 5; i++) for (let j = i + 1; j < 5; j++, pairs++) agree += Math.sign((order[j] as number) - (order[i] as number))
    }
    // Kendall's tau; its standard error is 0.018 here.
    expect(Math.abs(agree / pairs)).toBeLessThan(0.06)
  }, 60_000)

  test('after the permission is taken back nothing of it is left, and nothing is sent for ten minutes', async () => {
    const store = memoryStore()
    const { own, one } = visitor(store)
    await one.visitor.ready
    await one.happen('page_view', { page: 'home' })
    here.answer = () => new Promise(() => {})
    await one.expose(drawn())
    await one.happen('tap', { position: 1 })
    await one.happen('signup', { total: 40 })
    await pass(here, 10_000, 500)
    expect(one.rows.length).toBeGreaterThan(3)
    const underWay = own.posted.length
    expect(underWay).toBeGreaterThan(0)
    here.may = false
    one.teller.abort(true)
    await one.visitor.beside(clear)
    const kept = await dump(store)
    for (const { id } of one.rows) expect(kept).not.toContain(id)
    expect(kept).not.toMatch(/\["(t|c|o|n|g)"/)
    expect(own.posted.every(({ init }) => init.signal?.aborted)).toBe(true)
    await one.teller.follow()
    await pass(here, 600_000, 5000)
    await one.happen('tap', { position: 2 })
    await pass(here, 600_000, 5000)
    expect(own.posted.length).toBe(underWay)
  })
})

