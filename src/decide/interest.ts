// A decayed affinity: what an event weighs halves again and again, so that one number and its time stand for a history.

import { at as valueAt, own } from '../lib/own.js'
import { isSensitive } from '../lib/sensitive.js'
import type { Interest } from '../types.js'
import { ANCHOR, HIT } from './mask.js'
import type { Stream } from './stream.js'

/** Weight that belongs to no value: little evidence gives low shares. */
export const DOUBT = 5
/** So many values are kept; beyond, the weakest is forgotten. */
const VALUES = 100
const LONGEST = 512

type Pairs = [string, number][]

export interface Affinity extends Stream {
  /** The share of a value at `now`, 0 to 1. */
  share(value: string, now: number): number
  /** All values with their scores at `now`. */
  all(now: number): [value: string, score: number][]
  /** When a share that now is greater than `level` has sunk to it; Infinity if never. */
  crosses(value: string, level: number): number
}

/** `halfLife` is in ms. */
export function affinity(property: string, halfLife: number, { weights, perPage, sensitive }: Omit<Interest, 'halfLife'>): Affinity {
  // All as of one instant, the newest event's: then nothing has to be rewritten as time passes.
  let asOf = 0
  let total = 0
  let scores = new Map<string, number>()
  /** The page that the visitor is on, and how often each kind of event has counted there for a value. */
  let page: unknown = null
  let counted = new Map<string, number>()

  const scoreOf = (value: string): number => Math.max(0, scores.get(value) ?? 0)
  const sum = (): number => Math.max(0, total)

  const counts = (type: string, value: string): boolean => {
    if (!sensitive && isSensitive(value)) return false
    if (perPage === undefined) return true
    const key = `${type}\n${value}`
    const before = counted.get(key) ?? 0
    counted.set(key, before + 1)
    return before < perPage
  }

  const self: Affinity = {
    patterns: [
      ...Object.keys(weights).map((type) => ({ type, where: undefined, bit: HIT })),
      ...(perPage === undefined ? [] : [{ type: 'page_view', where: undefined, bit: ANCHOR }]),
    ],
    visits: false,
    leaves: [],
    mask: 0,
    fickle: false,

    take: ({ type, at, props }, mask) => {
      if (mask & ANCHOR) {
        const next = valueAt(props, 'path')
        // The same page once more has only been loaded again.
        if (next === null || next !== page) counted = new Map()
        page = next
      }
      if (!(mask & HIT)) return
      if (at > asOf) {
        const less = 2 ** ((asOf - at) / halfLife)
        total *= less
        for (const [value, score] of scores) scores.set(value, score * less)
        asOf = at
      }
      const now = (own(weights, type) ?? 0) * 2 ** ((at - asOf) / halfLife)
      for (const one of ([] as unknown[]).concat(valueAt(props, property))) {
        if (one == null) continue
        const value = `${one}`.slice(0, LONGEST)
        if (!counts(type, value)) continue
        total += now
        scores.set(value, (scores.get(value) ?? 0) + now)
      }
      while (scores.size > VALUES) scores.delete([...scores].sort(([, a], [, b]) => a - b)[0]?.[0] as string)
    },

    share: (value, now) => {
      const faded = 2 ** ((asOf - now) / halfLife)
      return (scoreOf(value) * faded) / (sum() * faded + DOUBT)
    },
    all: (now) => [...scores].map(([value, score]) => [value, score * 2 ** ((asOf - now) / halfLife)]),
    crosses: (value, level) => {
      const above = scoreOf(value) - level * sum()
      return above > 0 && level > 0 ? asOf - halfLife * Math.log2((level * DOUBT) / above) : Number.POSITIVE_INFINITY
    },
    fits: (saved) => Array.isArray(saved) && Number.isFinite(saved[0]) && Number.isFinite(saved[1]) && Array.isArray(saved[2]) && saved[2].every(Array.isArray),

    load: (saved) => {
      const [at, sum, pairs, here = null, times] = (self.fits(saved) ? saved : [0, 0, []]) as [number, number, Pairs, unknown?, Pairs?]
      ;[asOf, total, scores, page, counted] = [at, sum, new Map(pairs), here, new Map(Array.isArray(times) ? times : [])]
    },

    save: () => [asOf, total, [...scores], ...(perPage === undefined ? [] : [page, [...counted]])],
  }
  return self
}
