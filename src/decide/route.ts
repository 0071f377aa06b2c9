// Which streams an event could be for: by its type, then by the value of one property, so that those which ask about
// something else cost nothing.

import { at, isObject } from '../lib/own.js'
import type { VisitorEvent } from '../types.js'
import { type Groups, matches } from './conditions.js'

/** Wants events of a type with these properties; `bit` is what such an event is to it. */
export interface Want<T> {
  type: string
  where: object | undefined
  of: T
  bit: number
}

export interface Routes<T> {
  add(want: Want<T>): void
  /** Calls `found` for each that wants the event; one may be called twice. */
  find(event: VisitorEvent, found: (of: T, bit: number) => void): void
}

interface Route<T> {
  where: object | undefined
  /** Found under its value, it needs no second look: under any that is coerced to it, or only under the very same. */
  sure: 'coerced' | 'same' | undefined
  of: T
  bit: number
}

interface Type<T> {
  others: Route<T>[]
  paths: Map<string, Map<unknown, Route<T>[]>>
}

export const isPlain = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number'

/** The values that a condition names, where no other value could satisfy it. */
const valuesOf = (condition: unknown): unknown[] => {
  if (isPlain(condition)) return [condition]
  if (!isObject(condition)) return []
  const { $eq, $in } = condition
  return isPlain($eq) ? [$eq] : Array.isArray($in) && $in.every(isPlain) ? $in : []
}

/** What a bare text and a bare number would be compared with, for the dialect's coercions. */
const coerced = (value: unknown): unknown[] => {
  try {
    return [`${value}`, (value as number) * 1]
  } catch {
    return []
  }
}

/** The property, and its values, by which an event that satisfies these conditions can be found; no path where there is none. */
export const keyOf = (where: object | undefined): [path: string | undefined, values: unknown[]] => {
  for (const [path, condition] of Object.entries(where ?? {})) {
    const values = path[0] === '$' ? [] : valuesOf(condition)
    if (values.length > 0) return [path, values]
  }
  return [undefined, []]
}

/** What a value is looked for under, the elements of a list included. */
export const lookups = (value: unknown): unknown[] => (Array.isArray(value) ? [...value, ...coerced(value)] : coerced(value))

export function routes<T>(groups: Groups): Routes<T> {
  const types = new Map<string, Type<T>>()

  return {
    add: ({ type, where, of, bit }) => {
      const { others, paths }: Type<T> = types.get(type) ?? { others: [], paths: new Map() }
      types.set(type, { others, paths })
      const keys = where ? Object.keys(where) : []
      const [path, wanted] = keyOf(where)
      if (path === undefined) return void others.push({ where: keys.length > 0 ? where : undefined, sure: undefined, of, bit })
      const condition = (where as { [key: string]: unknown })[path]
      const alone = keys.length === 1 && (isPlain(condition) || Object.keys(condition as object).length === 1)
      const route: Route<T> = { where, sure: alone ? (isPlain(condition) ? 'coerced' : 'same') : undefined, of, bit }
      const values: Map<unknown, Route<T>[]> = paths.get(path) ?? new Map()
      paths.set(path, values)
      for (const value of wanted) {
        const found = values.get(value)
        if (found) found.push(route)
        else values.set(value, [route])
      }
    },

    find: ({ type, props }, found) => {
      const known = types.get(type)
      if (!known) return
      const offer = (list: Route<T>[] | undefined, sure?: boolean, same?: boolean): void => {
        if (list) for (const route of list) if (!route.where || (sure && (same ? route.sure : route.sure === 'coerced')) || matches(route.where, props, groups)) found(route.of, route.bit)
      }
      offer(known.others)
      for (const [path, values] of known.paths) {
        const value = at(props, path)
        const several = Array.isArray(value)
        for (const key of lookups(value)) offer(values.get(key), !several, key === value)
      }
    },
  }
}
