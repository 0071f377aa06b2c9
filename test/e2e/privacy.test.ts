// A visitor who wants to know: the page that shows all of it, under a strict policy, with another tab open, and left at once.

import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest'
import { KEPT } from '../../src/lib/kept.js'
import { type Collector, collectorBefore } from './collector.js'
import { INSTALL, startSite } from './site.js'
import { type Tab, type Visitor, visitor } from './visitor.js'

const soon = <T>(check: () => Promise<T> | T, timeout = 8000): Promise<T> => vi.waitFor(check, { timeout, interval: 50 })
const SITE = `let site; while (!(site = window.slotwise?.track && window.slotwise)) await new Promise((next) => setTimeout(next, 10)); await site.ready;`
const ROOT = `const root = document.querySelector('slotwise-privacy > div')?.shadowRoot;`

const RULESET = {
  version: 3,
  segments: { looker: { event: 'look', count: { $gte: 2 } }, pro: { trait: { plan: 'pro' } } },
  goals: { signup: { event: 'signup' } },
  slots: { note: { experiences: [{ name: 'lookers', when: 'looker', show: 'look', goal: 'signup' }], variants: { look: { text: { p: 'You have looked' } } } } },
  consent: { before: 'local', legalGround: 'x', controller: 'Trilha Ltda', policy: '/', banner: false },
  sync: { endpoint: '/collect/v1/logs' },
}
const ME = `<!doctype html><html lang="pt-BR"><head><title>Me</title><link rel="icon" href="/icon.svg">${INSTALL['script tag'].replace('async', 'data-extras="privacy" async')}</head><body><slotwise-privacy></slotwise-privacy></body></html>`

let played: Visitor
let site: Collector
let tabs: Tab[]

beforeAll(async () => {
  played = await visitor(inject('engine'))
})
afterAll(() => played?.leave())
afterEach(async () => {
  for (const tab of tabs) {
    expect(await tab.run('return window.trouble ?? []')).toEqual([])
    await tab.close()
  }
  await site.close()
})

const begin = async (): Promise<void> => {
  tabs = []
  site = await collectorBefore(await startSite('script tag', { 'slotwise.json': JSON.stringify(RULESET), 'me.html': ME, 'hurry.js': 'Math.random = () => 0.02' }))
}
const open = async (path: string): Promise<Tab> => {
  const tab = await played.tab()
  tabs.push(tab)
  await go(tab, path)
  return tab
}
const go = async (tab: Tab, path: string): Promise<void> => {
  await tab.open(site.url + path)
  await tab.run(`${SITE}`)
}
const note = (tab: Tab) => tab.text('[data-slot=note] p')
const looked = (tab: Tab): Promise<void> => tab.run(`${SITE} await site.consent({ personalize: 'granted', measure: 'granted' }); await site.track('look'); await site.track('look'); await site.traits({ plan: 'pro' }, { source: 'crm' })`)
const said = (tab: Tab): Promise<string> => tab.run(`${ROOT} return root?.textContent ?? ''`)
const press = (tab: Tab, act: string): Promise<void> => tab.run(`${ROOT} root.querySelector('[data-act="' + args[0] + '"]').click()`, act)
const segments = (tab: Tab): Promise<string[]> => tab.run(`${SITE} return site.segments()`)

test('all that a visit leaves on the device stands in the storage table, and the page shows what was sent', async () => {
  await begin()
  const tab = await open('/')
  await looked(tab)
  await go(tab, '/')
  expect(await note(tab)).toBe('You have looked')
  await soon(() => expect(site.posted.map(({ row }) => row.metric)).toContain('slotwise.shown'))
  const kept = (): Promise<[string, string][]> =>
    tab.run(`const open = await new Promise((done) => { const request = indexedDB.open('slotwise'); request.onsuccess = () => done(request.result) })
      const keys = await new Promise((done) => { const request = open.transaction('rows').objectStore('rows').getAllKeys(); request.onsuccess = () => done(request.result) })
      open.close()
      return [...Object.keys(localStorage).map((key) => ['localStorage', key]), ...Object.keys(sessionStorage).map((key) => ['sessionStorage', key]), ...keys.map(([key]) => ['IndexedDB', key])]`)
  const known = ([where, key]: [string, string]): boolean => KEPT.some((one) => one.where === where && (one.key.endsWith('*') ? key.startsWith(one.key.slice(0, -1)) : key === one.key))
  const all = await kept()
  expect(all.filter((one) => !known(one))).toEqual([])
  for (const key of ['e', 'h', 'p', 't', 'n', 'g']) expect(all).toContainEqual(['IndexedDB', key])
  expect(await tab.run('return [document.cookie, await caches?.keys?.()]')).toEqual(['', []])

  await go(tab, '/me.html')
  await soon(async () => expect(await said(tab)).toContain('O que este site sabe sobre você'))
  expect(await said(tab)).toMatch(/look2 ×|look 2 ×/)
  expect(await said(tab)).toMatch(/Enviadas: \d/)
  // What has no place on the device any more after erasing.
  await press(tab, 'sure ')
  await soon(() => press(tab, 'erase '))
  await soon(async () => expect(await said(tab)).toContain('Nada está guardado sobre você'))
  expect((await kept()).filter(([where, key]) => where === 'localStorage' || 'eptong'.includes(key))).toEqual([])
})

test('with another tab open, forgetting one thing and pausing hold there at once, and a page that is left at once has done it all the same', async () => {
  await begin()
  const other = await open('/')
  await looked(other)
  await go(other, '/')
  expect(await note(other)).toBe('You have looked')
  const me = await open('/me.html')
  await soon(async () => expect(await said(me)).toMatch(/looker(?!s)/))
  await press(me, 'event look')
  await soon(async () => expect(await segments(other)).toEqual(['pro']))
  await soon(async () => expect(await said(me)).not.toMatch(/looker(?!s)/))
  await looked(other)
  await press(me, 'pause ')
  await soon(async () => expect(await note(other)).toBe('Nothing in your basket'))
  expect(await segments(other)).toEqual([])
  await other.run(`${SITE} await site.track('look')`)
  await soon(() => press(me, 'resume '))
  await soon(async () => expect(await segments(other)).toEqual(['looker', 'pro']))
  expect(await other.run(`${SITE} return (await site.export()).events.filter(({ type }) => type === 'look').length`)).toBe(2)

  await other.run(`${SITE} void site.forget({ trait: 'plan' }); site.pause(); location.href = '/shoes/1.html'`)
  await soon(async () => expect(await other.run(`return location.pathname`)).toBe('/shoes/1.html'))
  expect(await other.run(`${SITE} return [site.consent().paused, site.segments()]`)).toEqual([true, []])
  expect(await note(other)).toBe('Nothing in your basket')
  await other.run(`${SITE} site.resume()`)
  await soon(async () => expect(await segments(other)).toEqual(['looker']))
})

test('who asks to forget one thing and leaves in the same moment finds it forgotten on the next page, before anything is read, and nothing else', async () => {
  await begin()
  const tab = await open('/')
  const types = (): Promise<string[]> => tab.run(`${SITE} return (await site.export()).events.map(({ type }) => type).filter((type) => /look|glance|wink/.test(type))`)
  // The second time its database has died under the page: it can do nothing of it by itself.
  for (const dead of ['', 'IDBDatabase.prototype.transaction = () => { throw new DOMException("gone", "InvalidStateError") };']) {
    await looked(tab)
    expect(await segments(tab)).toEqual(['looker', 'pro'])
    await tab.run(`${SITE} ${dead} void site.track('look'); void site.track('wink'); void site.forget({ event: 'look' }); void site.forget({ trait: 'plan' }); void site.track('look'); location.href = '/shoes/1.html'`)
    await soon(async () => expect(await tab.run(`return location.pathname`)).toBe('/shoes/1.html'))
    expect(await segments(tab)).toEqual([])
    expect(await types()).toEqual(['wink', 'look'])
    expect(await tab.run(`${SITE} return Object.keys((await site.export()).traits)`)).toEqual([])
    await soon(async () => expect(await tab.run('return Object.keys(localStorage).filter((key) => key.startsWith("slotwise:left"))')).toEqual([]))
    await tab.run(`${SITE} await site.forget({ event: 'look' }); await site.forget({ event: 'wink' })`)
    await go(tab, '/')
  }
})
