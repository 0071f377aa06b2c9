// What a visitor asked to have forgotten on a page that was left before it had: the next page does it, ahead of reading.

import { afterEach, beforeEach, expect, test } from 'vitest'
import { personalize, type Ruleset, type Site } from '../src/index.js'
import { createHinter } from '../src/hinter.js'
import { idbStore } from '../src/remember/idb.js'
import { event, everything, tab } from './remember/remember.contract.js'

const RULESET: Ruleset = {
  version: 1,
  segments: { looked: { event: 'look', count: { $gte: 2 } }, pro: { trait: { plan: 'pro' } } },
  interests: { category: { halfLife: '14d', weights: { look: 1, buy: 3 } } },
  consent: { before: 'local', legalGround: 'asked for' },
}

let count = 0
let name: string
let clock: number
let sites: Site[]
beforeEach(() => {
  localStorage.clear()
  name = `forget-${count++}`
  clock = Date.UTC(2026, 0, 1)
  sites = []
})
afterEach(() => {
  for (const site of sites) site.stop()
})

const open = async (ruleset = RULESET): Promise<Site> => {
  const site = personalize({ ruleset, storage: idbStore(name), now: () => clock })
  sites.push(site)
  await site.ready
  return site
}
const leave = async (): Promise<void> => {
  const site = sites.pop()
  site?.stop()
  await new Promise((later) => setTimeout(later, 20))
}
/** As a page leaves it that has no time for more: the wish by its time, which is later than what is meant. */
const wish = (fact: unknown, at = clock): void => localStorage.setItem(`slotwise:left:${at + 1}`, JSON.stringify({ fact, events: [] }))
const left = (): string[] => Object.keys(localStorage).filter((key) => key.startsWith('slotwise:left:'))
const types = async (site: Site): Promise<string[]> => (await site.export()).events.map(({ type }) => type).filter((type) => !/visit|page_view/.test(type))
const known = async (): Promise<void> => {
  const site = await open()
  void site.track('look', { category: 'shoes' })
  void site.track('look', { category: 'bags' })
  void site.track('buy', { category: 'shoes' })
  await site.traits({ plan: 'pro' })
  expect(site.segments()).toEqual(['looked', 'pro'])
  await leave()
  clock += 1000
}

test('events, interests and traits that were to be forgotten never count on the next page, and the wish is gone', async () => {
  for (const [fact, segments, rest] of [
    [{ event: 'look' }, ['pro'], ['buy']],
    [{ interest: { category: 'shoes' } }, ['pro'], ['look']],
    [{ interest: 'category' }, ['pro'], []],
    [{ trait: 'plan' }, ['looked'], ['look', 'look', 'buy']],
  ] as const) {
    name = `forget-${count++}`
    await known()
    wish(fact)
    const next = await open()
    expect(next.segments()).toEqual(segments)
    expect(await types(next)).toEqual(rest)
    expect(left()).toEqual([])
    await leave()
    expect((await open()).segments()).toEqual(segments)
    await leave()
  }
})

test('what the same page left unwritten is forgotten with it, and what happened after the wish is not', async () => {
  await known()
  const { seed } = (await idbStore(name).transact('readonly', (all) => all.get(['p']))) as { seed: string }
  const patch = (plan: string, at: number) => ({ traits: { plan, size: '42' }, from: ['site', at] })
  localStorage.setItem('slotwise:left:page', JSON.stringify({ seed, confirmed: true, n: 9, events: [event('look', clock - 1), event('buy', clock - 1), event('look', clock + 1), null], patches: [patch('free', clock - 1)] }))
  wish({ event: 'look' })
  wish({ trait: 'plan' }, clock + 1)
  const next = await open()
  expect(next.segments()).toEqual([])
  expect((await types(next)).sort()).toEqual(['buy', 'buy', 'look'])
  expect((await next.export()).traits).toMatchObject({ size: { value: '42' } })
  expect((await next.export()).traits.plan).toBeUndefined()
  await leave()
  // Told again since: the site may know it.
  wish({ trait: 'plan' }, clock - 500)
  localStorage.setItem('slotwise:left:page', JSON.stringify({ seed, confirmed: true, n: 9, events: [], patches: [patch('new', clock)] }))
  expect((await (await open()).export()).traits).toMatchObject({ plan: { value: 'new' } })
})

test('what happens in the very millisecond of the wish, and after it, stays', async () => {
  await known()
  const site = await open()
  const gone = Promise.all([site.forget({ event: 'look' }), site.forget({ trait: 'plan' })])
  void site.track('look')
  await site.traits({ plan: 'new' })
  await gone
  expect(await types(site)).toEqual(['buy', 'look'])
  expect((await site.export()).traits).toMatchObject({ plan: { value: 'new' } })
  expect(left()).toEqual([])
})

test('asked for before the ruleset has come, it is noted at once all the same', async () => {
  await known()
  const site = personalize({ ruleset: () => new Promise<never>(() => {}), storage: idbStore(name), now: () => clock })
  void site.forget({ event: 'look' })
  expect(left()).toHaveLength(1)
  site.stop()
  expect((await open()).segments()).toEqual(['pro'])
})

test.each(['x', 'null', '7', '{}', '{"fact":{"evnt":"look"},"events":[]}', '{"fact":[{"event":"look"}]}'])('a wish that makes no sense (%s) forgets nothing, and goes', async (text) => {
  await known()
  localStorage.setItem(`slotwise:left:${clock}`, text)
  expect((await open()).segments()).toEqual(['looked', 'pro'])
  expect(left()).toEqual([])
})

test('where nothing may be kept on the device, nothing is noted there', async () => {
  const site = await open({ ...RULESET, consent: { before: 'memory' } })
  void site.track('look')
  const gone = site.forget({ event: 'look' })
  expect(Object.keys(localStorage)).toEqual([])
  await gone
  expect(await types(site)).toEqual([])
})

test('a page that cannot do it reads nothing of what is to be forgotten, and tries again', async () => {
  const store = idbStore(name)
  const one = tab(store)
  await one.ready
  void one.record(event('a', 1))
  void one.record(event('a', 2))
  await one.traits({})
  await one.stop()
  wish({ event: 'a' })
  let fails = true
  let asked = 0
  const two = tab(store, {
    forget: async () => {
      asked++
      if (fails) throw new Error('explain.js could not be loaded')
    },
  })
  await two.ready
  expect(two.segments()).toEqual([])
  expect(two.changes).toContain('Error: explain.js could not be loaded')
  expect(left()).toHaveLength(1)
  fails = false
  await two.follow()
  expect([asked, left(), two.segments()]).toEqual([2, [], ['twice']])
  expect(await everything(store)).toHaveLength(2)
  await two.stop()
})

test('no hint is left for the next page while something in it is still to be forgotten', async () => {
  const standing = JSON.stringify({ v: 1, of: 'me', signal: false, slots: {} })
  const hinter = createHinter({
    ruleset: RULESET,
    decider: { decide: () => ({}) as never },
    memory: { profile: () => ({ traits: {}, origins: {}, visits: 1, events: 1, firstAt: 1, lastAt: 1, utm: {} }), seed: () => 'me' },
    consenting: { mode: () => 'local', lapses: () => Number.POSITIVE_INFINITY, measures: () => true, state: () => ({}) },
    now: () => clock,
    on: (stage, listener) => {
      if (stage === 'health') listener({ store: 'device' } as never)
      return () => {}
    },
    facts: () => ({ traits: {}, context: {} as never }),
    viewer: () => ({}) as never,
  })
  expect(localStorage.getItem('slotwise:hint')).toBe(standing)
  wish({ event: 'look' })
  hinter.write()
  expect(localStorage.getItem('slotwise:hint')).toBeNull()
  localStorage.clear()
  hinter.write()
  expect(localStorage.getItem('slotwise:hint')).toBe(standing)
  hinter.stop()
})
