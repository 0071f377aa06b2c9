// How often, and how lately: folds events into the few newest times that each question needs, so that the answer
// is exact whatever the length of history.

import { duration } from '../lib/duration.js'
import { isObject, own } from '../lib/own.js'
import type { Fold, VisitorEvent } from '../types.js'
import { isOperators, matches, matchesValue } from './conditions.js'
import type { SimpleLeaf } from './simple.js'

/** Events of one type with the same conditions. Leaves that differ only in window or count share one stream. */
interface Stream {
  event: string
  where: object | undefined
  /** The newest `keep` times, newest first. More never change an answer. */
  times: number[]
  keep: number
  /** Its times have to be found again in the log: the loaded state lacked them, or kept fewer. */
  filling: boolean
}

export interface Behaviour extends Fold {
  holds(leaf: SimpleLeaf, now: number): boolean
  /** The next instant, after `now`, at which a leaf could change with no event; Infinity if none. */
  until(leaf: SimpleLeaf, now: number): number
  /** The next instant, after `now`, at which any leaf could change with no event; Infinity if none. */
  next(now: number): number
}

/** JSON with sorted keys: equal conditions, however they are written, are one stream. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, part) => (isObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part))

export const streamKey = (leaf: Pick<SimpleLeaf, 'event' | 'where'>): string => canonical([leaf.event, leaf.where ?? {}])

/** A count above every number that the condition names compares as that count plus one: no more need be kept. */
const keepFor = (condition: unknown): number => {
  const named = isOperators(condition) ? Object.values(condition).flat() : [condition ?? 1]
  return Math.ceil(Math.max(1, ...(named as number[]))) + 1
}

const AT_LEAST_ONE = { $gte: 1 }

/** A stream's times in an earlier state, if that kept enough of them. */
const saved = (state: unknown, key: string, { keep }: Stream): number[] | undefined => {
  const found = own(state as { [stream: string]: unknown } | undefined, key)
  const [kept, times] = Array.isArray(found) ? found : []
  return Array.isArray(times) && times.every(Number.isFinite) && kept >= keep ? times : undefined
}

export function behaviour(leaves: SimpleLeaf[]): Behaviour {
  const streams = new Map<string, Stream>()
  const byType = new Map<string, Stream[]>()
  const resolved = new Map<SimpleLeaf, { stream: Stream; span: number; count: unknown }>()

  for (const leaf of leaves) {
    const key = streamKey(leaf)
    let stream = streams.get(key)
    if (!stream) {
      stream = { event: leaf.event, where: leaf.where, times: [], keep: 0, filling: false }
      streams.set(key, stream)
      byType.set(leaf.event, [...(byType.get(leaf.event) ?? []), stream])
    }
    stream.keep = Math.max(stream.keep, keepFor(leaf.count))
    resolved.set(leaf, {
      stream,
      span: leaf.within === undefined ? Number.POSITIVE_INFINITY : duration(leaf.within),
      count: leaf.count ?? AT_LEAST_ONE,
    })
  }

  const insert = (stream: Stream, time: number): void => {
    // Late events, from another tab, find their place; whatever falls off the end can never matter again.
    let index = 0
    while (index < stream.times.length && (stream.times[index] as number) > time) index++
    if (index >= stream.keep) return
    stream.times.splice(index, 0, time)
    if (stream.times.length > stream.keep) stream.times.pop()
  }

  const take = (event: VisitorEvent, only: (stream: Stream) => boolean): void => {
    for (const stream of byType.get(event.type) ?? []) {
      try {
        if (only(stream) && (!stream.where || matches(stream.where, event.props))) insert(stream, event.at)
      } catch {
        // What cannot even be read, such as a list nested many thousand times, counts for nothing.
      }
    }
  }

  const known = (leaf: SimpleLeaf) => resolved.get(leaf) as NonNullable<ReturnType<typeof resolved.get>>
  const until = (leaf: SimpleLeaf, now: number): number => {
    const { stream, span } = known(leaf)
    // The oldest time still inside leaves first.
    const inside = stream.times.filter((time) => time > now - span)
    return (inside[inside.length - 1] ?? Number.POSITIVE_INFINITY) + span
  }

  return {
    holds: (leaf, now) => {
      const { stream, span, count } = known(leaf)
      let seen = 0
      while (seen < stream.times.length && (stream.times[seen] as number) > now - span) seen++
      return matchesValue(count, seen)
    },
    until,
    next: (now) => Math.min(...[...resolved.keys()].map((leaf) => until(leaf, now))),
    // Without any state there is nothing behind us: the log will be fed from its start.
    complete: (state) => state === undefined || [...streams].every(([key, stream]) => saved(state, key, stream)),
    load: (state) => {
      for (const [key, stream] of streams) {
        const times = saved(state, key, stream)
        stream.times = times?.slice(0, stream.keep) ?? []
        stream.filling = state !== undefined && !times
      }
    },
    fill: (event) => take(event, (stream) => stream.filling),
    feed: (event) => take(event, () => true),
    state: () => Object.fromEntries([...streams].map(([key, stream]) => [key, [stream.keep, [...stream.times]]])),
  }
}
