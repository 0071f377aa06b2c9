// What a visitor has closed comes back after its time, on a site where days pass when the test says so.

import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test, vi } from 'vitest'
import type { Serving } from '../../src/cli/serve.js'
import { startSite } from './site.js'
import { type Tab, type Visitor, visitor } from './visitor.js'

const soon = <T>(check: () => Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 15_000, interval: 50 })
const SITE = `while (!window.site) await new Promise((next) => setTimeout(next, 10)); await window.site.ready;`

const RULESET = { version: 1, slots: { bar: { experiences: [{ name: 'bar', show: 'on', cooldown: { for: '1d', grow: 2 } }] } } }
const IMPORTS = JSON.stringify({ imports: { 'idb-keyval': '/modules/idb-keyval.js', nanoid: '/modules/nanoid/index.browser.js' } })
const START = `import { personalize } from './slotwise/index.js'
window.site = personalize({ ruleset: '/slotwise.json', now: () => Date.now() + Number(localStorage.getItem('later')) })\n`
const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Bar</title><link rel="icon" href="/icon.svg"><script src="/watch.js"></script><script type="importmap">${IMPORTS}</script><script type="module" src="/start.js"></script></head>
<body><div data-slot="bar"><template data-variant="on"><b>Bar</b> <button id="close" data-slotwise-dismiss>Close</button></template><span>own</span></div></body></html>`

let site: Serving
let played: Visitor
let tab: Tab

beforeAll(async () => {
  played = await visitor(inject('engine'))
})
afterAll(() => played?.leave())
beforeEach(async () => {
  site = await startSite('ESM', { 'bar.html': PAGE, 'start.js': START, 'slotwise.json': JSON.stringify(RULESET) })
  tab = await played.tab()
})
afterEach(async () => {
  await tab.close()
  await site.close()
})

const text = (): Promise<string> => tab.run<string>(`return document.querySelector('[data-slot=bar]')?.textContent.trim() ?? ''`)
const open = async (): Promise<void> => {
  await tab.open(`${site.url}/bar.html`)
  await tab.run(SITE)
}
const untroubled = async () => expect(await tab.run('return [...trouble, ...consoleErrors]')).toEqual([])

test('a bar that is closed, by the keyboard too, is gone at once and comes back after its time, the second time after twice as long', async () => {
  const DAY = 86_400_000
  const at = (days: number) => tab.run(`localStorage.setItem('later', ${Math.round(days * DAY)})`)
  await open()
  expect(await text()).toBe('Bar Close')
  await tab.click('#close')
  await soon(async () => expect(await text()).toBe('own'))
  const stages: [days: number, wanted: string][] = [
    [0.9, 'own'],
    [1.1, 'Bar Close'],
  ]
  for (const [days, wanted] of stages) {
    await at(days)
    await open()
    expect(await text()).toBe(wanted)
  }
  await tab.run(`document.querySelector('#close').focus()`)
  await tab.press('Enter')
  await soon(async () => expect(await text()).toBe('own'))
  for (const [days, wanted] of [[2.5, 'own'], [3.3, 'Bar Close']] as const) {
    await at(days)
    await open()
    expect(await text()).toBe(wanted)
  }
  await untroubled()
})
