// An ordinary shop, written for its tag manager and search engines, with one more script tag: its visitors get sensible
// segments without a line of code. To play one by hand: copy dist/*.js into a copy of test/fixtures/shop, and serve that.

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test, vi } from 'vitest'
import { type Serving, serve } from '../../src/cli/serve.js'
import { type Tab, type Visitor, visitor } from './visitor.js'

const engine = inject('engine')
const soon = <T>(check: () => Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 8000, interval: 50 })

let directory: string
let site: Serving
let played: Visitor
let tab: Tab

beforeAll(async () => {
  played = await visitor(engine)
})
afterAll(() => played?.leave())
// Each test has a port, and so an origin and a storage, of its own.
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'slotwise-shop-'))
  cpSync('test/fixtures/shop', directory, { recursive: true })
  for (const file of readdirSync('dist')) if (file.endsWith('.js')) cpSync(join('dist', file), join(directory, file))
  site = await serve({ directory, headers: { 'content-security-policy': "default-src 'self' 'unsafe-inline'" } })
  tab = await played.tab()
})
afterEach(async () => {
  await tab.close()
  await site.close()
  rmSync(directory, { recursive: true, force: true })
})

type Heard = { type: string; props: { [name: string]: unknown } }

/** What this page has recorded so far, in the order of the log. */
const recorded = (): Promise<Heard[]> =>
  tab.run(`const open = await new Promise((done) => { const r = indexedDB.open('slotwise'); r.onsuccess = () => done(r.result) })
    const rows = await new Promise((done) => { const r = open.transaction('rows').objectStore('rows').getAll(); r.onsuccess = () => done(r.result) })
    open.close()
    return rows.flatMap(({ events = [] }) => events).map(({ type, props }) => ({ type, props }))`)
const told = async (type: string): Promise<Heard['props'][]> => (await recorded()).filter((event) => event.type === type).map(({ props }) => props)

/** Opens a page, and waits until what it tells has been heard. */
const open = async (path: string): Promise<void> => {
  await tab.open(`${site.url}${path}`)
  await listening()
}
const listening = (): Promise<void> =>
  tab.run(`while (!window.slotwise?.ready || !performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/signals.js'))) await new Promise((next) => setTimeout(next, 20))
    await slotwise.ready
    await new Promise((next) => setTimeout(next, 150))`)
const segments = (): Promise<string[]> => tab.run('return slotwise.segments()')
const view = async (...products: string[]): Promise<void> => {
  for (const product of products) await open(`/p/${product}.html`)
}

test('whoever looks at three shoes loves shoes; the shop does nothing for it, and its tag manager misses nothing', async () => {
  await open('/calcados/')
  await tab.click('#BT-100')
  await listening()
  expect(await soon(() => tab.run<string[]>("if (!tagsHeard.includes('gtm.load')) throw 1; return tagsHeard"))).toEqual(['gtm.js', 'view_item', 'gtm.load'])
  await view('tenis-vento', 'bota-serra')
  await soon(async () => expect(await segments()).toEqual(expect.arrayContaining(['shoe-lover', 'shoe-affine'])))
  await open('/')
  await soon(async () => expect(await tab.text('[data-slot=hero] h1')).toBe('Calçados para a sua trilha'))
  expect(await told('view_item')).toEqual([
    { page: 'product', item_id: 'BT-100', item_name: 'Bota Trilha', item_brand: 'Pé na Trilha', item_category: 'Calçados', item_category2: 'Botas', price: 389.9, value: 389.9, currency: 'BRL', quantity: 1 },
    expect.objectContaining({ item_id: 'TV-200' }),
    expect.objectContaining({ item_id: 'BS-300' }),
  ])
  // What nobody asks for is not recorded.
  expect(await told('view_item_list')).toEqual([])
})

test('a product is known again by itself, from what the page says of it, and told of once where the data layer is silent', async () => {
  await view('mochila-rio', 'bota-trilha')
  expect(await tab.text('[data-slot=note]')).toBe('Frete grátis acima de R$ 300.')
  await view('mochila-rio')
  await soon(async () => expect(await tab.text('[data-slot=note]')).toBe('Você já viu este produto.'))
  expect(await segments()).toContain('seen-before')
  await open('/')
  expect(await segments()).not.toContain('seen-before')
  await soon(async () => expect((await told('view_item')).map(({ item_id }) => item_id)).toEqual(['MR-400', 'BT-100', 'MR-400']))
  expect((await told('page_view'))[0]).toMatchObject({ page: 'product', item_id: 'MR-400', item_category: 'Mochilas', price: 299.9 })
})

test('a cart that is left is remembered; a purchase, by keyboard, counts once with its value, and says not who', async () => {
  await view('bota-trilha')
  await tab.run("document.querySelector('#comprar').focus()")
  await tab.press('Enter')
  await soon(async () => expect(await segments()).toContain('cart-abandoner'))
  await view('mochila-rio')
  await tab.click('#comprar')
  await open('/')
  await soon(async () => expect(await tab.text('[data-slot=hero] h1')).toBe('Seu carrinho espera por você'))

  await open('/carrinho.html')
  await tab.run("document.querySelector('#finalizar').focus()")
  await tab.press('Enter')
  await soon(async () => expect(await tab.text('h1')).toBe('Obrigado pela compra'))
  await listening()
  await soon(async () => expect(await segments()).toEqual(expect.arrayContaining(['buyer', 'good-customer'])))
  expect(await segments()).not.toContain('excellent-customer')
  // The page of thanks, loaded again, is no second purchase.
  await tab.run('sessionStorage.cart = JSON.stringify([{ item_id: "x", price: 1000 }]); window.before = true; location.reload()')
  await soon(async () => expect(await tab.run('return window.before === undefined')).toBe(true))
  await listening()
  expect(await segments()).not.toContain('excellent-customer')

  await open('/')
  await soon(async () => expect(await tab.text('[data-slot=hero] h1')).toBe('Bom te ver de novo'))
  expect(await told('purchase')).toEqual([
    { item_id: ['BT-100', 'MR-400'], item_name: ['Bota Trilha', 'Mochila Rio'], item_brand: 'Pé na Trilha', item_category: ['Calçados', 'Mochilas'], item_category2: 'Botas', price: [389.9, 299.9], value: 689.8, currency: 'BRL', quantity: 2 },
  ])
  expect(JSON.stringify(await recorded())).not.toMatch(/anna|u-1042|PT-2026|529|98765/)
})

test('a simple ruleset has events of the data layer with no more of the language than the script holds', async () => {
  const ruleset = JSON.parse(readFileSync(join(directory, 'slotwise.json'), 'utf8'))
  writeFileSync(join(directory, 'slotwise.json'), JSON.stringify({ version: 1, segments: { 'shoe-lover': ruleset.segments['shoe-lover'], 'cart-abandoner': ruleset.segments['cart-abandoner'] } }))
  await view('bota-trilha', 'tenis-vento', 'bota-serra')
  await soon(async () => expect(await segments()).toEqual(['shoe-lover']))
  expect(await tab.run("return performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/language.js'))")).toBe(false)
})
