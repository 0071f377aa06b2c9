// A visitor is personalized, asked, and agrees or not: what reaches the collector, and what never does.

import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest'
import { type Collector, collectorBefore } from './collector.js'
import { type Install, startSite } from './site.js'
import { type Tab, type Visitor, visitor } from './visitor.js'

const engine = inject('engine')
const soon = <T>(check: () => Promise<T> | T, timeout = 8000): Promise<T> => vi.waitFor(check, { timeout, interval: 50 })

const SITE = `let site; while (!(site = window.site ?? (window.slotwise?.track && window.slotwise))) await new Promise((next) => setTimeout(next, 10)); await site.ready;`
const KEPT = `const open = await new Promise((done) => { const r = indexedDB.open('slotwise'); r.onsuccess = () => done(r.result) });
  const kept = open.objectStoreNames.contains('rows') ? await new Promise((done) => { const r = open.transaction('rows').objectStore('rows').getAllKeys(); r.onsuccess = () => done(r.result.map(([kind]) => kind)) }) : [];
  open.close();`

const RULESET = {
  version: 1,
  pages: { shoes: '/shoes/*', home: '/' },
  segments: { 'shoe-lover': { event: 'page_view', where: { page: 'shoes' }, count: { $gte: 1 } } },
  goals: { signup: { event: 'signup', window: '7d' } },
  slots: {
    hero: { experiences: [{ name: 'shoes', when: 'shoe-lover', show: 'shoes', goal: 'signup' }] },
    note: { experiences: [{ name: 'note-test', split: { version: 3, weights: { default: 1, basket: 1 } }, goal: 'signup' }], variants: { basket: { text: { p: 'Your boots are waiting' } } } },
  },
  consent: { before: 'local', legalGround: 'a test', revision: 1, controller: 'Example Ltda', policy: '/privacy' },
  sync: { endpoint: '/collect/v1/logs' },
}

/** Rows leave within half a second instead of twenty. */
const HURRY = { 'hurry.js': 'Math.random = () => 0.02' }

let played: Visitor
let site: Collector
const tabs: Tab[] = []

beforeAll(async () => {
  played = await visitor(engine)
})
afterAll(() => played?.leave())
afterEach(async () => {
  for (const tab of tabs.splice(0)) await tab.close()
  await site.close()
})

const newTab = async (): Promise<Tab> => {
  const tab = await played.tab()
  tabs.push(tab)
  return tab
}
const begin = async (install: Install, rules: object = RULESET, files = {}): Promise<Tab> => {
  site = await collectorBefore(await startSite(install, { ...HURRY, ...files, 'slotwise.json': JSON.stringify(rules) }))
  return newTab()
}

const decided = (tab: Tab) => soon(async () => expect(await tab.run(`${SITE} return document.querySelector('[data-slot=note][data-slot-state]') !== null`)).toBe(true))
const visit = async (tab: Tab, path: string): Promise<void> => {
  await tab.open(site.url + path)
  await decided(tab)
}
const say = (tab: Tab, choice: object) => tab.run<void>(`${SITE} await site.consent(${JSON.stringify(choice)})`)
const ALL = { personalize: 'granted', measure: 'granted' }
const NONE = { personalize: 'denied', measure: 'denied' }
const BUTTONS = '.slotwise-banner .slotwise-actions button'
/** By hand where there is a banner; a page that bundles Slotwise has one of its own, or none. */
const answer = async (tab: Tab, install: Install, choice: typeof ALL | typeof NONE): Promise<void> => {
  if (install === 'ESM') return say(tab, choice)
  await soon(async () => expect(await tab.run(`return document.querySelectorAll('${BUTTONS}').length`)).toBe(3))
  await tab.click(`${BUTTONS}:nth-child(${choice === ALL ? 1 : 2})`)
  await soon(async () => expect(await tab.run(`${SITE} return site.consent().by + document.querySelectorAll('${BUTTONS}').length`)).toBe('visitor0'))
}
/** Everything of ours that a page can find on the device. */
const traces = (tab: Tab) =>
  tab.run<unknown[]>(`const databases = indexedDB.databases ? (await indexedDB.databases()).map(({ name }) => name) : []
    return [databases, Object.keys(localStorage), Object.keys(sessionStorage), document.cookie, await caches?.keys().catch(() => []) ?? []]`)
const untroubled = async (tab: Tab) => expect(await tab.run('return [...trouble, ...consoleErrors]')).toEqual([])
const waiting = (tab: Tab) => tab.run<number>(`${KEPT} return kept.filter((kind) => kind === 'o').length`)

/** What a visitor does who does all there is to do. */
const doEverything = async (tab: Tab): Promise<void> => {
  for (const path of ['/', '/shoes/1.html', '/', '/shoes/2.html']) {
    await visit(tab, path)
    await tab.run(`${SITE} void site.track('signup'); await site.traits({ plan: 'pro' })`)
  }
  await tab.click('#add')
  // Longer than a slot has to be in view, and than rows wait.
  await new Promise((later) => setTimeout(later, 1800))
  await visit(tab, '/')
}

test.each(['script tag', 'ESM'] as const)('installed by %s, whatever a visitor does before choosing, nothing asks the collector for anything', async (install) => {
  const tab = await begin(install)
  const from = played.requests?.length
  await doEverything(tab)
  expect(site.posted).toEqual([])
  expect(await waiting(tab)).toBe(0)
  // They are personalized all the same, by what stays on the device.
  expect(await tab.run('return document.querySelector("[data-slot=hero]").dataset.slotState')).toBe('shoes')
  const paths = played.requests?.slice(from).map((url) => new URL(url).pathname) ?? []
  expect(paths.filter((path) => /collect|teller/.test(path))).toEqual([])
  await untroubled(tab)
})

test('a visitor who rejects leaves no trace on the device, and sends nothing then or on later pages', async () => {
  const tab = await begin('script tag')
  await visit(tab, '/shoes/1.html')
  await visit(tab, '/')
  expect(await tab.run('return document.querySelector("[data-slot=hero]").dataset.slotState')).toBe('shoes')
  await answer(tab, 'script tag', NONE)
  // At once, not on the next page.
  expect(await tab.run('return document.querySelector("[data-slot=hero]").dataset.slotState')).toBe('default')
  await doEverything(tab)
  expect(site.posted).toEqual([])
  expect(await tab.run(`${KEPT} return kept`)).toEqual([])
  expect(await tab.run('return Object.keys(localStorage)')).toEqual(['slotwise:consent'])
  expect(await tab.run(`${SITE} return [site.segments(), site.decide('hero').reason, site.consent().by]`)).toEqual([[], 'no-consent', 'visitor'])
  await untroubled(tab)
})

test.each(['script tag', 'ESM'] as const)('installed by %s, a visitor who agrees, reads on and signs up is told of in words of the ruleset alone', async (install) => {
  const tab = await begin(install)
  await visit(tab, '/shoes/1.html')
  await tab.run(`${SITE} await site.track('signup', { email: 'ana@example.com' }); await site.traits({ name: 'Ana' })`)
  await answer(tab, install, ALL)
  // What was shown before was not drawn for measuring: it opens nothing.
  await new Promise((later) => setTimeout(later, 1500))
  expect(site.posted).toEqual([])

  await visit(tab, '/')
  await soon(() => expect(site.posted.map(({ row }) => `${row.experience} ${row.metric}`).sort()).toEqual(['note-test slotwise.seen', 'note-test slotwise.shown', 'shoes slotwise.seen', 'shoes slotwise.shown']))
  await tab.run(`${SITE} await site.track('signup', { email: 'ana@example.com' })`)
  await soon(() => expect(site.posted.filter(({ row }) => row.metric === 'slotwise.goal').map(({ row }) => row.experience).sort()).toEqual(['note-test', 'shoes']))
  // Nothing twice: not on the next page, and not by another sign-up.
  await visit(tab, '/')
  await tab.run(`${SITE} await site.track('signup')`)
  await new Promise((later) => setTimeout(later, 2000))

  expect(site.posted.length).toBe(6)
  const today = `${Math.floor(Date.now() / 86_400_000) * 86_400}000000000`
  const words: { [name: string]: unknown[] } = {
    metric: ['slotwise.shown', 'slotwise.seen', 'slotwise.goal'],
    time: [today],
    experience: ['shoes', 'note-test'],
    arm: ['shoes', 'default', 'basket'],
    held: [false],
    weights: ['0', '3'],
    stratum: ['*'],
  }
  for (const { row, headers, body } of site.posted) {
    const { row: id, ...rest } = row
    expect(id).toMatch(/^[\w-]{21}$/)
    for (const [name, value] of Object.entries(rest)) expect(words[name], name).toContainEqual(value)
    expect(headers.cookie).toBeUndefined()
    expect(headers.referer).toBeUndefined()
    expect(headers['content-type']).toBe('application/json')
    expect(body).not.toMatch(/ana|example\.com|shoes\/|html/i)
  }
  expect(new Set(site.posted.map(({ row }) => row.row)).size).toBe(6)
  // Each trial's rows agree in all but the metric.
  for (const name of ['shoes', 'note-test']) {
    const cells = site.posted.filter(({ row }) => row.experience === name).map(({ row: { row: _, metric: __, ...cell } }) => JSON.stringify(cell))
    expect(new Set(cells).size).toBe(1)
  }
  await soon(async () => expect(await waiting(tab)).toBe(0))
  await untroubled(tab)
})

if (engine === 'firefox') {
  test('Firefox’s own Global Privacy Control is seen', async () => {
    const careful = await visitor(engine, { 'privacy.globalprivacycontrol.enabled': true, 'privacy.globalprivacycontrol.functionality.enabled': true })
    try {
      site = await collectorBefore(await startSite('script tag', { 'slotwise.json': JSON.stringify(RULESET) }))
      const tab = await careful.tab()
      await visit(tab, '/')
      expect(await tab.run(`${SITE} return site.consent().by`)).toBe('signal')
    } finally {
      await careful.leave()
    }
  })
}

test('a visitor who takes back the permission to measure stops what is under way, and nothing waits any more', async () => {
  const tab = await begin('script tag')
  await visit(tab, '/shoes/1.html')
  await say(tab, ALL)
  const hanging: (() => void)[] = []
  site.answer((response) => void hanging.push(() => response.writeHead(200).end('{}')))
  await visit(tab, '/')
  await soon(() => expect(site.posted.length).toBeGreaterThan(0))
  const other = await newTab()
  await visit(other, '/')
  await soon(async () => expect(await waiting(tab)).toBeGreaterThan(0))

  await say(tab, { measure: 'denied' })
  const sofar = site.posted.length
  expect(await tab.run(`${SITE} return site.segments()`)).toEqual(['shoe-lover'])
  await soon(async () => expect(await other.run(`${SITE} return site.consent().measure`)).toBe('denied'))
  // Chromium keeps a copy of localStorage in each process: the other tab may have written until it heard of the no.
  await soon(async () => expect(await tab.run(`${KEPT} return kept.filter((kind) => 'ogtn'.includes(kind))`)).toEqual([]))
  for (const answer of hanging) answer()
  site.up()
  await doEverything(tab)
  await doEverything(other)
  expect(site.posted.length).toBe(sofar)
  expect(await waiting(tab)).toBe(0)
  await untroubled(tab)
})

test('with the collector down rows wait, through a closed browser where it keeps anything, and arrive once when it is back', async () => {
  let tab = await begin('script tag')
  await visit(tab, '/shoes/1.html')
  await say(tab, ALL)
  site.down()
  await visit(tab, '/')
  await soon(async () => expect(await waiting(tab)).toBe(4))
  await tab.run(`${SITE} await site.track('signup')`)
  await soon(async () => expect(await waiting(tab)).toBe(6))
  await new Promise((later) => setTimeout(later, 1000))
  expect(await tab.run('return trouble')).toEqual([])
  if (played.reopen) {
    await played.reopen()
    tabs.length = 0
    tab = await newTab()
  }
  // Back only after the page is there: one that is left sends what it has without hearing whether it arrived.
  await visit(tab, '/shoes/2.html')
  site.up()
  await soon(async () => {
    expect(await waiting(tab)).toBe(0)
  }, 40_000)
  const ids = site.posted.map(({ row }) => `${row.experience} ${row.metric} ${row.row}`)
  expect(new Set(ids).size).toBe(6)
  expect(ids.length).toBe(6)
}, 90_000)

test('before a choice a site that keeps to memory leaves no trace, nor after a no; after a yes what the page has held is kept', async () => {
  const memory = { ...RULESET, consent: { ...RULESET.consent, before: 'memory' } }
  const none = [[], [], [], '', []]
  let tab = await begin('script tag', memory)
  await doEverything(tab)
  expect(await traces(tab)).toEqual(none)
  expect(site.posted).toEqual([])
  await answer(tab, 'script tag', NONE)
  await doEverything(tab)
  expect(await traces(tab)).toEqual([[], ['slotwise:consent'], [], '', []])
  await untroubled(tab)

  // WebKit draws no window that another one lies upon, and what is not drawn is not reached.
  await tabs.pop()?.close()
  await site.close()
  tab = await begin('script tag', memory)
  await visit(tab, '/shoes/1.html')
  expect(await traces(tab)).toEqual(none)
  await answer(tab, 'script tag', ALL)
  await visit(tab, '/')
  expect(await tab.run(`${SITE} return [site.segments(), site.decide('hero').measured]`)).toEqual([['shoe-lover'], true])
  await soon(() => expect(site.posted.length).toBeGreaterThan(0))
})

test.each([
  ['asks', undefined],
  ['keeps nothing before a choice', 'off'],
] as const)('a browser that says no for its visitor is obeyed by a site that %s, until the visitor says otherwise by hand', async (_, before) => {
  const rules = { ...RULESET, consent: { ...RULESET.consent, ...(before ? { before } : {}) } }
  const tab = await begin('script tag', rules, { 'hurry.js': `Math.random = () => 0.02; Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true, configurable: true })` })
  await doEverything(tab)
  expect(await tab.run(`${SITE} const { personalize, measure, by } = site.consent(); return [personalize, measure, by]`)).toEqual(['denied', 'denied', 'signal'])
  expect(await tab.run(`return [${JSON.stringify(BUTTONS)}, '[data-slot-state=default]'].map((selector) => document.querySelectorAll(selector).length)`)).toEqual([0, 2])
  expect(await traces(tab)).toEqual([[], [], [], '', []])
  // The way to say otherwise stands in the page, once that is idle.
  await soon(async () => expect(await tab.run('return document.querySelector(".slotwise-corner button")?.offsetHeight ?? 0')).toBeGreaterThan(0))
  await tab.click('.slotwise-corner button')
  await answer(tab, 'script tag', ALL)
  await visit(tab, '/shoes/1.html')
  await visit(tab, '/')
  expect(await tab.run(`${SITE} return site.segments()`)).toEqual(['shoe-lover'])
  await soon(() => expect(site.posted.length).toBeGreaterThan(0))
  await untroubled(tab)
})

test('a page’s own control brings the banner back, which is fetched no sooner than it is needed', async () => {
  const tab = await begin('script tag', RULESET, {
    'hurry.js': `Math.random = () => 0.02; addEventListener('DOMContentLoaded', () => {
      const button = document.createElement('button'); button.id = 'privacy'; button.dataset.slotwiseConsent = ''; button.textContent = 'Privacy'; document.body.append(button) })`,
  })
  await visit(tab, '/')
  await answer(tab, 'script tag', NONE)
  await visit(tab, '/shoes/1.html')
  await new Promise((later) => setTimeout(later, 3500))
  expect(await tab.run('return document.querySelector(".slotwise-banner")')).toBeNull()
  await tab.click('#privacy')
  await soon(async () => expect(await tab.run(`return document.querySelectorAll('${BUTTONS}').length`)).toBe(3))
  await tab.click(`${BUTTONS}:nth-child(1)`)
  await soon(async () => expect(await tab.run(`${SITE} return site.consent().measure`)).toBe('granted'))
  expect(await tab.run('return document.activeElement.id')).toBe('privacy')
  await untroubled(tab)
})

test('a site with a banner of its own brings none of ours, and tells what was answered', async () => {
  const tab = await begin('script tag', { ...RULESET, consent: { ...RULESET.consent, banner: false } })
  await visit(tab, '/')
  await new Promise((later) => setTimeout(later, 3500))
  expect(await tab.run('return document.querySelector(".slotwise-banner")')).toBeNull()
  await say(tab, ALL)
  await visit(tab, '/shoes/1.html')
  await soon(() => expect(site.posted.length).toBeGreaterThan(0))
})

test('where the banner cannot be had, the choice stays open and nothing is taken for a yes', async () => {
  const tab = await begin('script tag', RULESET, { 'banner.js': 'not a script' })
  await doEverything(tab)
  expect(await tab.run(`${SITE} return site.consent().by`)).toBe('nobody')
  expect(site.posted).toEqual([])
  expect(await tab.run('return trouble')).toEqual([])
})
