// The newest entries of a history, in order of time: as many as the questions need, so that the answers are exact
// whatever the length of the history.

const HOUR = 3_600_000
/** So many entries are exact where all of a window matters; older ones are merged by the hour. */
export const EXACT = 512
/** More hours than a quarter of a year has: beyond, the oldest are merged. */
const HOURS = 2200
/** No question makes a page hold more. */
export const MOST = 100_000

export interface Tally {
  /** Oldest first; of equal times the one committed later is the newer. */
  times: number[]
  /** One per time, where they matter. */
  values: unknown[]
  /** How many entries, from the oldest on, stand for an hour each. */
  merged: number
  /** Is, or was, one of the values below 0? */
  signed: boolean
  put(at: number, value: unknown): void
  /** Goes on from what was kept earlier. */
  load(times: number[], values: unknown[], merged: number): void
  /** Forgets what is not newer than `at`. */
  cut(at: number): void
}

/** How a tally is kept. What several questions share grows with the greediest. */
export interface Keeping {
  /** So many are kept, the newest. */
  keep: number
  kind: 'times' | 'newest' | 'unique' | 'oldest' | 'all'
  /** Joins the value of an hour with a later one of the same hour. */
  merge?: (hour: unknown, value: unknown) => unknown
  /** For sums of numbers that are not negative: the newest are kept until they exceed this. Below 0 where none is asked. */
  upTo: number
}

export function tally(keeping: Keeping): Tally {
  const { kind, merge = () => undefined } = keeping
  let total = 0

  const remove = (index: number, count = 1): void => {
    self.times.splice(index, count)
    self.values.splice(index, count)
  }

  const count = (value: unknown): void => {
    total += Number(value) || 0
    self.signed ||= (value as number) < 0
  }

  /** The entry at `index` becomes part of its hour. */
  const age = (index: number): void => {
    const { times, values } = self
    const value = values[index]
    const hour = Math.floor((times[index] as number) / HOUR) * HOUR
    total -= Number(value) || 0
    if (index > 0 && times[index - 1] === hour) {
      values[index - 1] = merge(values[index - 1], value)
      remove(index)
    } else {
      times[index] = hour
      values[index] = merge(undefined, value)
      self.merged++
    }
  }

  const self: Tally = {
    times: [],
    values: [],
    merged: 0,
    signed: false,

    put: (at, value) => {
      const { times, values } = self
      if (kind === 'times' && !((times[times.length - 1] as number) > at)) {
        times.push(at)
        if (times.length > 2 * keeping.keep) {
          times.copyWithin(0, times.length - keeping.keep)
          times.length = keeping.keep
        }
        return
      }
      if (kind === 'oldest') {
        if (at >= (times[0] as number)) return
        remove(0)
      }
      if (kind === 'unique') {
        const before = values.indexOf(value)
        if ((times[before] as number) > at) return
        if (before >= 0) remove(before)
      }
      let index = times.length
      while (index > 0 && (times[index - 1] as number) > at) index--
      if (index === times.length) {
        times.push(at)
        if (kind !== 'times') values.push(value)
      } else {
        times.splice(index, 0, at)
        if (kind !== 'times') values.splice(index, 0, value)
      }
      if (kind !== 'all') {
        // Taken off in one go now and then; a few too many change no answer.
        if (times.length > 2 * keeping.keep) remove(0, times.length - keeping.keep)
        return
      }
      count(value)
      if (index < self.merged) age(index)
      while (times.length - self.merged > EXACT) {
        if (!self.signed && times.length < MOST && total - (Number(values[self.merged]) || 0) <= keeping.upTo) break
        age(self.merged)
      }
      if (self.merged > HOURS) {
        values[1] = merge(values[0], values[1])
        remove(0)
        self.merged--
      }
    },

    load: (times, values, merged) => {
      Object.assign(self, { times, values, merged })
      if (kind !== 'all') return
      values.slice(merged).forEach(count)
      // Of an hour's values the least is kept.
      self.signed ||= values.slice(0, merged).some((hour) => Array.isArray(hour) && hour[2] < 0)
    },

    cut: (at) => {
      let gone = 0
      while ((self.times[gone] as number) <= at) gone++
      remove(0, gone)
      self.merged = Math.max(0, self.merged - gone)
    },
  }
  return self
}
