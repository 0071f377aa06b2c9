// Describes what a JSON file may hold, and says by path what is wrong and how to mend it.

import { duration } from './duration.js'
import { nearest } from './nearest.js'
import { isObject, own } from './own.js'

export interface Problem {
  /** `segments.shoe-lover.count` */
  path: string
  message: string
}

/** Checks one value; tells `report` of each problem. */
export type Shape = (value: unknown, path: string, report: (path: string, message: string) => void) => void

const show = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

const expected = (what: string, is: (value: unknown) => boolean): Shape => (value, path, report) => {
  if (!is(value)) report(path, `expected ${what}, got ${show(value)}`)
}

export const text = expected('a text', (value) => typeof value === 'string' && value !== '')
export const anyText = expected('a text', (value) => typeof value === 'string')
export const flag = expected('true or false', (value) => typeof value === 'boolean')
export const length = expected('a duration such as "30m", "7d" or "12w"', (value) => duration(value) >= 0)
export const integer = expected('a whole number, 0 or more', (value) => Number.isInteger(value) && (value as number) >= 0)
export const positive = expected('a whole number, 1 or more', (value) => Number.isInteger(value) && (value as number) > 0)
export const share = expected('a share from 0 to 1', (value) => typeof value === 'number' && value >= 0 && value <= 1)
export const amount = expected('a number, 0 or more', (value) => Number.isFinite(value) && (value as number) >= 0)

export const oneOf = (...words: string[]): Shape => expected(`one of ${words.join(', ')}`, (value) => words.includes(value as string))

/** Names that would reach a prototype where a careless reader looks them up. */
const FORBIDDEN = ['__proto__', 'constructor', 'prototype']

export const join = (path: string, key: string): string => (path ? `${path}.${key}` : key)

const open = (value: unknown, path: string, report: Parameters<Shape>[2]): value is Record<string, unknown> => {
  if (!isObject(value)) {
    report(path, `expected an object, got ${show(value)}`)
    return false
  }
  for (const key of Object.keys(value)) if (FORBIDDEN.includes(key)) report(join(path, key), 'this name is not allowed; choose another')
  return true
}

export const list =
  (of: Shape, least = 1): Shape =>
  (value, path, report) => {
    if (!Array.isArray(value) || value.length < least) return report(path, `expected a list${least ? ' with at least one entry' : ''}, got ${show(value)}`)
    value.forEach((entry, index) => of(entry, `${path}[${index}]`, report))
  }

/** Names that the site chooses, each with a value of one shape. */
export const map =
  (of: Shape): Shape =>
  (value, path, report) => {
    if (open(value, path, report)) for (const key of Object.keys(value)) of(value[key], join(path, key), report)
  }

/** Known keys only, so that a mistyped one is never passed over. */
export const object =
  (fields: { [key: string]: Shape }, required: string[] = []): Shape =>
  (value, path, report) => {
    if (!open(value, path, report)) return
    for (const key of Object.keys(value)) {
      const field = own(fields, key)
      if (field) field(value[key], join(path, key), report)
      else report(join(path, key), `unknown key "${key}"; ${meant(key, Object.keys(fields))}`)
    }
    for (const key of required) if (own(value, key) === undefined) report(path, `"${key}" is missing; add it`)
  }

/** The mend for an unknown name. */
export const meant = (name: string, known: readonly string[]): string => {
  const near = nearest(name, known)
  return near ? `did you mean "${near}"?` : known.length ? `known here: ${known.join(', ')}` : 'none is known here'
}
