// clear(): drops everything that is kept for telling, and nothing else. By itself, so that it is there where nothing is told.

import type { Transaction } from '../types.js'

/** Trials, outbox, counts and cursor. */
const KEPT = ['t', 'o', 'n', 'g']

export async function clear(transaction: Transaction): Promise<void> {
  // Without a cursor nothing has ever been told.
  if ((await transaction.get(['g'])) === undefined) return
  for (const prefix of KEPT) for (const [key] of await transaction.all([prefix])) transaction.drop(key)
}
