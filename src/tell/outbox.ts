// The outbox: what is to be sent, kept until the collector has it. A row is leased to one tab at a time.
//
//   ['o', id]   a row that waits        ['n']           how many were sent and lost, and what was wrong last
//                                       ['n', 'rest']   until when a collector in trouble is left alone, by every page
//                                       ['n', 'sent']   the last rows that were sent, for the visitor to see

import { isObject } from '../lib/own.js'
import type { Key, Row, SentRow, Sync, Transaction } from '../types.js'
import { bound } from './bound.js'
import type { Told } from './trials.js'

/** ms. A tab that leased a row and died holds it no longer than this. */
export const LEASE = 30_000

export interface Waiting {
  id: string
  metric: Row['metric']
  /** What it says. */
  trial: Told['trial']
  /** The trial, or the declared row's day, that it belongs to, as it is kept. */
  of: Key
  tries: number
  /** Not to be sent before, in ms since 1970. */
  due: number
  /** A tab has it in hand until then. */
  lease: number
  /** When it was made, in ms since 1970, and how long it is as JSON. */
  at?: number
  bytes?: number
}

/** What is due later than this was dated by a clock that was ahead. */
const FAR = 86_400_000

export interface Rest {
  /** ms since 1970. */
  until: number
  /** So often in a row the collector has not taken what it was sent. */
  failures: number
}

export type Counts = Omit<Sync, 'retryAt'>

/** Records that make no sense are none; and each goes by the key under which it is found. */
const asWaiting = (id: unknown, value: unknown): Waiting[] =>
  isObject(value) && isObject(value.trial) && Array.isArray(value.of) && [value.tries, value.due, value.lease].every(Number.isFinite) ? [{ ...value, id } as Waiting] : []

/** So many are read at a time: each piece is a task of its own, and none keeps the page from answering. */
const PIECE = 128

async function all(transaction: Transaction): Promise<Waiting[]> {
  const found: Waiting[] = []
  let piece: [Key, unknown][] = []
  do {
    piece = await transaction.all(['o'], piece[PIECE - 1]?.[0], PIECE)
    for (const [[, id], value] of piece) found.push(...asWaiting(id, value))
  } while (piece.length === PIECE)
  return found
}

const find = async (transaction: Transaction, id: string): Promise<Waiting | undefined> => asWaiting(id, await transaction.get(['o', id]))[0]

const REST: Key = ['n', 'rest']

const restOf = async (transaction: Transaction): Promise<Rest> => {
  const rest = await transaction.get(REST)
  return isObject(rest) && [rest.until, rest.failures].every(Number.isFinite) ? (rest as unknown as Rest) : { until: 0, failures: 0 }
}

const put = (transaction: Transaction, waiting: Waiting): void => transaction.put(['o', waiting.id], { v: 1, ...waiting })

/** `error` is what is wrong now: null where nothing is, undefined where that is not known better than before. */
const count = async (transaction: Transaction, sent: number, lost: number, error?: string | null): Promise<Omit<Counts, 'waiting'>> => {
  const stored = await transaction.get(['n'])
  const known: Omit<Counts, 'waiting'> = { sent: 0, lost: 0, error: null, ...(isObject(stored) ? stored : {}) }
  const counts = { sent: known.sent + sent, lost: known.lost + lost, error: error === undefined ? known.error : error }
  if (sent || lost || counts.error !== known.error) transaction.put(['n'], { v: 1, ...counts })
  return counts
}

export interface Looking {
  now: number
  random: () => number
  /** So many rows the tab may take up; none where it only looks. */
  room: number
}

export interface Looked {
  counts: Counts
  rest: Rest
  /** Leased to this tab from now on. */
  taken: Waiting[]
  /** When the next of the others can be taken up. */
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
    for (const { id, metric, trial, of } of told) {
      const waiting: Waiting = { id, metric, trial, of, tries: 0, due: now, lease: 0, at: now }
      put(transaction, { ...waiting, bytes: JSON.stringify(waiting).length })
    }
    await outbox.look(transaction, { now, random: () => 0, room: 0 })
  },

  /** Drops what is too much or too old, and takes up rows that are due, by lot, while the collector is not left alone. */
  look: async (transaction: Transaction, { now, random, room }: Looking): Promise<Looked> => {
    const found = await all(transaction)
    const rows = await bound(transaction, found, now, (row) => isLeased(row, now))
    const rest = await restOf(transaction)
    const counts = { waiting: rows.length, ...(await count(transaction, 0, found.length - rows.length)) }
    const due = rows.filter((waiting) => isDue(waiting, now))
    const taken: Waiting[] = []
    // After a failure one row finds out whether the collector is back.
    const most = isAhead(rest.until, now) ? 0 : rest.failures > 0 ? Math.min(room, 1) : room
    while (taken.length < most && due.length > 0) {
      const [waiting] = due.splice(Math.floor(random() * due.length), 1) as [Waiting]
      const leased = { ...waiting, lease: now + LEASE }
      put(transaction, leased)
      taken.push(leased)
    }
    const later = rows.filter((waiting) => !isDue(waiting, now)).map(({ due, lease }) => Math.max(due, Math.min(lease, now + LEASE)))
    return { counts, rest, taken, next: Math.min(...later, Number.POSITIVE_INFINITY) }
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
    if (!(await find(transaction, id))) return false
    transaction.drop(['o', id])
    return true
  },

  /** One has arrived, on this UTC day, or can never arrive; `answers`: the collector takes requests again. */
  note: async (transaction: Transaction, sent: SentRow | undefined, error: string | null, answers: boolean): Promise<void> => {
    if (answers) transaction.drop(REST)
    if (sent) await noteSent(transaction, sent)
    await count(transaction, sent ? 1 : 0, sent ? 0 : 1, error)
  },

  /** It has to be sent again; and all of them wait as long as `wait` says for so many failures in a row. */
  postpone: async (transaction: Transaction, id: string, now: number, error: string | null, wait: (failures: number) => number): Promise<void> => {
    const { until, failures } = await restOf(transaction)
    // What was under way together fails together, and is one failure.
    const ahead = isAhead(until, now)
    transaction.put(REST, { v: 1, until: Math.max(ahead ? until : 0, now + wait(failures)), failures: ahead ? failures : failures + 1 })
    await count(transaction, 0, 0, error)
    const waiting = await find(transaction, id)
    if (waiting) put(transaction, { ...waiting, tries: waiting.tries + 1, due: now + wait(Math.max(failures, waiting.tries)), lease: 0 })
  },

  /** They are in nobody's hands again; `error` says why, where something is wrong. */
  release: async (transaction: Transaction, ids: string[], error?: string | null): Promise<void> => {
    for (const id of ids) {
      const waiting = await find(transaction, id)
      if (waiting) put(transaction, { ...waiting, lease: 0 })
    }
    await count(transaction, 0, 0, error)
  },
}

/** A lease that ends later than any lease can was given by a clock that was ahead. */
const isLeased = ({ lease }: Waiting, now: number): boolean => lease > now && lease <= now + LEASE

export const isAhead = (at: number, now: number): boolean => at > now && at - now <= FAR

const isDue = (waiting: Waiting, now: number): boolean => !isLeased(waiting, now) && !isAhead(waiting.due, now)
