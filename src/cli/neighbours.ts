// Which items belong to which: counted from sessions, or taken from what items are about.

import type { Neighbours } from '../extras/recommend/table.js'
import type { Catalogue } from '../extras/recommend/catalogue.js'
import { raise } from '../lib/raise.js'
import { sessionOf, type Visits } from './visits.js'

export interface Building {
  /** So many neighbours an item, at most. */
  top: number
  /** Only pairs that so many sessions have: fewer could tell of somebody. */
  support: number
}

/** So many steps apart, two views of one session still have to do with each other. */
const REACH = 10
/** Backward a pair counts half: what comes after is what is recommended. */
const BACKWARD = 0.5
/** What everybody looks at belongs to nothing in particular: a pair weighs this power of it less. */
const COMMON = 0.1
/** A next page is only foreseen above this probability, and so many at most. */
const LIKELY = 0.2
const MOST_LIKELY = 2

export interface Related {
  rows: Neighbours[]
  /** Which page comes next, with its probability, the end of a session counted as one. */
  next: Neighbours[]
}

/**
 * For each pair of a session, d steps apart, 1/d forward and half of that backward; over how often the item was seen,
 * and a little over how common the other is.
 * Item by item, over an index of where each stands: memory grows with the views, never with the pairs.
 */
export function fromSessions(visits: Visits, count: number, { top, support }: Building): Related {
  const { views, starts, count: sessions } = visits
  const where = new Uint32Array(count + 1)
  for (const item of views) raise(where, item + 1)
  for (let i = 0; i < count; i++) raise(where, i + 1, where[i])
  const fill = where.slice()
  const places = new Uint32Array(views.length)
  const sessionAt = new Uint32Array(views.length)
  for (let s = 0; s < sessions; s++) {
    for (let i = starts[s] as number; i < (starts[s + 1] as number); i++) {
      places[raise(fill, views[i] as number)] = i
      sessionAt[i] = s
    }
  }

  const [weight, followed] = [new Float64Array(count), new Uint32Array(count)]
  const [inSessions, followedIn] = [new Uint32Array(count), new Uint32Array(count)]
  const [last, lastFollowed] = [new Int32Array(count).fill(-1), new Int32Array(count).fill(-1)]
  const best = (touched: number[], of: (item: number) => number, most: number): Neighbours =>
    touched
      .map((item): [number, number] => [item, Math.min(1, of(item))])
      .sort(([p, a], [q, b]) => b - a || p - q)
      .slice(0, most)

  const usual = Math.max(1, views.length / Math.max(1, count))
  const uncommon = Float64Array.from({ length: count }, (_, i) => (Math.max(1, (where[i + 1] as number) - (where[i] as number)) / usual) ** -COMMON)
  const rows: Neighbours[] = []
  const next: Neighbours[] = []
  for (let item = 0; item < count; item++) {
    const touched: number[] = []
    const [from, to] = [where[item] as number, where[item + 1] as number]
    for (let n = from; n < to; n++) {
      const i = places[n] as number
      const s = sessionAt[i] as number
      const [first, end] = [Math.max(starts[s] as number, i - REACH), Math.min(starts[s + 1] as number, i + REACH + 1)]
      for (let j = first; j < end; j++) {
        const other = views[j] as number
        if (other === item) continue
        if (last[other] === -1) touched.push(other)
        raise(weight, other, j > i ? 1 / (j - i) : BACKWARD / (i - j))
        if (last[other] !== s) raise(inSessions, other)
        last[other] = s
        if (j !== i + 1) continue
        raise(followed, other)
        if (lastFollowed[other] !== s) raise(followedIn, other)
        lastFollowed[other] = s
      }
    }
    const seen = to - from
    rows.push(best(touched.filter((other) => (inSessions[other] as number) >= support), (other) => ((weight[other] as number) / seen) * (uncommon[other] as number), top))
    next.push(best(touched.filter((other) => (followedIn[other] as number) >= support && (followed[other] as number) / seen >= LIKELY), (other) => (followed[other] as number) / seen, MOST_LIKELY))
    for (const other of touched) {
      weight[other] = followed[other] = inSessions[other] = followedIn[other] = 0
      last[other] = lastFollowed[other] = -1
    }
  }
  return { rows, next }
}

/** Of items about the same: what is about little else, and about what few others are, is nearest. */
export function fromTopics({ about, among, items, popular }: Pick<Catalogue, 'about' | 'among' | 'items' | 'popular'>, top: number, only = (_: number): boolean => true): Neighbours[] {
  const rare = among.map((list) => Math.log(1 + items.length / Math.max(1, list.length)))
  const norm = about.map((topics) => Math.sqrt(topics.reduce((sum, one) => sum + (rare[one] as number) ** 2, 0)))
  const rankOf = new Uint32Array(items.length)
  popular.forEach((position, i) => (rankOf[position] = i))
  return about.map((topics, item) => {
    if (!only(item)) return []
    const found = new Map<number, number>()
    // Of what everybody is about, only the most popular.
    for (const one of topics) for (const other of (among[one] as number[]).slice(0, 500)) if (other !== item) found.set(other, (found.get(other) ?? 0) + (rare[one] as number) ** 2)
    return [...found]
      .map(([other, shared]): [number, number] => [other, shared / ((norm[item] as number) * (norm[other] as number))])
      .sort(([p, a], [q, b]) => b - a || (rankOf[p] as number) - (rankOf[q] as number))
      .slice(0, top)
      // Below what sessions say of the strongest pairs.
      .map(([other, alike]): [number, number] => [other, Math.min(1, alike) / 4])
  })
}

/** How many sessions an item was seen in, of each item. */
export function popularity(visits: Visits, count: number): Uint32Array {
  const seen = new Uint32Array(count)
  for (let s = 0; s < visits.count; s++) for (const item of new Set(sessionOf(visits, s))) raise(seen, item)
  return seen
}
