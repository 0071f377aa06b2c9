// A visitor, played in a real browser against the built files.

import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test, vi } from 'vitest'
import type { Serving } from '../../src/cli/serve.js'
import { type Install, RULESET, startSite } from './site.js'
import { type Tab, type Visitor, visitor } from './visitor.js'

const engine = inject('engine')
const soon = <T>(check: () => Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 8000, interval: 50 })

/** Gives a script the site, however it was installed, once it is ready. */
const SITE = `let site; while (!(site = window.site ?? (window.slotwise?.track && window.slotwise))) await new Promise((next) => setTimeout(next, 10)); await site.ready;`
const ROWS = `const open = await new Promise((done) => { const r = indexedDB.open('slotwise'); r.onsuccess = () => done(r.result) });
  const rows = open.objectStoreNames.contains('rows') ? await new Promise((done) => { const r = open.transaction('rows').objectStore('rows').getAll(); r.onsuccess = () => done(r.result) }) : [];
  open.close();`

let site: Serving
let played: Visitor
const tabs: Tab[] = []

beforeAll(async () => {
  played = await visitor(engine)
})
afterAll(() => played?.leave())

const newTab = async (): Promise<Tab> => {
  const tab = await played.tab()
  tabs.push(tab)
  return tab
}
/** Each site has a port, and so an origin and a storage, of its own: nobody has been there before. */
const begin = async (install: Install, files = {}, policy?: string): Promise<Tab> => {
  site = await startSite(install, files, policy)
  return newTab()
}
afterEach(async () => {
  for (const tab of tabs.splice(0)) await tab.close()
  await site.close()
})

const title = (tab: Tab): Promise<string | null> => tab.text('[data-slot=hero] h1')
const decided = (tab: Tab) => soon(async () => expect(await tab.run(`${SITE} return document.querySelector('[data-slot-state]') !== null`)).toBe(true))
const untroubled = async (tab: Tab) => expect(await tab.run('return [...trouble, ...consoleErrors]')).toEqual([])

/** Clicks a link, as a visitor does, and waits for the page behind it. */
const follow = async (tab: Tab, link: string): Promise<void> => {
  await tab.run('window.before = true')
  await tab.click(link)
  await soon(async () => expect(await tab.run('return window.before === undefined && document.readyState !== "loading"').catch(() => false)).toBe(true))
}

describe.each(['script tag', 'ESM'] as const)('installed by %s', (install) => {
  let tab: Tab
  beforeEach(async () => {
    tab = await begin(install)
  })

  test('a visitor who has read three shoe pages sees the hero swapped on the next page, and after a reload, until they are forgotten', async () => {
    await tab.open(`${site.url}/`)
    await decided(tab)
    expect(await title(tab)).toBe('Welcome')
    for (const link of ['#one', '#two', '#three']) {
      await follow(tab, link)
      await decided(tab)
      await untroubled(tab)
    }
    await follow(tab, '#home')
    await soon(async () => expect(await title(tab)).toBe('Made for your feet'))
    expect(await tab.run(`${SITE} return site.segments()`)).toEqual(['shoe-lover'])
    expect(await tab.run(`${SITE} return site.decide('hero')`)).toMatchObject({ variant: 'shoes', experience: 'shoes', reason: 'show' })
    await tab.open(`${site.url}/`)
    await soon(async () => expect(await title(tab)).toBe('Made for your feet'))
    await untroubled(tab)

    if (played.reopen) {
      await played.reopen()
      tab = await newTab()
      await tab.open(`${site.url}/`)
      await soon(async () => expect(await title(tab)).toBe('Made for your feet'))
    }

    await tab.run(`${SITE} await site.forget()`)
    expect(await title(tab)).toBe('Welcome')
    expect(await tab.run(`${ROWS} return rows`)).toEqual([])
    expect(await tab.run('return Object.keys(localStorage).length + document.cookie.length')).toBe(0)
    await tab.open(`${site.url}/`)
    await decided(tab)
    expect(await title(tab)).toBe('Welcome')
    await untroubled(tab)
  })

  test('stopped, the page is what the server sent, node for node', async () => {
    await tab.open(`${site.url}/shoes/1.html`)
    await tab.run(`${SITE} for (let i = 0; i < 3; i++) void site.track('page_view', { page: 'shoes' }); await site.traits({})`)
    await tab.open(`${site.url}/`)
    await soon(async () => expect(await title(tab)).toBe('Made for your feet'))
    const [now, sent] = await tab.run<[string, string]>(`${SITE} site.stop(); return [document.body.innerHTML, await (await fetch('/')).text()]`)
    expect(now.trim()).toBe(/<body>([\s\S]*)<\/body>/.exec(sent)?.[1]?.trim())
  })

  test('two tabs that append two hundred events each lose and double none, and agree on every segment', async () => {
    await tab.open(`${site.url}/`)
    await decided(tab)
    const other = await newTab()
    await other.open(`${site.url}/shoes/1.html`)
    await decided(other)
    const WRITE = `${SITE} window.writing = Promise.all(Array.from({ length: 200 }, (_, i) => site.track('tick', { i })))`
    await Promise.all([tab.run(WRITE), other.run(WRITE)])
    await Promise.all([tab.run('await writing'), other.run('await writing')])
    for (const one of [tab, other]) {
      await soon(async () => expect(await one.run(`${SITE} return site.segments()`)).toEqual(['many']))
    }
    const events = await tab.run<{ type: string; id: string }[]>(`${ROWS} return rows.flatMap((row) => row?.events ?? [])`)
    const ticks = events.filter(({ type }) => type === 'tick')
    expect(ticks.length).toBe(400)
    expect(new Set(ticks.map(({ id }) => id)).size).toBe(400)
    expect(events.filter(({ type }) => type === 'visit').length).toBe(1)
    await untroubled(other)
  })

  test('nothing is lost by a visitor who clicks faster than events are written', async () => {
    await tab.open(`${site.url}/`)
    await decided(tab)
    const path = ['#one', '#two', '#three', '#one', '#two', '#three', '#home']
    for (const link of path) {
      await decided(tab)
      if (link !== '#one' && link !== '#home') await tab.click('#add').catch(() => {})
      await follow(tab, link)
    }
    await decided(tab)
    await tab.run(`${SITE} await site.traits({})`)
    const events = await tab.run<{ type: string; at: number }[]>(`${ROWS} return rows.flatMap((row) => row?.events ?? [])`)
    const types = events.sort((a, b) => a.at - b.at).map(({ type }) => type)
    expect(types.filter((type) => type === 'page_view').length).toBe(path.length + 1)
    expect(types.filter((type) => type === 'cart_add').length).toBe(4)
    expect(await title(tab)).toBe('Made for your feet')
    expect(await tab.text('[data-slot=note] p')).toBe('Your boots are waiting')
  })

  test('a visitor who leaves in the midst of writing holds up no page that comes after', async () => {
    await tab.open(`${site.url}/`)
    for (const [i, link] of ['#one', '#two', '#one', '#two', '#home'].entries()) {
      await tab.run(`${SITE} setInterval(() => site.traits({ at: Math.random() }), 1)`)
      await follow(tab, link)
      const [health, events] = await tab.run<[{ store: string }, number]>(`${SITE} let events, health, exposed = 0; site.on('profile', (profile) => { events = profile.events }); site.on('exposure', () => exposed++)
        while (!health) { site.on('health', (said) => { health = said })(); await new Promise((next) => setTimeout(next, 10)) }
        return [health, events - exposed]`)
      expect([health, events]).toEqual([{ store: 'device' }, i + 3])
    }
  })

  test('a visitor who asks to be forgotten and goes on at once is somebody new on the next page', async () => {
    for (const link of ['#one', '#home', '#two', '#home']) {
      await tab.open(`${site.url}/${link === '#home' ? 'shoes/1.html' : ''}`)
      await tab.run(`${SITE} await site.traits({ plan: 'pro' })
        document.querySelector('${link}').addEventListener('click', () => void site.forget())`)
      await follow(tab, link)
      expect(await tab.run(`${SITE} let traits; site.on('profile', (profile) => { traits = profile.traits }); return traits`)).toEqual({})
      expect(await tab.run(`${ROWS} return JSON.stringify(rows).includes('plan')`)).toBe(false)
    }
  })

  test('nothing is asked of any server but static files of the site, the same for every visitor', async () => {
    const before = played.requests?.length ?? 0
    await tab.open(`${site.url}/shoes/1.html`)
    await decided(tab)
    await tab.click('#add')
    await follow(tab, '#home')
    await decided(tab)
    if (!played.requests) return
    const asked = played.requests.slice(before)
    expect(asked.length).toBeGreaterThan(4)
    expect(asked.filter((url) => !url.startsWith(site.url))).toEqual([])
    expect(asked.filter((url) => url.includes('?'))).toEqual([])
    // Its ruleset is a simple one.
    expect(asked.filter((url) => url.endsWith('/language.js'))).toEqual([])
  })
})

// ------------------------------------------------------------------ the script tag

const scriptTagPage = (body: string) => `<!doctype html><title>x</title><link rel="icon" href="/icon.svg"><script src="/watch.js"></script>
  <section data-slot="hero"><template data-variant="shoes"><h1>Made for your feet</h1></template><h1>Welcome</h1></section>${body}`

test('functions pushed before and after the script has loaded are called with the site', async () => {
  const tab = await begin('script tag', {
    'queue.html': scriptTagPage('<script src="/before.js"></script><script src="/slotwise.js" data-ruleset="/slotwise.json"></script><script src="/after.js"></script>'),
    'before.js': 'window.order = []; (window.slotwise ||= []).push((site) => order.push("before", typeof site.track)); window.slotwise.push(() => { throw new Error("theirs") }); window.slotwise.push(() => order.push("next"))',
    'after.js': '(window.slotwise ||= []).push((site) => order.push("after", site.segments().length))',
  })
  await tab.open(`${site.url}/queue.html`)
  await decided(tab)
  expect(await tab.run('return order')).toEqual(['before', 'function', 'next', 'after', 0])
  expect(await tab.run('return trouble')).toEqual([])
})

test('a page that loads the script twice has one site, and counts each thing once', async () => {
  const tag = '<script src="/slotwise.js" data-ruleset="/slotwise.json"></script>'
  const tab = await begin('script tag', { 'twice.html': scriptTagPage(`${tag}${tag}<button data-track="cart_add">Add</button>`) })
  await tab.open(`${site.url}/twice.html`)
  await decided(tab)
  await tab.click('button')
  await tab.run(`${SITE} await site.traits({})`)
  const types = await tab.run(`${ROWS} return rows.flatMap((row) => row?.events ?? []).map(({ type }) => type)`)
  expect(types).toEqual(['visit', 'page_view', 'cart_add'])
  await untroubled(tab)
})

test('one global is added, and none is left behind by name on the page’s objects', async () => {
  const tab = await begin('script tag', {
    'globals.html': scriptTagPage('<script src="/names.js"></script><script src="/slotwise.js" data-ruleset="/slotwise.json"></script>'),
    'names.js': 'window.names = Object.getOwnPropertyNames(window)',
  })
  await tab.open(`${site.url}/globals.html`)
  await decided(tab)
  const added = await tab.run<string[]>('return Object.getOwnPropertyNames(window).filter((name) => !names.includes(name) && name !== "names")')
  // WebDriver and BiDi leave their own marks.
  expect(added.filter((name) => !/webdriver|playwright|^\$|^_/i.test(name))).toEqual(['slotwise'])
})

test('a ruleset can stand in the page', async () => {
  const data = `<script type="application/json" data-slotwise-ruleset>${JSON.stringify({ ...RULESET, slots: { hero: { experiences: [{ name: 'all', show: 'shoes' }] } } })}</script>`
  const tab = await begin('script tag', { 'inline.html': scriptTagPage(`<script src="/slotwise.js" async></script>${'<p>filler</p>'.repeat(2000)}${data}`) })
  await tab.open(`${site.url}/inline.html`)
  await soon(async () => expect(await title(tab)).toBe('Made for your feet'))
  await untroubled(tab)
})

test('a ruleset that is still arriving with the page is waited for', async () => {
  const tab = await begin('script tag')
  const text = JSON.stringify(RULESET)
  const script = readFileSync('dist/slotwise.js')
  const slow = createServer((request, response) => {
    if (request.url === '/slotwise.js') return void response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
    response.writeHead(200, { 'content-type': 'text/html' })
    response.write(`<!doctype html><title>x</title><script>window.consoleErrors = []; console.error = (...words) => consoleErrors.push(words.join(' '))</script>
      <script src="/slotwise.js" async></script><p>${'x'.repeat(4000)}</p><script type="application/json" data-slotwise-ruleset>${text.slice(0, 40)}`)
    setTimeout(() => response.end(`${text.slice(40)}</script><p data-slot="hero">end</p>`), 600)
  })
  await new Promise<void>((listening) => slow.listen(0, '127.0.0.1', listening))
  try {
    await tab.open(`http://127.0.0.1:${(slow.address() as AddressInfo).port}/`)
    await decided(tab)
    expect(await tab.run('return consoleErrors')).toEqual([])
  } finally {
    slow.closeAllConnections()
    slow.close()
  }
})

test('an extra is loaded from beside the script, under the strictest policy, and stopped with the site', async () => {
  const tab = await begin('script tag', {
    'extra.html': scriptTagPage('<script src="/slotwise.js" data-ruleset="/slotwise.json" data-extras="hello ../evil https://elsewhere.test/x missing" async></script>'),
    'hello.js': 'export default (site) => { document.body.dataset.hello = typeof site.on; return () => delete document.body.dataset.hello }',
  })
  await tab.open(`${site.url}/extra.html`)
  await soon(async () => expect(await tab.run('return document.body.dataset.hello')).toBe('function'))
  // The one that is not there is told of, and stops nobody.
  await soon(async () => expect(await tab.run('return consoleErrors.length')).toBe(1))
  expect(await tab.run<string[]>('return consoleErrors')).toMatchObject([expect.stringContaining('the extra "missing" could not be loaded')])
  expect(await tab.run('return trouble')).toEqual([])
  await tab.run(`${SITE} site.stop()`)
  expect(await tab.run('return document.body.dataset.hello ?? null')).toBeNull()
})

test.each([
  ['missing', '/none.json', undefined, 'HTTP 404'],
  ['not JSON', '/bad.json', '<!doctype html>', 'SyntaxError'],
  ['wrong', '/wrong.json', '{"version":1,"slots":{"hero":{"experiences":[{"name":"a","show":"b","when":"nobody"}]}}}', 'slots.hero.experiences[0].when: no segment'],
])('with a ruleset that is %s the page keeps its own content, with one console error', async (_, path, text, words) => {
  const tab = await begin('script tag', {
    'broken.html': scriptTagPage(`<script src="/slotwise.js" data-ruleset="${path}" async></script>`),
    ...(text === undefined ? {} : { [path.slice(1)]: text }),
  })
  await tab.open(`${site.url}/broken.html`)
  await soon(async () => expect(await tab.run('return consoleErrors.length')).toBe(1))
  await tab.run(`${SITE} await site.track('look')`)
  expect(await tab.run<string[]>('return consoleErrors')).toMatchObject([expect.stringContaining(words)])
  expect(await title(tab)).toBe('Welcome')
  expect(await tab.run('return trouble')).toEqual([])
  expect(await tab.run(`return indexedDB.databases ? (await indexedDB.databases()).length : 0`)).toBe(0)
})

const RICH = {
  version: 1,
  segments: { both: { sequence: [{ event: 'look' }, { event: 'buy' }], within: '1h' }, spent: { event: 'buy', sum: { price: { $gte: 5 } } } },
  slots: { hero: { experiences: [{ name: 'order', when: { all: ['both', 'spent'] }, show: 'order' }] } },
}
const richPage = (script: string): string =>
  scriptTagPage(`<script src="${script}" data-ruleset="/order.json" async></script>`).replace('<template', '<template data-variant="order"><h1>In this order</h1></template><template')
/** Requests for the whole language, where the engine tells. */
const asked = (): number | undefined => played.requests?.filter((url) => url.endsWith('/language.js')).length

test('a ruleset that asks for an order of events gets what answers it from beside the script, and others do not', async () => {
  const before = asked()
  const tab = await begin('script tag', { 'order.html': richPage('/slotwise.js'), 'order.json': JSON.stringify(RICH) })
  const fetched = `return performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/language.js')).length`
  await tab.open(`${site.url}/index.html`)
  await decided(tab)
  expect(await tab.run(fetched)).toBe(0)
  expect(asked()).toBe(before)

  await tab.open(`${site.url}/order.html`)
  await tab.run(`${SITE} site.track('buy', { price: 5 }); site.track('look')`)
  expect(await tab.run(`${SITE} return site.segments()`)).toEqual(['spent'])
  expect(await title(tab)).toBe('Welcome')
  await tab.run(`${SITE} await site.track('buy', { price: 0 })`)
  expect(await tab.run(`${SITE} return site.segments()`)).toEqual(['both', 'spent'])
  expect(await tab.run(fetched)).toBe(1)
  expect(asked()).toBe(before === undefined ? undefined : before + 1)

  // Decisions hold for the page view; the next one shows it.
  await tab.open(`${site.url}/order.html`)
  await soon(async () => expect(await title(tab)).toBe('In this order'))
  await untroubled(tab)
})

test('where the whole language cannot be fetched, one console error says so, and the page keeps its own content', async () => {
  const tab = await begin('script tag', { 'order.html': richPage('/alone/slotwise.js'), 'order.json': JSON.stringify(RICH), 'alone/slotwise.js': readFileSync('dist/slotwise.js', 'utf8') })
  await tab.open(`${site.url}/order.html`)
  await soon(async () => expect(await tab.run('return consoleErrors.length')).toBe(1))
  await tab.run(`${SITE} await site.track('look')`)
  expect(await tab.run<string[]>('return consoleErrors')).toMatchObject([expect.stringMatching(/language\.js, which this needs beside the script, could not be loaded/)])
  expect(await title(tab)).toBe('Welcome')
  expect(await tab.run('return trouble')).toEqual([])
})

test('a variant that is wrong is left out, told of with its mend, and costs the page no other', async () => {
  const ruleset = { ...RULESET, slots: { ...RULESET.slots, hero: { ...RULESET.slots.hero, variants: { wrong: { htlm: '<b>' } } } } }
  const tab = await begin('script tag', { 'slotwise.json': JSON.stringify(ruleset), 'heard.js': `window.heard = []; (window.slotwise ||= []).push((site) => site.on('diagnostic', ({ message }) => heard.push(message)))`, 'wrong.html': scriptTagPage('<script src="/heard.js"></script><script src="/slotwise.js" data-ruleset="/slotwise.json" async></script>') })
  await tab.open(`${site.url}/wrong.html`)
  await decided(tab)
  await soon(async () => expect(await tab.run('return heard')).toMatchObject([expect.stringContaining('slots.hero.variants.wrong.htlm: unknown key "htlm"')]))
  await untroubled(tab)
})

test('where the browser denies storage, the page works for as long as it is open', async () => {
  const tab = await begin('script tag', {
    // Without an origin of its own the frame could not fetch a ruleset: it has one in the page.
    'frame.html': scriptTagPage(`<script src="/slotwise.js" async></script><script type="application/json" data-slotwise-ruleset>${JSON.stringify(RULESET)}</script>`),
    'outer.html': '<!doctype html><title>x</title><iframe sandbox="allow-scripts" src="/frame.html"></iframe><script src="/listen.js"></script>',
    'listen.js': 'addEventListener("message", ({ data }) => { window.heard = data })',
    'watch.js':
      'window.trouble = []; onerror = (words) => trouble.push(words); (window.slotwise ||= []).push(async (site) => { site.on("health", (health) => { window.health = health }); await site.ready; for (let i = 0; i < 3; i++) void site.track("page_view", { page: "shoes" }); await site.traits({}); parent.postMessage({ segments: site.segments(), store: window.health?.store, trouble }, "*") })',
  }, 'default-src *')
  await tab.open(`${site.url}/outer.html`)
  await soon(async () => expect(await tab.run('return window.heard ?? null')).toEqual({ segments: ['shoe-lover'], store: 'memory', trouble: [] }))
})

test('without a slot on the page nothing happens to it', async () => {
  const html = '<p>Plain</p>'
  const tab = await begin('script tag', { 'plain.html': `<!doctype html><title>x</title><script src="/watch.js"></script><script src="/slotwise.js" data-ruleset="/slotwise.json" async></script><body>${html}` })
  await tab.open(`${site.url}/plain.html`)
  await tab.run(SITE)
  expect((await tab.run<string>('return document.body.innerHTML')).trim()).toBe(html)
  await untroubled(tab)
})

if (engine === 'firefox') {
  test('in a Firefox that blocks cookies and storage, slots are decided all the same', async () => {
    const strict = await visitor(engine, { 'network.cookie.cookieBehavior': 2 })
    try {
      site = await startSite('script tag')
      const tab = await strict.tab()
      await tab.open(`${site.url}/`)
      await decided(tab)
      await tab.run(`${SITE} for (let i = 0; i < 3; i++) void site.track('page_view', { page: 'shoes' })`)
      expect(await tab.run(`${SITE} return site.segments()`)).toEqual(['shoe-lover'])
      await untroubled(tab)
    } finally {
      await strict.leave()
    }
  })
}
