// readJourneys() and readPopulation(): checked by their schema, and by the names of the ruleset that they use.

import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import { nearest } from '../../lib/nearest.js'
import type { Ruleset } from '../../types.js'
import { linesOf } from '../lines.js'
import { refuse } from '../terminal.js'
import type { Expected, Journey, Population } from './journey.js'
import { journeysSchema } from './schema.js'

/** `/journeys/0/steps` as the check writes paths. */
const pathOf = (pointer: string): string =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : path ? `${path}.${part}` : part), '')

const wordsOf = ({ keyword, params, message, parentSchema }: ErrorObject): string => {
  if (keyword === 'additionalProperties') {
    const { additionalProperty: key } = params as { additionalProperty: string }
    const known = Object.keys((parentSchema as { properties?: object }).properties ?? {})
    const near = nearest(key, known)
    return `unknown key "${key}"; ${near ? `did you mean "${near}"?` : `known here: ${known.join(', ')}`}`
  }
  if (keyword === 'required') return `"${(params as { missingProperty: string }).missingProperty}" is missing; add it`
  if (keyword === 'enum') return `expected one of ${(params as { allowedValues: string[] }).allowedValues.join(', ')}`
  return message ?? keyword
}

function read(file: string, text: string, kind: 'journeys' | 'population'): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return refuse(`${file} is not JSON: ${(error as Error).message}`)
  }
  const ajv = new Ajv2020({ allErrors: true, verbose: true, strictTypes: false, strictTuples: false, allowUnionTypes: true })
  const { $defs } = journeysSchema()
  const valid = ajv.compile({ $defs, $ref: `#/$defs/${kind}` })
  if (valid(value)) return value
  const lines = linesOf(text)
  // Of alternatives only the deepest says what was meant.
  const errors = (valid.errors ?? []).filter(({ keyword }) => keyword !== 'anyOf')
  const [worst = valid.errors?.[0]] = errors.sort((a, b) => b.instancePath.split('/').length - a.instancePath.split('/').length)
  const path = pathOf(worst?.instancePath ?? '')
  return refuse(`${file}:${lines.of(path)}: ${path || kind}: ${worst ? wordsOf(worst) : 'cannot be used'}`)
}

const checkNames = (file: string, where: string, { slots = {}, segments = [], notSegments = [], goals = {} }: Expected, ruleset: Ruleset): void => {
  const known = (kind: string, names: string[], among: object | undefined): void => {
    const all = Object.keys(among ?? {})
    for (const name of names) {
      if (all.includes(name)) continue
      const near = nearest(name, all)
      refuse(`${file}: ${where}: the ruleset has no ${kind} "${name}"; ${near ? `did you mean "${near}"?` : `known there: ${all.join(', ') || 'none'}`}`)
    }
  }
  known('segment', [...segments, ...notSegments], ruleset.segments)
  known('slot', Object.keys(slots), ruleset.slots)
  known('goal', Object.keys(goals), ruleset.goals)
}

/** Refuses what is no journey, or speaks of what the ruleset does not have: a misspelt expectation must not pass. */
export function readJourneys(file: string, text: string, ruleset: Ruleset): Journey[] {
  const { journeys } = read(file, text, 'journeys') as { journeys: Journey[] }
  for (const { name, steps } of journeys) {
    for (const [i, { expect, slots = [], reach = [], dismiss }] of steps.entries()) {
      const named = [...slots, ...reach, ...(dismiss ? [dismiss] : [])]
      const where = `"${name}", step ${i + 1}`
      checkNames(file, where, expect ?? {}, ruleset)
      checkNames(file, where, { slots: Object.fromEntries(named.map((slot) => [slot, slot])) }, ruleset)
    }
  }
  return journeys
}

export const readPopulation = (file: string, text: string): Population => read(file, text, 'population') as Population
