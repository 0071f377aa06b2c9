// Questions about the values of events and the days they fell on: sums, means, favourites, first and last.

import { at, isObject } from '../lib/own.js'
import type { Zone } from '../lib/zone.js'
import type { Props } from '../types.js'
import { type Groups, matchesValue } from './conditions.js'
import { counted, type Measure, named, PLAIN, type Question } from './question.js'
import type { Tally } from './tally.js'

/** Texts are told apart by their first characters only: what a page holds stays small. */
const LONGEST = 512

/** Each element of a list is a value; null and missing are none; 1 and "1" differ. */
const elements = (value: unknown): string[] =>
  ([] as unknown[]).concat(value).flatMap((element) => (element == null ? [] : [`${JSON.stringify(element)}`.slice(0, LONGEST)]))

// ---------------------------------------------------------------- values of an hour, where all of a window matters

type Sums = [count: number, sum: number, least: number, most: number]
type Seen = [value: string, times: number][]

const sumsOf = (value: unknown): Sums => (Array.isArray(value) ? (value as Sums) : [1, value as number, value as number, value as number])
const addSums = (hour: unknown, value: unknown): Sums => {
  const [[n, sum, least, most], [m, more, low, high]] = [sumsOf(hour ?? value), sumsOf(value)]
  return hour === undefined ? sumsOf(value) : [n + m, sum + more, Math.min(least, low), Math.max(most, high)]
}

const seenOf = (value: unknown): Seen => (Array.isArray(value) ? (value as Seen) : [[value as string, 1]])
const addSeen = (hour: unknown, value: unknown): Seen => {
  const seen = new Map(seenOf(hour ?? []))
  for (const [one, times] of seenOf(value)) {
    const before = seen.get(one) ?? 0
    // Last seen stands last.
    seen.delete(one)
    seen.set(one, before + times)
  }
  return [...seen]
}

/** Newest first, so that the order of adding up never depends on how much is kept. */
const sums = ({ values, merged }: Tally, start: number): Sums => {
  let all: Sums = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  let i = values.length - 1
  for (; i >= start && i >= merged; i--) {
    const value = values[i] as number
    all[0]++
    all[1] += value
    all[2] = Math.min(all[2], value)
    all[3] = Math.max(all[3], value)
  }
  for (; i >= start; i--) all = addSums(all, values[i])
  return all
}

/** Where a sum, from the newest on, reaches `least`; -1 if it does not. Adds up in the same order. */
const sumReaches = ({ values, merged }: Tally, least: number): number => {
  let sum = 0
  for (let i = values.length - 1; i >= 0; i--) {
    sum += i < merged ? sumsOf(values[i])[1] : (values[i] as number)
    if (sum >= least) return i
  }
  return -1
}

/** "At least so much", or less, where a condition says no more than that. */
const threshold = (condition: unknown): Partial<Question> => {
  const [[name, value] = ['', 0], ...more] = isObject(condition) ? (Object.entries(condition) as [string, number][]) : []
  return (name === '$gte' || name === '$lt') && value > 0 && more.length === 0 ? { atLeast: value, below: name === '$lt', reaches: sumReaches } : {}
}

const mostSeen = ({ values }: Tally, start: number): unknown => {
  const seen = new Map<string, number>()
  for (let i = values.length - 1; i >= start; i--) {
    for (const [one, times] of seenOf(values[i]).slice().reverse()) seen.set(one, (seen.get(one) ?? 0) + times)
  }
  let best: string | undefined
  for (const [one, times] of seen) if (best === undefined || times > (seen.get(best) as number)) best = one
  return best === undefined ? null : JSON.parse(best)
}

/** The number of events, where it is compared with another one: however great. */
export const counting: Omit<Question, 'condition'> = {
  ...PLAIN,
  name: ['numbers'],
  kind: 'all',
  keep: 0,
  upTo: -1,
  merge: addSums,
  values: () => [1],
  read: (tally, start) => sums(tally, start)[0],
}

export function measures(zone: () => Zone, groups: Groups, measure: Measure, given: unknown, ever: boolean): Question {
  if (measure === 'days') return { ...PLAIN, name: ['days', zone().id], kind: 'unique', values: (_, time) => [zone().day(time)], ...counted(given) }
  const [[property, condition]] = Object.entries(given as object) as [[string, unknown]]
  const valueIn = (props: Props): unknown => at(props, property)
  const number = (props: Props): unknown[] => (Number.isFinite(valueIn(props)) ? [valueIn(props)] : [])
  const numbers = (read: (all: Sums) => unknown): Question => ({
    ...counting,
    name: ['numbers', property],
    values: number,
    read: (tally, start) => read(sums(tally, start)),
    condition,
  })
  const some = (read: (all: Sums) => unknown) => numbers((all) => (all[0] > 0 ? read(all) : null))
  // Whether the value fits is known when it comes: then no value has to be kept.
  const fits = (props: Props): unknown[] => (valueIn(props) === null ? [] : [matchesValue(condition, valueIn(props), [groups, []])])
  const fit: Question = { ...PLAIN, name: [measure, property, condition], values: fits, condition: isObject(condition) && condition.$exists === false ? condition : true }

  switch (measure) {
    case 'sum':
      return { ...numbers(([, sum]) => sum), upTo: Math.max(0, ...named(condition)), ...threshold(condition) }
    case 'avg':
      return some(([count, sum]) => sum / count)
    case 'min':
      return some(([, , least]) => least)
    case 'max':
      return some(([, , , most]) => most)
    case 'distinct':
      return { ...PLAIN, name: ['distinct', property], kind: 'unique', values: (props) => elements(valueIn(props)), ...counted(condition) }
    case 'most':
      return { ...PLAIN, name: ['most', property], kind: 'all', merge: addSeen, values: (props) => elements(valueIn(props)), read: mostSeen, condition }
    case 'first':
      return {
        ...fit,
        kind: ever ? 'oldest' : 'all',
        merge: (hour, value) => hour ?? value,
        read: ({ values }, start) => values[start] ?? null,
      }
    default:
      return { ...fit, kind: 'newest', read: ({ values, times }, start) => (start < times.length ? values[values.length - 1] : null) }
  }
}
