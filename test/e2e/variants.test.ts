// Every kind of variant under a strict policy, and redirects, played in a real browser against the built files.

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import type { Serving } from '../../src/cli/serve.js'
import { type Install, STRICT, startSite } from './site.js'
import { type Tab, type Visitor, visitor } from './visitor.js'

const engine = inject('engine')
const soon = <T>(check: () => Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 10_000, interval: 50 })
const SITE = `let site; while (!(site = window.site ?? (window.slotwise?.track && window.slotwise))) await new Promise((next) => setTimeout(next, 10)); await site.ready;`

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

const HEAD: { [install in Install]: string } = {
  'script tag': '<script src="/watch.js"></script><script src="/slotwise.js" data-ruleset="/slotwise.json" async></script>',
  ESM: '',
}
const begin = async (install: Install, files: { [path: string]: string }, policy = STRICT): Promise<void> => {
  site = await startSite(install, files, policy)
  tab = await played.tab()
}
const page = (body: string, attributes = ''): string => `<!doctype html><html lang="en"><head><title>x</title><link rel="icon" href="/icon.svg">${HEAD['script tag']}</head><body ${attributes}>${body}</body></html>`
const slot = (name: string, inside: string): string => `<section data-slot="${name}">${inside}</section>`
const untroubled = async (): Promise<void> => expect(await tab.run('return [...trouble, ...consoleErrors]')).toEqual([])

const KINDS = {
  text: { text: { h1: 'Spring {{trait.name|friend}}' } },
  attributes: { attributes: { a: { href: '/spring', title: 'Spring', target: '_blank' } } },
  image: { image: { img: { src: '/icon.svg?new', alt: 'New', width: 16, height: 16 } } },
  class: { class: { h1: { add: 'spring' } } },
  hide: { hide: ['h1'] },
  tree: { html: [['h2', { class: 'x' }, 'Spring'], ['img', { src: '/icon.svg?tree', alt: '', width: '16', height: '16' }]] },
}
const RULESET = {
  version: 1,
  fill: ['trait.name'],
  slots: Object.fromEntries(Object.entries(KINDS).map(([name, data]) => [name, { experiences: [{ name, show: 'spring' }], variants: { spring: data } }])),
}
const DEFAULT = '<h1>Welcome</h1><a href="/own">Go</a><img src="/icon.svg" alt="" width="16" height="16">'

describe('under a policy that allows no script but the site’s own, no inline style and no HTML from texts', () => {
  test('every kind of variant is shown by the script tag without a breach, and taken back node for node', async () => {
    const body = [...Object.keys(KINDS).map((name) => slot(name, DEFAULT)), slot('template', `<template data-variant="spring"><h2>Spring</h2></template>${DEFAULT}`)].join('')
    const rules = { ...RULESET, slots: { ...RULESET.slots, template: { experiences: [{ name: 'template', show: 'spring' }] } } }
    await begin('script tag', { 'kinds.html': page(body), 'slotwise.json': JSON.stringify(rules) })
    await tab.open(`${site.url}/kinds.html`)
    await soon(async () => expect(await tab.run(`return document.querySelectorAll('[data-slot-state=spring]').length`)).toBe(7))
    const shown = (await tab.run(
      `return Object.fromEntries([...document.querySelectorAll('[data-slot]')].map((one) => [one.dataset.slot, [one.textContent, one.querySelector('a')?.title ?? '', one.querySelector('a')?.rel ?? '', one.querySelector('img')?.getAttribute('src') ?? '', one.querySelector('h1')?.className ?? '', one.querySelector('h1') ? getComputedStyle(one.querySelector('h1')).display : '']]))`,
    )) as { [name: string]: string[] }
    expect(shown).toEqual({
      text: ['Spring friendGo', '', '', '/icon.svg', '', 'block'],
      attributes: ['WelcomeGo', 'Spring', 'noopener', '/icon.svg', '', 'block'],
      image: ['WelcomeGo', '', '', '/icon.svg?new', '', 'block'],
      class: ['WelcomeGo', '', '', '/icon.svg', 'spring', 'block'],
      hide: ['WelcomeGo', '', '', '/icon.svg', '', 'none'],
      tree: ['Spring', '', '', '/icon.svg?tree', '', ''],
      template: ['Spring', '', '', '', '', ''],
    })
    await untroubled()
    await tab.run(`${SITE} site.stop()`)
    expect(await tab.run(`return [...document.querySelectorAll('[data-slot]')].every((one) => one.outerHTML.endsWith(${JSON.stringify(`${DEFAULT}</section>`)}) && one.attributes.length === 1)`)).toBe(true)
    await untroubled()
  })

  test('by ESM, code shows content of its own, HTML as a text where the browser can read it safely, and a function of the site', async () => {
    await begin('ESM', {
      'slotwise.json': JSON.stringify({ ...RULESET, slots: { hero: { experiences: [{ name: 'a', show: 'made' }] } } }),
      'start.js': `import { personalize } from './slotwise/index.js'
window.site = personalize({ ruleset: '/slotwise.json', variants: { hero: { made: (element, { experience }) => { element.append('made by ' + experience); return () => element.lastChild.remove() } } } })`,
    })
    await tab.open(`${site.url}/`)
    await soon(async () => expect(await tab.text('[data-slot=hero]')).toContain('made by a'))
    expect(await tab.run(`${SITE} let said = ''; site.on('diagnostic', ({ message }) => said = message)
      window.undo = site.render('hero', { html: '<h2 class="x">HTML</h2><form>x</form>' })
      const shown = document.querySelector('[data-slot=hero]').innerHTML
      return 'parseHTML' in Document ? shown : /--compile/.test(said) ? '<h2 class="x">HTML</h2>' : said`)).toBe('<h2 class="x">HTML</h2>')
    await tab.run('undo()')
    expect(await tab.text('[data-slot=hero]')).toContain('made by a')
    await untroubled()
  })

  test('a page with a simple ruleset fetches what it needs when code shows more than texts', async () => {
    await begin('script tag', { 'kinds.html': page(slot('hero', DEFAULT)), 'slotwise.json': '{ "version": 1 }' })
    await tab.open(`${site.url}/kinds.html`)
    await soon(async () => expect(await tab.run(`return document.querySelector('[data-slot-state]') !== null`)).toBe(true))
    const fetched = `performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/language.js'))`
    expect(await tab.run(`${SITE} site.render('hero', { text: { h1: 'Text' } }); return [document.querySelector('h1').textContent, ${fetched}]`)).toEqual(['Text', false])
    await tab.run(`${SITE} window.undo = site.render('hero', { class: { h1: { add: 'x' } } })`)
    await soon(async () => expect(await tab.run(`return document.querySelector('h1').className`)).toBe('x'))
    await tab.run('undo()')
    expect(await tab.run(`return [document.querySelector('h1').outerHTML, ${fetched}]`)).toEqual(['<h1>Welcome</h1>', true])
    await untroubled()
  })
})

const CHAIN = (consent: object) => ({
  version: 1,
  segments: { left: { event: 'exposure', where: { slot: 'a' } }, seen: { event: 'page_view' } },
  slots: {
    a: { experiences: [{ name: 'to-b', when: 'seen', show: 'go' }], variants: { go: { redirect: '/b.html' } } },
    b: { experiences: [{ name: 'to-a', when: 'seen', show: 'go' }], variants: { go: { redirect: '/a.html' } } },
    c: { experiences: [{ name: 'to-c', when: 'seen', show: 'go' }], variants: { go: { redirect: '/c.html' } } },
  },
  consent,
})
const CHAINED = {
  'a.html': page('<p>page a</p><a id="b" href="/b.html">b</a>', 'data-slot="a"'),
  'b.html': page('<p>page b</p><a id="a" href="/a.html">a</a>', 'data-slot="b"'),
  'c.html': page('<p>page c</p>', 'data-slot="c"'),
  'out.html': '<!doctype html><title>x</title><a id="a" href="/a.html">a</a>',
}

describe('a redirect', () => {
  /** A link on another site leads there: whoever cannot tell how a page was reached needs one. */
  let elsewhere: Server
  const from = async (path: string): Promise<void> => {
    elsewhere = createServer((_, response) => {
      response.setHeader('content-type', 'text/html')
      response.end(`<!doctype html><a id="in" href="${site.url}${path}">in</a>`)
    })
    await new Promise<void>((done) => elsewhere.listen(0, done))
    await tab.open(`http://localhost:${(elsewhere.address() as AddressInfo).port}/`)
    await tab.click('#in')
  }
  afterEach(() => elsewhere?.close())
  const at = (): Promise<string> => tab.run(`return document.readyState === 'complete' ? location.pathname : ''`)
  const pause = (): Promise<void> => new Promise((done) => setTimeout(done, 1500))

  test('leads to the other page once, whose own redirect never leads back, and its exposure is kept', async () => {
    await begin('script tag', { ...CHAINED, 'slotwise.json': JSON.stringify(CHAIN({ requests: 'free' })) })
    await from('/a.html')
    await soon(async () => expect(await at()).toBe('/b.html'))
    await pause()
    expect(await at()).toBe('/b.html')
    expect(await tab.run(`${SITE} return [site.segments(), site.decide('b').variant]`)).toEqual([['left', 'seen'], 'default'])
    await untroubled()
  })

  test('waits until measuring is granted where the site has not said otherwise, and never leads to the page at hand', async () => {
    await begin('script tag', { ...CHAINED, 'slotwise.json': JSON.stringify(CHAIN({})) })
    await from('/a.html')
    await soon(async () => expect(await at()).toBe('/a.html'))
    await soon(async () => expect(await tab.run(`${SITE} return site.decide('a')`)).toMatchObject({ variant: 'default', arm: 'go', reason: 'no-variant', because: expect.stringContaining('measure is granted') }))
    await tab.run(`${SITE} await site.consent({ personalize: 'granted', measure: 'granted' })`)
    await from('/c.html')
    await soon(async () => expect(await at()).toBe('/c.html'))
    await pause()
    expect(await tab.run(`${SITE} return [location.pathname, site.decide('c').because]`)).toEqual(['/c.html', expect.stringContaining('the page at hand')])
    await from('/a.html')
    await soon(async () => expect(await at()).toBe('/b.html'))
    await untroubled()
  })
})

test('before measuring is granted, pages of visitors who did different things ask for the same files', async () => {
  const PICTURES = ['/icon.svg?spring', '/icon.svg?summer', '/icon.svg?tree']
  const rules = {
    version: 1,
    segments: { one: { event: 'one' }, two: { event: 'two' } },
    slots: {
      hero: {
        experiences: [{ name: '1', when: 'one', show: 'spring' }, { name: '2', when: 'two', show: 'tree' }],
        variants: { tree: { html: [['img', { src: '/icon.svg?tree', alt: '' }]] }, summer: { image: { img: { src: '/icon.svg?summer', alt: '', width: 1, height: 1 } } } },
      },
    },
  }
  const body = slot('hero', '<template data-variant="spring"><img src="/icon.svg?spring" alt="" loading="lazy"></template><img src="/icon.svg" alt="">')
  await begin('script tag', { 'kinds.html': page(body), 'slotwise.json': JSON.stringify(rules) })
  const asked = async (event: string): Promise<string[]> => {
    await tab.open(`${site.url}/kinds.html`)
    await tab.run(`${SITE} await site.forget(); void site.track(${JSON.stringify(event)})`)
    await tab.open(`${site.url}/kinds.html`)
    await tab.run(SITE)
    const entries = () => tab.run<string[]>(`return performance.getEntriesByType('resource').map(({ name }) => new URL(name)).filter(({ search }) => search).map(({ pathname, search }) => pathname + search).sort()`)
    await soon(async () => expect([...new Set(await entries())]).toEqual(PICTURES))
    return entries()
  }
  const all = [await asked('none'), await asked('one'), await asked('two')]
  expect(await tab.run(`return document.querySelector('[data-slot]').dataset.slotState`)).toBe('tree')
  expect(all).toEqual([PICTURES, PICTURES, PICTURES])
  await untroubled()
})
