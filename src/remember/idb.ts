// idbStore(): the store port on the device, over idb-keyval's seam. The only file that knows IndexedDB exists.

import { promisifyRequest, type UseStore } from 'idb-keyval'
import { deadline } from '../lib/deadline.js'
import type { Key, Store, Transaction } from '../types.js'

const ROWS = 'rows'

/** ms. A first open that never answers (Safari 14, a blocked upgrade) must not keep the page in doubt. */
const OPEN_WITHIN = 1000
/** ms. Another tab, or a suspended one on iOS, may hold the database for as long as it likes. */
const ANSWER_WITHIN = 2000

/** Errors of a connection that went bad under us; a new one usually answers. An abort may come without any name. */
const STALE = ['InvalidStateError', 'UnknownError', 'AbortError', 'TransactionInactiveError', 'NotFoundError']

/** An aborted transaction rejects with null. */
const named = (error: unknown): Error => (error as Error | null) ?? new DOMException('aborted', 'AbortError')

const rows = (store: IDBObjectStore): Transaction => ({
  get: (key) => promisifyRequest(store.get(key)),
  all: async (prefix, after, limit) => {
    // An array sorts after every number and string, so this ends behind all keys that begin with the prefix.
    const range = IDBKeyRange.bound(after ?? prefix, [...prefix, []], after !== undefined, true)
    const [keys, values] = await Promise.all([
      promisifyRequest(store.getAllKeys(range, limit)),
      promisifyRequest(store.getAll(range, limit)),
    ])
    return keys.map((key, i) => [key as Key, values[i]])
  },
  put: (key, value) => void store.put(value, key),
  drop: (key) => void store.delete(key),
  clear: () => void store.clear(),
})

export function idbStore(name: string): Store {
  let opening: Promise<IDBDatabase> | undefined
  let open: IDBDatabase | undefined
  let paused = false
  const active = new Set<IDBTransaction>()

  const drop = (): void => {
    open?.close()
    open = opening = undefined
  }

  const connect = async (version?: number): Promise<IDBDatabase> => {
    const request = indexedDB.open(name, version)
    request.onupgradeneeded = () => {
      if (!request.result.objectStoreNames.contains(ROWS)) request.result.createObjectStore(ROWS)
    }
    const answer = promisifyRequest(request)
    const db = await deadline(answer, OPEN_WITHIN, 'IndexedDB').catch((error) => {
      // Should it open after all, nobody holds the handle, and it would block others.
      answer.then((late) => late.close()).catch(() => {})
      throw error
    })
    if (!db.objectStoreNames.contains(ROWS)) {
      // Somebody else opened a database of this name first, without our store.
      db.close()
      return connect(db.version + 1)
    }
    // Never stand in the way of another tab's delete or upgrade; and a connection that Safari closes is of no more use.
    db.onversionchange = db.onclose = () => {
      if (open === db) drop()
      else db.close()
    }
    open = db
    return db
  }

  const use: UseStore = async (mode, work) => {
    opening ??= connect().catch((error) => {
      opening = undefined
      throw error
    })
    const db = await opening
    if (paused) throw named(null)
    return work(db.transaction(ROWS, mode).objectStore(ROWS))
  }

  const attempt = <T>(mode: IDBTransactionMode, work: (transaction: Transaction) => Promise<T>): Promise<T> =>
    use(mode, async (store) => {
      const { transaction } = store
      active.add(transaction)
      const done = promisifyRequest(transaction)
      // Whichever of the two fails first is reported; the other must not surface as an unhandled rejection.
      done.catch(() => {})
      try {
        return await deadline(
          work(rows(store)).then(async (value) => {
            await done
            return value
          }),
          ANSWER_WITHIN,
          'IndexedDB',
        )
      } catch (error) {
        try {
          transaction.abort()
        } catch {
          // it had ended
        }
        throw named(error)
      } finally {
        active.delete(transaction)
      }
    })

  return {
    kind: 'device',
    transact: async (mode, work) => {
      try {
        return await attempt(mode, work)
      } catch (error) {
        const { name } = named(error)
        if (name === 'TimeoutError') drop()
        if (paused || !STALE.includes(name)) throw error
        drop()
        return attempt(mode, work)
      }
    },
    exists: async () => {
      // Node has none at all; and Firefox before 126 does not tell.
      const databases = globalThis.indexedDB ? await indexedDB.databases?.() : []
      return databases?.some((database) => database.name === name) ?? true
    },
    pause: () => {
      paused = true
      for (const transaction of active) {
        try {
          transaction.abort()
        } catch {
          // it has just ended
        }
      }
    },
    resume: () => {
      paused = false
    },
    close: drop,
  }
}
