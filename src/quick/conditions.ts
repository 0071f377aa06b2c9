// matches(): a condition on values by the operators that most sites need, with the results that all of them give.

import { at, isObject } from '../lib/own.js'

type Operator = (actual: unknown, expected: unknown) => boolean

const isIn = (actual: unknown, expected: unknown): boolean =>
  Array.isArray(expected) && (Array.isArray(actual) ? actual.some((element) => expected.includes(element)) : expected.includes(actual))

// Comparisons keep JavaScript's own coercions: the dialect has them so, and teams carry their targeting over.
export const OPERATORS: { [name: string]: Operator } = {
  $eq: (actual, expected) => actual === expected,
  $ne: (actual, expected) => actual !== expected,
  $in: isIn,
  $nin: (actual, expected) => Array.isArray(expected) && !isIn(actual, expected),
  $gt: (actual, expected) => (actual as number) > (expected as number),
  $gte: (actual, expected) => (actual as number) >= (expected as number),
  $lt: (actual, expected) => (actual as number) < (expected as number),
  $lte: (actual, expected) => (actual as number) <= (expected as number),
}

/** Does an object hold operators only (`{ "$gte": 3 }`), and at least one? */
export const isOperators = (value: unknown): value is Record<string, unknown> => {
  if (!isObject(value)) return false
  const keys = Object.keys(value)
  return keys.length > 0 && keys.every((key) => key.startsWith('$'))
}

/** One value against one condition; a missing value is null. */
export function matchesValue(condition: unknown, value: unknown): boolean {
  if (isOperators(condition)) return Object.keys(condition).every((name) => OPERATORS[name]?.(value, condition[name]) ?? false)
  switch (typeof condition) {
    case 'string':
      return `${value}` === condition
    case 'number':
      return (value as number) * 1 === condition
    case 'boolean':
      return value !== null && !!value === condition
    default:
      return condition === null ? value === null : JSON.stringify(value) === JSON.stringify(condition)
  }
}

/** Conditions by dotted path against an object; all must hold. */
export const matches = (conditions: object, object: unknown): boolean =>
  Object.entries(conditions).every(([path, condition]) => matchesValue(condition, at(object, path)))
