// The outbox: what is to be sent, kept until the collector has it. A row is leased to one tab at a time.
//
//   ['o', id]   a row that waits        ['n']           how many were sent, and how many lost
//                                       ['n', 'rest']   until when a collector in trouble is left alone, by every page
//                                       ['n', 'sent']   the last rows that were sent, for the visitor to see

import { isObject } from '../lib/own.js'
import type { Key, Row, SentRow, Transaction } from '../types.js'
import { EVERYTHING, type HeldTrial, type Told } from './trials.js'

/** So many rows wait at most; over that, whole trials are dropped, so that no half of one is told. */
const MOST = 500

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
  /** Another tab has it in hand until then. */
  lease: number
}

/** What is due later than this was dated by a clock that was ahead. */
const FAR = 86_400_000

export interface Rest {
  /** ms since 1970. */
  until: number
  /** So often in a row the collector has not taken what it was sent. */
  failures: number
}

export interface Counts {
  waiting: number
  sent: number
  lost: number
}

/** Records that make no sense are none; and each goes by the key under which it is found. */
const asWaiting = (id: unknown, value: unknown): Waiting[] =>
  isObject(value) && isObject(value.trial) && Array.isArray(value.of) && [value.tries, value.due, value.lease].every(Number.isFinite) ? [{ ...value, id } as Waiting] : []

const all = async (transaction: Transaction): Promise<Waiting[]> => (await transaction.all(['o'])).flatMap(([[, id], value]) => asWaiting(id, value))

const find = async (transaction: Transaction, id: string): Promise<Waiting | undefined> => asWaiting(id, await transaction.get(['o', id]))[0]

const REST: Key = ['n', 'rest']

const restOf = async (transaction: Transaction): Promise<Rest> => {
  const rest = await transaction.get(REST)
  return isObject(rest) && [rest.until, rest.failures].every(Number.isFinite) ? (rest as unknown as Rest) : { until: 0, failures: 0 }
}

const put = (transaction: Transaction, waiting: Waiting): void => transaction.put(['o', waiting.id], { v: 1, ...waiting })

const count = async (transaction: Transaction, sent: number, lost: number): Promise<Omit<Counts, 'waiting'>> => {
  const known = await transaction.get(['n'])
  const [before, gone] = isObject(known) ? [known.sent as number, known.lost as number] : [0, 0]
  const counts = { sent: before + sent, lost: gone + lost }
  if (sent || lost) transaction.put(['n'], { v: 1, ...counts })
  return counts
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
  /** Puts in what is to be told, and drops whole trials, the oldest first, when that is too much. */
  add: async (transaction: Transaction, told: (Told & { id: string })[], now: number): Promise<void> => {
    let rows = await all(transaction)
    for (const { id, metric, trial, of } of told) {
      const waiting: Waiting = { id, metric, trial, of, tries: 0, due: now, lease: 0 }
      put(transaction, waiting)
      rows.push(waiting)
    }
    const before = rows.length
    while (rows.length > MOST) {
      // A trial that is told of already, or is being told of, must go on to be told of.
      const busy = new Set(rows.filter((row) => isLeased(row, now)).map(({ of }) => of.join()))
      const [oldest] = rows.filter(({ metric, of }) => ['shown', 'count'].includes(metric) && !busy.has(of.join())).sort((a, b) => a.trial.day - b.trial.day)
      if (!oldest) break
      const name = oldest.of.join()
      for (const { id, of } of rows) if (of.join() === name) transaction.drop(['o', id])
      rows = rows.filter(({ of }) => of.join() !== name)
      const trial = (await transaction.get(oldest.of)) as HeldTrial | undefined
      if (trial && oldest.metric === 'shown') transaction.put(oldest.of, { ...trial, told: EVERYTHING })
    }
    await count(transaction, 0, before - rows.length)
  },

  /** All that waits, how much has been sent, and whether anything may be sent now. */
  look: async (transaction: Transaction): Promise<{ rows: Waiting[]; counts: Counts; rest: Rest }> => {
    const rows = await all(transaction)
    return { rows, counts: { waiting: rows.length, ...(await count(transaction, 0, 0)) }, rest: await restOf(transaction) }
  },

  /** The row, for this tab alone; undefined when it is gone, in another tab's hands, or not due any more. */
  lease: async (transaction: Transaction, id: string, now: number): Promise<Waiting | undefined> => {
    const waiting = await find(transaction, id)
    if (!waiting || !isDue(waiting, now) || isAhead((await restOf(transaction)).until, now)) return undefined
    put(transaction, { ...waiting, lease: now + LEASE })
    return waiting
  },

  /** It has arrived, on this UTC day, or can never arrive. */
  settle: async (transaction: Transaction, id: string, arrived: boolean, today: number): Promise<void> => {
    const waiting = await find(transaction, id)
    if (!waiting) return
    transaction.drop(['o', id])
    if (arrived) await noteSent(transaction, { metric: waiting.metric, ...waiting.trial, sentOn: today } as SentRow)
    await count(transaction, arrived ? 1 : 0, arrived ? 0 : 1)
  },

  /** The collector takes rows again. */
  relieve: (transaction: Transaction): void => transaction.drop(REST),

  /** It has to be sent again; and all of them wait as long as `wait` says for so many failures in a row. */
  postpone: async (transaction: Transaction, id: string, now: number, wait: (failures: number) => number): Promise<void> => {
    const { until, failures } = await restOf(transaction)
    // What was under way together fails together, and is one failure.
    const ahead = isAhead(until, now)
    transaction.put(REST, { v: 1, until: Math.max(ahead ? until : 0, now + wait(failures)), failures: ahead ? failures : failures + 1 })
    const waiting = await find(transaction, id)
    if (waiting) put(transaction, { ...waiting, tries: waiting.tries + 1, due: now + wait(Math.max(failures, waiting.tries)), lease: 0 })
  },

  /** It is in nobody's hands again. */
  release: async (transaction: Transaction, id: string): Promise<void> => {
    const waiting = await find(transaction, id)
    if (waiting) put(transaction, { ...waiting, lease: 0 })
  },
}

/** A lease that ends later than any lease can was given by a clock that was ahead. */
const isLeased = ({ lease }: Waiting, now: number): boolean => lease > now && lease <= now + LEASE

export const isAhead = (at: number, now: number): boolean => at > now && at - now <= FAR

export const isDue = (waiting: Waiting, now: number): boolean => !isLeased(waiting, now) && !isAhead(waiting.due, now)
