// Before measuring is granted, what the network sees is the same for every visitor, whatever they have done.

import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { INLINE, TAG } from '../support/slowSite.js'
import { type Visitor, visitor } from './visitor.js'

const SITE = `let site; while (!(site = window.slotwise?.track && window.slotwise)) await new Promise((next) => setTimeout(next, 10)); await site.ready;`
const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==', 'base64')

const when = (event: string) => ({ when: { event, count: { $gte: 2 } } })
const picture = (src: string, alt = '') => ({ src, alt, width: 1, height: 1 })
/** By what is done on the first page: nothing, and each of four things. */
const DEEDS = ['', 'shoes', 'boots', 'sale', 'closed']

/** Templates alone: the script tag's own language. */
const SIMPLE = {
  version: 1,
  slots: {
    hero: { experiences: [{ name: 'hero-shoes', ...when('shoes'), show: 'shoes' }, { name: 'hero-boots', ...when('boots'), show: 'boots' }, { name: 'hero-sale', ...when('sale'), show: 'words' }] },
    frame: { experiences: DEEDS.slice(1).map((deed) => ({ name: `frame-${deed}`, ...when(deed), show: deed })) },
  },
}
/** Everything that a ruleset can say. */
const WHOLE = {
  ...SIMPLE,
  slots: {
    ...SIMPLE.slots,
    data: {
      experiences: [{ name: 'data-shoes', ...when('shoes'), show: 'image' }, { name: 'data-boots', ...when('boots'), show: 'tree' }, { name: 'data-sale', ...when('sale'), show: 'sizes' }],
      variants: {
        image: { image: { img: picture('/data-image.gif') } },
        tree: { html: [['picture', ['source', { srcset: '/data-source.gif', media: '(min-width: 1px)' }], ['img', { src: '/data-tree.gif', alt: '', loading: 'lazy', width: '1', height: '1' }]]] },
        sizes: { image: { 'picture img': { ...picture('/data-sizes.gif'), srcset: '/data-narrow.gif 10w, /data-wide.gif 2000w' } }, class: { img: { add: 'wide' } } },
      },
    },
    away: { experiences: [{ name: 'away', ...when('sale'), show: 'go' }], variants: { go: { redirect: '/elsewhere' } } },
    once: { experiences: [{ name: 'once', show: 'first', cap: { times: 1 } }] },
    drawn: { experiences: [{ name: 'drawn', split: { weights: { default: 1, a: 1, b: 1 } } }] },
    // Comes and goes and comes again.
    late: { live: true, experiences: [{ name: 'late', when: { any: [1, 3].map((n) => ({ event: 'now', count: { $gte: n, $lte: n } })) }, show: 'late' }], variants: { late: { image: { img: picture('/late.gif') } } } },
    turn: { live: true, experiences: [{ name: 'turn', when: { any: [1, 3].map((n) => ({ event: 'now', count: { $gte: n, $lte: n } })) }, show: 'late' }] },
  },
}

const img = (name: string, lazy = true) => `<img src="/${name}.gif" alt="" width="1" height="1"${lazy ? ' loading="lazy"' : ''}>`
const variant = (name: string, html: string) => `<template data-variant="${name}">${html}</template>`
const FRAMES: { [deed: string]: string } = {
  shoes: '<iframe src="/frame.html"></iframe>',
  boots: '<p style="background: url(/styled.gif)">x</p><table background="/table.gif"><tr><td>x</table><svg><image href="/svg.gif"/><use href="/sprite.svg#x"/></svg>',
  sale: '<input type="image" src="/input.gif" alt=""><video src="/video.mp4"></video><style>p { background: url(/sheet.gif) }</style>',
  closed: '<meta http-equiv="refresh" content="0;url=/elsewhere"><object data="/object.gif"></object><p style="background: image-set(\'/set.gif\' 1x)">x</p>',
}
const BODY = `
<section data-slot="hero">${variant('shoes', img('shoes'))}${variant('boots', `<picture><source srcset="/boots-wide.gif" media="(min-width: 1px)">${img('boots', false)}</picture>`)}${variant('words', '<h1>Sale</h1>')}<h1>Own</h1>${img('own')}</section>
<section data-slot="frame">${DEEDS.slice(1).map((deed) => variant(deed, FRAMES[deed] as string)).join('')}<h2>Own</h2></section>
<section data-slot="data"><img src="/data-own.gif" alt="" width="1" height="1"><picture><source srcset="/data-own-wide.gif" media="(min-width: 1px)">${img('data-own-narrow')}</picture></section>
<section data-slot="away"></section>
<section data-slot="once">${variant('first', img('once'))}<p>Own</p></section>
<section data-slot="drawn">${variant('a', img('drawn-a'))}${variant('b', img('drawn-b'))}<p>Own</p></section>
<div style="height: 300vh"></div>
<section data-slot="late">${img('late-own')}</section>
<section data-slot="turn">${variant('late', `${img('turn')}<picture><source srcset="/turn-wide.gif" media="(min-width: 1px)">${img('turn-narrow')}</picture>`)}${img('turn-own')}</section>`
/** The first page of a visit has no slots: whatever the second one asks for is asked for the first time. */
const page = (head: string, body = BODY) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>x</title><link rel="icon" href="data:,">${head}</head><body>${body}<footer>End</footer></body></html>`

let played: Visitor
beforeAll(async () => {
  played = await visitor(inject('engine'))
})
afterAll(() => played?.leave())

/** A site of its own for each visitor, so that nothing is left of the one before. `cache` is said of pictures. */
async function site(ruleset: object, head: string, cache: string) {
  const log: string[] = []
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://x')
    log.push(`${request.method} ${pathname}${request.headers['if-none-match'] ? ' again' : ''}`)
    const script = /^\/(\w+\.js)$/.exec(pathname)?.[1]
    const [type, body] = script ? ['text/javascript', readFileSync(`dist/${script}`)] : pathname === '/slotwise.json' ? ['application/json', JSON.stringify(ruleset)] : pathname.endsWith('.gif') ? ['image/gif', GIF] : pathname === '/empty' ? ['text/html', '<title>x</title>'] : ['text/html', page(head, pathname === '/first' ? '' : BODY)]
    response.writeHead(200, { 'content-type': type as string, 'cache-control': type === 'image/gif' ? cache : script ? 'max-age=600' : 'no-store', etag: '"x"' }).end(body)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    log,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

/** Nothing has been asked for in a while. */
async function quiet(log: string[]): Promise<void> {
  let before = -1
  await vi.waitFor(() => {
    const now = log.length
    const still = now === before
    before = now
    if (!still) throw new Error('not yet')
  }, { timeout: 10_000, interval: 100 })
}

/** What the network sees of a visitor's second page, in the order of the alphabet; and what the visitor saw. */
async function life(deed: string, ruleset: object, head: string, cache: string): Promise<{ log: string[]; shown: string }> {
  const { log, url, close } = await site(ruleset, head, cache)
  const tab = await played.tab()
  try {
    await tab.open(`${url}/first`)
    await tab.run(`${SITE} for (let n = 0; n < 2; n++) void site.track(args[0] || 'nothing'); await new Promise((done) => setTimeout(done, 250))`, deed)
    await quiet(log)
    log.length = 0
    await tab.open(`${url}/second`)
    await tab.run(SITE)
    await quiet(log)
    const shown = (): Promise<string> => tab.run(`return [...document.querySelectorAll('[data-slot]')].map((slot) => slot.dataset.slotState).join()`)
    const states = [await shown()]
    // Whoever has done something does one more thing, again and again, long after all has been loaded.
    for (let n = 0; n < 3; n++) {
      if (deed) await tab.run(`${SITE} void site.track('now'); globalThis.gc?.(); await new Promise((done) => setTimeout(done, 100))`)
      await quiet(log)
      states.push(await shown())
    }
    await tab.run('scrollTo(0, 1e6); await new Promise((done) => setTimeout(done, 300))')
    await quiet(log)
    return { log: [...log].sort(), shown: states.join(' ') }
  } finally {
    await tab.close()
    await close()
  }
}

const LOCAL = { before: 'local', legalGround: 'a test' }
const lives = async (ruleset: object, head: string, cache: string, consent = LOCAL): Promise<{ logs: string[][]; shown: Set<string> }> => {
  const all: Awaited<ReturnType<typeof life>>[] = []
  const live = async (deed: string): Promise<unknown> => all.push(await life(deed, { ...ruleset, consent }, head, cache))
  // One after the other: under WebDriver one window is seen at a time, and what nobody sees waits.
  for (const deed of DEEDS) await live(deed)
  return { logs: all.map(({ log }) => log), shown: new Set(all.map(({ shown }) => shown)) }
}

describe('before measuring is granted', () => {
  test.each([
    ['by the script tag', SIMPLE, TAG, 'no-store'],
    ['with everything that a ruleset can say, and the bootstrap', WHOLE, INLINE() + TAG, 'no-store'],
    ['with pictures that have to be asked about each time', WHOLE, INLINE() + TAG, 'no-cache'],
    ['with pictures that may be kept', WHOLE, INLINE() + TAG, 'max-age=600'],
  ])('the network sees the same of five very different visitors, %s', async (_, ruleset, head, cache) => {
    const { logs, shown } = await lives(ruleset, head, cache)
    const [first] = logs
    expect(first?.length).toBeGreaterThan(5)
    for (const log of logs) expect(log).toEqual(first)
    // They did see different things.
    expect(shown.size).toBeGreaterThan(3)
  })

  test('only where a site says that requests are free, it can tell them apart', async () => {
    const { hero, data, turn } = WHOLE.slots
    const { logs } = await lives({ version: 1, slots: { hero, data, turn } }, TAG, 'no-store', { ...LOCAL, requests: 'free' } as typeof LOCAL)
    expect(new Set(logs.map((log) => log.join())).size).toBeGreaterThan(2)
  })
})
