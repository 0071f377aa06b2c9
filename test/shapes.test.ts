// @vitest-environment node
// Type, check and JSON Schema are one: generated rulesets, right ones and ones with a slip, get the same verdict.

import Ajv from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { describe, jsonSchema, keysOf } from '../src/cli/schema.js'
import { checkRuleset } from '../src/ruleset.js'
import { container } from '../src/lib/shape.js'
import { SHAPES } from '../src/shapes.js'
import { type Random, random, scenario } from './decide/scenario.js'

const validate = new Ajv({ allowUnionTypes: true, strict: true, formats: { regex: true }, strictRequired: false, strictTypes: false }).compile(jsonSchema() as object)

const SAMPLES: { [type: string]: unknown } = {
  any: 1, text: 'x', anyText: '', word: 'x', flag: true, number: 1.5, order: 'a', integer: 3, positive: 2, amount: 0.5, share: 0.3,
  length: '7d', date: '2026-11-27', zone: 'UTC', regex: '^a', literal: 1,
}
// What is only right by what it refers to cannot be made from shapes: those names are given.
const NAMES: { [key: string]: unknown } = { segment: 'other', weights: { default: 1 }, goal: 'goal', interest: { tags: 'x' } }

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

const whole = (next: Random): Record<string, unknown> => {
  const made = sample('ruleset', next) as { segments?: object; goals?: object; interests?: object }
  return { ...made, segments: { ...made.segments, other: { event: 'x' } }, goals: { goal: { event: 'x' } }, interests: { tags: { halfLife: '1d', weights: { x: 1 } } } }
}

/** One slip, somewhere. */
const slip = (value: unknown, next: Random): unknown => {
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

/** What the schema cannot know: where a name leads, and how patterns and zones behave. */
const onlyByReference = (value: unknown): boolean => {
  const problems = checkRuleset(value)
  return problems.length > 0 && problems.every(({ message }) => /^(no (segment|goal|interest|group)|segments go round|at least one weight|".*" is (also|the page)|version \d|expected a time zone .* got "[^"]|.*is no regular expression)/.test(message))
}

test('every key of a ruleset is explained in the schema', () => {
  expect(keysOf().filter((key) => !describe(...(key.split('.') as [string, string])))).toEqual([])
  expect(JSON.stringify(jsonSchema())).not.toContain('"description":null')
})

test('right rulesets are right by check and by schema', () => {
  for (let seed = 1; seed <= 1500; seed++) {
    const ruleset = whole(random(seed))
    expect(checkRuleset(ruleset).filter(() => !onlyByReference(ruleset)), JSON.stringify(ruleset)).toEqual([])
    expect(validate(ruleset), `seed ${seed}: ${JSON.stringify(validate.errors?.[0])} in ${JSON.stringify(ruleset)}`).toBe(true)
  }
  for (let seed = 1; seed <= 300; seed++) {
    const { ruleset } = scenario(random(seed))
    expect(checkRuleset(ruleset)).toEqual([])
    expect(validate(ruleset), JSON.stringify(ruleset)).toBe(true)
  }
})

test('a slip that the check refuses is refused by the schema, and none other', () => {
  let refused = 0
  for (let seed = 1; seed <= 4000; seed++) {
    const next = random(seed)
    const ruleset = slip(whole(next), next)
    const byCheck = checkRuleset(ruleset).length === 0 || onlyByReference(ruleset)
    if (!byCheck) refused++
    expect(validate(ruleset), `seed ${seed}: ${JSON.stringify(checkRuleset(ruleset)[0])} ${JSON.stringify(validate.errors?.[0])} in ${JSON.stringify(ruleset)}`).toBe(byCheck)
  }
  expect(refused).toBeGreaterThan(1500)
})
