// counts(): what a ruleset declares as rows of its own, counted a day and cell at a time.
//
//   ['c', name, day]   how often each cell has happened

import { utcDay } from '../lib/day.js'
import { own } from '../lib/own.js'
import type { CountRow, Key, Ruleset, Transaction, VisitorEvent } from '../types.js'
import { BUCKETS } from './cells.js'
import type { Told } from './trials.js'

const MOST = BUCKETS.at(-1) as number

/** The page group of a page view, where it is one of the ruleset's; the one before holds for what says nothing of it. */
export const pageOf = ({ pages = {} }: Ruleset, { type, props: { page } }: VisitorEvent, before: unknown): string | undefined =>
  Object.keys(pages).find((group) => group === (type === 'page_view' || page !== undefined ? page : before))

/** Which listed word each property says, or undefined where one says another. */
function valuesOf({ by = {} }: { by?: { [prop: string]: (string | number)[] } }, { props }: VisitorEvent): CountRow['values'] | undefined {
  const values: CountRow['values'] = {}
  for (const [prop, words] of Object.entries(by)) {
    // Markup has texts only.
    const word = words.find((word) => `${word}` === `${own(props, prop)}`)
    if (word === undefined) return undefined
    values[prop] = word
  }
  return values
}

/** Counts what has `happened`: an event, the name of a declared row that it is for, and its page group. */
export async function count(transaction: Transaction, { rows = {} }: Ruleset, happened: [VisitorEvent, name: string, page: string | undefined][], now: number): Promise<Told[]> {
  const told: Told[] = []
  const counts = new Map<string, { of: Key; cells: { [cell: string]: unknown } }>()
  for (const [event, name, group] of happened) {
    const rules = own(rows, name)
    const values = rules && valuesOf(rules, event)
    if (!values) continue
    const day = utcDay(event.at)
    const of: Key = ['c', name, day]
    const page = rules.page ? group : undefined
    const cell = JSON.stringify([values, page])
    const kept = counts.get(of.join()) ?? { of, cells: { ...(await transaction.get(of) as object | undefined) } }
    counts.set(of.join(), kept)
    const times = Math.min(Number(own(kept.cells, cell)) || 0, MOST) + 1
    const bucket = BUCKETS.indexOf(times)
    if (times <= MOST) kept.cells[cell] = times
    if (bucket === 0 || (rules.count && bucket > 0)) {
      told.push({ metric: 'count', of, trial: { name, values, ...(page === undefined ? {} : { page }), ...(rules.count ? { bucket } : {}), day } })
    }
  }
  for (const { of, cells } of counts.values()) transaction.put(of, { v: 1, ...cells })
  // A day that is over is counted no further; but clocks differ, and yesterday may still be read off the log.
  if (counts.size > 0) for (const [key] of await transaction.all(['c'])) if (!(Math.abs(Number(key[2]) - utcDay(now)) < 3)) transaction.drop(key)
  return told
}

