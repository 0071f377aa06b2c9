// The banner on the smallest screens and at 400 % zoom: an accessibility checker in every state, layout and scheme, and
// whether all of it can be seen and reached.

import axe from 'axe-core'
import { expect, inject, test, vi } from 'vitest'
import { type Collector, collectorBefore } from './collector.js'
import { INSTALL, startSite } from './site.js'
import { type Tab, type Visitor, visitor } from './visitor.js'

const engine = inject('engine')
const LAYOUTS = ['bar', 'box', 'dialog']
const SCHEMES = { light: {}, dark: { colorScheme: 'dark' }, 'forced colours': { forcedColors: 'active' } } as const
/** Firefox has them in its settings. */
const SETTINGS = { light: {}, dark: { 'layout.css.prefers-color-scheme.content-override': 0 }, 'forced colours': { 'browser.display.document_color_use': 2 } }
/** A phone; and a window of 1280 by 1024 at 400 % zoom, which the page sees as one of 320 by 256. */
const SIZES = [[320, 640], [320, 256]] as const
// Words are longest in German.
const page = (layout: string): string =>
  `<!doctype html><html lang="de"><head><meta charset="utf-8"><title>Seite</title><link rel="icon" href="/icon.svg">${INSTALL['script tag'].replace('/slotwise.json', `/${layout}.json`)}</head>
<body><main><h1>Seite</h1><p><a id="own" href="/shoes/1.html">Schuhe</a></p></main></body></html>`
const ruleset = (layout: string): string => JSON.stringify({ version: 1, consent: { layout, controller: 'Beispiel GmbH', policy: '/shoes/1.html' }, sync: { endpoint: '/collect/v1/logs' } })

const soon = <T>(check: () => Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 8000, interval: 30 })
const CHECK = `return (await axe.run(document.querySelector('.slotwise-banner'), { resultTypes: ['violations'] })).violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html, failureSummary }) => html + ' ' + failureSummary).join(' '))`

/** What is wider than its place, sticks out of the window, or cannot be scrolled into it. */
const CUT = `
  const panel = document.querySelector('.slotwise-panel')
  const { innerWidth: width, innerHeight: height } = window
  const wrong = []
  if (document.documentElement.scrollWidth > width) wrong.push('the page is wider than the window')
  const places = panel ? [panel, ...panel.querySelectorAll('h2, small, strong, a, label, input, button')] : document.querySelectorAll('.slotwise-corner button')
  for (const one of places) {
    one.scrollIntoView({ block: 'nearest' })
    const { left, right, top, bottom } = one.getBoundingClientRect()
    // Engines scroll by whole pixels.
    const inside = left >= 0 && right <= width && top >= -1 && bottom <= height + 1
    if (!inside || one.scrollWidth > Math.max(one.clientWidth, getComputedStyle(one).display === 'inline' ? Infinity : 0)) wrong.push(one.tagName + ' ' + one.textContent.slice(0, 30) + ' ' + [left, right, top, bottom])
  }
  return wrong`

/** What has the focus, and where, if nothing of it can be seen once the engine has scrolled there: Firefox is content with a part. */
const FOCUSED = `
  const one = document.activeElement
  if (!one.closest('.slotwise-banner')) return ['', '']
  let hidden
  for (let i = 0; i < 30; i++) {
    await new Promise((next) => requestAnimationFrame(next))
    const { left, right, top, bottom } = one.getBoundingClientRect()
    const visible = [top + 4, (top + bottom) / 2, bottom - 4].some((y) => {
      const there = document.elementFromPoint((left + right) / 2, y)
      return there !== null && one.contains(there)
    })
    hidden = visible ? '' : [left, right, top, bottom].join(' ')
    if (!hidden) break
  }
  return [one.ariaLabel || one.textContent || one.type, hidden]`

async function reached(tab: Tab, wanted: string[], where: string): Promise<void> {
  const seen = new Set<string>()
  for (let i = 0; i < 10 && wanted.some((name) => !seen.has(name)); i++) {
    await tab.press('Tab')
    const [name, hidden] = await tab.run<[string, string]>(FOCUSED)
    expect(hidden, `${where}: ${name} has the focus and cannot be seen`).toBe('')
    seen.add(name)
  }
  expect([...seen], where).toEqual(expect.arrayContaining(wanted))
}

async function look(tab: Tab, site: Collector, layout: string, scheme: string): Promise<void> {
  await tab.open(`${site.url}/${layout}.html`)
  await soon(async () => expect(await tab.text('.slotwise-panel h2')).toContain('?'))
  // The checker is let in by the test; the page's policy allows no script of its kind.
  await tab.run(`${axe.source}; window.axe = axe`)
  const media = await tab.run('return [matchMedia("(prefers-color-scheme: dark)").matches && !matchMedia("(forced-colors: active)").matches, matchMedia("(forced-colors: active)").matches]')
  expect(media).toEqual([scheme === 'dark', scheme === 'forced colours'])
  for (const [width, height] of SIZES) {
    await tab.resize?.(width, height)
    expect(await tab.run('return [innerWidth, innerHeight, devicePixelRatio]')).toEqual([width, height, 4])
    const check = async (state: string, keys: string[]): Promise<void> => {
      const where = `${layout}, ${scheme}, ${width} x ${height}, ${state}`
      expect(await tab.run(CHECK), where).toEqual([])
      expect(await tab.run(CUT), where).toEqual([])
      if (scheme === 'light') await reached(tab, keys, where)
    }
    await check('first layer', ['Schließen', 'Alle akzeptieren', 'Alle ablehnen', 'Einstellungen verwalten'])
    await tab.click('.slotwise-actions > :nth-child(3)')
    await check('choice', ['Schließen', 'checkbox', 'Alle akzeptieren', 'Alle ablehnen', 'Auswahl speichern'])
    await tab.click('.slotwise-close')
    await check('closed', ['Datenschutz'])
    await tab.click('.slotwise-corner button')
  }
  expect(await tab.run('return [...trouble, ...consoleErrors]')).toEqual([])
}

test.runIf(engine !== 'webkit').each(Object.keys(SCHEMES) as (keyof typeof SCHEMES)[])('a visitor with a window of 320 px, or who zooms in four times, can read and reach all of the question, and a checker finds nothing, in every state and layout: %s', async (scheme) => {
  let played: Visitor | undefined
  let site: Collector | undefined
  try {
    played = await visitor(engine, SETTINGS[scheme], 4)
    site = await collectorBefore(await startSite('script tag', Object.fromEntries(LAYOUTS.flatMap((layout) => [[`${layout}.json`, ruleset(layout)], [`${layout}.html`, page(layout)]]))))
    const tab = await played.tab()
    await tab.prefer?.(SCHEMES[scheme])
    for (const layout of LAYOUTS) await look(tab, site, layout, scheme)
  } finally {
    await played?.leave()
    await site?.close()
  }
}, 120_000)
