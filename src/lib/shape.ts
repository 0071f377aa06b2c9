// Checks data against a description, and says by path and kind what is wrong; the sentences are made elsewhere.

import { isObject, own } from './own.js'

/** What is wrong at a path. */
export interface Fault {
  path: string
  /** Stable: the type that was expected there, or what else is wrong. */
  kind: string
  /** What stands there, or the name that is not known. */
  got: unknown
  /** The names that are known there. */
  known: readonly string[]
}

export type Report = (path: string, kind: string, got?: unknown, known?: readonly string[]) => void

/** Types by name: an alias, or the keys of an object. See the head of shapes.ts for how they are written. */
export interface Shapes {
  [type: string]: string | { [key: string]: string }
}

/** Names that would reach a prototype where a careless reader looks them up. */
const FORBIDDEN = ['__proto__', 'constructor', 'prototype']
/** So deep may one thing lie in another. */
const DEEPEST = 16

export const join = (path: string, key: string): string => (path ? `${path}.${key}` : key)

/** `type[]` and the like: what is in it, which bracket, and how many. */
export const container = (type: string): RegExpExecArray | null => /^(\w+)([[{])(.*)[\]}]$/.exec(type)

export function checker(shapes: Shapes, scalars: { [type: string]: (value: never) => boolean }, report: Report) {
  /** Is this what somebody had in mind who wrote `value`? */
  const meant = (type: string, value: unknown): boolean => {
    if (type[0] === '=') return type.slice(1).split(',').includes(value as string)
    const scalar = own(scalars, type)
    if (scalar) return scalar(value as never)
    const [, , bracket] = container(type) ?? []
    if (bracket) return bracket === '[' ? Array.isArray(value) : isObject(value)
    const shape = own(shapes, type)
    if (!isObject(shape)) return String(shape).split('|').some((one) => meant(one, value))
    if (!isObject(value)) return false
    const [first, of] = Object.entries(shape).find(([key]) => /^[$\w]/.test(key)) as [string, string]
    return of.endsWith('!') ? own(value, first) !== undefined : first[0] !== '$' || '*' in shape || (Object.keys(value).length > 0 && Object.keys(value).every((key) => key[0] === '$'))
  }

  const check = (type: string, value: unknown, path: string, extra?: { [key: string]: string }, depth = 0): unknown => {
    const wrong = (kind: string, known?: readonly string[]): void => report(path, kind, value, known)
    const [, of, bracket, size] = container(type) ?? []
    if (bracket === '[') {
      const most = Number(size) || Number.POSITIVE_INFINITY
      if (!Array.isArray(value) || value.length > most || value.length < (size === '*' ? 0 : size === '2' ? 2 : 1)) return wrong(size === '*' ? 'list' : `list${size || 1}`)
      return value.forEach((entry, index) => check(of as string, entry, `${path}[${index}]`, undefined, depth))
    }
    const shape = own(shapes, type)
    if (!bracket && typeof shape === 'string') {
      const [alias, key] = shape.split('&') as [string, string | undefined]
      if (key) return check(alias, value, path, { [key]: 'length' }, depth)
      const chosen = shape.split('|').find((one) => meant(one, value))
      return chosen ? check(chosen, value, path, extra, depth) : wrong(type)
    }
    if (!bracket && !isObject(shape)) return meant(type, value) ? undefined : wrong(type)

    if (!isObject(value)) return wrong('object')
    if (depth >= DEEPEST) return wrong('deep')
    const keys = Object.keys(value)
    const fields: { [key: string]: string } = { ...(shape as { [key: string]: string }), ...extra }
    const known = Object.keys(fields).filter((key) => /^[$\w]/.test(key))
    for (const key of keys) {
      const field = of ?? (known.includes(key) ? fields[key] : key[0] === '$' ? undefined : fields['*'])
      if (FORBIDDEN.includes(key)) report(join(path, key), 'forbidden', key)
      else if (field) check(field.replace('!', ''), value[key], join(path, key), undefined, depth + (/^(rule|term|conditions?|measure|elements|group)\b/.test(field) ? 1 : 0))
      else report(join(path, key), 'unknown', key, known)
    }
    for (const key of known) if (fields[key]?.endsWith('!') && own(value, key) === undefined) wrong('missing', [key])
    const given = (names = ''): number => names.split(',').filter((name) => own(value, name) !== undefined).length
    if (given(fields['?']) > 1) wrong('several', fields['?']?.split(','))
    if (fields['^'] && given(fields['^']) !== 1) wrong('one', fields['^'].split(','))
    if ((fields['+'] && keys.length === 0) || (size === '1' && keys.length !== 1)) wrong('empty', known)
  }
  return check
}
