// What every store must do, whichever it is: run against memory here, and against IndexedDB in each browser.

import { expect, test } from 'vitest'
import type { Store } from '../../src/types.js'

/** `open` gives a store on what `name` holds; the same name twice is the same data. */
export function storeContract(open: (name: string) => Store): void {
  let count = 0
  const fresh = (): { name: string; store: Store } => {
    const name = `contract-${Date.now()}-${count++}`
    return { name, store: open(name) }
  }

  test('what is put can be got, and what is dropped cannot', async () => {
    const { store } = fresh()
    await store.transact('readwrite', async (rows) => {
      rows.put(['a', 1], { deep: [1, 'x', null] })
      rows.put(['b'], 0)
    })
    await store.transact('readwrite', async (rows) => rows.drop(['b']))
    const got = await store.transact('readonly', (rows) => Promise.all([rows.get(['a', 1]), rows.get(['b']), rows.get(['a'])]))
    expect(got).toEqual([{ deep: [1, 'x', null] }, undefined, undefined])
    store.close()
  })

  test('rows of a prefix come in key order, after a key, and no more than asked for', async () => {
    const { store } = fresh()
    await store.transact('readwrite', async (rows) => {
      for (const n of [10, 2, 1, 33]) rows.put(['e', n], n)
      rows.put(['f', 1], 'other')
      rows.put(['e', 'text'], 't')
      rows.put(['d'], 'before')
    })
    const read = (...args: [(string | number)[], ((string | number)[] | undefined)?, number?]) =>
      store.transact('readonly', async (rows) => (await rows.all(...args)).map(([, value]) => value))
    expect(await read(['e'])).toEqual([1, 2, 10, 33, 't'])
    expect(await read(['e'], ['e', 2])).toEqual([10, 33, 't'])
    expect(await read(['e'], undefined, 2)).toEqual([1, 2])
    expect(await read(['e'], ['e', 'text'])).toEqual([])
    expect(await read(['none'])).toEqual([])
    store.close()
  })

  test('a transaction that fails has written nothing', async () => {
    const { store } = fresh()
    const failing = store.transact('readwrite', async (rows) => {
      rows.put(['a'], 1)
      await rows.get(['a'])
      throw new Error('mine')
    })
    await expect(failing).rejects.toThrow('mine')
    expect(await store.transact('readonly', (rows) => rows.get(['a']))).toBeUndefined()
    store.close()
  })

  test('a value that is got can be changed without changing what is kept', async () => {
    const { store } = fresh()
    const value = { list: [1] }
    await store.transact('readwrite', async (rows) => rows.put(['a'], value))
    value.list.push(2)
    const got = (await store.transact('readonly', (rows) => rows.get(['a']))) as { list: number[] }
    got.list.push(3)
    expect(await store.transact('readonly', (rows) => rows.get(['a']))).toEqual({ list: [1] })
    store.close()
  })

  test('a hundred counts through two connections are a hundred', async () => {
    const { name, store } = fresh()
    const other = open(name)
    const count = (rows: Store) =>
      rows.transact('readwrite', async (transaction) => transaction.put(['n'], (((await transaction.get(['n'])) as number | undefined) ?? 0) + 1))
    await Promise.all(Array.from({ length: 100 }, (_, i) => count(i % 2 ? store : other)))
    expect(await store.transact('readonly', (rows) => rows.get(['n']))).toBe(100)
    store.close()
    other.close()
  })

  test('cleared, nothing is left', async () => {
    const { store } = fresh()
    await store.transact('readwrite', async (rows) => rows.put(['a'], 1))
    await store.transact('readwrite', async (rows) => rows.clear())
    expect(await store.transact('readonly', (rows) => rows.all([]))).toEqual([])
    store.close()
  })

  test('a store can be used again after it was closed', async () => {
    const { store } = fresh()
    await store.transact('readwrite', async (rows) => rows.put(['a'], 1))
    store.close()
    expect(await store.transact('readonly', (rows) => rows.get(['a']))).toBe(1)
    store.close()
  })
}
