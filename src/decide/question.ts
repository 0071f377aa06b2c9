// What a leaf asks: which values of its events are kept, how many of them, and how the answer is read from those.
// How often and how lately stands here; what is asked of values and days stands in measures.ts.

import { duration } from '../lib/duration.js'
import { isObject, own } from '../lib/own.js'
import type { EventLeaf, Props } from '../types.js'
import { type Keeping, MOST, type Tally } from './tally.js'

export interface Question extends Keeping {
  /** Questions with the same name about the same events share what is kept. */
  name: unknown[]
  /** What one event adds. */
  values(props: Props, at: number): unknown[]
  /** From the entries inside the window, which begin at `start`; null where there is no value. */
  read(tally: Tally, start: number, now: number): unknown
  condition: unknown
  /** "At least so much" needs no more than the time of the entry with which that is reached; `below` asks for the opposite. */
  atLeast?: number
  below?: boolean
  /** Where that entry stands. Holds only where no value is below 0. */
  reaches(tally: Tally, least: number): number
  /** Instants at which the answer may change although no entry comes or goes. */
  turns?(newest: number): number[]
}

export type Measure = (typeof MEASURES)[number]
/** `ever` says that there is no window. */
export type Measures = (measure: Measure, given: unknown, ever: boolean) => Question

const MEASURES = ['count', 'sum', 'avg', 'min', 'max', 'distinct', 'days', 'last', 'first', 'most', 'ago'] as const

const ONCE = { $gte: 1 }
const ONE = [undefined]

/** All numbers that a condition names. */
export const named = (condition: unknown): number[] =>
  typeof condition === 'number' ? [condition] : typeof condition === 'object' && condition !== null ? Object.values(condition).flatMap(named) : []

/** A number above all that are named compares as any greater one does: more need not be kept. */
const enough = (condition: unknown): number => Math.min(MOST, Math.floor(Math.max(0, ...named(condition))) + 1)

/** "At least so many", or fewer, where a condition says no more than that. */
const threshold = (condition: unknown): Pick<Question, 'atLeast' | 'below'> => {
  const [[name, value] = ['', 0], ...more] = isObject(condition) ? (Object.entries(condition) as [string, number][]) : []
  const least = /^\$(gte|lt)$/.test(name) ? Math.ceil(value) : /^\$(gt|lte)$/.test(name) ? Math.floor(value) + 1 : 0
  return least > 0 && more.length === 0 ? { atLeast: least, below: name[1] === 'l' } : {}
}

const size = ({ times }: Tally, start: number): number => times.length - start

/** How many, as the condition needs it. */
export const counted = (condition: unknown): Partial<Question> => {
  const least = threshold(condition)
  return { condition, keep: least.atLeast ?? enough(condition), ...least }
}

export const PLAIN: Question = {
  name: ['times'],
  kind: 'times',
  keep: 1,
  upTo: -1,
  values: () => ONE,
  read: size,
  reaches: ({ times }, least) => times.length - least,
  condition: null,
}

export function question(leaf: EventLeaf, measures: Measures): Question {
  const measure = MEASURES.find((name) => own(leaf as never, name) !== undefined) ?? 'count'
  const given: unknown = leaf[measure] ?? ONCE
  if (measure === 'count') return { ...PLAIN, ...counted(given) }
  if (measure !== 'ago') return measures(measure, given, leaf.within === undefined)
  const condition = Object.fromEntries(Object.entries(given as object).map(([name, value]) => [name, typeof value === 'string' ? duration(value) : value]))
  return {
    ...PLAIN,
    condition,
    read: ({ times }, start, now) => (start < times.length ? now - (times[times.length - 1] as number) : null),
    turns: (newest) => named(condition).flatMap((length) => [newest + length, newest + length + 1]),
  }
}
