// memoryStore(): the store port in memory, for sites that keep nothing, for Node, and as the twin in tests.

import type { Key, Store, Transaction } from '../types.js'

/** Numbers before strings, then element by element, then the shorter first: IndexedDB's order of array keys. */
function compare(a: Key, b: Key): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i], b[i]] as [string | number, string | number]
    if (typeof x !== typeof y) return typeof x === 'number' ? -1 : 1
    if (x !== y) return x < y ? -1 : 1
  }
  return a.length - b.length
}

export function memoryStore(): Store {
  let rows = new Map<string, unknown>()
  let queue: Promise<unknown> = Promise.resolve()

  const over = (draft: Map<string, unknown>): Transaction => ({
    get: async (key) => structuredClone(draft.get(JSON.stringify(key))),
    all: async (prefix, after, limit) =>
      [...draft]
        .map(([key, value]): [Key, unknown] => [JSON.parse(key), value])
        .filter(([key]) => prefix.every((part, i) => key[i] === part) && (!after || compare(key, after) > 0))
        .sort(([a], [b]) => compare(a, b))
        .slice(0, limit)
        .map(([key, value]) => [key, structuredClone(value)]),
    put: (key, value) => void draft.set(JSON.stringify(key), structuredClone(value)),
    drop: (key) => void draft.delete(JSON.stringify(key)),
    clear: () => draft.clear(),
  })

  return {
    kind: 'memory',
    transact: (_mode, work) => {
      const turn = queue.then(async () => {
        const draft = new Map(rows)
        const value = await work(over(draft))
        rows = draft
        return value
      })
      queue = turn.catch(() => {})
      return turn
    },
    close: () => {},
  }
}
