// bound(): how much may wait on a device. What is too much goes by whole trials, so that no half of one is told.

import type { Transaction } from '../types.js'
import { EVERYTHING, type HeldTrial } from './trials.js'
import type { Waiting } from './waiting.js'

/** So many rows wait at most, */
const MOST = 500
/** of so many characters as JSON, */
const MOST_BYTES = 128_000
/** and so many ms. */
const OLDEST = 7 * 86_400_000

export const isTooMuch = ({ waiting, bytes }: { waiting: number; bytes: number }): boolean => waiting > MOST || bytes > MOST_BYTES
export const isTooOld = (at: number, now: number): boolean => at < now - OLDEST

/**
 * Gives what stays. A trial that is told of already, or is being told of, must go on to be told of: its rows are
 * neither too many nor too old.
 */
export async function bound(transaction: Transaction, rows: Waiting[], now: number, isBusy: (row: Waiting) => boolean): Promise<Waiting[]> {
  let waiting = rows.length
  let bytes = rows.reduce((sum, row) => sum + (row.bytes ?? 0), 0)
  const trials = new Map<string, Waiting[]>()
  for (const row of rows) trials.set(row.of.join(), [...(trials.get(row.of.join()) ?? []), row])
  const gone = new Set<Waiting>()
  const untold = [...trials.values()].filter((trial) => trial.some(({ metric }) => metric === 'shown' || metric === 'count') && !trial.some(isBusy))
  for (const trial of untold.sort(([a], [b]) => (a as Waiting).trial.day - (b as Waiting).trial.day)) {
    if (!isTooMuch({ waiting, bytes }) && !trial.some(({ at = now }) => isTooOld(at, now))) continue
    for (const row of trial) {
      transaction.drop(['o', row.id])
      gone.add(row)
      waiting--
      bytes -= row.bytes ?? 0
    }
    const { of, metric } = trial[0] as Waiting
    // What a declared row stands for is told as it is: nothing more of it is to come.
    const held = metric === 'count' ? undefined : ((await transaction.get(of)) as HeldTrial | undefined)
    if (held) transaction.put(of, { ...held, told: EVERYTHING })
  }
  return rows.filter((row) => !gone.has(row))
}
