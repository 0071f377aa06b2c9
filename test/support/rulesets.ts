// Random rulesets out of nothing but the description of what one may hold, and the same with a slip.

import { container } from '../../src/lib/shape.js'
import { SHAPES } from '../../src/shapes.js'
import type { Random } from '../decide/scenario.js'

const SAMPLES: { [type: string]: unknown } = {
  any: 1, text: 'x', anyText: '', word: 'x', flag: true, number: 1.5, order: 'a', integer: 3, positive: 2, amount: 0.5, share: 0.3,
  length: '7d', date: '2026-11-27', zone: 'UTC', regex: '^a', selector: '#a > b', literal: 1, yes: true, factor: 2, tree: [['p', { class: 'x' }, 'x', ['b', 'y']], 'z'],
}
// What is only right by what it refers to cannot be made from shapes: those names are given.
const NAMES: { [key: string]: unknown } = { segment: 'other', weights: { default: 1 }, goal: 'goal', untilGoal: 'goal', interest: { tags: 'x' }, attributes: { h1: { title: 'x' } }, redirect: undefined }

/** A value of a type, out of nothing but the description. */
const sample = (type: string, next: Random, depth = 0): unknown => {
  const pick = <T>(list: T[]): T => list[Math.floor(next() * list.length)] as T
  if (type[0] === '=') return pick(type.slice(1).split(','))
  const [, of, bracket, size] = container(type) ?? []
  if (of && bracket === '[') return Array.from({ length: size === '2' ? 2 : 1 }, () => sample(of, next, depth + 1))
  if (of) return { some: sample(of, next, depth + 1) }
  const shape = SHAPES[type]
  if (shape === undefined) return SAMPLES[type]
  if (typeof shape === 'string') {
    const [alias, extra] = shape.split('&') as [string, string | undefined]
    const made = sample(depth > 6 ? (alias.split('|')[0] as string) : pick(alias.split('|')), next, depth + 1)
    return extra && typeof made === 'object' && next() < 0.3 ? { ...made, [extra]: '1d' } : typeof made === 'string' && type !== 'paths' && alias.startsWith('rule') ? 'other' : made
  }
  const { '?': several = '', '^': one = '', '+': some, '*': rest, ...fields } = shape
  const chosen = one ? [pick(one.split(','))] : several && next() < 0.7 ? [pick(several.split(','))] : []
  const object: { [key: string]: unknown } = {}
  for (const [key, of] of Object.entries(fields)) {
    const exclusive = [...several.split(','), ...one.split(',')].includes(key)
    if (exclusive ? !chosen.includes(key) : !of.endsWith('!') && (depth > 6 || next() < 0.5)) continue
    object[key] = NAMES[key] ?? (key === 'when' || of === 'rule!' ? 'other' : sample(of.replace('!', ''), next, depth + 1))
  }
  if ((some || type === 'numbers' || type === 'operators') && Object.keys(object).length === 0) {
    const [[key, of]] = Object.entries(fields) as [[string, string]]
    object[key] = sample(of, next, depth + 1)
  }
  return object
}

/** A right ruleset, of anything that one may hold. */
export const whole = (next: Random): Record<string, unknown> => {
  const made = sample('ruleset', next) as { segments?: object; goals?: object; interests?: object }
  return { ...made, segments: { ...made.segments, other: { event: 'x' } }, goals: { goal: { event: 'x' } }, interests: { tags: { halfLife: '1d', weights: { x: 1 } } } }
}

/** One slip, somewhere. */
export const slip = (value: unknown, next: Random): unknown => {
  const places: [object: Record<string, unknown>, key: string][] = []
  const walk = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return
    for (const [key, inner] of Object.entries(part)) {
      places.push([part as Record<string, unknown>, key])
      walk(inner)
    }
  }
  const copy = structuredClone(value)
  walk(copy)
  const [object, key] = places[Math.floor(next() * places.length)] as (typeof places)[number]
  const slips: (() => void)[] = [
    () => Object.assign(object, { [key]: '7dd' }),
    () => Object.assign(object, { [key]: {} }),
    () => Object.assign(object, { [key]: [] }),
    () => Object.assign(object, { [key]: null }),
    () => Object.assign(object, { [key]: -1.5 }),
    () => void delete object[key],
    () => {
      object[`${key}x`] = object[key]
      delete object[key]
    },
    () => Object.assign(object, { $gtee: 1 }),
    () => Object.assign(object, { count: 1, sum: { a: 1 } }),
    () => Object.assign(object, JSON.parse('{ "constructor": 1 }')),
  ]
  ;(slips[Math.floor(next() * slips.length)] as () => void)()
  return JSON.parse(JSON.stringify(copy))
}
