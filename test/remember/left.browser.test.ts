// What a page could not write before it went away.

import { afterEach, expect, test, vi } from 'vitest'
import { idbStore } from '../../src/remember/idb.js'
import { left } from '../../src/remember/left.js'
import { event, everything, held, tab } from './remember.contract.js'

let count = 0
const open = () => idbStore(`left-${Date.now()}-${count++}`)
afterEach(() => localStorage.clear())

test('what a page leaves behind is in the log once, whether or not the page lives on', async () => {
  const store = open()
  const one = tab(store)
  await one.ready
  void one.record(event('a', 1))
  await one.traits({})
  void one.record(event('a', 2))
  one.leave(false)
  expect(left.others('').length).toBe(1)

  const two = tab(store)
  await two.ready
  expect(two.segments()).toEqual(['twice'])
  expect(left.others('')).toEqual([])
  one.leave(false)
  await one.traits({})
  void two.record(event('a', 3))
  await two.traits({})
  await vi.waitFor(() => {
    for (const tab of [one, two]) expect(tab.segments()).toEqual(['twice', 'odd'])
  })
  expect((await everything(store)).map(({ at }) => at)).toEqual([1, 2, 3])
  expect(left.others('')).toEqual([])
  await Promise.all([one.stop(), two.stop()])
})

test('a page that is left writes no more, and goes on when it is shown again', async () => {
  const store = open()
  const one = tab(store)
  await one.ready
  void one.record(event('a', 1))
  const writing = one.traits({})
  one.leave(true)
  await writing
  void one.record(event('a', 2))
  await one.traits({})
  await expect(store.transact('readonly', (rows) => rows.get(['h']))).rejects.toThrow()
  expect(one.changes).not.toContain('store: memory')
  expect(one.segments()).toEqual(['twice'])

  one.follow()
  await one.traits({ back: true })
  expect((await everything(store)).map(({ at }) => at)).toEqual([1, 2])
  expect(left.others('')).toEqual([])
  await one.stop()
})

test('two pages that find the same leftovers put them into the log once', async () => {
  const store = open()
  const one = tab(store)
  await one.ready
  void one.record(event('a', 1))
  void one.record(event('a', 2))
  one.leave(false)
  const found = [tab(store), tab(store)]
  await Promise.all(found.map(({ ready }) => ready))
  for (const two of found) {
    two.follow()
    await two.traits({})
  }
  expect((await everything(store)).map(({ at }) => at)).toEqual([1, 2])
  for (const two of found) expect(two.segments()).toEqual(['twice'])
  await Promise.all([one, ...found].map(({ stop }) => stop()))
})

test('a very first page that was left at once is remembered', async () => {
  left.put('first', { seed: 'first', confirmed: false, n: 0, patches: [{ traits: { plan: 'pro' }, from: ['site', 1] }], events: [event('a', 1), event('a', 2)] })
  const two = tab(open())
  await two.ready
  expect(two.segments()).toEqual(['twice'])
  expect(two.seed()).toBe('first')
  expect(two.profile().traits).toEqual({ plan: 'pro' })
  await two.stop()
})

test('what somebody left behind who was forgotten since goes with them', async () => {
  const store = open()
  left.put('old', { seed: 'forgotten', confirmed: true, n: 4, patches: [], events: [event('a', 1), event('a', 2)] })
  const two = tab(store)
  await two.ready
  expect(two.segments()).toEqual([])
  expect(await store.transact('readonly', (rows) => rows.all([]))).toEqual([])
  expect(left.others('')).toEqual([])
  await two.stop()
})

test('forgetting takes along what other pages have left', async () => {
  const one = tab(open())
  await one.ready
  left.put('other', { seed: one.seed(), confirmed: false, n: 0, patches: [], events: [event('a', 1)] })
  await one.forget()
  expect(localStorage.length).toBe(0)
  await one.stop()
})

test('a visitor who asks to be forgotten and leaves at once is forgotten by the next page', async () => {
  const store = open()
  for (const ticks of [0, 4, 8]) {
    const one = tab(store)
    await one.ready
    for (let i = 0; i < 3; i++) void one.record(event('a', i))
    await one.traits({ plan: 'pro' })
    const was = one.seed()
    void one.forget()
    for (let i = 0; i < ticks; i++) await Promise.resolve()
    one.leave(true)
    store.resume?.()

    const next = tab(store)
    await next.ready
    expect(next.seed()).not.toBe(was)
    expect(next.segments()).toEqual([])
    expect(next.profile()).toMatchObject({ traits: {}, events: 0 })
    expect(Object.keys(localStorage)).toEqual([])
    await next.forget()
  }
})

test('a tab that hears of the forgetting before it is done does not bring the visitor back, and loses nothing new', async () => {
  const store = open()
  const { slow, hold, letGo } = held(store)
  const one = tab(slow)
  await one.ready
  for (let i = 0; i < 3; i++) void one.record(event('a', i))
  await one.traits({ plan: 'pro' })
  const two = tab(store)
  await two.ready
  hold()
  const gone = one.forget()
  await vi.waitFor(() => expect(two.changes).toContain('forgotten'))
  void two.record(event('b', 500))
  await two.traits({ name: 'x' })
  expect([two.segments(), two.profile().traits]).toEqual([[], { name: 'x' }])
  letGo()
  await gone
  await two.traits({})
  expect((await everything(store)).map(({ type }) => type)).toEqual(['b'])
  await Promise.all([one.stop(), two.stop()])
})

test('a trait that a left page had given is not given again after a logout elsewhere', async () => {
  const store = open()
  const one = tab(store)
  await one.ready
  await one.traits({ a: 1 })
  void one.traits({ plan: 'pro' })
  one.leave(true)
  store.resume?.()
  const two = tab(store)
  await two.ready
  expect(two.profile().traits).toEqual({ a: 1, plan: 'pro' })
  await two.traits(null)
  one.follow()
  await one.traits({})
  expect(one.profile().traits).toEqual({})
  await vi.waitFor(() => expect(two.profile().traits).toEqual({}))
  await Promise.all([one.stop(), two.stop()])
})

test('what happened while the store was slow to answer is left for the next page', async () => {
  const store = open()
  const { slow, hold, letGo } = held(store)
  hold()
  const one = tab(slow)
  await one.ready
  void one.record(event('a', 1))
  void one.record(event('a', 2))
  one.leave(true)
  letGo()
  store.resume?.()
  const two = tab(store)
  await two.ready
  expect(two.segments()).toEqual(['twice'])
  await two.stop()
})

test('where the browser denies a channel between tabs, the log works', async () => {
  vi.stubGlobal(
    'BroadcastChannel',
    class {
      constructor() {
        throw new DOMException('The operation is insecure.', 'SecurityError')
      }
    },
  )
  const one = tab(open())
  vi.unstubAllGlobals()
  await one.ready
  void one.record(event('a', 1))
  await one.forget()
  expect(one.segments()).toEqual([])
  await one.stop()
})

test.each(['', 'x', 'null', '[]', '{"seed":1}', '{"seed":"s","n":0,"events":7}', '{"seed":"s","n":0,"confirmed":false,"patches":[],"events":[null,7,{"type":"a"}]}'])('leftovers that make no sense (%s) are thrown away', async (text) => {
  localStorage.setItem('slotwise:left:odd', text)
  localStorage.setItem('theirs', 'stays')
  const one = tab(open())
  await one.ready
  expect(one.segments()).toEqual([])
  expect({ ...localStorage }).toEqual({ theirs: 'stays' })
  await one.stop()
})

test('where localStorage is denied, leaving is harmless', async () => {
  const one = tab(open())
  await one.ready
  void one.record(event('a', 1))
  const before = Object.getOwnPropertyDescriptor(window, 'localStorage') as PropertyDescriptor
  Object.defineProperty(window, 'localStorage', {
    configurable: true,
    get: () => {
      throw new DOMException('The operation is insecure.', 'SecurityError')
    },
  })
  try {
    one.leave(false)
    await one.stop()
  } finally {
    Object.defineProperty(window, 'localStorage', before)
  }
})
