// Recommendations in a page: what is shown, what is fetched for it and when, and how all of it is taken back.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readCatalogue } from '../../src/extras/recommend/catalogue.js'
import { encodeRow, shardOf } from '../../src/extras/recommend/table.js'
import type { Recommend, Ruleset, Site, VisitorEvent } from '../../src/index.js'
import { memoryStore } from '../../src/index.js'
import { ALL, later, network, Observer, soon, tab } from '../support/page.js'

const HERE = location.pathname
/** The page at hand is the first item. */
const ITEMS = [
  { key: HERE, title: 'This page', tags: ['walk'], popularity: 1 },
  { key: '/a', title: 'Boots', tags: ['walk'], popularity: 5, image: '/a.png' },
  { key: '/b', title: 'Tent', tags: ['camp'], popularity: 9, image: '/b.png' },
  { key: '/c', title: 'Stove', tags: ['camp'], popularity: 3 },
  { key: '/d', title: 'Canoe', tags: ['water'], popularity: 2 },
]
const catalogue = readCatalogue(ITEMS, ['tags'])
const row = (...neighbours: [number, number][]): string => encodeRow(neighbours, ITEMS.length)
const TABLE = { of: [ITEMS.length, catalogue.printOf(ITEMS.length)], rows: { 0: row([3, 1], [1, 0.35]), 2: row([4, 1]) }, next: { 0: row([3, 0.5], [1, 0.25]) } }
const CARDS = '<template data-variant="next"><h2>Next</h2><ul><template data-each><li><a href="{{url}}" title="{{title}}">{{title}}</a> <img src="{{image}}" alt=""><small>{{because}}</small><button data-slotwise-not-interested>No</button></li></template></ul></template>'

let site: Site | undefined
let slot: HTMLElement
let asked: string[]
let files: { [path: string]: unknown }
let said: string[]
beforeEach(() => {
  vi.stubGlobal('IntersectionObserver', Observer)
  document.documentElement.lang = 'en'
  slot = document.createElement('section')
  slot.dataset.slot = 'next'
  document.body.append(slot)
  asked = []
  said = []
  files = { '/catalog.json': ITEMS, '/related.json': TABLE }
})
afterEach(async () => {
  document.querySelector('[data-slotwise-related]')?.remove()
  await site?.forget()
  site?.stop()
  slot.remove()
  localStorage.clear()
  vi.unstubAllGlobals()
})

const serve = (async (url: string) => {
  asked.push(url)
  const file = files[url]
  return typeof file === 'string' ? new Response(file) : file === undefined ? new Response('', { status: 404 }) : Response.json(file)
}) as typeof globalThis.fetch

const RULES: Recommend = { items: '/catalog.json', related: '/related.json', limit: 3, diversity: 0 }
/** Without a table. */
const ALONE: Recommend = { items: '/catalog.json', limit: 3, diversity: 0 }
const start = async (rules: Partial<Recommend> = {}, more: Partial<Ruleset> = {}, html = `${CARDS}<p>own</p>`): Promise<Site> => {
  slot.innerHTML = html
  site = tab(network(), { version: 1, slots: { next: { experiences: [{ name: 'next', recommend: 'limit' in rules ? (rules as Recommend) : { ...RULES, ...rules } }] } }, ...more }, { fetch: serve, storage: memoryStore(), random: () => 0 })
  site.on('diagnostic', ({ message }) => said.push(message))
  await site.ready
  return site
}
const titles = (): string[] => [...slot.querySelectorAll('a')].map((link) => link.textContent as string)
const reasons = (): string[] => [...slot.querySelectorAll('small')].map((one) => one.textContent as string)

test('what belongs to this page comes first, then what many like, each with its reason, and goes node for node', async () => {
  await start()
  const own = slot.querySelector('p')
  const before = slot.innerHTML
  expect(before).toContain('<p>own</p>')
  await soon(() => expect(titles()).toEqual(['Stove', 'Boots', 'Tent']))
  expect(slot.querySelector('a')?.getAttribute('href')).toBe('/c')
  expect(slot.querySelector('a')?.title).toBe('Stove')
  expect(reasons()).toEqual(['Goes with This page', 'Goes with This page', 'Popular now'])
  expect(slot.querySelector('p')).toBeNull()
  // The page's own observer has seen the change by then, and leaves it.
  await later()
  expect(titles()).toEqual(['Stove', 'Boots', 'Tent'])
  site?.stop()
  expect(slot.innerHTML).toBe(before)
  expect(slot.querySelector('p')).toBe(own)
  expect(said).toEqual([])
})

test('the reasons are in the page’s language, or in the ruleset’s own words', async () => {
  document.documentElement.lang = 'pt-BR'
  await start({ because: { fr: { here: 'Avec {{item}}' }, pt: { popular: 'Todos gostam' } } })
  await soon(() => expect(reasons()).toEqual(['Combina com This page', 'Combina com This page', 'Todos gostam']))
  site?.stop()
  document.documentElement.lang = 'fr-CA'
  await start({ because: { fr: { here: 'Avec {{item}}' } } })
  await soon(() => expect(reasons()).toEqual(['Avec This page', 'Avec This page', 'Popular now']))
})

test('pictures wait until requests may depend on the visitor, and a card goes without', async () => {
  const consent = { before: 'local', revision: 1 } as const
  await start({}, { consent })
  await soon(() => expect(titles()).toHaveLength(3))
  expect(slot.querySelector('img')).toBeNull()
  site?.stop()
  await start({}, { consent: { ...consent, requests: 'free' } })
  await soon(() => expect([...slot.querySelectorAll('img')].map((one) => one.getAttribute('src'))).toEqual(['/a.png', '/b.png']))
})

test('before measuring is granted only the shard of this very page is fetched; afterwards those of what was seen as well', async () => {
  const shards = 64
  const at = (path: string): string => `/related/${shardOf(path, shards)}.json`
  Object.assign(files, { [at(HERE)]: { ...TABLE, rows: { 0: TABLE.rows[0] } }, [at('/b')]: { ...TABLE, rows: { 2: TABLE.rows[2] } } })
  expect(at(HERE)).not.toBe(at('/b'))
  const store = memoryStore()
  const open = async (allowed: boolean): Promise<void> => {
    slot.innerHTML = `${CARDS}<p>own</p>`
    asked = []
    site = tab(network(), { version: 1, slots: { next: { experiences: [{ name: 'next', recommend: { ...RULES, related: '/related/{shard}.json', shards, event: 'looked', key: 'at' } }] } } }, { fetch: serve, storage: store })
    await site.ready
    if (allowed) await site.consent(ALL)
    await soon(() => expect(titles()).toHaveLength(3))
  }
  await open(false)
  void site?.track('looked', { at: '/b' })
  site?.stop()
  await open(false)
  expect(asked).toEqual(['/catalog.json', at(HERE)])
  expect(titles()).toEqual(['Stove', 'Boots', 'Tent'])
  await site?.consent(ALL)
  site?.stop()
  await open(true)
  expect(asked).toEqual(['/catalog.json', at(HERE), at('/b')])
  expect(titles()).toEqual(['Stove', 'Canoe', 'Boots'])
  expect(reasons()[1]).toBe('Because you viewed Tent')
})

test('what a visitor is not interested in goes, now and later; a click is known by its place, and what was shown in vain wears off', async () => {
  const events: VisitorEvent[] = []
  await start()
  site?.on('event', (event) => event.type.startsWith('recommend_') && events.push(event))
  await soon(() => expect(titles()).toHaveLength(3))
  slot.querySelector('button')?.click()
  expect(titles()).toEqual(['Boots', 'Tent'])
  const link = slot.querySelectorAll('a')[1] as HTMLElement
  link.addEventListener('click', (event) => event.preventDefault())
  link.click()
  await soon(() => expect(events.length).toBeGreaterThan(1))
  expect(events.filter(({ type }) => type !== 'recommend_seen').map(({ type, props }) => [type, props])).toEqual([
    ['recommend_dismiss', { slot: 'next', item: '/c' }],
    ['recommend_click', { slot: 'next', experience: 'next', item: '/b', position: '2-3' }],
  ])
})

test('titles and addresses from a hostile catalogue are words and nothing else', async () => {
  Object.assign(window, { xss: vi.fn() })
  files['/catalog.json'] = [
    { key: 'a', title: '<img src=x onerror=xss()>', url: 'javascript:xss()', image: 'javascript:xss()', popularity: 9 },
    { key: 'b', title: '{{because}}\u202e', url: 'data:text/html,<script>xss()</script>', image: '/b.png" onerror="xss()', popularity: 8 },
    { key: '__proto__', title: 'constructor', url: 'https://other.example/x', popularity: 7 },
  ]
  await start({}, { consent: { requests: 'free' } })
  await soon(() => expect(titles()).toEqual(['<img src=x onerror=xss()>', 'because', 'constructor']))
  expect([...slot.querySelectorAll('a')].map((link) => link.getAttribute('href'))).toEqual([null, null, 'https://other.example/x'])
  expect([...slot.querySelectorAll('img')].map((one) => one.outerHTML)).toEqual(['<img src="/b.png&quot; onerror=&quot;xss()" alt="">'])
  await later()
  expect((window as unknown as { xss: unknown }).xss).not.toHaveBeenCalled()
})

test.each([
  ['is missing', undefined],
  ['is broken', '{'],
  ['has no items', { items: [] }],
  ['is something else', '"x"'],
  ['is huge', `"${'x'.repeat(4_000_001)}"`],
])('a catalogue that %s leaves the page’s own content, with one diagnostic', async (_, file) => {
  files['/catalog.json'] = file
  await start({ related: '/none.json' })
  await soon(() => expect(said.filter((message) => message.includes('keeps its own content'))).toHaveLength(1))
  expect(slot.querySelector('p')?.textContent).toBe('own')
})

test.each([
  ['is missing', undefined],
  ['is broken', '['],
  ['is of another catalogue', { ...TABLE, of: [ITEMS.length, 1] }],
  ['is of a larger catalogue', { ...TABLE, of: [99, 1] }],
  ['has rows that lead nowhere', { ...TABLE, rows: { 0: '0__00', 1: 7 } }],
])('a related table that %s leaves what many like', async (_, file) => {
  files['/related.json'] = file
  await start()
  await soon(() => expect(titles()).toEqual(['Tent', 'Boots', 'Stove']))
  expect(reasons()).toEqual(['Popular now', 'Popular now', 'Popular now'])
})

test('a catalogue that comes too late changes nothing under the reader’s eyes', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const real = serve
  let answer = (): void => {}
  slot.innerHTML = `${CARDS}<p>own</p>`
  site = tab(network(), { version: 1, slots: { next: { experiences: [{ name: 'next', recommend: RULES }] } } }, {
    fetch: (async (url: string) => {
      if (url === '/catalog.json') await new Promise<void>((done) => (answer = done))
      return real(url)
    }) as typeof globalThis.fetch,
    storage: memoryStore(),
  })
  site.on('diagnostic', ({ message }) => said.push(message))
  await vi.waitFor(() => expect(asked).toContain('/related.json'))
  await vi.advanceTimersByTimeAsync(2100)
  vi.useRealTimers()
  answer()
  await later()
  expect(slot.querySelector('p')?.textContent).toBe('own')
  expect(said.join()).toContain('keeps its own content')
})

test('items that are sold out are left out, and the page’s own rows come first', async () => {
  files['/stock.json'] = { out: ['/c'] }
  const inline = document.createElement('script')
  inline.type = 'application/json'
  inline.dataset.slotwiseRelated = ''
  inline.textContent = JSON.stringify({ ...TABLE, rows: { 0: row([3, 1], [4, 0.9]) } })
  document.body.append(inline)
  await start({ ...ALONE, availability: '/stock.json' })
  await soon(() => expect(titles()).toEqual(['Canoe', 'Tent', 'Boots']))
})

test('items that are in the page already are put into order, and back', async () => {
  const html = '<ul> <li id="b"><a href="/b">Tent</a></li> text <li id="x">x</li><li id="a" data-item="/a">Boots</li><!-- c --><li id="c"><a href="/c">Stove</a></li> </ul>'
  await start({ reorder: 'li' }, {}, html)
  const ids = (): string => [...slot.querySelectorAll('li')].map(({ id }) => id).join('')
  const nodes = [...(slot.firstElementChild as Element).childNodes]
  await soon(() => expect(ids()).toBe('cabx'))
  expect(slot.textContent?.replace(/\s+/g, ' ')).toBe(' Stove text BootsTentx ')
  site?.stop()
  expect(slot.innerHTML).toBe(html)
  expect([...(slot.firstElementChild as Element).childNodes].every((node, i) => node === nodes[i])).toBe(true)
})

test('without a template a slot shows a list of links', async () => {
  await start({}, {}, '<p>own</p>')
  const items = [['/c', 'Stove', 'Goes with This page'], ['/a', 'Boots', 'Goes with This page'], ['/b', 'Tent', 'Popular now']]
  await soon(() => expect(slot.innerHTML).toBe(`<ul>${items.map(([url, title, why], i) => `<li data-slotwise-card="${i}"><a href="${url}">${title}</a> <small>${why}</small></li>`).join('')}</ul>`))
})

test('a recommendation is an arm like any other', async () => {
  slot.innerHTML = `${CARDS}<p>own</p>`
  site = tab(network(), { version: 1, slots: { next: { experiences: [{ name: 'try', split: { weights: { default: 0, next: 1 } } }], variants: { next: { recommend: RULES } } } } }, { fetch: serve, storage: memoryStore() })
  await soon(() => expect(titles()).toEqual(['Stove', 'Boots', 'Tent']))
  expect(site.decide('next')).toMatchObject({ experience: 'try', arm: 'next', reason: 'split' })
})

test('interests count for what an item is about', async () => {
  const store = memoryStore()
  const interests = { tags: { halfLife: '7d', weights: { liked: 1 } } } as const
  const open = (): Promise<void> => {
    slot.innerHTML = `${CARDS}<p>own</p>`
    site = tab(network(), { version: 1, interests, slots: { next: { experiences: [{ name: 'next', recommend: ALONE }] } } }, { fetch: serve, storage: store })
    return site.ready
  }
  await open()
  for (let i = 0; i < 5; i++) void site?.track('liked', { tags: 'water' })
  site?.stop()
  await open()
  await soon(() => expect(titles()[0]).toBe('Canoe'))
  expect(reasons()[0]).toBe('Because you like water')
})
