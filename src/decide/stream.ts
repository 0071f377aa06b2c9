// A stream: all that is kept of the events of one kind, shared by the questions about them.

import { own } from '../lib/own.js'
import { newest } from '../lib/visit.js'
import type { Props, VisitorEvent } from '../types.js'
import type { Leaf } from './network.js'
import type { Question } from './question.js'
import { ANCHOR, HIT } from './mask.js'
import { MOST, type Tally, tally } from './tally.js'
import type { Span } from './span.js'

/** Which events: what one is to the stream is a bit of its mask. */
export interface Pattern {
  type: string
  where: object | undefined
  bit: number
}

export interface Stream {
  patterns: Pattern[]
  /** Is told when a visit begins. */
  visits: boolean
  leaves: Leaf[]
  /** What the event at hand is, while its patterns are being found. */
  mask: number
  /** May an event end a truth that otherwise lasts? */
  fickle: boolean
  take(event: VisitorEvent, mask: number): void
  /** Has an earlier state all that is needed? */
  fits(saved: unknown): boolean
  /** Begins empty or, where `saved` fits, from there; with as much as that has, unless `all` questions are known already. */
  load(saved: unknown, all: boolean): void
  save(): unknown
}

/** A stream whose entries have times. */
export interface Timed extends Stream {
  /** Undefined where this page has no facts to compare with. */
  entries(facts: Props | undefined): Tally | undefined
  /** Has the event come that its window begins with? */
  begun(): boolean
  /** Of a sequence: how many steps have been done at most, whenever that was. */
  steps?(): number
}

export interface Counted extends Timed {
  /** Serves one question more; true when it has to begin anew for that. */
  widen(question: Question): boolean
}

/** Visitors look at so many different things before the first of them is forgotten. */
const PARTS = 1000

type Part = [key: string, times: number[], values?: unknown[], merged?: number]

const isPart = (value: unknown): value is Part => Array.isArray(value) && Array.isArray(value[1]) && value[1].every(Number.isFinite)

export function countedStream(question: Question, span: Span, same: string[] | undefined, patterns: Pattern[]): Counted {
  const keeping = { ...question }
  let { keep } = question
  let anchor: number | null = null
  /** By the values that a page's facts are compared with. */
  let parts = new Map<string, Tally>()
  /** The part that there is where nothing is compared. */
  let whole: Tally | undefined

  const keyOf = (props: Props | undefined): string | undefined => {
    const values = same?.map((name) => own(props, name) ?? null) ?? []
    return values.includes(null) ? undefined : JSON.stringify(values)
  }
  const part = (key: string): Tally => {
    let found = parts.get(key)
    if (!found) {
      found = tally(keeping)
      parts.set(key, found)
      if (parts.size > PARTS) parts.delete(parts.keys().next().value as string)
    }
    return found
  }
  const only = keyOf({}) as string
  const simple = question.kind === 'times' && !same && !span.anchor && !span.dates
  const [from, to] = span.dates ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]

  const self: Counted = {
    patterns,
    visits: span.anchor === 'visit',
    leaves: [],
    mask: 0,
    fickle: false,

    begun: () => !span.anchor || anchor !== null,

    entries: (facts) => {
      if (whole) return whole
      const key = same ? keyOf(facts) : only
      return key === undefined ? undefined : (parts.get(key) ?? tally(keeping))
    },

    widen: (other) => {
      keep = Math.max(keep, other.keep)
      if (keep <= keeping.keep && other.upTo <= keeping.upTo) return false
      keeping.keep = Math.max(keep, keeping.keep)
      keeping.upTo = Math.max(other.upTo, keeping.upTo)
      return true
    },

    take: ({ at, props }, mask) => {
      // Most streams, and nearly all of the time.
      if (simple && whole) return whole.put(at, undefined)
      // Later by time or, at the same time, by the order of the log.
      if (mask & ANCHOR && newest(anchor, at) === at) {
        anchor = at
        for (const one of parts.values()) one.cut(at)
      }
      if (!(mask & HIT) || (mask & ANCHOR && span.after) || (anchor !== null && at < anchor) || at < from || at >= to) return
      const key = same && keyOf(props)
      if (same && key === undefined) return
      if (!same) whole ??= part(only)
      const tally = whole ?? part(key as string)
      for (const value of question.values(props, at)) tally.put(at, value)
      self.fickle ||= tally.signed || tally.times.length >= MOST
    },

    fits: (saved) => {
      if (!Array.isArray(saved)) return false
      const [kept, upTo, , list] = saved
      return kept >= keep && upTo >= keeping.upTo && Array.isArray(list) && list.every(isPart)
    },

    load: (saved, all) => {
      parts = new Map()
      whole = undefined
      anchor = null
      self.fickle = false
      if (!self.fits(saved)) return
      const [kept, upTo, begun, list] = saved as [number, number, number | null, Part[]]
      keeping.keep = kept
      if (!all) [keep, keeping.upTo] = [kept, upTo]
      anchor = begun
      for (const [key, times, values = [], merged = 0] of list) part(key).load([...times], [...values], merged)
      self.fickle = [...parts.values()].some(({ signed }) => signed)
    },

    save: () => [
      keep,
      keeping.upTo,
      anchor,
      [...parts].map(([key, { times, values, merged }]): Part => {
        const all = keeping.kind === 'all' ? [] : [-keep]
        return [key, times.slice(...all), ...(values.length > 0 ? [values.slice(...all), merged] : [])] as unknown as Part
      }),
    ],
  }
  return self
}
