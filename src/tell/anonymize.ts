// anonymize(): a row is one of the ruleset's finite list, found there by equality; nothing is copied from the page or the
// visitor but the day.

import { isObject, own } from '../lib/own.js'
import type { Props, Row, Ruleset } from '../types.js'
import { cells } from './cells.js'

/** A row's day lies less than so many days from today, on whichever side: clocks are set back, too. */
const FAR = 400

/**
 * As ids are made; what else is stored under that name does not leave. Browsers remember, for all of the page, what a
 * pattern was last found in: in an id it is not found.
 */
const isId = (id: string): boolean => id.length === 21 && !/[^\w-]/.test(id)

const FIELDS = ['experience', 'arm', 'held', 'weights', 'stratum', 'value', 'name', 'values', 'page', 'bucket']

const same = (one: unknown, other: unknown): boolean =>
  one === other || (isObject(one) && isObject(other) && Object.keys(one).length === Object.keys(other).length && Object.keys(one).every((key) => same(one[key], own(other, key))))

/** What is to be told, as it is kept: whatever may stand there. */
export type Facts = { readonly [field: string]: unknown }

/** Undefined where that is none of the ruleset's rows; `today` is in UTC days since 1970. */
export type Anonymize = (metric: unknown, facts: Facts, id: unknown, today: number) => Row | undefined

/** Behind it all stands `clean`, which leaves out what looks personal: a ruleset, too, may hold what should not leave. */
export const anonymizer =
  (ruleset: Ruleset, clean: (props: Props) => Props): Anonymize =>
  (metric, facts, id, today) => {
    const { day } = facts
    if (typeof id !== 'string' || !isId(id) || !Number.isInteger(day) || Math.abs((day as number) - today) >= FAR) return undefined
    for (const cell of cells(ruleset, facts.experience ?? facts.name)) {
      const says = cell as unknown as Props
      if (cell.metric !== metric || !FIELDS.every((field) => same(own(says, field), own(facts, field)))) continue
      return JSON.stringify(clean(says)) === JSON.stringify(says) ? ({ ...cell, day, id } as Row) : undefined
    }
    return undefined
  }
