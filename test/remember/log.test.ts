// Corners of the log and of the page's own view of it that take an awkward store to reach.

import { expect, test } from 'vitest'
import { openLog } from '../../src/remember/log.js'
import { memoryStore } from '../../src/remember/memory.js'
import type { Store } from '../../src/types.js'
import { event, everything, held, tab } from './remember.contract.js'

const DAY = 86_400_000
const rows = (store: Store, key: (string | number)[]): Promise<unknown> => store.transact('readonly', (transaction) => transaction.get(key))
const ask = { seed: 's', confirmed: false, patches: [] }

test('an older snapshot is never put over a newer one, nor over somebody else’s', async () => {
  const store = memoryStore()
  const log = openLog(store)
  await log.append({ ...ask, n: 0, events: [event('a', 1)] })
  await log.save('s', 5, 'newer')
  await log.save('s', 3, 'older')
  await log.save('somebody else', 9, 'theirs')
  expect(await rows(store, ['s'])).toMatchObject({ n: 5, state: 'newer' })
  await log.save('s', 6, 'newest')
  expect(await rows(store, ['s'])).toMatchObject({ n: 6, state: 'newest' })
})

test('only what a snapshot holds is pruned, and never more than half because of its age', async () => {
  const store = memoryStore()
  const log = openLog(store)
  for (let i = 0; i < 10; i++) await log.append({ ...ask, n: i, events: [event('a', i)] })
  const kept = async () => (await everything(store)).map(({ at }) => at)

  await log.prune(10 * DAY, 0)
  expect((await kept()).length).toBe(10)
  await log.save('s', 8, {})
  await log.prune(10 * DAY, 1000)
  expect(await kept()).toEqual([5, 6, 7, 8, 9])
  await log.prune(0, 3)
  expect(await kept()).toEqual([7, 8, 9])
  await log.prune(0, 0)
  expect(await kept()).toEqual([8, 9])
  expect(await rows(store, ['h'])).toMatchObject({ n: 10, stored: 2, totals: { events: 10 } })
})

/** A store whose next writes go through and are reported as failed all the same, as a deadline does it. */
const doubtful = (store: Store): Store & { fail(times: number): void } => {
  let left = 0
  return {
    ...store,
    fail: (times) => {
      left = times
    },
    transact: async (mode, work) => {
      const value = await store.transact(mode, work)
      if (mode === 'readwrite' && left-- > 0) throw Object.assign(new Error('late'), { name: 'TimeoutError' })
      return value
    },
  }
}

test('a write that was reported as failed but went through is not made twice, nor counted twice', async () => {
  const store = doubtful(memoryStore())
  let clock = 0
  const one = tab(store, { now: () => clock })
  await one.ready
  store.fail(1)
  void one.record(event('a', 1))
  void one.record(event('a', 2))
  await one.traits({ plan: 'pro' })
  expect(one.changes).toContain('store: memory')
  clock += 60_000
  void one.record(event('a', 3))
  one.follow()
  await one.traits({})
  expect(one.segments()).toEqual(['twice', 'odd'])
  expect((await everything(store)).map(({ at }) => at)).toEqual([1, 2, 3])
  await one.stop()
})

test('what is recorded while the log is written is not in that snapshot', async () => {
  const plain = memoryStore()
  let meanwhile = (): void => {}
  const store: Store = {
    ...plain,
    transact: async (mode, work) => {
      const value = await plain.transact(mode, work)
      if (mode === 'readwrite') meanwhile()
      return value
    },
  }
  const one = tab(store)
  await one.ready
  for (let i = 0; i < 8; i++) {
    void one.record(event('a', i))
    if (i === 7) {
      meanwhile = () => {
        meanwhile = () => {}
        void one.record(event('a', 100))
      }
    }
    await one.traits({})
  }
  expect(await rows(store, ['h'])).toMatchObject({ n: 8 })
  expect(await rows(store, ['s'])).toBeUndefined()
  await one.traits({})
  expect(await rows(store, ['s'])).toMatchObject({ n: 9 })
  await one.stop()
})

test('a visitor who is forgotten while the log is written stays forgotten', async () => {
  const store = memoryStore()
  const one = tab(store)
  await one.ready
  void one.record(event('a', 1))
  void one.record(event('a', 2))
  const was = one.seed()
  const writing = one.traits({ plan: 'pro' })
  await Promise.resolve()
  const forgetting = one.forget()
  await Promise.all([writing, forgetting])
  expect(one.segments()).toEqual([])
  expect(one.profile()).toMatchObject({ traits: {}, events: 0 })
  expect(one.seed()).not.toBe(was)
  expect(await store.transact('readonly', (transaction) => transaction.all([]))).toEqual([])
  await one.stop()
})

test('events that wait for a broken store are bounded, and the first to be written when it is well again are the newest', async () => {
  const plain = memoryStore()
  let broken = true
  const store: Store = { ...plain, transact: (mode, work) => (broken ? Promise.reject(new Error('broken')) : plain.transact(mode, work)) }
  const one = tab(store)
  await one.ready
  for (let i = 0; i < 10_020; i++) await one.record(event('a', i))
  expect(one.segments()).toEqual(['twice', 'many'])
  broken = false
  one.follow()
  await one.traits({})
  const kept = await everything(store)
  expect([kept.length, kept[0]?.at]).toEqual([10_000, 20])
  await one.stop()
})

test('a log that keeps few events loses none before they are written', async () => {
  const store = memoryStore()
  const one = tab(store, { retention: { events: DAY, count: 2 } })
  await one.ready
  for (let i = 0; i < 10; i++) void one.record(event('a', i))
  await one.traits({})
  expect((await everything(store)).length).toBe(10)
  await one.stop()
})

const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

test('a visitor who is forgotten while the past is still being read does not come back with it', async () => {
  const store = memoryStore()
  const one = tab(store)
  await one.ready
  for (let i = 0; i < 10; i++) {
    void one.record(event('a', i))
    await one.traits({})
  }
  await one.stop()
  const { slow, hold, letGo } = held(store)
  hold()
  const two = tab(slow)
  await later()
  const gone = two.forget()
  letGo()
  await gone
  expect(two.profile().events).toBe(0)
  for (let i = 0; i < 8; i++) {
    void two.record(event('b', 100 + i))
    await two.traits({})
  }
  expect(two.segments()).toEqual([])
  await two.stop()
  const three = tab(store)
  await three.ready
  expect(three.segments()).toEqual([])
  await three.stop()
})

test('an answer that fails after two tabs began a visit doubles nothing', async () => {
  const store = memoryStore()
  let fail = false
  const flaky: Store = {
    ...store,
    transact: async (mode, work) => {
      if (fail && mode === 'readonly') throw new Error('hung')
      return store.transact(mode, work)
    },
  }
  const [one, two] = [tab(store), tab(flaky)]
  await Promise.all([one.ready, two.ready])
  for (const tab of [one, two]) for (const type of ['visit', 'a']) void tab.record(event(type, 100))
  await one.traits({})
  fail = true
  await two.traits({})
  fail = false
  two.follow()
  await two.traits({})
  expect(two.segments()).toEqual(['twice'])
  expect((await everything(store)).filter(({ type }) => type === 'a').length).toBe(2)
  await Promise.all([one.stop(), two.stop()])
})

test('while all is read anew, segments stay what they are', async () => {
  const store = memoryStore()
  const gate: { now?: Promise<void> } = {}
  let open = (): void => {}
  let asked = 0
  const slow: Store = {
    ...store,
    transact: async (mode, work) => {
      const nth = gate.now ? ++asked : 0
      if (nth === 1) {
        const answer = await store.transact(mode, work)
        void two.record(event('b', 101))
        return answer
      }
      if (nth === 3) await gate.now
      return store.transact(mode, work)
    },
  }
  const one = tab(store)
  const two = tab(slow)
  await Promise.all([one.ready, two.ready])
  for (const tab of [one, two]) for (const type of ['visit', 'a', 'a']) void tab.record(event(type, 100))
  await one.traits({})
  gate.now = new Promise((resolve) => {
    open = resolve
  })
  const done = two.traits({})
  await later()
  expect(two.segments()).toContain('twice')
  open()
  await done
  expect(asked).toBeGreaterThanOrEqual(3)
  await Promise.all([one.stop(), two.stop()])
})

test('how the current visit came about, and the first, is known without the log; a head of an older version lacks it and is read all the same', async () => {
  const store = memoryStore()
  const log = openLog(store)
  const visit = (at: number, props: object) => ({ ...event('visit', at), props: props as never })
  const totals = async () => (await log.read()).head.totals
  await log.append({ ...ask, n: 0, events: [visit(DAY, { utm: { source: 'news' }, click: 'google' }), event('page_view', DAY + 1000)] })
  expect(await totals()).toMatchObject({ visits: 1, previousAt: null, arrival: { click: 'google' }, first: { utm: { source: 'news' } } })
  await log.append({ ...ask, n: 1, events: [visit(3 * DAY, { referrer: 'search' })] })
  expect(await totals()).toMatchObject({ visits: 2, previousAt: DAY + 1000, arrival: { referrer: 'search' }, first: { utm: { source: 'news' }, click: 'google' } })
  expect((await totals()).arrival).toEqual({ referrer: 'search' })

  await store.transact('readwrite', async (transaction) => transaction.put(['h'], { v: 1, n: 2, stored: 3, totals: { visits: 2, events: 3, firstAt: 1, lastAt: 2, utm: {} } }))
  expect(await totals()).toEqual({ visits: 2, events: 3, firstAt: 1, lastAt: 2, utm: {} })
  await log.append({ ...ask, n: 2, events: [visit(9 * DAY, { referrer: 'mail' })] })
  // Which visit was the first is not known any more.
  expect(await totals()).toMatchObject({ visits: 3, previousAt: 2, arrival: { referrer: 'mail' }, first: undefined })
})
