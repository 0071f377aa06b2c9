// Recommendations by the built files, as a visitor of a site meets them; and what is fetched ahead, and when.

import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest'
import { readCatalogue } from '../../src/extras/recommend/catalogue.js'
import { relate, tablesOf } from '../../src/cli/related.js'
import type { Serving } from '../../src/cli/serve.js'
import { gather } from '../../src/cli/visits.js'
import { type Install, STRICT, startSite } from './site.js'
import { type Tab, type Visitor, visitor } from './visitor.js'

const engine = inject('engine')
const soon = <T>(check: () => Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 10_000, interval: 50 })
const SITE = `let site; while (!(site = window.site ?? (window.slotwise?.track && window.slotwise))) await new Promise((next) => setTimeout(next, 10)); await site.ready;`

const NAMES = ['boots', 'tent', 'stove', 'cart-cover', 'canoe']
const ITEMS = NAMES.map((name, i) => ({ key: `/p/${name}.html`, title: name, tags: ['x'], popularity: 9 - i, image: '/icon.svg?card' }))
const catalogue = readCatalogue(ITEMS, ['tags'])
const views = gather()
// Who sees boots sees the tent next, or the stove; the cover is as likely, and its address speaks of a cart.
for (let s = 0; s < 12; s++) for (const [i, item] of [0, [1, 2, 3][s % 3] as number, 4].entries()) views.add(`${s}`, item, s * 1000 + i)
const TABLES = tablesOf(catalogue, relate(catalogue, views.finish(), { top: 20, support: 3 }), 4)
const RULESET = {
  version: 1,
  slots: { next: { experiences: [{ name: 'next', recommend: { items: '/catalog.json', related: '/related/{shard}.json', shards: 4, limit: 3, diversity: 0, prefetch: 0.2, never: ['/p/tent*'] } }] } },
  consent: { banner: false },
  sync: { endpoint: '/collect' },
}
const SLOT = '<section data-slot="next"><template data-variant="next"><ul><template data-each=""><li><a href="{{url}}">{{title}}</a><img src="{{image}}" alt="" width="9" height="9"><i>{{because}}</i></li></template></ul></template><p>own</p></section>'
const page = (name: string, install: Install): string =>
  `<!doctype html><html lang="pt-BR"><head><title>${name}</title><link rel="icon" href="/icon.svg"><script src="/watch.js"></script>${install === 'ESM' ? '' : '<script src="/slotwise.js" data-ruleset="/slotwise.json" async></script>'}</head><body>${SLOT}<h1>${name}</h1></body></html>`

let site: Serving
let played: Visitor
let tab: Tab
beforeAll(async () => {
  played = await visitor(engine)
})
afterAll(() => played?.leave())
afterEach(async () => {
  await tab.close()
  await site.close()
})
const begin = async (policy: string): Promise<void> => {
  const files = { ...Object.fromEntries(NAMES.map((name) => [`p/${name}.html`, page(name, 'script tag')])), ...Object.fromEntries(TABLES.map((table, i) => [`related/${i}.json`, JSON.stringify(table)])) }
  site = await startSite('script tag', { ...files, 'catalog.json': JSON.stringify({ items: ITEMS }), 'slotwise.json': JSON.stringify(RULESET) }, policy)
  tab = await played.tab()
  await tab.open(`${site.url}/p/boots.html`)
  await soon(async () => expect(await tab.run(`return document.querySelectorAll('[data-slot] li').length`)).toBe(3))
}
const cards = (): Promise<string[]> => tab.run(`return [...document.querySelectorAll('[data-slot] li')].map((one) => one.querySelector('a').getAttribute('href') + ' ' + one.querySelector('i').textContent)`)
const ahead = (): Promise<string[]> => tab.run(`return [...document.querySelectorAll('link[rel=prefetch]')].map((one) => one.getAttribute('href')).concat([...document.querySelectorAll('script[type=speculationrules]')].map((one) => one.textContent))`)
const files = (): Promise<string[]> => tab.run(`return [...new Set(performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname + new URL(name).search))].filter((path) => /related|catalog|anticipate|recommend|card/.test(path)).sort()`)
const grant = `${SITE} await site.consent({ personalize: 'granted', measure: 'granted' })`

test('under a strict policy cards are shown without a breach; before measuring without pictures, and nothing is fetched ahead', async () => {
  await begin(STRICT)
  expect((await cards()).map((card) => card.split(' ')[0])).toEqual(expect.arrayContaining(['/p/canoe.html']))
  expect((await cards()).every((card) => card.endsWith(' Combina com boots'))).toBe(true)
  const before = await files()
  expect(before.filter((file) => !file.startsWith('/related'))).toEqual(['/catalog.json', '/recommend.js', '/recommender.js'])
  expect(before.filter((file) => file.startsWith('/related'))).toHaveLength(1)
  expect(await ahead()).toEqual([])

  await tab.run(grant)
  // Safari fetches nothing ahead; the others by a link, as this policy lets no script add rules.
  await soon(async () => expect(await ahead()).toEqual(['/p/stove.html']))
  await tab.run(`${SITE} await site.consent({ measure: 'denied' })`)
  expect(await ahead()).toEqual([])
  expect(await tab.run('return [...trouble, ...consoleErrors]')).toEqual([])
  // Who has allowed measuring sees pictures from then on.
  await tab.run(grant)
  await tab.open(`${site.url}/p/boots.html`)
  await soon(async () => expect(await tab.run(`return document.querySelectorAll('[data-slot] img').length`)).toBe(3))
  await tab.run(`${SITE} site.stop()`)
  expect(await tab.run(`return document.querySelector('[data-slot]').outerHTML`)).toBe(SLOT)
})

test.runIf(engine === 'chromium')('where the policy allows rules, they are added by a script, for what is likely, harmless and not excluded', async () => {
  await begin("default-src 'self'; script-src 'self' 'inline-speculation-rules'")
  await tab.run(grant)
  await soon(async () => expect((await ahead()).map((text) => JSON.parse(text))).toEqual([{ prefetch: [{ urls: ['/p/stove.html'], eagerness: 'moderate' }] }]))
  expect(await tab.run('return [...trouble, ...consoleErrors]')).toEqual([])
})
