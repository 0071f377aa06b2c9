// A site with a consent manager of its own and the script tag alone: no code of ours in the page, and none of theirs in ours.

import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, expect, inject, test, vi } from 'vitest'
import { type Collector, collectorBefore } from './collector.js'
import { startSite } from './site.js'
import { type Tab, type Visitor, visitor } from './visitor.js'

const soon = <T>(check: () => Promise<T> | T, timeout = 8000): Promise<T> => vi.waitFor(check, { timeout, interval: 50 })
const SITE = `let site; while (!(site = window.slotwise?.track && window.slotwise)) await new Promise((next) => setTimeout(next, 10)); await site.ready;`

const RULESET = {
  version: 1,
  goals: { signup: { event: 'signup' } },
  slots: { note: { experiences: [{ name: 'note', show: 'basket', goal: 'signup' }], variants: { basket: { text: { p: 'Your boots are waiting' } } } } },
  consent: { before: 'memory', controller: 'Example Ltda', policy: '/policy.html' },
  sync: { endpoint: '/collect/v1/logs' },
}
// The manager's own file, as its documents say; here its categories have other names than by default.
const MANAGER = `${readFileSync('node_modules/vanilla-cookieconsent/dist/cookieconsent.umd.js', 'utf8')}
CookieConsent.run({
  hideFromBots: false,
  categories: { necessary: { enabled: true, readOnly: true }, comfort: {}, figures: {} },
  language: { default: 'en', translations: { en: {
    consentModal: { title: 'Cookies', description: 'May we?', acceptAllBtn: 'Accept', acceptNecessaryBtn: 'Reject' },
    preferencesModal: { title: 'Cookies', acceptAllBtn: 'Accept', acceptNecessaryBtn: 'Reject', savePreferencesBtn: 'Save', sections: [] },
  } } },
})`
const OPTIONS = JSON.stringify({ vanillaCookieconsent: { personalize: 'comfort', measure: 'figures' } }).replaceAll('"', '&quot;')
const page = (consent: string, manager = ''): string => `<!doctype html><html lang="en"><head><title>Page</title><link rel="icon" href="/icon.svg"><script src="/watch.js"></script><script src="/hurry.js"></script>
<script src="/slotwise.js" data-ruleset="/slotwise.json" data-consent="${consent}" data-consent-options="${OPTIONS}" async></script></head>
<body><aside data-slot="note"><p>Nothing in your basket</p></aside><a id="privacy" href="/policy.html" data-slotwise-consent>Privacy</a>${manager}</body></html>`

let played: Visitor
let site: Collector
let tab: Tab

beforeAll(async () => {
  played = await visitor(inject('engine'))
  const beside = Object.fromEntries(['sources.js', 'cmp/vanillaCookieconsent.js', 'cmp/emitConsentMode.js', 'cmp/tcf.js'].map((name) => [name, readFileSync(`dist/${name}`, 'utf8')]))
  site = await collectorBefore(
    await startSite(
      'script tag',
      {
        ...beside,
        'slotwise.json': JSON.stringify(RULESET),
        'hurry.js': 'Math.random = () => 0.02',
        'manager.js': MANAGER,
        // It comes after everything else, as by a tag manager.
        'late.js': `setTimeout(() => document.head.append(Object.assign(document.createElement('script'), { src: '/manager.js' })), 400)`,
        'index.html': page('vanillaCookieconsent', '<script src="/manager.js"></script>'),
        'late.html': page('vanillaCookieconsent', '<script src="/late.js"></script>'),
        'never.html': page('tcf'),
        'wrong.html': page('nobody'),
        // The manager itself lets the tag run.
        'blocked.html': page('vanillaCookieconsent', '<script src="/manager.js"></script>').replace('<script src="/slotwise.js"', '<script type="text/plain" data-category="comfort" data-src="/slotwise.js"'),
        'emit.html': page('').replace('data-consent=""', 'data-extras="cmp/emitConsentMode"'),
      },
      // The manager writes HTML and styles of its own; Slotwise needs neither.
      "default-src 'self'; style-src 'self' 'unsafe-inline'; base-uri 'none'",
    ),
  )
  tab = await played.tab()
})
afterAll(async () => {
  await tab?.close()
  await site?.close()
  await played?.leave()
})

/** Somebody whom neither has seen before. */
beforeEach(async () => {
  await tab.open(`${site.url}/never.html`)
  await tab.run(`${SITE} await site.forget(); document.cookie = 'cc_cookie=; path=/; max-age=0'`)
})

const visit = async (path: string): Promise<void> => {
  await tab.open(site.url + path)
  await soon(async () => expect(await tab.run(`${SITE} return document.querySelector('[data-slot=note][data-slot-state]') !== null`)).toBe(true))
}
const said = (): Promise<unknown> => tab.run(`${SITE} const { personalize, measure, by } = site.consent(); return [personalize, measure, by]`)
const kept = (): Promise<unknown> => tab.run('return [Object.keys(localStorage), ((await indexedDB.databases?.()) ?? []).map(({ name }) => name)]')

test('the manager asks, its yes is obeyed and told of, and its no takes everything back', async () => {
  await visit('/')
  await soon(async () => expect(await tab.run('return document.querySelector("#cc-main .cm [data-role=all]") !== null')).toBe(true))
  expect(await said()).toEqual(['unset', 'unset', 'nobody'])
  expect(await kept()).toEqual([[], []])
  // Ours asks nothing beside it.
  expect(await tab.run('return document.querySelector("[data-slotwise-banner]")')).toBeNull()
  await tab.run(`document.querySelector('#cc-main .cm [data-role=all]').click()`)
  await soon(async () => expect(await said()).toEqual(['granted', 'granted', 'vanillaCookieconsent']))

  await visit('/late.html')
  // Before the manager has come what was answered last stands.
  expect(await said()).toEqual(['granted', 'granted', 'vanillaCookieconsent'])
  await soon(() => expect(site.posted.map(({ row }) => row.metric)).toContain('slotwise.shown'))
  await soon(async () => expect(await tab.run('return "CookieConsent" in window')).toBe(true))

  await tab.click('#privacy')
  await soon(async () => expect(await tab.run('return [location.pathname, document.documentElement.classList.contains("show--preferences")]')).toEqual(['/late.html', true]))
  await tab.run(`document.querySelector('#cc-main .pm [data-role=necessary]').click()`)
  await soon(async () => expect(await said()).toEqual(['denied', 'denied', 'vanillaCookieconsent']))
  const posted = site.posted.length
  await tab.run(`${SITE} await site.track('signup')`)
  await visit('/')
  expect(await said()).toEqual(['denied', 'denied', 'vanillaCookieconsent'])
  expect(site.posted.length).toBe(posted)
  expect(await tab.run('return [...trouble, ...consoleErrors]')).toEqual([])
})

test('a tag that the manager holds back until a yes starts then, and finds the yes', async () => {
  await tab.open(`${site.url}/blocked.html`)
  await soon(async () => expect(await tab.run('return document.querySelector("#cc-main .cm [data-role=all]") !== null')).toBe(true))
  expect(await tab.run('return "slotwise" in window')).toBe(false)
  await tab.run(`document.querySelector('#cc-main .cm [data-role=all]').click()`)
  await soon(async () => expect(await said()).toEqual(['granted', 'granted', 'vanillaCookieconsent']))
  // And it hears the no.
  await tab.run('CookieConsent.showPreferences()')
  await tab.run(`document.querySelector('#cc-main .pm [data-role=necessary]').click()`)
  await soon(async () => expect(await said()).toEqual(['denied', 'denied', 'vanillaCookieconsent']))
})

test('where our own banner asks, Google’s tags are told', async () => {
  await visit('/emit.html')
  const pushed = () => tab.run<unknown[][]>('return (window.dataLayer ?? []).map((entry) => [...entry])')
  await soon(async () => expect((await pushed()).map(([command, action]) => [command, action])).toEqual([['consent', 'default']]))
  await tab.run(`${SITE} await site.consent({ personalize: 'granted', measure: 'denied' })`)
  expect((await pushed())[1]).toEqual(['consent', 'update', { personalization_storage: 'granted', analytics_storage: 'denied' }])
})

test('a manager that never comes changes nothing, and one that nobody knows is one diagnostic', async () => {
  await visit('/never.html')
  await tab.run(`${SITE} await site.consent({ personalize: 'granted', measure: 'denied' })`)
  await visit('/never.html')
  expect(await said()).toEqual(['granted', 'denied', 'visitor'])
  expect(await tab.run('return [...trouble, ...consoleErrors]')).toEqual([])
  await visit('/wrong.html')
  const told = await tab.run<string[]>(`${SITE} const told = []; site.on('diagnostic', ({ message }) => told.push(message)); await new Promise((next) => setTimeout(next, 300)); return told`)
  expect(told).toEqual([expect.stringContaining('"nobody"')])
  expect(await said()).toEqual(['granted', 'denied', 'visitor'])
})
