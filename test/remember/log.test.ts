// Corners of the log and of the page's own view of it that take an awkward store to reach.

import { expect, test } from 'vitest'
import { openLog } from '../../src/remember/log.js'
import { memoryStore } from '../../src/remember/memory.js'
import type { Store } from '../../src/types.js'
import { event, everything, tab } from './remember.contract.js'

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
