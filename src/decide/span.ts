// From when on events count, and when the oldest of them will cease to.

import { duration } from '../lib/duration.js'
import { VISIT_IDLE } from '../lib/visit.js'
import type { Zone } from '../lib/zone.js'
import type { EventPattern, Window } from '../types.js'

export interface Visit {
  /** When the newest event came; null before the first. */
  lastAt: number | null
  utm: { [name: string]: string }
}

export interface Span {
  /** Where it begins anew: a visit, a page view, or another event. Part of what is counted. */
  anchor?: 'visit' | EventPattern
  /** Is the event at the anchor itself outside? */
  after: boolean
  /** Between fixed dates, `to` exclusive. Part of what is counted. */
  dates?: [from: number, to: number]
  /** An event counts while its time is greater. */
  since(now: number): number
  /** When, after `now`, an event at `oldest` ceases to count; Infinity if never. */
  ends(now: number, oldest: number): number
}

const NEVER = Number.POSITIVE_INFINITY
const EVER = Number.NEGATIVE_INFINITY

/** `visit` tells of the visit at the time of the question. */
export function span(within: Window | undefined, zone: () => Zone, visit: () => Visit): Span {
  const whole: Span = { after: false, since: () => EVER, ends: () => NEVER }
  if (within === undefined) return whole
  if (within === 'page') return { ...whole, anchor: { event: 'page_view' } }
  if (within === 'visit') {
    const over = (): number => (visit().lastAt ?? EVER) + VISIT_IDLE
    return { ...whole, anchor: within, since: (now) => (now > over() ? NEVER : EVER), ends: () => over() + 1 }
  }
  if (typeof within === 'string') {
    const length = duration(within)
    return { ...whole, since: (now) => now - length, ends: (_, oldest) => oldest + length }
  }
  const { since, days, from, to } = within as { since?: EventPattern; days?: number; from?: string; to?: string }
  if (since) return { ...whole, after: true, anchor: since }
  if (days) {
    // The window moves at midnight.
    return { ...whole, since: (now) => zone().start(zone().day(now) - days + 1) - 1, ends: (now) => zone().start(zone().day(now) + 1) }
  }
  return { ...whole, dates: [from ? zone().instant(from) : EVER, to ? zone().instant(to) : NEVER] }
}
