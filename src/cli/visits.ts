// Sessions as numbers: millions of them in little memory, whatever the order that an export has them in.

import { raise } from '../lib/raise.js'

/** Sessions in order of time, and the items that each has seen, in order of time. */
export interface Visits {
  /** The views of session s stand in `views` from `starts[s]` to `starts[s + 1]`; positions in the catalogue. */
  starts: Uint32Array
  views: Uint32Array
  count: number
}

export interface Gathered {
  add(session: string, item: number, time: number): void
  /** How many views there are by now. */
  size(): number
  finish(): Visits & { cut: number; unsorted: number }
}

/** A session with more views is no person's: what comes after is left out. */
export const LONGEST = 200

const grown = <A extends Uint32Array | Float64Array>(array: A, make: (length: number) => A): A => {
  const next = make(array.length * 2)
  next.set(array)
  return next
}

export function gather(): Gathered {
  const numbers = new Map<string, number>()
  let sessions = new Uint32Array(1 << 16)
  let items = new Uint32Array(1 << 16)
  let times = new Float64Array(1 << 16)
  let size = 0
  let unsorted = 0
  let lastAt = Number.NEGATIVE_INFINITY
  let lastOf = -1

  return {
    add: (session, item, time) => {
      const number = numbers.get(session) ?? numbers.size
      if (number === numbers.size) numbers.set(session, number)
      if (size === items.length) {
        sessions = grown(sessions, (length) => new Uint32Array(length))
        items = grown(items, (length) => new Uint32Array(length))
        times = grown(times, (length) => new Float64Array(length))
      }
      if (number === lastOf && time < lastAt) unsorted++
      ;[lastOf, lastAt] = [number, time]
      sessions[size] = number
      items[size] = item
      times[size] = time
      size++
    },
    size: () => size,
    finish: () => {
      const count = numbers.size
      numbers.clear()
      // By session first, in the order of the export; then by time within each.
      const from = new Uint32Array(count + 1)
      for (let i = 0; i < size; i++) raise(from, (sessions[i] as number) + 1)
      for (let s = 0; s < count; s++) raise(from, s + 1, from[s])
      const next = from.slice()
      const order = new Uint32Array(size)
      for (let i = 0; i < size; i++) order[raise(next, sessions[i] as number)] = i
      const begins = new Float64Array(count)
      for (let s = 0; s < count; s++) {
        const part = order.subarray(from[s], from[s + 1])
        part.sort((a, b) => (times[a] as number) - (times[b] as number) || a - b)
        begins[s] = times[part[0] as number] as number
      }
      const bySession = Uint32Array.from({ length: count }, (_, s) => s).sort((a, b) => (begins[a] as number) - (begins[b] as number) || a - b)
      const starts = new Uint32Array(count + 1)
      const views = new Uint32Array(size)
      let at = 0
      let cut = 0
      bySession.forEach((s, n) => {
        starts[n] = at
        let before = -1
        let kept = 0
        for (let i = from[s] as number; i < (from[s + 1] as number); i++) {
          const item = items[order[i] as number] as number
          // The same page once more has only been loaded again.
          if (item === before) continue
          before = item
          if (kept++ < LONGEST) views[at++] = item
          else cut++
        }
      })
      starts[count] = at
      return { starts, views: views.slice(0, at), count, cut, unsorted }
    },
  }
}

/** The first so many sessions, or those from there on. */
export const part = ({ starts, views, count }: Visits, from: number, to = count): Visits => {
  const [first, last] = [starts[from] as number, starts[to] as number]
  return { starts: starts.slice(from, to + 1).map((start) => start - first), views: views.slice(first, last), count: to - from }
}

export const sessionOf = ({ starts, views }: Visits, s: number): Uint32Array => views.subarray(starts[s], starts[s + 1])
