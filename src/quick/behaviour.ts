// How often, and how lately: folds events into the few newest times that each question needs, so that the answer
// is exact whatever the length of history.

import { duration } from '../lib/duration.js'
import { own } from '../lib/own.js'
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
  /** The next instant, after `now`, at which any leaf could change with no event; Infinity if none. */
  next(now: number): number
}

/** Conditions that are written alike are one stream. */
export const streamKey = (leaf: Pick<SimpleLeaf, 'event' | 'where'>): string => JSON.stringify([leaf.event, leaf.where])

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
  const resolved = new Map<SimpleLeaf, { stream: Stream; span: number; count: unknown }>()

  for (const leaf of leaves) {
    const key = streamKey(leaf)
    let stream = streams.get(key)
    if (!stream) {
      stream = { event: leaf.event, where: leaf.where, times: [], keep: 0, filling: false }
      streams.set(key, stream)
    }
    stream.keep = Math.max(stream.keep, keepFor(leaf.count))
    resolved.set(leaf, {
      stream,
      span: leaf.within === undefined ? Number.POSITIVE_INFINITY : duration(leaf.within),
      count: leaf.count ?? AT_LEAST_ONE,
    })
  }

  const insert = ({ times, keep }: Stream, time: number): void => {
    // Late events, from another tab, find their place; whatever falls off the end can never matter again.
    const index = times.findIndex((one) => one <= time)
    times.splice(index < 0 ? times.length : index, 0, time)
    times.splice(keep)
  }

  const take = (event: VisitorEvent, only: (stream: Stream) => boolean): void => {
    for (const stream of streams.values()) {
      try {
        if (stream.event === event.type && only(stream) && (!stream.where || matches(stream.where, event.props))) insert(stream, event.at)
      } catch {
        // What cannot even be read, such as a list nested many thousand times, counts for nothing.
      }
    }
  }

  const known = (leaf: SimpleLeaf) => resolved.get(leaf) as NonNullable<ReturnType<typeof resolved.get>>
  const inside = (leaf: SimpleLeaf, now: number): number[] => {
    const { stream, span } = known(leaf)
    return stream.times.filter((time) => time > now - span)
  }
  // The oldest time still inside leaves first.
  const until = (leaf: SimpleLeaf, now: number): number => (inside(leaf, now).pop() ?? Number.POSITIVE_INFINITY) + known(leaf).span

  return {
    holds: (leaf, now) => matchesValue(known(leaf).count, inside(leaf, now).length),
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
