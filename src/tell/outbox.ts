// The outbox: what is to be sent, kept until the collector has it. A row is leased to one tab at a time.
//
//   ['o', id]   a row that waits        ['n']           how many wait, were sent and lost, and what was wrong last
//                                       ['n', 'rest']   until when a collector in trouble is left alone, by every page
//                                       ['n', 'sent']   the last rows that were sent, for the visitor to see

import { isObject } from '../lib/own.js'
import type { Key, SentRow, Transaction } from '../types.js'
import { type Counts, measure, measured, tally } from './tally.js'
import type { Told } from './trials.js'
import { find, isAhead, isDue, LEASE, PIECE, pieces, put, type Waiting } from './waiting.js'

export interface Rest {
  /** ms since 1970. */
  until: number
  /** So often in a row the collector has not taken what it was sent. */
  failures: number
}

const REST: Key = ['n', 'rest']

const restOf = async (transaction: Transaction): Promise<Rest> => {
  const rest = await transaction.get(REST)
  return isObject(rest) && [rest.until, rest.failures].every(Number.isFinite) ? (rest as unknown as Rest) : { until: 0, failures: 0 }
}

export interface Looking {
  now: number
  random: () => number
  /** So many rows the tab may take up; none where it only looks. */
  room: number
  /** Each time another: rows are looked at from there on. */
  anyId: () => string
  /** Whatever is kept of it, what waits is counted. */
  anew: boolean
}

export interface Looked {
  counts: Counts
  rest: Rest
  /** Leased to this tab from now on. */
  taken: Waiting[]
  /** When the next of the others can be taken up, as far as they were looked at. */
  next: number
}

const SENT: Key = ['n', 'sent']

/** So many of the rows that were sent can be looked at. */
const MOST_SENT = 200

const noteSent = async (transaction: Transaction, row: SentRow): Promise<void> => {
  const sent = await transaction.get(SENT)
  const rows = isObject(sent) && Array.isArray(sent.rows) ? sent.rows : []
  transaction.put(SENT, { v: 1, rows: [...rows, row].slice(-MOST_SENT) })
}

export const outbox = {
  /** Puts in what is to be told. */
  add: async (transaction: Transaction, told: (Told & { id: string })[], now: number): Promise<void> => {
    let size = 0
    for (const { id, metric, trial, of } of told) {
      const waiting: Waiting = { id, metric, trial, of, tries: 0, due: now, lease: 0, at: now }
      const { length } = JSON.stringify(waiting)
      put(transaction, { ...waiting, bytes: length })
      size += length
    }
    const known = await tally(transaction, ({ waiting, bytes, oldest }) => ({ waiting: waiting + told.length, bytes: bytes + size, oldest: Math.min(oldest, now) }))
    await measured(transaction, known, now)
  },

  /** Drops what is too much or too old, and takes up rows that are due, by lot, while the collector is not left alone. */
  look: async (transaction: Transaction, { now, random, room, anyId, anew }: Looking): Promise<Looked> => {
    const { waiting, sent, lost, error } = await (anew ? measure(transaction, now) : measured(transaction, await tally(transaction), now))
    const rest = await restOf(transaction)
    // After a failure one row finds out whether the collector is back.
    const most = isAhead(rest.until, now) ? 0 : rest.failures > 0 ? Math.min(room, 1) : room
    const taken: Waiting[] = []
    let next = Number.POSITIVE_INFINITY
    while (taken.length < most) {
      const due: Waiting[] = []
      next = Number.POSITIVE_INFINITY
      // Each from a place of its own, and by lot, so that the ids of those that leave together have nothing in common.
      for await (const rows of pieces(transaction, anyId())) {
        for (const row of rows) {
          if (isDue(row, now)) due.push(row)
          else next = Math.min(next, Math.max(row.due, Math.min(row.lease, now + LEASE)))
        }
        if (due.length >= PIECE) break
      }
      const one = due[Math.floor(random() * Math.min(due.length, PIECE))]
      if (!one) break
      const leased = { ...one, lease: now + LEASE }
      put(transaction, leased)
      taken.push(leased)
    }
    return { counts: { waiting, sent, lost, error }, rest, taken, next }
  },

  /** The row, which goes on the wire now; undefined when it is gone, in another tab's hands, or not to be sent any more. */
  renew: async (transaction: Transaction, { id, lease }: Waiting, now: number): Promise<Waiting | undefined> => {
    const waiting = await find(transaction, id)
    if (!waiting || waiting.lease !== lease || isAhead((await restOf(transaction)).until, now)) return undefined
    const renewed = { ...waiting, lease: now + LEASE }
    put(transaction, renewed)
    return renewed
  },

  /** Takes it out; false where it was out already. */
  remove: async (transaction: Transaction, id: string): Promise<boolean> => {
    const found = await find(transaction, id)
    if (!found) return false
    transaction.drop(['o', id])
    await tally(transaction, ({ waiting, bytes }) => ({ waiting: waiting - 1, bytes: bytes - (found.bytes ?? 0) }))
    return true
  },

  /** One has arrived, on this UTC day, or can never arrive; `answers`: the collector takes requests again. */
  note: async (transaction: Transaction, sent: SentRow | undefined, error: string | null, answers: boolean): Promise<void> => {
    if (answers) transaction.drop(REST)
    if (sent) await noteSent(transaction, sent)
    await tally(transaction, (known) => ({ error, ...(sent ? { sent: known.sent + 1 } : { lost: known.lost + 1 }) }))
  },

  /** It has to be sent again; and all of them wait as long as `wait` says for so many failures in a row. */
  postpone: async (transaction: Transaction, id: string, now: number, error: string | null, wait: (failures: number) => number): Promise<void> => {
    const { until, failures } = await restOf(transaction)
    // What was under way together fails together, and is one failure.
    const ahead = isAhead(until, now)
    transaction.put(REST, { v: 1, until: Math.max(ahead ? until : 0, now + wait(failures)), failures: ahead ? failures : failures + 1 })
    await tally(transaction, () => ({ error }))
    const waiting = await find(transaction, id)
    if (waiting) put(transaction, { ...waiting, tries: waiting.tries + 1, due: now + wait(Math.max(failures, waiting.tries)), lease: 0 })
  },

  /** They are in nobody's hands again; `error` says why, where something is wrong. */
  release: async (transaction: Transaction, ids: string[], error?: string | null): Promise<void> => {
    for (const id of ids) {
      const waiting = await find(transaction, id)
      if (waiting) put(transaction, { ...waiting, lease: 0 })
    }
    if (error !== undefined) await tally(transaction, () => ({ error }))
  },
}
