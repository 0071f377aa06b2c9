// Where telling begins and ends on the device. By itself, so that it is there before, and without, what tells.

import type { ReadLog, Transaction } from '../types.js'

/** Trials, declared rows, outbox, counts and cursor. */
const KEPT = ['t', 'c', 'o', 'n', 'g']

/** From here on the log is read: the cursor is put at its end, where there is none. */
export async function begin(transaction: Transaction, log: ReadLog): Promise<void> {
  if ((await transaction.get(['g'])) === undefined) transaction.put(['g'], { v: 1, n: (await log(Number.POSITIVE_INFINITY)).n })
}

/** Drops everything that is kept for telling, and nothing else. */
export async function clear(transaction: Transaction): Promise<void> {
  // Without a cursor nothing has ever been told.
  if ((await transaction.get(['g'])) === undefined) return
  for (const prefix of KEPT) for (const [key] of await transaction.all([prefix])) transaction.drop(key)
}
