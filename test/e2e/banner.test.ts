// The banner on a real site: what it asks, keeps and lets go of, by keyboard, and answered by a tool for the visitor.

import { readFileSync } from 'node:fs'
import axe from 'axe-core'
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest'
import { type Collector, collectorBefore } from './collector.js'
import { startSite } from './site.js'
import { type Tab, type Visitor, visitor } from './visitor.js'

const engine = inject('engine')
const soon = <T>(check: () => Promise<T> | T, timeout = 8000): Promise<T> => vi.waitFor(check, { timeout, interval: 30 })
const SITE = `let site; while (!(site = window.slotwise?.track && window.slotwise)) await new Promise((next) => setTimeout(next, 10)); await site.ready;`
const CONSENT = { revision: 3, controller: 'Example Ltda', policy: '/shoes/1.html' } as const
const RULESET = {
  version: 1,
  goals: { signup: { event: 'signup' } },
  slots: { note: { experiences: [{ name: 'note', show: 'basket', goal: 'signup' }], variants: { basket: { text: { p: 'Your boots are waiting' } } } } },
  sync: { endpoint: '/collect/v1/logs' },
}

let played: Visitor
let site: Collector
let tab: Tab

beforeAll(async () => {
  played = await visitor(engine)
})
afterAll(() => played?.leave())
afterEach(async () => {
  expect(await tab.run('return [...trouble, ...consoleErrors]')).toEqual([])
  await tab.close()
  await site.close()
})

const html = (lang: string): string =>
  `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>Page</title><link rel="icon" href="/icon.svg"><script src="/watch.js"></script><script src="/hurry.js"></script><script src="/slotwise.js" data-ruleset="/slotwise.json" async></script></head>
<body><main><a id="own" href="/shoes/1.html">Shoes</a><aside data-slot="note"><p>Nothing in your basket</p></aside></main></body></html>`

const begin = async (consent: object = {}, files: { [path: string]: string } = {}): Promise<void> => {
  const pages = Object.fromEntries(['de', 'es', 'fr', 'pt-BR', 'en'].map((lang) => [`${lang}.html`, html(lang)]))
  site = await collectorBefore(await startSite('script tag', { 'slotwise.json': JSON.stringify({ ...RULESET, consent: { ...CONSENT, ...consent } }), ...pages, ...files }))
  tab = await played.tab()
}
const BUTTON = '.slotwise-banner .slotwise-actions > '
const [ACCEPT, REJECT] = [`${BUTTON}:nth-child(1)`, `${BUTTON}:nth-child(2)`]
const CONTROL = '.slotwise-corner button'
const isOpen = () => tab.run('return !!document.querySelector(".slotwise-panel")?.getClientRects().length')
const opened = () => soon(async () => expect(await isOpen()).toBe(true))
const closed = () => soon(async () => expect(await isOpen()).toBe(false))
const said = () => tab.run<{ personalize: string; measure: string; by: string }>(`${SITE} const { personalize, measure, by } = site.consent(); return { personalize, measure, by }`)
const record = () => tab.run<Record<string, unknown>>('return JSON.parse(localStorage.getItem("slotwise:consent"))')
/** As if the answer had been given otherwise. */
const rewrite = (by: string) => tab.run(`const kept = JSON.parse(localStorage.getItem('slotwise:consent')); ${by}; localStorage.setItem('slotwise:consent', JSON.stringify(kept))`)
/** The page with what is loaded once there is time; then it is known whether it asks. */
const settled = () => tab.run(`${SITE} await new Promise((later) => setTimeout(later, 150))`)

test('B10: a visitor takes consent back by the same two clicks that gave it, and nothing is left, waits or is sent', async () => {
  await begin({}, { 'hurry.js': 'Math.random = () => 0.02' })
  await tab.open(`${site.url}/en.html`)
  await opened()
  await tab.click(REJECT)
  await closed()
  for (const [button, by] of [[ACCEPT, 'granted'], [REJECT, 'denied']] as const) {
    await tab.click(CONTROL)
    await opened()
    await tab.click(button)
    await soon(async () => expect(await said()).toEqual({ personalize: by, measure: by, by: 'visitor' }))
    if (by === 'granted') await tab.run(`${SITE} await site.track('signup')`)
  }
  await closed()
  const sent = site.posted.length
  // The wish to be forgotten stands there until that is done.
  await soon(async () => expect(await tab.run('return [Object.keys(localStorage), Object.keys(sessionStorage), document.cookie]')).toEqual([['slotwise:consent'], [], '']))
  await soon(async () =>
    expect(
      await tab.run(`const names = ((await indexedDB.databases?.()) ?? []).map(({ name }) => name)
        if (!names.includes('slotwise')) return []
        const open = await new Promise((done) => { const request = indexedDB.open('slotwise'); request.onsuccess = () => done(request.result) })
        const keys = await new Promise((done) => { const request = open.transaction('rows').objectStore('rows').getAllKeys(); request.onsuccess = () => done(request.result) })
        open.close()
        return keys`),
    ).toEqual([]),
  )
  await tab.run(`${SITE} void site.track('signup'); await new Promise((later) => setTimeout(later, 300))`)
  expect(site.posted.length).toBe(sent)
})

test('B11: a no is remembered as long as a yes, for half a year', async () => {
  await begin()
  await tab.open(`${site.url}/en.html`)
  for (const button of [ACCEPT, REJECT]) {
    await opened()
    await tab.click(button)
    await closed()
    await rewrite('kept.at -= 179 * 86400000')
    await tab.open(`${site.url}/en.html`)
    await settled()
    expect([await isOpen(), (await said()).by]).toEqual([false, 'visitor'])
    await rewrite('kept.at -= 2 * 86400000')
    await tab.open(`${site.url}/en.html`)
  }
  await opened()
  expect(await said()).toEqual({ personalize: 'unset', measure: 'unset', by: 'nobody' })
})

test('B12: when what is asked has changed, the visitor is asked again, and nothing is sent until there is an answer', async () => {
  await begin({}, { 'hurry.js': 'Math.random = () => 0.02' })
  await tab.open(`${site.url}/en.html`)
  await opened()
  await tab.click(ACCEPT)
  await closed()
  await tab.open(`${site.url}/en.html`)
  await soon(() => expect(site.posted.length).toBeGreaterThan(0))
  await rewrite('kept.revision -= 1')
  await tab.open(`${site.url}/en.html`)
  await opened()
  expect(await said()).toEqual({ personalize: 'unset', measure: 'unset', by: 'nobody' })
  const sent = site.posted.length
  await tab.run(`${SITE} void site.track('signup'); await new Promise((later) => setTimeout(later, 600))`)
  expect(site.posted.length).toBe(sent)
})

test('B15: a browser that says no is not asked, is told so where it asks, and may still say yes, which is kept as said in spite of it', async () => {
  await begin({}, { 'hurry.js': 'Object.defineProperty(navigator, "globalPrivacyControl", { get: () => true })' })
  await tab.open(`${site.url}/en.html`)
  await soon(async () => expect(await tab.text(CONTROL)).toBe('Privacy'))
  expect([await isOpen(), await said()]).toEqual([false, { personalize: 'denied', measure: 'denied', by: 'signal' }])
  await tab.click(CONTROL)
  await opened()
  expect(await tab.text('.slotwise-panel')).toContain('Your browser asks not to be tracked')
  await tab.click(ACCEPT)
  await closed()
  expect(await said()).toEqual({ personalize: 'granted', measure: 'granted', by: 'visitor' })
  expect(await record()).toMatchObject({ signal: true, personalize: 'granted' })
})

test('B24: under the strictest policy, in a language that is loaded, all requests go to the site itself, and nothing shifts', async () => {
  await begin({ layout: 'box' })
  await tab.open(`${site.url}/de.html`)
  await opened()
  expect(await tab.text(REJECT)).toBe('Alle ablehnen')
  await tab.click(`${BUTTON}:nth-child(3)`)
  const { addresses, shift } = await tab.run<{ addresses: string[]; shift: number }>(`
    let shift = 0
    if (PerformanceObserver.supportedEntryTypes.includes('layout-shift')) {
      await new Promise((done) => { new PerformanceObserver((list) => { for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) shift += value }).observe({ type: 'layout-shift', buffered: true }); setTimeout(done, 100) })
    }
    return { addresses: performance.getEntriesByType('resource').map(({ name }) => name), shift }`)
  expect(addresses).toContain(`${site.url}/banner/de.js`)
  expect(addresses.filter((address) => !address.startsWith(`${site.url}/`))).toEqual([])
  expect(shift).toBe(0)
  expect(site.posted).toEqual([])
})

test('B28: what is kept of an answer says what was asked, in which words, when and how, and nothing of who', async () => {
  await begin()
  await tab.open(`${site.url}/pt-BR.html`)
  await opened()
  const text = await tab.run<string>(`
    const words = new TextEncoder().encode(document.querySelector('.slotwise-panel').textContent)
    return btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest('SHA-256', words))))`)
  const before = Date.now()
  await tab.click(REJECT)
  await closed()
  const { at, ...kept } = await record()
  expect(kept).toEqual({ v: 1, personalize: 'denied', measure: 'denied', revision: 3, signal: false, evidence: { method: 'reject_all', language: 'pt-BR', text, ui: 'slotwise-banner/1' } })
  expect(at as number).toBeGreaterThan(before - 1000)
  expect(at as number).toBeLessThan(Date.now() + 1000)
  // By the site's own call there is nothing to show for it.
  await tab.run(`${SITE} await site.consent({ personalize: 'granted' })`)
  expect(await record()).toMatchObject({ personalize: 'granted', measure: 'denied' })
  expect((await record()).evidence).toBeUndefined()
})

/** What of the page has the focus. */
const focused = () => tab.run<string>('const { activeElement } = document; return activeElement.closest("[data-slotwise-banner]") ? activeElement.textContent || activeElement.ariaLabel : activeElement.id || activeElement.tagName')

test('by the keyboard alone: the first Tab reaches the question, which is answered by Enter', async () => {
  await begin()
  await tab.open(`${site.url}/en.html`)
  await opened()
  const order: string[] = []
  for (const _ of [1, 2, 3, 4]) {
    await tab.press('Tab')
    order.push(await focused())
  }
  // WebKit leaves links out unless it is told otherwise.
  expect(order.filter((name) => name !== 'Privacy policy').slice(0, 3)).toEqual(['×', 'Accept all', 'Reject all'])
  while ((await focused()) !== 'Reject all') await tab.press('Tab')
  await tab.press('Enter')
  await closed()
  expect(await said()).toEqual({ personalize: 'denied', measure: 'denied', by: 'visitor' })
  expect(await focused()).toBe('Privacy')
})

test('a dialog keeps Tab inside, and Escape closes it without an answer, which going on to another page is not either', async () => {
  await begin({ layout: 'dialog' })
  await tab.open(`${site.url}/en.html`)
  await opened()
  const seen = new Set<string>()
  for (let i = 0; i < 9; i++) {
    await tab.press('Tab')
    seen.add(await focused())
  }
  expect([...seen]).toEqual(expect.arrayContaining(['×', 'Accept all', 'Reject all', 'Manage']))
  // The window's own controls may have their turn; nothing of the page has.
  expect(seen.has('own')).toBe(false)
  await tab.run('document.querySelector(".slotwise-actions button").focus()')
  await tab.press('Escape')
  await closed()
  expect(await said()).toEqual({ personalize: 'unset', measure: 'unset', by: 'nobody' })
  expect(await focused()).toBe('Privacy')
  await tab.open(`${site.url}/shoes/1.html`)
  await opened()
  expect(await said()).toEqual({ personalize: 'unset', measure: 'unset', by: 'nobody' })
})

const ENGINE = readFileSync('node_modules/@duckduckgo/autoconsent/dist/autoconsent.playwright.js', 'utf8')
const AXE = axe.source
const RULE: unknown = JSON.parse(readFileSync('dist/autoconsent.json', 'utf8'))

/** Lets DuckDuckGo's tool into the page, and waits for what it says at its end. It hides nothing: there it is no extension, and the page's policy holds for it. */
const autoconsent = (config: object, rules: unknown[]): Promise<{ type: string; cmp?: string; result?: boolean }[]> =>
  tab.run(
    `const [config, rules] = args
    const heard = []
    await new Promise((done) => {
      window.autoconsentSendMessage = async (message) => {
        heard.push({ type: message.type, cmp: message.cmp, result: message.result })
        if (message.type === 'init') setTimeout(() => window.autoconsentReceiveMessage({ type: 'initResp', config, rules: { autoconsent: rules } }))
        if (message.type === 'autoconsentDone') done()
      }
      setTimeout(done, 5000)
      ${ENGINE}
    })
    return heard`,
    { autoAction: 'optOut', enablePrehide: false, ...config },
    rules,
  )

test('B27: DuckDuckGo’s autoconsent rejects for a visitor who lets it, by the rule that is shipped, in every layout', async () => {
  // What it waits between its steps is long: all of it in one engine.
  for (const [layout, lang] of engine === 'chromium' ? [['bar', 'en'], ['box', 'pt-BR'], ['dialog', 'es']] : [['dialog', 'es']]) {
    await begin({ layout })
    await tab.open(`${site.url}/${lang}.html`)
    await opened()
    expect(await autoconsent({}, [RULE])).toContainEqual({ type: 'optOutResult', cmp: 'slotwise', result: true })
    await closed()
    expect(await said()).toEqual({ personalize: 'denied', measure: 'denied', by: 'visitor' })
    if (layout === 'dialog') return
    await tab.close()
    await site.close()
  }
})

test.runIf(engine === 'chromium' || process.env.SOAK)('without any rule, autoconsent finds the button that rejects by what it says, in the languages that it listens for', async () => {
  await begin()
  for (const lang of process.env.SOAK ? ['en', 'de', 'fr'] : ['de']) {
    await tab.open(`${site.url}/${lang}.html`)
    await opened()
    expect(await autoconsent({ enableHeuristicDetection: true, heuristicMode: 'reject' }, [])).toContainEqual(expect.objectContaining({ type: 'optOutResult', result: true }))
    await closed()
    expect(await said()).toEqual({ personalize: 'denied', measure: 'denied', by: 'visitor' })
    await tab.run(`${SITE} await site.forget()`)
  }
})

/** Colours as they are painted; contrast as WCAG has it. */
const CONTRASTS = `
  const pixels = (colour) => { const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d'); context.fillStyle = colour; context.fillRect(0, 0, 1, 1); return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3) }
  const luminance = (colour) => pixels(colour).map((value) => value / 255 <= .04045 ? value / 255 / 12.92 : ((value / 255 + .055) / 1.055) ** 2.4).reduce((sum, value, i) => sum + value * [.2126, .7152, .0722][i], 0)
  const contrast = (one, other) => { const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b); return (light + .05) / (dark + .05) }
  const ground = getComputedStyle(document.querySelector('.slotwise-panel')).backgroundColor
  document.querySelector('.slotwise-actions button').focus()
  return [...document.querySelectorAll('.slotwise-panel button, .slotwise-panel label, .slotwise-panel small')].map((one) => {
    const { color, backgroundColor, borderTopColor, borderTopWidth, outlineColor } = getComputedStyle(one)
    const own = /rgba\\(.*, 0\\)/.test(backgroundColor) ? ground : backgroundColor
    return { words: one.textContent, text: contrast(color, own), edge: borderTopWidth === '0px' ? 21 : contrast(borderTopColor, ground), ring: one === document.activeElement ? contrast(outlineColor, ground) : 21 }
  })`

if (engine !== 'webkit') {
  test('in the system’s own colours every word, edge and ring can be seen, and a checker finds nothing', async () => {
    // Firefox takes them from its settings.
    const own = engine === 'firefox' ? await visitor(engine, { 'browser.display.document_color_use': 2 }) : undefined
    const usual = played
    try {
      played = own ?? played
      await begin()
      await tab.forceColors?.()
      await tab.open(`${site.url}/en.html`)
      await opened()
      expect(await tab.run('return matchMedia("(forced-colors: active)").matches')).toBe(true)
      await tab.run(`${AXE}; window.axe = axe`)
      for (const _ of [1, 2]) {
        for (const { words, text, edge, ring } of await tab.run<{ words: string; text: number; edge: number; ring: number }[]>(CONTRASTS)) {
          expect(text, words).toBeGreaterThanOrEqual(4.5)
          expect(edge, words).toBeGreaterThanOrEqual(3)
          expect(ring, words).toBeGreaterThanOrEqual(3)
        }
        expect(await tab.run(`return (await axe.run(document.querySelector('.slotwise-banner'), { resultTypes: ['violations'] })).violations.map(({ id }) => id)`)).toEqual([])
        await tab.click(`${BUTTON}:nth-child(3)`)
      }
      expect(await tab.run('return [...trouble, ...consoleErrors]')).toEqual([])
    } finally {
      played = usual
      await own?.leave()
      if (own) {
        tab = await played.tab()
        await tab.open(`${site.url}/en.html`)
      }
    }
  })
}
