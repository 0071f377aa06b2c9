// matches(): a condition on values, in the dialect and with the coercions of GrowthBook's targeting conditions.

import { at, isObject, own } from '../lib/own.js'

/** Saved groups by id: a list of values, or a condition. */
export type Groups = { [id: string]: unknown }

/** What operators see besides the two values: saved groups, and the ids of those that are being resolved. */
type Scope = [groups: Groups, open: readonly string[]]
type Operator = (actual: never, expected: never, scope: Scope) => boolean
type List = unknown[]

/** A regular expression sees no more characters: what a visitor's page holds must not hold up the page. */
const LONGEST = 512

const fold = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value)

const isIn = (actual: unknown, expected: unknown): boolean =>
  Array.isArray(expected) && (Array.isArray(actual) ? actual.some((element) => expected.includes(element)) : expected.includes(actual))

const isInFolded = (actual: unknown, expected: unknown): boolean =>
  Array.isArray(expected) && isIn(Array.isArray(actual) ? actual.map(fold) : fold(actual), expected.map(fold))

const hasAll = (actual: unknown, expected: unknown, same: (wanted: unknown, element: unknown) => boolean): boolean =>
  Array.isArray(expected) && Array.isArray(actual) && expected.every((wanted) => actual.some((element) => same(wanted, element)))

/** The values of a saved group: an unknown one is empty, and undefined stands for one that has none. */
const valuesOf = ([groups]: Scope, id: string): List | undefined => {
  const group = own(groups, id)
  const values = isObject(group) && group.type === 'list' ? group.values : group === undefined ? [] : group
  return Array.isArray(values) ? values : undefined
}

/** A version as text that sorts as versions do: numbers padded, a release after its candidates. */
const padded = (version: unknown): string => {
  const text = typeof version === 'number' ? `${version}` : version
  const parts = (text && typeof text === 'string' ? text : '0').replace(/(^v|\+.*$)/g, '').split(/[-.]/)
  if (parts.length === 3) parts.push('~')
  return parts.map((part) => (/^[0-9]+$/.test(part) ? part.padStart(5) : part)).join('-')
}

const test = (actual: unknown, pattern: string, flags?: string): boolean => {
  try {
    return new RegExp(pattern.replace(/([^\\])\//g, '$1\\/'), flags).test(`${actual}`.slice(0, LONGEST))
  } catch {
    return false
  }
}

// Comparisons keep JavaScript's own coercions: the dialect has them so, and teams carry their targeting over.
const OPERATORS: { [name: string]: Operator } = {
  $eq: (actual, expected) => actual === expected,
  $ne: (actual, expected) => actual !== expected,
  $gt: (actual, expected) => actual > expected,
  $gte: (actual, expected) => actual >= expected,
  $lt: (actual, expected) => actual < expected,
  $lte: (actual, expected) => actual <= expected,
  $in: isIn,
  $nin: (actual, expected) => Array.isArray(expected) && !isIn(actual, expected),
  $ini: isInFolded,
  $nini: (actual, expected) => Array.isArray(expected) && !isInFolded(actual, expected),
  $all: (actual, expected, scope) => hasAll(actual, expected, (wanted, element) => matchesValue(wanted, element, scope)),
  $alli: (actual, expected, scope) =>
    hasAll(actual, expected, (wanted, element) =>
      typeof wanted === 'string' ? `${element}`.toLowerCase() === wanted.toLowerCase() : matchesValue(wanted, element, scope),
    ),
  $exists: (actual, expected) => (actual != null) === !!expected,
  $type: (actual, expected) =>
    (actual === null ? 'null' : Array.isArray(actual) ? 'array' : /^(fu|sy|bi)/.test(typeof actual) ? 'unknown' : typeof actual) === expected,
  $size: (actual: unknown, expected: unknown, scope) => Array.isArray(actual) && matchesValue(expected, actual.length, scope),
  $elemMatch: (actual: unknown, expected: unknown, scope) =>
    Array.isArray(actual) &&
    actual.some((element) => element != null && (isOperators(expected) ? matchesValue(expected, element, scope) : holds(expected, element, scope))),
  $regex: (actual, expected) => test(actual, expected),
  $regexi: (actual, expected) => test(actual, expected, 'i'),
  $not: (actual, expected, scope) => !matchesValue(expected, actual, scope),
  $inGroup: (actual, expected, scope) => isIn(actual, valuesOf(scope, expected)),
  $notInGroup: (actual, expected, scope) => {
    const values = valuesOf(scope, expected)
    return values !== undefined && !isIn(actual, values)
  },
  $veq: (actual, expected) => padded(actual) === padded(expected),
  $vne: (actual, expected) => padded(actual) !== padded(expected),
  $vgt: (actual, expected) => padded(actual) > padded(expected),
  $vgte: (actual, expected) => padded(actual) >= padded(expected),
  $vlt: (actual, expected) => padded(actual) < padded(expected),
  $vlte: (actual, expected) => padded(actual) <= padded(expected),
}

export const OPERATOR_NAMES: readonly string[] = Object.keys(OPERATORS)

/** Does an object hold operators only (`{ "$gte": 3 }`), and at least one? */
export const isOperators = (value: unknown): value is Record<string, unknown> => {
  if (!isObject(value)) return false
  const keys = Object.keys(value)
  return keys.length > 0 && keys.every((key) => key[0] === '$')
}

const NO_GROUPS: Scope = [{}, []]

/** One value against one condition; a missing value is null. */
export function matchesValue(condition: unknown, value: unknown, scope: Scope = NO_GROUPS): boolean {
  if (isOperators(condition)) return Object.keys(condition).every((name) => own(OPERATORS, name)?.(value as never, condition[name] as never, scope) ?? false)
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

/** A saved group, by a reference that may name another attribute than the group's own. */
function inSavedGroup(object: unknown, reference: unknown, [groups, open]: Scope): boolean {
  if (!isObject(reference)) return false
  const { id, attributeKey } = reference
  if (typeof id !== 'string' || open.includes(id) || (attributeKey !== undefined && typeof attributeKey !== 'string')) return false
  const group = own(groups, id)
  if (!isObject(group)) return false
  if (group.type === 'list') {
    const path = attributeKey ?? group.attributeKey
    return typeof path === 'string' && isIn(at(object, path), group.values)
  }
  return group.type === 'condition' && typeof group.condition === 'object' && holds(group.condition, object, [groups, [...open, id]])
}

function holds(conditions: unknown, object: unknown, scope: Scope): boolean {
  const one = (condition: unknown): boolean => holds(condition, object, scope)
  // As the dialect has it, an empty $or holds.
  const any = (list: List): boolean => list.length === 0 || list.some(one)
  return Object.entries(conditions as object).every(([key, condition]) => {
    switch (key) {
      case '$or':
        return any(condition)
      case '$nor':
        return !any(condition)
      case '$and':
        return condition.every(one)
      case '$not':
        return !one(condition)
      case '$savedGroup':
        return inSavedGroup(object, condition, scope)
      default:
        return matchesValue(condition, at(object, key), scope)
    }
  })
}

/**
 * Conditions by dotted path against an object; all must hold. What cannot be compared at all, such as a list that
 * is nested thousands of times, matches nothing.
 */
export function matches(conditions: object, object: unknown, groups: Groups = {}): boolean {
  try {
    return holds(conditions, object, [groups, []])
  } catch {
    return false
  }
}
