// What breaks in real browsers, made to happen: the page goes on, and what could be kept is kept.

import { afterEach, expect, test, vi } from 'vitest'
import { idbStore } from '../../src/remember/idb.js'
import { event, everything, tab } from './remember.contract.js'

let count = 0
const database = (): string => `faults-${Date.now()}-${count++}`
const restore: (() => void)[] = []
afterEach(() => {
  for (const step of restore.splice(0)) step()
})

/** Replaces a property for one test. */
function patch<T extends object>(object: T, name: keyof T & string, descriptor: PropertyDescriptor): void {
  const before = Object.getOwnPropertyDescriptor(object, name)
  Object.defineProperty(object, name, { configurable: true, ...descriptor })
  restore.push(() => {
    if (before) Object.defineProperty(object, name, before)
    else delete object[name]
  })
}

const put = async (name: string): Promise<void> => {
  const one = tab(idbStore(name))
  await one.ready
  void one.record(event('a', 1))
  await one.stop()
}

const types = async (name: string): Promise<string[]> => {
  const store = idbStore(name)
  const kept = await everything(store)
  store.close()
  return kept.map(({ type }) => type)
}

test.each([
  ['is missing', { value: undefined }],
  [
    'may not be touched',
    {
      get: () => {
        throw new DOMException('The operation is insecure.', 'SecurityError')
      },
    },
  ],
])('where IndexedDB %s the visitor is remembered for the page', async (_, descriptor) => {
  patch(window, 'indexedDB', descriptor)
  const one = tab(idbStore(database()))
  await one.ready
  void one.record(event('a', 1))
  await one.record(event('a', 2))
  expect(one.segments()).toEqual(['twice'])
  expect(one.changes).toContain('store: memory')
  await one.stop()
})

test('where the database never opens the page waits a second at most, and what happened is kept once it does', async () => {
  const name = database()
  await put(name)
  const open = IDBFactory.prototype.open
  let hanging = true
  patch(IDBFactory.prototype, 'open', {
    value: function (this: IDBFactory, ...args: Parameters<IDBFactory['open']>) {
      // A request of another name, whose answer nobody hears, stands for one that is never answered.
      return hanging ? Object.create(IDBRequest.prototype, { onsuccess: { set: () => {} }, onerror: { set: () => {} } }) : open.apply(this, args)
    },
  })
  const started = performance.now()
  const one = tab(idbStore(name))
  await one.ready
  expect(performance.now() - started).toBeLessThan(1900)
  void one.record(event('a', 2))
  void one.record(event('a', 3))
  expect(one.segments()).toEqual(['twice'])
  await vi.waitFor(() => expect(one.changes).toContain('store: memory'), 3000)

  hanging = false
  one.follow()
  await vi.waitFor(() => expect(one.changes).toContain('store: device'), 3000)
  expect(one.segments()).toEqual(['twice', 'odd'])
  await one.stop()
  expect(await types(name)).toEqual(['a', 'a', 'a'])
})

test.each(['InvalidStateError', 'UnknownError'])('a connection that went bad with %s is opened anew, and nothing is lost', async (error) => {
  const name = database()
  const one = tab(idbStore(name))
  await one.ready
  const transaction = IDBDatabase.prototype.transaction
  let left = 1
  patch(IDBDatabase.prototype, 'transaction', {
    value: function (this: IDBDatabase, ...args: Parameters<IDBDatabase['transaction']>) {
      if (left-- > 0) throw new DOMException('An attempt was made to use an object that is not, or is no longer, usable', error)
      return transaction.apply(this, args)
    },
  })
  void one.record(event('a', 1))
  await one.stop()
  expect(await types(name)).toEqual(['a'])
  expect(one.changes).toEqual(['load', 'store: device'])
})

test('a transaction that is aborted is tried once more', async () => {
  const name = database()
  const one = tab(idbStore(name))
  await one.ready
  const put = IDBObjectStore.prototype.put
  let left = 1
  patch(IDBObjectStore.prototype, 'put', {
    value: function (this: IDBObjectStore, ...args: Parameters<IDBObjectStore['put']>) {
      const request = put.apply(this, args)
      if (left-- > 0) this.transaction.abort()
      return request
    },
  })
  void one.record(event('a', 1))
  await one.stop()
  expect(await types(name)).toEqual(['a'])
})

test('a store that is full makes room for what is new', async () => {
  const name = database()
  const one = tab(idbStore(name))
  await one.ready
  const put = IDBObjectStore.prototype.put
  let left = 1
  patch(IDBObjectStore.prototype, 'put', {
    value: function (this: IDBObjectStore, ...args: Parameters<IDBObjectStore['put']>) {
      if (left-- > 0) throw new DOMException('', 'QuotaExceededError')
      return put.apply(this, args)
    },
  })
  void one.record(event('a', 1))
  await one.stop()
  expect(await types(name)).toEqual(['a'])
})

test('a store that stays full keeps the visitor in memory, and takes what it missed when there is room', async () => {
  const name = database()
  const one = tab(idbStore(name))
  await one.ready
  const put = IDBObjectStore.prototype.put
  let full = true
  patch(IDBObjectStore.prototype, 'put', {
    value: function (this: IDBObjectStore, ...args: Parameters<IDBObjectStore['put']>) {
      if (full) throw new DOMException('', 'QuotaExceededError')
      return put.apply(this, args)
    },
  })
  void one.record(event('a', 1))
  await one.traits({ plan: 'pro' })
  void one.record(event('a', 2))
  expect(one.segments()).toEqual(['twice'])
  expect(one.profile().traits).toEqual({ plan: 'pro' })
  expect(one.changes).toContain('store: memory')
  full = false
  one.follow()
  await vi.waitFor(() => expect(one.changes.at(-1)).toBe('store: device'))
  expect(one.profile().traits).toEqual({ plan: 'pro' })
  await one.stop()
  expect(await types(name)).toEqual(['a', 'a'])
})

test('a database that somebody else opened first gets our store', async () => {
  const name = database()
  await new Promise<void>((resolve) => {
    const request = indexedDB.open(name)
    request.onsuccess = () => {
      request.result.close()
      resolve()
    }
  })
  await put(name)
  expect(await types(name)).toEqual(['a'])
})

test('the database can be deleted while a page has it open, and the page goes on', async () => {
  const name = database()
  const one = tab(idbStore(name))
  await one.ready
  void one.record(event('a', 1))
  await one.traits({})
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name)
    request.onsuccess = () => resolve()
    request.onblocked = () => reject(new Error('blocked'))
  })
  void one.record(event('a', 2))
  await one.traits({})
  // Whoever empties the storage has forgotten the visitor.
  expect(one.changes).toContain('forgotten')
  void one.record(event('b', 3))
  await one.stop()
  expect(await types(name)).toEqual(['b'])
})

test('a transaction that hangs does not hold up what comes after', { timeout: 20_000 }, async () => {
  const name = database()
  const one = tab(idbStore(name))
  await one.ready
  // Another tab keeps a readwrite transaction alive.
  const request = indexedDB.open(name)
  const db = await new Promise<IDBDatabase>((resolve) => {
    request.onsuccess = () => resolve(request.result)
  })
  let busy = true
  const rows = db.transaction('rows', 'readwrite').objectStore('rows')
  const spin = (): void => {
    if (busy) rows.get(['x']).onsuccess = spin
  }
  spin()
  void one.record(event('a', 1))
  await one.traits({})
  expect(one.changes).toContain('store: memory')
  busy = false
  db.close()
  one.follow()
  await vi.waitFor(() => expect(one.changes.at(-1)).toBe('store: device'), 5000)
  await one.stop()
  expect(await types(name)).toEqual(['a'])
})
