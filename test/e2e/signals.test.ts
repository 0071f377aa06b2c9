// The fixture pages of signals, played by pointer and keyboard. To play one by hand: node dist/cli.js serve . --open

import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test, vi } from 'vitest'
import { type Serving, serve } from '../../src/cli/serve.js'
import { startSite } from './site.js'
import { type Tab, type Visitor, visitor } from './visitor.js'

const engine = inject('engine')
const soon = <T>(check: () => Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 8000, interval: 50 })

/** Always recorded; each test looks at the others. */
const USUAL = ['visit', 'page_view']

const KEPT = `const open = await new Promise((done) => { const r = indexedDB.open('slotwise'); r.onsuccess = () => done(r.result) })
  const rows = await new Promise((done) => { const r = open.transaction('rows').objectStore('rows').getAll(); r.onsuccess = () => done(r.result) })
  open.close();`

type Heard = { type: string; props: { [name: string]: unknown } }

let site: Serving
let played: Visitor
let tab: Tab

beforeAll(async () => {
  played = await visitor(engine)
})
afterAll(() => played?.leave())
// Each test has a port, and so an origin and a storage, of its own.
beforeEach(async () => {
  site = await serve({ directory: '.' })
  tab = await played.tab()
})
afterEach(async () => {
  await tab.close()
  await site.close()
})

const open = async (name: string): Promise<void> => {
  await tab.open(`${site.url}/test/fixtures/signals/${name}`)
  await listening()
}
/** Waits until the file of signals is there, and has begun to listen. */
const listening = (): Promise<void> =>
  tab.run(`while (!performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/signals.js'))) await new Promise((next) => setTimeout(next, 20))
    await new Promise((next) => setTimeout(next, 100))`)
const heard = async (): Promise<Heard[]> => (await tab.run<Heard[]>('return heard')).filter(({ type }) => !USUAL.includes(type))
const hears = (...expected: Heard[]): Promise<void> => soon(async () => expect(await heard()).toEqual(expected))
const type = async (field: string, text: string): Promise<void> => {
  await tab.click(field)
  for (const key of text) await tab.press(key)
}
const untroubled = async (): Promise<void> => expect(await tab.run('return trouble')).toEqual([])

test('a form is started by the first letter, submitted once, and abandoned when the page is left; what is typed is nowhere', async () => {
  await open('forms.html')
  await type('#email', 'qzq')
  await hears({ type: 'form_start', props: { page: 'fixture', form: 'newsletter' } })
  await tab.press('Enter')
  await type('#street', 'zqz')
  const both = [
    { type: 'form_start', props: { page: 'fixture', form: 'newsletter' } },
    { type: 'form_submit', props: { page: 'fixture', form: 'newsletter' } },
    { type: 'form_start', props: { page: 'fixture', form: 'checkout' } },
  ]
  await hears(...both)
  await untroubled()
  await tab.click('#away')
  await soon(async () => expect(await tab.run('return location.pathname').catch(() => '')).toContain('links.html'))
  // The page is gone, and it is remembered all the same.
  await tab.open(`${site.url}/test/fixtures/signals/forms.html`)
  await soon(async () => expect(await tab.run('return slotwise.segments?.() ?? []')).toEqual(['begun', 'sent', 'left']))
  const kept = await tab.run<string>(`${KEPT} return JSON.stringify(rows)`)
  expect(kept).toContain('"type":"form_abandon"')
  expect(kept).not.toMatch(/qzq|zqz/)
})

test('a link that leads away is told by its domain, and a file by its kind', async () => {
  await open('links.html')
  for (const link of ['#inside', '#out b', '#file', '#saved']) await tab.click(link)
  await hears(
    { type: 'outbound_click', props: { page: 'fixture', domain: 'other.example' } },
    { type: 'file_download', props: { page: 'fixture', extension: 'pdf' } },
    { type: 'file_download', props: { page: 'fixture' } },
  )
  await untroubled()
})

test('three clicks on the same spot are told of once; by keyboard, or here and there, they are nothing', async () => {
  await open('rage.html')
  await tab.click('#dead')
  for (let i = 0; i < 4; i++) await tab.press('Enter')
  for (const button of ['#dead', '#other', '#dead', '#other']) await tab.click(button)
  expect(await heard()).toEqual([])
  for (let i = 0; i < 5; i++) await tab.click('#dead')
  await hears({ type: 'rage_click', props: { page: 'fixture' } })
})

test('a search is told by the parameter that the ruleset names', async () => {
  await open('search.html')
  expect(await heard()).toEqual([])
  await type('#q', 'Red  Shoes ')
  await tab.press('Enter')
  await soon(async () => expect(await tab.run('return location.search').catch(() => '')).toContain('q='))
  await listening()
  await hears({ type: 'search', props: { page: 'fixture', term: 'red shoes' } })
})

test('an element that says so is told of when it has been looked at for a second, once', async () => {
  await open('views.html')
  await tab.press('End')
  expect(await heard()).toEqual([])
  await hears({ type: 'offer_seen', props: { offer_id: '7' } })
  await untroubled()
})

test('a video is told of when it starts and when it has ended', async () => {
  await open('video.html')
  await tab.click('#play')
  await hears({ type: 'video_start', props: { page: 'fixture', video: 'film' } }, { type: 'video_complete', props: { page: 'fixture', video: 'film' } })
})

test('attention is counted while the page is in front of somebody who does something', async () => {
  await open('engaged.html')
  await tab.click('#touch')
  await hears({ type: 'engaged', props: { page: 'fixture', seconds: 1 } }, { type: 'engaged', props: { page: 'fixture', seconds: 2 } })
})

test('how far somebody scrolls is told in quarters, each once', async () => {
  await open('scroll.html')
  await tab.click('#top')
  expect(await heard()).toEqual([])
  await tab.press('PageDown')
  await soon(async () => expect((await heard())[0]).toEqual({ type: 'scroll', props: { page: 'fixture', percent: 25 } }))
  expect((await heard()).length).toBeLessThan(4)
  await tab.press('End')
  await hears(...[25, 50, 75, 100].map((percent) => ({ type: 'scroll', props: { page: 'fixture', percent } })))
  await untroubled()
})

test('a text is read when its end has come into view, and not by jumping there', async () => {
  await open('read.html')
  await tab.click('#start')
  await tab.run('document.getElementById("end").scrollIntoView({ block: "end" })')
  await tab.run('await new Promise((next) => setTimeout(next, 1000))')
  expect(await heard()).toEqual([])
  await hears({ type: 'read', props: { page: 'fixture' } })
})

test('a page tells how the visit came about, and never what else stands in its address', async () => {
  await tab.open(`${site.url}/test/fixtures/signals/context.html?utm_source=news&gclid=a-click-id&color=red&email=anna@example.com`)
  await soon(async () => expect((await tab.text('#segments'))?.replace('dark ', '')).toBe('new campaign red paid landed'))
  const [visit, view] = await tab.run<Heard[]>('return heard')
  expect(visit).toEqual({ type: 'visit', props: { utm: { source: 'news' }, referrer: 'direct', click: 'google', landing: 'fixture' } })
  expect(view?.props).toEqual({ page: 'fixture', path: '/test/fixtures/signals/context.html', utm: { source: 'news' }, params: { color: 'red' } })
  await untroubled()
})

test('a site that asks for nothing of it does not fetch the file of signals, until an element wants to be seen', async () => {
  const marked = `<!doctype html><title>x</title><link rel="icon" href="/icon.svg"><script src="/watch.js"></script><script src="/slotwise.js" data-ruleset="/slotwise.json" async></script><p data-track-view="promo">x</p>`
  const shop = await startSite('script tag', { 'marked.html': marked })
  const fetched = 'return performance.getEntriesByType("resource").map(({ name }) => name.split("/").pop())'
  await tab.open(`${shop.url}/`)
  await soon(async () => expect(await tab.run('return document.querySelector("[data-slot-state]") !== null')).toBe(true))
  await tab.run('await new Promise((next) => setTimeout(next, 300))')
  expect(await tab.run<string[]>(fetched)).not.toContain('signals.js')
  await tab.open(`${shop.url}/marked.html`)
  await soon(async () => expect(await tab.run<string[]>(fetched)).toContain('signals.js'))
  expect(await tab.run('return trouble')).toEqual([])
  await shop.close()
})
