// Work beside the log: in one transaction, after what was recorded, and for the visitor whose page it is alone.

import { afterEach, expect, test } from 'vitest'
import { memoryStore } from '../../src/remember/memory.js'
import type { Store } from '../../src/types.js'
import { event, type Tab, tab } from './remember.contract.js'

const tabs: Tab[] = []
afterEach(async () => {
  for (const one of tabs.splice(0)) await one.stop()
})
const open = async (store: Store, options: Parameters<typeof tab>[1] = {}): Promise<Tab> => {
  const one = tab(store, options)
  tabs.push(one)
  await one.ready
  return one
}
const kept = (store: Store) => store.transact('readonly', (rows) => rows.all(['x']))

test('it finds in the log what was recorded just before, and what comes after it waits', async () => {
  const one = await open(memoryStore())
  void one.record(event('a', 1))
  const order: string[] = []
  const done = one.beside(async (rows, log) => {
    const { n, events } = await log(0)
    rows.put(['x'], n)
    order.push('beside')
    return events.map(({ at }) => at)
  })
  const after = one.traits({ plan: 'pro' }).then(() => order.push('traits'))
  expect(await done).toEqual([1])
  await after
  expect(order).toEqual(['beside', 'traits'])
})

test('what is read is what came after a batch, and where the log stands', async () => {
  const one = await open(memoryStore())
  for (const at of [1, 2, 3]) await one.record(event('a', at), true)
  const read = (n: number) => one.beside(async (_, log) => log(n).then(({ n, events }) => [n, ...events.map(({ at }) => at)]))
  expect(await read(0)).toEqual([3, 1, 2, 3])
  expect(await read(2)).toEqual([3, 3])
  expect(await read(Number.POSITIVE_INFINITY)).toEqual([3])
})

test('it is not done where nothing may be kept, and is once that is allowed', async () => {
  const store = memoryStore()
  let allowed = false
  const one = await open(store, { allowed: () => allowed })
  void one.record(event('a', 1))
  const work = () => one.beside(async (rows) => rows.put(['x'], 1))
  await work()
  expect(await kept(store)).toEqual([])
  allowed = true
  await work()
  expect((await kept(store)).length).toBe(1)
})

test('it is not done for somebody who has been forgotten, or after a page was left', async () => {
  const store = memoryStore()
  const [one, two] = [await open(store), await open(store)]
  await one.record(event('a', 1), true)
  await two.follow()
  await one.forget()
  await two.beside(async (rows) => rows.put(['x'], 1))
  expect(await kept(store)).toEqual([])
  await one.record(event('a', 2), true)
  one.leave(true)
  await one.beside(async (rows) => rows.put(['x'], 1))
  expect(await kept(store)).toEqual([])
})

test('with a store that fails it answers nothing, and rejects nothing', async () => {
  const store = memoryStore()
  let broken = false
  const one = await open({ ...store, transact: (mode, work) => (broken ? Promise.reject(new Error('disk')) : store.transact(mode, work)) })
  await one.record(event('a', 1), true)
  broken = true
  expect(await one.beside(async () => 'done')).toBeUndefined()
  broken = false
  expect(await one.beside(async () => Promise.reject(new Error('work')))).toBeUndefined()
  expect(one.segments()).toEqual([])
})
