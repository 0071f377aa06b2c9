// rewrite(): puts another log in the place of the one that is kept, so that every tab reads all of it anew.

import { isObject } from '../lib/own.js'
import type { ReadLog, Transaction, VisitorEvent } from '../types.js'
import { advance, EMPTY, type Totals } from './log.js'

/** Events in one batch: retention drops whole ones. */
const BATCH = 50

const visitsIn = (events: VisitorEvent[]): number => events.filter(({ type }) => type === 'visit').length

/** The totals of another log; what retention has dropped from the old one still counts, but for what is to be forgotten. */
function recount(totals: Totals, before: VisitorEvent[], events: VisitorEvent[]): Totals {
  const folded = events.reduce(advance, EMPTY)
  const [pruned, prunedVisits] = [totals.events - before.length, totals.visits - visitsIn(before)]
  if (pruned <= 0) return folded
  // Who wants visits to be forgotten means those as well.
  const forgets = visitsIn(before) > 0 && folded.visits === 0
  return {
    ...folded,
    events: folded.events + pruned,
    visits: forgets ? 0 : folded.visits + prunedVisits,
    firstAt: Math.min(totals.firstAt ?? Number.POSITIVE_INFINITY, folded.firstAt ?? Number.POSITIVE_INFINITY),
    lastAt: folded.lastAt ?? totals.firstAt,
    first: forgets ? undefined : totals.first,
  }
}

/**
 * `change` gets all events in the order of the log, and gives those that are to stand there; undefined leaves all as it
 * is. Gives the number of the last batch; undefined where nothing has changed.
 */
export async function rewrite(transaction: Transaction, log: ReadLog, change: (events: VisitorEvent[]) => VisitorEvent[] | undefined): Promise<number | undefined> {
  const { n, events } = await log(0)
  const next = change(events)
  if (!next) return undefined
  const head = await transaction.get(['h'])
  const totals = isObject(head) && isObject(head.totals) ? (head.totals as unknown as Totals) : EMPTY
  for (const [key] of await transaction.all(['e'])) transaction.drop(key)
  transaction.drop(['s'])
  // One number is left out: no tab can go on from what it knows.
  let last = n + 1
  for (let i = 0; i < next.length; i += BATCH) transaction.put(['e', ++last], { v: 1, events: next.slice(i, i + BATCH) })
  transaction.put(['h'], { v: 1, n: last, stored: next.length, totals: recount(totals, events, next) })
  // What stands there has been told of, or is not to be.
  if ((await transaction.get(['g'])) !== undefined) transaction.put(['g'], { v: 1, n: last })
  return last
}
