// What a table is worth before it is shipped: the newest sessions, which it has not seen, are played to it and to what
// one would use instead.

import type { Neighbours } from '../extras/recommend/table.js'
import { popularity } from './neighbours.js'
import { sessionOf, type Visits } from './visits.js'

/** Recommends, from what was seen so far, the best first; `seen` is oldest first, and its last is the page at hand. */
export type Recommender = (seen: Uint32Array, limit: number) => number[]

export interface Worth {
  name: string
  /** How often the page that came next was among the recommended ones, and the mean of one over its place; 0 to 1. */
  recall: number
  mrr: number
}

const best = (scores: Map<number, number>, here: number, limit: number): number[] =>
  [...scores]
    .filter(([item]) => item !== here)
    .sort(([p, a], [q, b]) => b - a || p - q)
    .slice(0, limit)
    .map(([item]) => item)
const plus = (scores: Map<number, number>, item: number, more: number): void => void scores.set(item, (scores.get(item) ?? 0) + more)
const here = (seen: Uint32Array): number => seen[seen.length - 1] as number

/** The last different items, newest first. */
const latest = (seen: Uint32Array, most: number): number[] => [...new Set([...seen].reverse())].slice(0, most)

/** As a page reads it: the rows of the last items, each half as much as the one after it. */
export const byTable =
  (rows: Neighbours[], last = 3): Recommender =>
  (seen, limit) => {
    const scores = new Map<number, number>()
    latest(seen, last).forEach((item, k) => {
      for (const [other, weight] of rows[item] ?? []) plus(scores, other, weight / 2 ** k)
    })
    return best(scores, here(seen), limit)
  }

export function byPopularity(visits: Visits, count: number): Recommender {
  const seen = popularity(visits, count)
  const order = Array.from(seen.keys()).sort((a, b) => (seen[b] as number) - (seen[a] as number) || a - b)
  return (before, limit) => order.slice(0, limit + 1).filter((item) => item !== here(before)).slice(0, limit)
}

/** Which page came next, counted. */
export function byMarkov(visits: Visits): Recommender {
  const next = new Map<number, Map<number, number>>()
  for (let s = 0; s < visits.count; s++) {
    const session = sessionOf(visits, s)
    for (let i = 1; i < session.length; i++) {
      const row = next.get(session[i - 1] as number) ?? new Map<number, number>()
      next.set(session[i - 1] as number, row)
      plus(row, session[i] as number, 1)
    }
  }
  return (seen, limit) => best(next.get(here(seen)) ?? new Map(), here(seen), limit)
}

/** Sessions by item, each once, oldest first. */
function byItem(visits: Visits, count: number): number[][] {
  const of: number[][] = Array.from({ length: count }, () => [])
  for (let s = 0; s < visits.count; s++) for (const item of new Set(sessionOf(visits, s))) of[item]?.push(s)
  return of
}

/** Item-kNN: the cosine of the sessions that two items were seen in. */
export function byItemKnn(visits: Visits, count: number): Recommender {
  const of = byItem(visits, count)
  return (seen, limit) => {
    const scores = new Map<number, number>()
    for (const s of of[here(seen)] ?? []) for (const other of new Set(sessionOf(visits, s))) plus(scores, other, 1)
    for (const [other, both] of scores) scores.set(other, both / Math.sqrt((of[other] as number[]).length + 20) / Math.sqrt((of[here(seen)] as number[]).length + 20))
    return best(scores, here(seen), limit)
  }
}

/**
 * VS-kNN: of the newest 5,000 sessions with an item in common, the 500 most alike, with quadratic weights for what was
 * seen last, and rare items above common ones (Ludewig and Jannach 2018, with their defaults).
 */
export function byVsKnn(visits: Visits, count: number): Recommender {
  const of = byItem(visits, count)
  const rare = of.map((sessions) => Math.log(visits.count / Math.max(1, sessions.length)))
  return (seen, limit) => {
    const weights = new Map<number, number>()
    seen.forEach((item, i) => weights.set(item, ((i + 1) / seen.length) ** 2))
    const sample = new Set<number>()
    for (const item of weights.keys()) for (const s of (of[item] ?? []).slice(-5000)) sample.add(s)
    const newest = [...sample].sort((a, b) => b - a).slice(0, 5000)
    const alike = newest
      .map((s): [number, number] => {
        let sum = 0
        for (const item of new Set(sessionOf(visits, s))) sum += weights.get(item) ?? 0
        return [s, sum / seen.length]
      })
      .sort(([s, a], [t, b]) => b - a || t - s)
      .slice(0, 500)
    const scores = new Map<number, number>()
    const steps = new Map([...seen].map((item, i) => [item, seen.length - i]))
    for (const [s, similarity] of alike) {
      const session = new Set(sessionOf(visits, s))
      const step = Math.min(...[...session].map((item) => steps.get(item) ?? Number.POSITIVE_INFINITY))
      const decay = step <= 10 ? 1 - 0.1 * (step - 1) : 0
      for (const item of session) plus(scores, item, similarity * decay * (1 + 5 * (rare[item] as number)))
    }
    return best(scores, here(seen), limit)
  }
}

/** Every step of every session: what is recommended there, against the page that came next. */
export function judge(recommenders: { [name: string]: Recommender }, sessions: Visits, { limit = 20, most = 10_000 } = {}): { worths: Worth[]; steps: number } {
  const worths = Object.keys(recommenders).map((name): Worth => ({ name, recall: 0, mrr: 0 }))
  let total = 0
  for (let s = 0; s < sessions.count; s++) total += Math.max(0, (sessions.starts[s + 1] as number) - (sessions.starts[s] as number) - 1)
  // Evenly over all of the time, and the same ones each time.
  const every = Math.max(1, Math.ceil(total / most))
  let [step, steps] = [0, 0]
  for (let s = 0; s < sessions.count; s++) {
    const session = sessionOf(sessions, s)
    for (let i = 1; i < session.length; i++) {
      if (step++ % every > 0) continue
      steps++
      for (const worth of worths) {
        const place = (recommenders[worth.name] as Recommender)(session.subarray(0, i), limit).indexOf(session[i] as number)
        if (place < 0) continue
        worth.recall++
        worth.mrr += 1 / (place + 1)
      }
    }
  }
  for (const worth of worths) {
    worth.recall /= Math.max(1, steps)
    worth.mrr /= Math.max(1, steps)
  }
  return { worths, steps }
}
