// What a visitor sees from the first frame on: with the bootstrap and without, with a hint and without, fast and slow.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test, vi } from 'vitest'
import { INLINE, page, type SlowSite, slot, slowSite, TAG, WATCHED } from '../support/slowSite.js'
import { type Tab, type Visitor, visitor } from './visitor.js'

const engine = inject('engine')
const soon = <T>(check: () => Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 10_000, interval: 50 })
const later = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))
const SITE = `let site; while (!(site = window.slotwise?.track && window.slotwise)) await new Promise((next) => setTimeout(next, 10)); await site.ready;`

const fan = { event: 'like' }
const RULESET = {
  version: 1,
  pages: { shop: '/shop' },
  segments: { fan, idol: { event: 'like', count: { $gte: 2 } } },
  slots: {
    hero: { experiences: [{ name: 'hero', when: 'fan', show: 'fan' }] },
    note: { experiences: [{ name: 'note', when: 'fan', show: 'words' }], variants: { words: { text: { h2: 'Note for fans' } } } },
    here: { experiences: [{ name: 'here', when: { all: ['fan', { context: { page: 'shop' } }] }, show: 'fan' }] },
    hello: { experiences: [{ name: 'hello', show: 'all' }] },
  },
}
const SLOTS = [
  slot('hero', 'Hero', { fan: 'Hero for fans' }),
  slot('note', 'Note'),
  slot('here', 'Here', { fan: 'Here for fans' }),
  slot('hello', 'Hello', { all: 'Hello to all' }),
]
/** A decision as a hint holds it. */
const EXPIRED = { slot: 'hero', variant: 'fan', experience: 'hero', arm: 'fan', probability: 1, held: false, weights: null, stratum: '*', measured: false, epoch: 0, reason: 'show', because: '' }
const BOOTSTRAP = `${WATCHED}${INLINE()}${TAG}`
const PREHIDE = '@keyframes slotwise-prehide { from, to { visibility: hidden } } [data-slot]:not([data-slot-state]) { animation: slotwise-prehide 300ms }'

let played: Visitor
let site: SlowSite
let tab: Tab

beforeAll(async () => {
  played = await visitor(engine)
})
afterAll(() => played?.leave())
beforeEach(async () => {
  site = await slowSite(RULESET)
  site.files.set('/', page(BOOTSTRAP, ...SLOTS))
  site.files.set('/shop', page(BOOTSTRAP, ...SLOTS))
  site.files.set('/plain', page(`${WATCHED}${TAG}`, ...SLOTS))
  tab = await played.tab()
})
afterEach(async () => {
  await tab.close()
  await site.close()
})

interface Seen {
  seen: { [slot: string]: string[] }
  painted: string[]
  shift: number
  trouble: string[]
}

/** Goes there without waiting for what the page waits for, until the script has decided or, where it is slow, so many ms. */
const view = async (path = '/', ms?: number): Promise<Seen> => {
  await tab.run(`window.before = true; setTimeout(() => location.assign(${JSON.stringify(site.url + path)}))`)
  await soon(async () => expect(await tab.run('return window.before === undefined && document.querySelector("footer") !== null').catch(() => false)).toBe(true))
  if (ms === undefined) await decided()
  else await later(ms)
  return tab.run('for (let n = 0; n < 3; n++) await new Promise(requestAnimationFrame); return { seen, painted, shift, trouble }')
}
const decided = () => soon(async () => expect(await tab.run(`${SITE} return site.decide('hero').reason`)).not.toBe('not-ready'))
const hint = () => tab.run<{ of: string; slots: { [slot: string]: unknown[] } } | null>(`return JSON.parse(localStorage.getItem('slotwise:hint'))`)

/** A first visit that ends in a liking, known to the hint. */
const like = async (): Promise<Seen> => {
  await tab.open(`${site.url}/`)
  await decided()
  const first = await tab.run<Seen>('for (let n = 0; n < 3; n++) await new Promise(requestAnimationFrame); return { seen, painted, shift, trouble }')
  await tab.run(`${SITE} void site.track('like')`)
  await soon(async () => expect((await hint())?.slots.hero?.[1]).toMatchObject({ variant: 'fan' }))
  return first
}
/** What was there from the first frame to the last, and nothing else. */
const only = ({ seen, painted, shift, trouble }: Seen, slot: string, words: string): void => {
  expect(seen[slot]).toEqual([words])
  expect(trouble).toEqual([])
  if (engine !== 'chromium') return
  // A template's words are an element of their own, so that Chromium tells them from the page's.
  if (slot !== 'note') expect(painted.filter((one) => one.startsWith(`${slot}: `))).toEqual([`${slot}: ${words}`])
  expect(shift).toBe(0)
}
const reasonOf = (slot: string): Promise<string> => tab.run(`${SITE} return site.decide('${slot}').reason`)

describe('with the bootstrap', () => {
  test('a newcomer sees the page as it is, and what everybody is shown once the script decides', async () => {
    const first = await like()
    only(first, 'hero', 'Hero')
    only(first, 'note', 'Note')
    expect(first.seen.hello?.at(-1)).toBe('Hello to all')
  })

  test.each([false, true])('whoever comes back sees what is meant for them from the first frame on, with the script in the cache: %s', async (cached) => {
    site.cached = cached
    await like()
    for (let n = 0; n < (engine === 'chromium' ? 5 : 1); n++) {
      const again = await view()
      only(again, 'hero', 'Hero for fans')
      only(again, 'note', 'Note for fans')
      only(again, 'hello', 'Hello to all')
      expect(await reasonOf('hero')).toBe('show')
    }
  })

  test('what only this page can tell is held back until the script decides', async () => {
    await like()
    const { seen, painted } = await view('/shop')
    expect(seen.here).not.toContain('Here')
    expect(seen.here?.at(-1)).toBe('Here for fans')
    expect(painted).not.toContain('here: Here')
  })

  test.each(engine === 'chromium' ? [1500, Number.POSITIVE_INFINITY] : [1500])('a ruleset that comes after %s ms changes nothing of what a visitor sees', async (delay) => {
    await like()
    site.delays.set('/slotwise.json', delay)
    const { seen } = await view('/shop', 900)
    expect(seen.hero).toEqual(['Hero for fans'])
    expect(seen.here).toEqual(['nothing', 'Here'])
    if (delay > 1500) return
    await decided()
    expect(await reasonOf('here')).toBe('too-late')
    expect(await tab.run('await new Promise(requestAnimationFrame); return seen')).toMatchObject({ hero: ['Hero for fans'], here: ['nothing', 'Here'] })
  })

  test('a script that hangs holds nothing back for longer than 300 ms', async () => {
    await like()
    // WebDriver waits for WebKit to have loaded all of a page.
    site.delays.set('/slotwise.js', engine === 'webkit' ? 3000 : Number.POSITIVE_INFINITY)
    const { seen, trouble } = await view('/shop', 700)
    expect(seen.hero).toEqual(['Hero for fans'])
    expect(seen.here?.slice(0, 2)).toEqual(['nothing', 'Here'])
    expect(trouble).toEqual([])
  })

  test('a slot that arrives in pieces is shown when all of it is there, and never as the page’s own', async () => {
    await like()
    const [hero, note, ...others] = SLOTS as [string, string, ...string[]]
    const at = hero.indexOf('>Hero</h2>') + 3
    site.files.set('/', page(BOOTSTRAP, 200, hero.slice(0, at), 600, hero.slice(at), 200, note.slice(0, 30), 300, note.slice(30), ...others))
    const { seen, painted, shift } = await view('/', 300)
    // WebKit draws no frame at all before more of the page is there.
    const early = engine === 'webkit' ? [] : ['nothing']
    expect(seen.hero).toEqual([...early, 'Hero for fans'])
    expect(seen.note).toEqual([...early, 'Note for fans'])
    expect(painted.filter((one) => /^hero: (?!Hero for fans)/.test(one))).toEqual([])
    expect(shift).toBe(0)
  })

  test('what a hint said until a time that has passed is held back, and decided anew', async () => {
    await like()
    await tab.run(`const hint = JSON.parse(localStorage.getItem('slotwise:hint')); hint.slots.hero[0] = hint.slots.note[0] = 1; window.hint = JSON.stringify(hint); addEventListener('pagehide', () => localStorage.setItem('slotwise:hint', window.hint))`)
    const { seen, painted } = await view()
    expect(seen.hero).not.toContain('Hero')
    expect(seen.hero?.at(-1)).toBe('Hero for fans')
    expect(painted).not.toContain('hero: Hero')
    await tab.run(`addEventListener('pagehide', () => localStorage.setItem('slotwise:hint', ${JSON.stringify(JSON.stringify({ v: 1, of: 'x', signal: false, slots: { hero: [1, EXPIRED] } }))}))`)
    site.delays.set('/slotwise.json', 800)
    expect((await view('/', 500)).seen.hero).toEqual(['nothing', 'Hero'])
  })

  test('a variant with words that the script fills in is held back for it', async () => {
    await like()
    site.files.set('/', page(BOOTSTRAP, slot('hero', 'Hero', { fan: 'Hero for {{trait.name|you}}' })))
    site.delays.set('/slotwise.json', 800)
    expect((await view('/', 500)).seen.hero).toEqual(['nothing', 'Hero'])
  })

  test('where the ruleset has changed, the hint stands for one more page view', async () => {
    await like()
    const { hero: _, ...slots } = RULESET.slots
    site.files.set('/slotwise.json', [JSON.stringify({ ...RULESET, version: 2, slots: { ...slots, hero: { experiences: [{ name: 'hero', when: 'idol', show: 'fan' }] } } })])
    only(await view(), 'hero', 'Hero for fans')
    expect(await reasonOf('hero')).toBe('show')
    only(await view(), 'hero', 'Hero')
    expect(await reasonOf('hero')).toBe('no-match')
  })

  test('a campaign’s address begins a visit: the hint does not speak for it', async () => {
    await like()
    site.delays.set('/slotwise.json', 800)
    expect((await view('/?utm_source=news', 500)).seen.hero).toEqual(['nothing', 'Hero'])
  })

  test('a forgotten visitor is shown nothing of before, whatever another tab remembers', async () => {
    await like()
    const former = (await hint())?.of
    const other = await played.tab()
    await other.open(`${site.url}/`)
    await other.run(`${SITE} await new Promise((next) => setTimeout(next, 400))`)
    // It does not hear of what happens elsewhere.
    await tab.run(`BroadcastChannel.prototype.postMessage = () => {}; ${SITE} await site.forget()`)
    expect(await tab.text('[data-slot=hero] > h2')).toBe('Hero')
    expect((await hint())?.of).not.toBe(former)
    await other.run(`${SITE} dispatchEvent(new PageTransitionEvent('pagehide')); await new Promise((next) => setTimeout(next, 400))`)
    expect((await hint())?.of).not.toBe(former)
    await other.close()
    only(await view(), 'hero', 'Hero')
  })

  test('a hint that is somebody else’s is shown no longer than until the script knows', async () => {
    await like()
    await tab.run(`const text = localStorage.getItem('slotwise:hint').replace(/"of":"[^"]*"/, '"of":"somebody"'); addEventListener('pagehide', () => localStorage.setItem('slotwise:hint', text))
      await slotwise.forget()`)
    const { seen } = await view()
    expect(seen.hero?.at(-1)).toBe('Hero')
    expect((await hint())?.of).not.toBe('somebody')
  })

  test.each([{ before: 'memory' }, { before: 'off' }])('where nothing may be kept, nothing is hinted: %o', async (consent) => {
    site.files.set('/slotwise.json', [JSON.stringify({ ...RULESET, consent: { ...consent, banner: false } })])
    await tab.open(`${site.url}/`)
    await soon(async () => expect(await tab.run(`${SITE} return true`)).toBe(true))
    await tab.run(`${SITE} void site.track('like')`)
    only(await view(), 'hero', 'Hero')
    expect(await tab.run('return Object.keys(localStorage)')).toEqual([])
    await tab.run(`${SITE} await site.consent({ personalize: 'granted' }); void site.track('like')`)
    await soon(async () => expect((await hint())?.slots.hero?.[1]).toMatchObject({ variant: 'fan' }))
    only(await view(), 'hero', 'Hero for fans')
    await tab.run(`${SITE} await site.consent({ personalize: 'denied' })`)
    expect(await hint()).toBeNull()
    only(await view(), 'hero', 'Hero')
    expect(await hint()).toBeNull()
  })

  test('a hint that makes no sense, or lies, is passed over', async () => {
    const good = JSON.stringify({ v: 1, of: 'x', signal: false, slots: { hero: [9e15, 'no decision'] } })
    for (const text of ['x', `{"v":1,"of":"x","signal":false,"slots":{"__proto__":[1e15,{}],"hero":3}}`, good]) {
      await tab.open(`${site.url}/`)
      await tab.run(`addEventListener('pagehide', () => localStorage.setItem('slotwise:hint', ${JSON.stringify(text)}))`)
      await tab.open(`${site.url}/`)
      await decided()
      expect(await tab.run('return [document.querySelector("[data-slot=hero] > h2").textContent, ...trouble]')).toEqual(['Hero'])
    }
  })

  test('stopped, the page is what the server sent, node for node, and listeners live', async () => {
    await like()
    site.delays.set('/slotwise.js', 300)
    site.files.set('/', page(BOOTSTRAP.replace(TAG, ''), ...SLOTS, TAG.replace('async', 'async=""')))
    await view()
    await decided()
    const [now, sent, sheets, left] = await tab.run<[string, string, number, string]>(`${SITE} site.stop(); return [document.body.innerHTML, await (await fetch('/')).text(), document.adoptedStyleSheets.length, String(globalThis[Symbol.for('slotwise')])]`)
    expect(now.trim()).toBe(/<body>([\s\S]*)<\/body>/.exec(sent)?.[1]?.trim())
    expect([sheets, left]).toEqual([0, 'undefined'])
  })

  test('what the hint has shown counts as if it were decided now', async () => {
    await like()
    await view()
    const exposed = await tab.run(`${SITE} return new Promise((done) => { site.on('exposure', ({ slot, decision, seen }) => slot === 'hello' && seen && done([decision.experience, decision.variant])) })`)
    expect(exposed).toEqual(['hello', 'all'])
  })
})

describe('without the bootstrap', () => {
  test('no hint is left, and a slot is swapped once', async () => {
    await tab.open(`${site.url}/plain`)
    await tab.run(`${SITE} void site.track('like')`)
    const { seen } = await view('/plain')
    expect(seen.hero?.at(-1)).toBe('Hero for fans')
    expect(seen.hero?.length).toBeLessThanOrEqual(2)
    expect(await hint()).toBeNull()
  })

  test('slots that a rule of the page hides show the decision, or themselves after 300 ms and then for the page view', async () => {
    const css = site.files.get('/page.css') as string[]
    site.files.set('/page.css', [...css, PREHIDE])
    await tab.open(`${site.url}/plain`)
    await tab.run(`${SITE} void site.track('like')`)
    const fast = await view('/plain')
    expect(fast.seen.hero).not.toContain('Hero')
    expect(fast.seen.hero?.at(-1)).toBe('Hero for fans')
    expect(fast.painted).not.toContain('hero: Hero')
    site.delays.set('/slotwise.json', 900)
    const slow = await view('/plain', 500)
    expect(slow.seen.hero).toEqual(['nothing', 'Hero'])
    expect(await reasonOf('hero')).toBe('too-late')
    expect(await tab.run('await new Promise(requestAnimationFrame); return seen.hero')).toEqual(['nothing', 'Hero'])
  })

  test('with blocking="render" the page waits for the script where the browser knows that', async () => {
    site.files.set('/plain', page(`${WATCHED}${TAG.replace('async', 'async blocking="render"')}`, ...SLOTS))
    site.delays.set('/slotwise.js', 700)
    await view('/plain', 1000)
    const knows = await tab.run('return document.createElement("script").blocking?.supports?.("render") === true')
    const paint = await tab.run<number>('return performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0')
    if (engine === 'chromium') expect(knows).toBe(true)
    if (knows && paint > 0) expect(paint).toBeGreaterThan(690)
  })
})
