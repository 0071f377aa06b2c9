// The outbox: what is to be sent, kept until the collector has it. A row is leased to one tab at a time.
//
//   ['o', id]   a row that waits        ['n']   how many were sent, and how many lost

import { isObject } from '../lib/own.js'
import type { Key, Row, Transaction, Trial } from '../types.js'
import { EVERYTHING, type HeldTrial, type Told, trialKey } from './trials.js'

/** So many rows wait at most; over that, whole trials are dropped, so that no half of one is told. */
const MOST = 500

/** ms. A tab that leased a row and died holds it no longer than this. */
export const LEASE = 30_000

export interface Waiting {
  id: string
  metric: Row['metric']
  trial: Trial
  /** The trial that it belongs to, as it is kept. */
  of: Key
  tries: number
  /** Not to be sent before, in ms since 1970. */
  due: number
  /** Another tab has it in hand until then. */
  lease: number
}

export interface Counts {
  waiting: number
  sent: number
  lost: number
}

/** The key says which row it is, whatever else a record says. */
const asWaiting = (value: unknown, id: string): Waiting[] => (isObject(value) && isObject(value.trial) && Array.isArray(value.of) ? [{ ...(value as unknown as Waiting), id }] : [])

const all = async (transaction: Transaction): Promise<Waiting[]> => (await transaction.all(['o'])).flatMap(([[, id], value]) => asWaiting(value, id as string))

const find = async (transaction: Transaction, id: string): Promise<Waiting | undefined> => asWaiting(await transaction.get(['o', id]), id)[0]

const put = (transaction: Transaction, waiting: Waiting): void => transaction.put(['o', waiting.id], { v: 1, ...waiting })

const count = async (transaction: Transaction, sent: number, lost: number): Promise<Omit<Counts, 'waiting'>> => {
  const known = await transaction.get(['n'])
  const [before, gone] = isObject(known) ? [known.sent as number, known.lost as number] : [0, 0]
  const counts = { sent: before + sent, lost: gone + lost }
  if (sent || lost) transaction.put(['n'], { v: 1, ...counts })
  return counts
}

export const outbox = {
  /** Puts in what is to be told, and drops whole trials, the oldest first, when that is too much. */
  add: async (transaction: Transaction, told: (Told & { id: string })[], now: number): Promise<void> => {
    let rows = await all(transaction)
    for (const { id, metric, trial } of told) {
      const { experience, arm, held, weights, stratum, day } = trial
      const waiting: Waiting = { id, metric, trial: { experience, arm, held, weights, stratum, day }, of: trialKey(trial), tries: 0, due: now, lease: 0 }
      put(transaction, waiting)
      rows.push(waiting)
    }
    const before = rows.length
    while (rows.length > MOST) {
      // A trial that is told of already must go on to be told of.
      const [oldest] = rows.filter(({ metric, lease }) => metric === 'shown' && lease < now).sort((a, b) => a.trial.day - b.trial.day)
      if (!oldest) break
      const name = oldest.of.join()
      for (const { id, of } of rows) if (of.join() === name) transaction.drop(['o', id])
      rows = rows.filter(({ of }) => of.join() !== name)
      const trial = (await transaction.get(oldest.of)) as HeldTrial | undefined
      if (trial) transaction.put(oldest.of, { ...trial, told: EVERYTHING })
    }
    await count(transaction, 0, before - rows.length)
  },

  /** All that waits, and how much has been sent. */
  look: async (transaction: Transaction): Promise<{ rows: Waiting[]; counts: Counts }> => {
    const rows = await all(transaction)
    return { rows, counts: { waiting: rows.length, ...(await count(transaction, 0, 0)) } }
  },

  /** The row, for this tab alone; undefined when it is gone or in another tab's hands. */
  lease: async (transaction: Transaction, id: string, now: number): Promise<Waiting | undefined> => {
    const waiting = await find(transaction, id)
    if (!waiting || isLeased(waiting, now)) return undefined
    put(transaction, { ...waiting, lease: now + LEASE })
    return waiting
  },

  /** It has arrived, or can never arrive. */
  settle: async (transaction: Transaction, id: string, arrived: boolean): Promise<void> => {
    if (!(await find(transaction, id))) return
    transaction.drop(['o', id])
    await count(transaction, arrived ? 1 : 0, arrived ? 0 : 1)
  },

  /** It has to be sent again, not before `due`. */
  postpone: async (transaction: Transaction, id: string, due: number): Promise<void> => {
    const waiting = await find(transaction, id)
    if (waiting) put(transaction, { ...waiting, tries: waiting.tries + 1, due, lease: 0 })
  },
}

/** A lease that ends later than any lease can was given by a clock that was ahead. */
export const isLeased = ({ lease }: Waiting, now: number): boolean => lease > now && lease <= now + LEASE
