// Caps, dismissals, triggers, explanations and previews, played in a real browser against the built files.

import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import type { Serving } from '../../src/cli/serve.js'
import type { Explanation } from '../../src/index.js'
import { INSTALL, startSite } from './site.js'
import { type Tab, type Visitor, visitor } from './visitor.js'

const engine = inject('engine')
const soon = <T>(check: () => Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 10_000, interval: 50 })
const SITE = `let site; while (!(site = window.site ?? (window.slotwise?.track && window.slotwise))) await new Promise((next) => setTimeout(next, 10)); await site.ready;`
/** Of all that is written down, once what waits has been. */
const EVENTS = `await site.traits({}); const open = await new Promise((done) => { const r = indexedDB.open('slotwise'); r.onsuccess = () => done(r.result) });
  const rows = open.objectStoreNames.contains('rows') ? await new Promise((done) => { const r = open.transaction('rows').objectStore('rows').getAll(); r.onsuccess = () => done(r.result) }) : [];
  open.close(); return rows.flatMap((row) => row?.events ?? []).map(({ type, props }) => [type, props.experience].join(' ').trim())`

const slot = (name: string, variants: string[], text = 'default'): string =>
  `<section data-slot="${name}" id="${name}">${variants.map((variant) => `<template data-variant="${variant}"><p>${variant}</p><button data-slotwise-dismiss>Close</button></template>`).join('')}<p>${text}</p></section>`

const RULES = {
  version: 1,
  segments: { nobody: { event: 'never' }, someone: { event: 'page_view' } },
  slots: {
    capped: { experiences: [{ name: 'three', show: 'hello', cap: { times: 3 } }] },
    bar: { experiences: [{ name: 'bar', show: 'bar', cooldown: { for: '1d' } }] },
    read: { experiences: [{ name: 'reader', on: { scroll: 0.6 }, show: 'more' }, { name: 'first', show: 'first' }] },
    leave: { experiences: [{ name: 'leaver', on: { exit: true }, show: 'wait' }] },
    secret: { experiences: [{ name: 'secret', when: 'nobody', show: 'secret', cap: { times: 1 } }] },
  },
}
const body = ['<nav><a id="next" href="/next.html">Next</a></nav>', slot('capped', ['hello']), slot('bar', ['bar']), slot('read', ['first', 'more']), slot('leave', ['wait']), slot('secret', ['secret', 'other'])].join('')

let site: Serving
let played: Visitor
const tabs: Tab[] = []

beforeAll(async () => {
  played = await visitor(engine)
})
afterAll(() => played?.leave())
afterEach(async () => {
  for (const tab of tabs.splice(0)) await tab.close()
  await site.close()
})

describe.each(['script tag', 'ESM'] as const)('installed by %s', (install) => {
  const begin = async (): Promise<Tab> => {
    const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title><link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/site.css">${INSTALL[install]}</head><body>${body}<div class="tall"></div></body></html>`
    site = await startSite(install, { 'index.html': page, 'next.html': page, 'slotwise.json': JSON.stringify(RULES), 'site.css': '.tall { height: 400vh }' })
    const tab = await played.tab()
    tabs.push(tab)
    return tab
  }
  const shows = (tab: Tab, name: string): Promise<string | null> => tab.run(`${SITE} return document.querySelector('#${name}').dataset.slotState + ':' + document.querySelector('#${name} > p').textContent`)
  const open = async (tab: Tab, path = '/'): Promise<void> => {
    await tab.open(`${site.url}${path}`)
    await soon(async () => expect(await tab.run(`${SITE} return document.querySelectorAll('[data-slot-state]').length`)).toBe(5))
  }
  const count = async (tab: Tab, event: string): Promise<number> => (await tab.run<string[]>(`${SITE} ${EVENTS}`)).filter((one) => one === event).length

  test('what may be shown three times is gone on the fourth page; what is dismissed goes at once and stays away; and triggers change a slot in the midst of a page view', async () => {
    const tab = await begin()
    for (let visit = 1; visit <= 3; visit++) {
      await open(tab)
      expect(await shows(tab, 'capped')).toBe('hello:hello')
      await soon(async () => expect(await count(tab, 'exposure three')).toBe(visit))
    }

    expect(await shows(tab, 'bar')).toBe('bar:bar')
    await tab.click('#bar button')
    expect(await shows(tab, 'bar')).toBe('default:default')
    expect(await tab.run(`${SITE} return site.decide('bar')`)).toMatchObject({ variant: 'default', experience: null, reason: 'dismissed' })

    expect([await shows(tab, 'read'), await shows(tab, 'leave')]).toEqual(['first:first', 'default:default'])
    await tab.run(`document.body.dispatchEvent(new MouseEvent('mouseout', { bubbles: true, clientY: -2 }))`)
    await soon(async () => expect(await shows(tab, 'leave')).toBe('wait:wait'))
    expect(await shows(tab, 'read')).toBe('first:first')
    await tab.run('scrollTo(0, document.documentElement.scrollHeight)')
    await soon(async () => expect(await shows(tab, 'read')).toBe('more:more'))
    await tab.run('scrollTo(0, 0)')
    await soon(async () => expect(await count(tab, 'exposure reader')).toBe(1))

    await open(tab, '/next.html')
    expect(await shows(tab, 'capped')).toBe('default:default')
    expect(await shows(tab, 'bar')).toBe('default:default')
    expect([await shows(tab, 'read'), await shows(tab, 'leave')]).toEqual(['first:first', 'default:default'])

    const told = await tab.run<Explanation>(`${SITE} return site.explain('capped')`)
    expect(told.decision.reason).toBe('no-match')
    expect(told.experiences).toMatchObject([{ name: 'three', applies: false, clauses: [{ asks: 'cap', held: false, parts: [{ wanted: { $lt: 3 }, got: 3 }] }] }])
    expect((await tab.run<Explanation>(`${SITE} return site.explain('bar')`)).experiences[0]?.says).toMatch(/^"bar" does not apply\. It needs: not dismissed lately\. Missing: until \d{4}-/)
    expect(await tab.run('return [...trouble, ...consoleErrors]')).toEqual([])
  })

  test('a preview shows what was asked for in this tab until it is ended, says so, and is never counted', async () => {
    const tab = await begin()
    await open(tab, '/?slotwise-preview=secret:other,segment:nobody')
    expect(await shows(tab, 'secret')).toBe('other:other')
    await open(tab, '/?slotwise-preview=segment:nobody')
    expect(await tab.run(`${SITE} return site.segments()`)).toEqual(['nobody', 'someone'])
    for (const path of ['/', '/next.html']) {
      await open(tab, path)
      expect(await shows(tab, 'secret')).toBe('secret:secret')
      expect(await tab.run(`${SITE} return site.decide('secret')`)).toMatchObject({ variant: 'secret', experience: null, reason: 'preview', measured: false })
    }
    expect(await tab.run(`return document.querySelector('[data-slotwise-preview]').shadowRoot.textContent`)).toContain('in segment nobody')
    // Long enough for half of a slot to have been in view for a second.
    await new Promise((done) => setTimeout(done, 1500))
    expect((await tab.run<string[]>(`${SITE} ${EVENTS}`)).filter((one) => !/^(page_view|visit)$/.test(one))).toEqual([])

    await tab.run(`document.querySelector('[data-slotwise-preview]').shadowRoot.querySelector('button').click()`)
    await soon(async () => expect(await tab.run(`return document.querySelector('[data-slotwise-preview]') === null && document.querySelector('#secret').dataset.slotState`).catch(() => null)).toBe('default'))
    await soon(async () => expect(await count(tab, 'exposure three')).toBe(1))
    expect(await tab.run(`${SITE} return site.segments()`)).toEqual(['someone'])

    await open(tab, '/?slotwise-preview=secret:secret')
    expect(await shows(tab, 'secret')).toBe('secret:secret')
    await tab.run(`${SITE} site.stop()`)
    expect(await tab.run(`return document.querySelector('[data-slotwise-preview]')`)).toBe(null)
    await open(tab, '/?slotwise-preview=off')
    expect([await shows(tab, 'secret'), await tab.run('return sessionStorage.length')]).toEqual(['default:default', 0])
    expect(await tab.run('return [...trouble, ...consoleErrors]')).toEqual([])
  })

  test('the code for explaining and previewing is not fetched before it is asked for', async () => {
    const tab = await begin()
    if (!played.requests) return
    played.requests.splice(0)
    await open(tab)
    const fetched = () => played.requests?.filter((url) => /explain|preview/.test(url)).length
    expect(fetched()).toBe(0)
    await tab.run(`${SITE} return site.explain('bar')`)
    expect(fetched()).toBeGreaterThan(0)
  })
})

test('by the simple engine of the script tag’s file, too, a decision is explained by what was counted', async () => {
  site = await startSite('script tag')
  const tab = await played.tab()
  tabs.push(tab)
  await tab.open(`${site.url}/shoes/1.html`)
  const told = await tab.run<Explanation>(`${SITE} return site.explain('hero')`)
  expect(told.experiences[0]).toMatchObject({ applies: false, clauses: [{ asks: 'when', held: false, parts: [{ asks: 'segment', parts: [{ asks: 'event', got: 1, wanted: { $gte: 3 }, change: '2 more page_view with page shoes' }] }] }] })
  expect(await tab.run(`return performance.getEntriesByType('resource').filter(({ name }) => name.includes('language')).length`)).toBe(0)
})
