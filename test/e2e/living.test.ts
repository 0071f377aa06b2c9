// Visits in which pages come back, are made ready ahead, go on without loading, are full of slots, and are given back.

import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, type CDPSession, chromium, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import type { Serving } from '../../src/cli/serve.js'
import { chromiumLaunch, found } from '../support/browsers.js'
import { startSite } from './site.js'
import { type Tab, type Visitor, visitor } from './visitor.js'

const engine = inject('engine')
const soon = <T>(check: () => Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 15_000, interval: 50 })
const SITE = `let site; while (!(site = window.slotwise?.track && window.slotwise)) await new Promise((next) => setTimeout(next, 10)); await site.ready;`

const SLOTS = 100
const RULESET = {
  version: 1,
  pages: { shoes: '/shoes/*' },
  segments: { 'shoe-lover': { event: 'page_view', where: { page: 'shoes' } } },
  slots: {
    hero: { experiences: [{ name: 'shoes', when: 'shoe-lover', show: 'shoes' }] },
    all: { experiences: [{ name: 'all', show: 'on' }], variants: { on: { text: { h2: 'On' } } } },
    ...Object.fromEntries(Array.from({ length: SLOTS }, (_, i) => [`s${i}`, { experiences: [{ name: `e${i}`, show: 'on' }] }])),
  },
}
const TAG = '<script src="/slotwise.js" data-ruleset="/slotwise.json" async></script>'
const HERO = '<section data-slot="hero"><template data-variant="shoes"><h1>Made for your feet</h1></template><h1>Welcome</h1></section>'
const ALL = '<section data-slot="all"><h2>Off</h2></section>'

/** Tells of what counts, and whether the page was only being made ready at the time. */
const LOG = `window.log = []
addEventListener('pageshow', (event) => { window.persisted = event.persisted })
;(window.slotwise ||= []).push((site) => {
  for (const stage of ['event', 'decision', 'exposure']) site.on(stage, (value) => log.push({ stage, name: value.type ?? value.slot, ahead: !!document.prerendering, seen: value.seen }))
})`
/** Tells what was there when the page began to be looked at, and what has become of it once slots have been met. */
const AHEAD = `const words = () => [...document.querySelectorAll('[data-slot]')].map((slot) => slot.textContent).join(' ')
let text
document.addEventListener('prerenderingchange', () => { text = words() }, { capture: true })
const wait = () => setTimeout(() => (log.filter(({ stage }) => stage === 'exposure').length < 2 ? wait() : fetch('/log', { method: 'POST', body: JSON.stringify({
  activated: performance.getEntriesByType('navigation')[0].activationStart, log, text: [text, words()] }) })), 100)
wait()`
/** Counts listeners that live, and looks at layout that is asked for. */
const COUNT = `const live = new Set()
const name = (target, type, listener, options) => [type, typeof options === 'object' ? !!options?.capture : !!options]
window.listeners = new Map()
const change = (by) => function (type, listener, options) {
  const { add, remove } = change.own
  const of = listeners.get(this) ?? new Map()
  listeners.set(this, of)
  const key = type + (typeof options === 'object' ? !!options?.capture : !!options)
  const those = of.get(key) ?? new Set()
  of.set(key, those)
  if (listener) those[by](listener)
  return (by === 'add' ? add : remove).call(this, type, listener, options)
}
change.own = { add: EventTarget.prototype.addEventListener, remove: EventTarget.prototype.removeEventListener }
EventTarget.prototype.addEventListener = change('add')
EventTarget.prototype.removeEventListener = change('delete')
window.countListeners = () => [window, document].map((target) => [...(listeners.get(target)?.values() ?? [])].reduce((sum, those) => sum + those.size, 0)).join()
window.asked = 0
const { getBoundingClientRect } = Element.prototype
Element.prototype.getBoundingClientRect = function () { asked++; return getBoundingClientRect.call(this) }
for (const [prototype, names] of [[HTMLElement.prototype, ['offsetTop', 'offsetLeft', 'offsetWidth', 'offsetHeight', 'offsetParent', 'innerText']], [Element.prototype, ['clientTop', 'clientWidth', 'clientHeight', 'scrollTop', 'scrollWidth', 'scrollHeight']]]) {
  for (const name of names) {
    const own = Object.getOwnPropertyDescriptor(prototype, name)
    Object.defineProperty(prototype, name, { ...own, get() { asked++; return own.get.call(this) } })
  }
}
window.batches = []
new MutationObserver((changes) => batches.push(changes.length)).observe(document, { subtree: true, attributeFilter: ['data-slot-state'] })
window.snapshot = () => {
  const nodes = []
  const walk = (node) => {
    nodes.push([node, node.nodeValue, node.attributes && [...node.attributes].map(({ name, value }) => name + '=' + value).join(), Object.keys(node).join()])
    node.childNodes.forEach(walk)
  }
  walk(document.body)
  return nodes
}
window.start = () => document.head.append(Object.assign(document.createElement('script'), { src: '/slotwise.js' }))
`
const slots = Array.from({ length: SLOTS }, (_, i) => `<section data-slot="s${i}"><template data-variant="on"><h3>On ${i}</h3><p>variant</p></template><h3>Off ${i}</h3>${'<p>some <b>words</b></p>'.repeat(24)}</section>`).join('')

const page = (body: string, head = TAG): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>page</title><link rel="icon" href="/icon.svg"><script src="/watch.js"></script>${head}</head><body>${body}</body></html>`

const FILES = {
  'slotwise.json': JSON.stringify(RULESET),
  'log.js': LOG,
  'count.js': COUNT,
  'first.html': page(`${HERO}${ALL}<a id="go" href="/away.html">Away</a>`, `<script src="/log.js"></script>${TAG}`),
  'away.html': page('<p>Away</p>', ''),
  'ahead.html': `<!doctype html><title>ahead</title><script type="speculationrules">{"prerender":[{"source":"list","urls":["/shoes/ahead.html"],"eagerness":"immediate"}]}</script>
    <a id="go" href="/shoes/ahead.html">Go</a><script>setTimeout(() => go.click(), 2500)</script>`,
  'shoes/ahead.html': page(`${HERO}${ALL}`, `<script src="/log.js"></script><script src="/ahead.js"></script>${TAG}`),
  'ahead.js': AHEAD,
  'full.html': page(`${slots}<script type="application/json" data-slotwise-ruleset>${JSON.stringify(RULESET)}</script>`, '<script src="/count.js"></script>'),
}

let site: Serving
beforeAll(async () => {
  site = await startSite('script tag', FILES, "default-src 'self'")
})
afterAll(() => site?.close())

describe('a visitor', () => {
  let played: Visitor
  let tab: Tab
  beforeAll(async () => {
    played = await visitor(engine)
  })
  afterAll(() => played?.leave())
  afterEach(() => tab.close())
  const text = (selector: string) => tab.text(selector)
  const untroubled = async () => expect(await tab.run('return [...trouble, ...consoleErrors]')).toEqual([])

  test('who goes on inside a page of one piece gets each page view decided, and nothing of the last one is left', async () => {
    tab = await played.tab()
    await tab.open(`${site.url}/first.html`)
    await tab.run(SITE)
    await soon(async () => expect(await text('[data-slot=all] h2')).toBe('On'))
    expect(await text('[data-slot=hero]')).toBe('Welcome')
    // The address changes, and the router renders right after: what comes is decided before anything is painted.
    const seen = await tab.run(`const hero = document.querySelector('[data-slot=hero]')
      const next = hero.cloneNode(true)
      next.removeAttribute('data-slot-state')
      history.pushState(null, '', '/shoes/1')
      hero.replaceWith(next)
      await new Promise(queueMicrotask)
      return next.textContent`)
    expect(seen).toBe('Made for your feet')
    await tab.run(`${SITE} await site.forget()`)
    expect(await text('[data-slot=hero]')).toBe('Welcome')
    await untroubled()
  })

  test('finds a hundred slots shown at once, without one look at the layout, and the page node for node when it is given back', async () => {
    tab = await played.tab()
    await tab.open(`${site.url}/full.html`)
    const counts = await tab.run<{ nodes: number; before: string; asked: number; batches: number[]; on: number }>(`window.before = snapshot()
      const listenersBefore = countListeners()
      start()
      ${SITE}
      while (batches.length === 0) await new Promise((next) => setTimeout(next, 20))
      const found = { nodes: before.length, before: listenersBefore, asked, batches: [...batches], on: [...document.querySelectorAll('h3')].filter((h3) => h3.textContent.startsWith('On')).length }
      return found`)
    expect(counts.nodes).toBeGreaterThan(9_000)
    // All of them in one go: nothing could be painted in between.
    expect(counts).toMatchObject({ asked: 0, batches: [SLOTS], on: SLOTS })
    const after = await tab.run<{ same: boolean; listeners: string }>(`${SITE} site.stop()
      const after = snapshot()
      const same = after.length === before.length && after.every((node, i) => node.every((part, j) => part === before[i][j]))
      return { same, listeners: countListeners() }`)
    expect(after).toEqual({ same: true, listeners: counts.before })
    await untroubled()
  })
})

describe.runIf(engine === 'chromium')('in Chromium', () => {
  let context: BrowserContext
  let tab: Page
  let tools: CDPSession
  beforeAll(async () => {
    // Playwright turns the back-forward cache off.
    const browser = await chromium.launch({ ...chromiumLaunch, ignoreDefaultArgs: ['--disable-back-forward-cache'] })
    context = await browser.newContext()
  })
  afterAll(() => context?.browser()?.close())
  afterEach(() => tab.close())
  const open = async (path: string): Promise<void> => {
    tab = await context.newPage()
    tools = await context.newCDPSession(tab)
    await tab.goto(`${site.url}/${path}`)
  }
  const run = <T>(body: string): Promise<T> => tab.evaluate(`(async () => { ${body} })()`)
  type Logged = { stage: string; name: string; ahead: boolean; seen?: boolean }
  const log = () => run<Logged[]>('return window.log')

  test('a page that comes back from the back-forward cache is one more page view, with the decisions and exposures that it had', async () => {
    await open('first.html')
    await run(SITE)
    const exposures = async () => (await log()).filter(({ stage, seen }) => stage === 'exposure' && !seen)
    await soon(async () => expect((await exposures()).map(({ name }) => name)).toEqual(['all']))
    const decisions = (await log()).filter(({ stage }) => stage === 'decision').length
    await run('window.mark = true; document.querySelector("#go").click()')
    await soon(async () => expect(await run('return location.pathname')).toBe('/away.html'))
    await run('history.back()').catch(() => {})
    await soon(async () => expect(await run('return [window.mark, window.persisted]')).toEqual([true, true]))
    await soon(async () => expect((await log()).filter(({ name }) => name === 'page_view').length).toBe(2))
    await new Promise((later) => setTimeout(later, 400))
    expect((await log()).filter(({ stage }) => stage === 'decision').length).toBe(decisions)
    expect((await exposures()).length).toBe(1)
    expect(await run('return document.querySelector("[data-slot=all] h2").textContent')).toBe('On')
  })

  test('on a page that is made ready ahead slots are shown, and nothing counts before it is looked at', async () => {
    // Whoever drives a page keeps Chromium from making another one ready: here the pages go on and tell by themselves.
    const files: { [path: string]: string } = { ...FILES, 'slotwise.js': readFileSync('dist/slotwise.js', 'utf8') }
    let told: (body: string) => void
    const telling = new Promise<string>((done) => {
      told = done
    })
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (part) => (body += part))
      request.on('end', () => request.method === 'POST' && told(body))
      const path = (request.url ?? '').slice(1)
      response.setHeader('content-type', path.endsWith('.js') ? 'text/javascript' : path.endsWith('.json') ? 'application/json' : 'text/html')
      response.end(files[path] ?? '')
    }).listen(0)
    const profile = mkdtempSync(join(tmpdir(), 'slotwise-ahead-'))
    const start = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ahead.html`
    const browser = spawn(found.chromium ?? 'chromium', ['--headless=new', ...chromiumLaunch.args, `--user-data-dir=${profile}`, start], { detached: true, stdio: 'ignore' })
    try {
      const { activated, log, text } = JSON.parse(await telling) as { activated: number; log: Logged[]; text: string[] }
      expect(activated).toBeGreaterThan(0)
      expect(log.filter(({ ahead }) => ahead).map(({ stage, name }) => `${stage} ${name}`)).toEqual(['decision hero', 'decision all'])
      const since = log.filter(({ ahead }) => !ahead)
      expect(since.filter(({ stage }) => stage === 'event').map(({ name }) => name).slice(0, 2)).toEqual(['visit', 'page_view'])
      expect(since.filter(({ stage, seen }) => stage === 'exposure' && !seen).map(({ name }) => name).sort()).toEqual(['all', 'hero'])
      // Shown ahead what was known by then; and once it is looked at, that view itself is one of shoes.
      expect(text).toEqual(['Welcome On', 'Made for your feet On'])
    } finally {
      if (browser.pid) process.kill(-browser.pid, 'SIGTERM')
      server.close()
      await new Promise((gone) => browser.once('exit', gone))
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    }
  })

  test('a hundred slots given back leave no node and no listener behind, and slots that have left the page are not held', async () => {
    await open('full.html')
    const metrics = async (): Promise<{ [name: string]: number }> => {
      await tools.send('HeapProfiler.collectGarbage')
      const { metrics } = await tools.send('Performance.getMetrics')
      return Object.fromEntries(metrics.map(({ name, value }) => [name, value]))
    }
    await tools.send('Performance.enable')
    const cycle = async () => {
      await run(`start(); ${SITE} while (document.querySelectorAll('[data-slot-state]').length < ${SLOTS}) await new Promise((next) => setTimeout(next, 20)); site.stop(); delete window.slotwise; document.head.lastElementChild.remove()`)
      await new Promise((later) => setTimeout(later, 100))
    }
    // The first time the engine makes what it keeps: compiled code, the database’s own.
    await cycle()
    const before = await metrics()
    await cycle()
    const after = await metrics()
    expect((after.Nodes ?? 0) - (before.Nodes ?? 0)).toBeLessThan(20)
    expect(after.JSEventListeners).toBe(before.JSEventListeners)

    await run(`start(); ${SITE} while (document.querySelectorAll('[data-slot-state]').length < ${SLOTS}) await new Promise((next) => setTimeout(next, 20))
      window.gone = [...document.querySelectorAll('[data-slot]')].slice(0, 50).map((slot) => { slot.remove(); return new WeakRef(slot) })
      const host = document.createElement('div')
      document.body.append(host)
      host.attachShadow({ mode: 'open' }).append(Object.assign(document.createElement('section'), { innerHTML: '<h2>Off</h2>' }))
      host.shadowRoot.firstChild.setAttribute('data-slot', 'all')
      site.watch(host.shadowRoot)
      await new Promise((next) => setTimeout(next, 20))
      window.inside = host.shadowRoot.textContent
      gone.push(new WeakRef(host))
      host.remove()`)
    expect(await run('return inside')).toBe('On')
    await soon(async () => {
      await tools.send('HeapProfiler.collectGarbage')
      expect(await run('return gone.flatMap((ref, i) => (ref.deref() ? [i] : []))')).toEqual([])
    })
  })
})
