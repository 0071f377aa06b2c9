// tally(): what is kept of all rows together, so that they need not be read to be counted.

import { isObject } from '../lib/own.js'
import type { Sync, Transaction } from '../types.js'
import { bound, isTooMuch, isTooOld } from './bound.js'
import { isLeased, pieces, type Waiting } from './waiting.js'

export type Counts = Omit<Sync, 'retryAt'>

export interface Tally extends Counts {
  /** Of those that wait, as JSON. */
  bytes: number
  /** None that waits was made before, in ms since 1970. */
  oldest: number
}

/** Not a number, as in what another version or a broken disk has left, means that it is to be counted anew. */
const UNKNOWN: Tally = { waiting: Number.NaN, bytes: Number.NaN, oldest: Number.NaN, sent: 0, lost: 0, error: null }

/** Gives what is kept, once it is changed. */
export const tally = async (transaction: Transaction, change?: (known: Tally) => Partial<Tally>): Promise<Tally> => {
  const stored = await transaction.get(['n'])
  const known: Tally = { ...UNKNOWN, ...(isObject(stored) ? stored : {}) }
  if (!change) return known
  const next = { ...known, ...change(known) }
  transaction.put(['n'], { ...next, v: 1 })
  return next
}

/** Counts what waits, and drops what is too much or too old. */
export async function measure(transaction: Transaction, now: number): Promise<Tally> {
  let [waiting, bytes, oldest, lost] = [0, 0, Number.POSITIVE_INFINITY, 0]
  const add = (rows: Waiting[]): void => {
    for (const row of rows) {
      waiting++
      bytes += row.bytes ?? 0
      oldest = Math.min(oldest, row.at ?? now)
    }
  }
  for await (const rows of pieces(transaction)) add(rows)
  if (isTooMuch({ waiting, bytes }) || isTooOld(oldest, now)) {
    // Only now are all of them held at once.
    const all: Waiting[] = []
    for await (const rows of pieces(transaction)) all.push(...rows)
    const left = await bound(transaction, all, now, (row) => isLeased(row, now))
    lost = waiting - left.length
    waiting = bytes = 0
    oldest = Number.POSITIVE_INFINITY
    add(left)
  }
  return tally(transaction, (known) => ({ waiting, bytes, oldest, lost: known.lost + lost }))
}

/** Counted anew only where what is kept does not say that all is well. */
export const measured = (transaction: Transaction, known: Tally, now: number): Tally | Promise<Tally> =>
  known.waiting >= 0 && known.bytes >= 0 && !isTooMuch(known) && !isTooOld(known.oldest, now) ? known : measure(transaction, now)
