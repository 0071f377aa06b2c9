// The values that make a difference to a condition: its constants, what lies between them, and what is none of them.

import { isObject } from '../../lib/own.js'

/** Operators whose outcome depends on nothing but how a value stands to the constants. */
const SIMPLE = ['$eq', '$ne', '$in', '$nin', '$ini', '$nini', '$gt', '$gte', '$lt', '$lte', '$exists', '$not']

export const isSimple = (condition: unknown): boolean =>
  isObject(condition) ? Object.entries(condition).every(([key, value]) => SIMPLE.includes(key) && (key !== '$not' || isSimple(value))) : !Array.isArray(condition)

export function constants(condition: unknown): unknown[] {
  if (Array.isArray(condition)) return condition.flatMap(constants)
  if (!isObject(condition)) return [condition]
  return Object.entries(condition).flatMap(([key, value]) => (key === '$exists' ? [] : constants(value)))
}

const numbersIn = (condition: unknown): number[] => constants(condition).filter((one): one is number => typeof one === 'number' && Number.isFinite(one))

/** Each constant, one between each two neighbours, one below and one above all. */
export function numbers(condition: unknown): number[] {
  const sorted = [...new Set(numbersIn(condition))].sort((a, b) => a - b)
  const [least = 0, most = 0] = [sorted[0], sorted[sorted.length - 1]]
  return [least - 1, ...sorted, ...sorted.slice(1).map((one, i) => (one + (sorted[i] as number)) / 2), most + 1]
}

/** Of whole numbers from 0 on. */
export const counts = (condition: unknown): number[] => {
  const near = numbersIn(condition).flatMap((one) => [Math.floor(one) - 1, Math.floor(one), Math.ceil(one), Math.floor(one) + 1])
  return [...new Set([0, 1, ...near.filter((one) => one >= 0)])].sort((a, b) => a - b)
}

/** A text that nobody has thought of. */
const OTHER = '\u0001other'
/** So many constants make no more lists than can be tried. */
const MOST_LISTED = 5

const subsets = (list: unknown[]): unknown[][] => Array.from({ length: 2 ** list.length }, (_, which) => list.filter((_, i) => which & (1 << i)))

/** Of anything a site may hand over; undefined where there are too many to try. */
export function anything(condition: unknown): unknown[] | undefined {
  const named = [...new Set(constants(condition))]
  const texts = named.filter((one): one is string => typeof one === 'string')
  // A list is in as soon as one of its entries is.
  if (named.length > MOST_LISTED) return undefined
  return [undefined, null, true, false, OTHER, ...named, ...texts.flatMap((text) => [`${text}\u0001`, text.toLowerCase(), text.slice(0, -1)]), ...numbers(condition), ...numbers(condition).map(String), ...subsets([...named, OTHER])]
}

/** Of what is a text, or missing. */
export const texts = (condition: unknown): unknown[] => [undefined, OTHER, ...constants(condition), ...constants(condition).flatMap((one) => (typeof one === 'string' ? [`${one}\u0001`, one.toLowerCase(), one.slice(0, -1)] : [])), ...numbers(condition).map(String)]
