// A queue that gives the smallest key first.

export interface Heap<T> {
  /** The smallest key; Infinity when there is nothing. */
  top(): number
  push(key: number, value: T): void
  /** Takes the value with the smallest key away. */
  pop(): T | undefined
}

type Entry<T> = [key: number, value: T]

export function heap<T>(): Heap<T> {
  const entries: Entry<T>[] = []
  const key = (index: number): number => entries[index]?.[0] ?? Number.POSITIVE_INFINITY

  const put = (index: number, entry: Entry<T>): void => {
    entries[index] = entry
  }

  return {
    top: () => key(0),
    push: (wanted, value) => {
      let index = entries.length
      const entry: Entry<T> = [wanted, value]
      for (;;) {
        const parent = (index - 1) >> 1
        if (index === 0 || key(parent) <= wanted) break
        put(index, entries[parent] as Entry<T>)
        index = parent
      }
      put(index, entry)
    },
    pop: () => {
      const [first, last] = [entries[0], entries.pop()]
      if (!last || entries.length === 0) return last?.[1]
      let index = 0
      for (;;) {
        const left = 2 * index + 1
        const child = key(left + 1) < key(left) ? left + 1 : left
        if (key(child) >= last[0]) break
        put(index, entries[child] as Entry<T>)
        index = child
      }
      put(index, last)
      return first?.[1]
    },
  }
}
