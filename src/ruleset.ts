// The ruleset: what it may hold, what is wrong with one, and how it is fetched.

import { isOperators, OPERATOR_NAMES } from './decide/conditions.js'
import { deadline } from './lib/deadline.js'
import { isObject, own } from './lib/own.js'
import { amount, anyText, flag, integer, join, length, list, map, meant, object, oneOf, positive, type Problem, type Shape, share, text } from './lib/shape.js'
import type { Ruleset } from './types.js'

export type { Problem }

/** A ruleset that cannot be used; `problems` holds each path with its mend. */
export interface RulesetError extends Error {
  name: 'RulesetError'
  problems: Problem[]
}

/** Bytes. A larger file would hold up the page while it is parsed. */
const LARGEST = 256 * 1024

/** ms. A ruleset that comes later than this finds a page that has long been read. */
const WITHIN = 10_000

const condition: Shape = (value, path, report) => {
  if (!isObject(value)) return
  if (!isOperators(value)) {
    const operators = Object.keys(value).filter((key) => key.startsWith('$'))
    if (operators.length > 0) report(path, `mixes the operator ${operators[0]} with names; give operators an object of their own`)
    return
  }
  for (const name of Object.keys(value)) {
    if (!OPERATOR_NAMES.includes(name)) report(join(path, name), `unknown operator "${name}"; ${meant(name, OPERATOR_NAMES)}`)
    else if (/in$/.test(name) && !Array.isArray(value[name])) report(join(path, name), `"${name}" takes a list, as in { "${name}": ["a", "b"] }`)
  }
}

const count: Shape = (value, path, report) => {
  if (typeof value !== 'number' && !isOperators(value)) {
    report(path, `expected a number or a condition such as { "$gte": 3 }, got ${JSON.stringify(value)}`)
  } else condition(value, path, report)
}

const conditions = map(condition)

// One word says what kind of rule it is; the table is also the list of what can be written.
const RULES: { [word: string]: Shape } = {
  segment: object({ segment: text }),
  all: (value, path, report) => object({ all: list(rule) })(value, path, report),
  any: (value, path, report) => object({ any: list(rule) })(value, path, report),
  not: (value, path, report) => object({ not: rule })(value, path, report),
  trait: object({ trait: conditions }),
  context: object({ context: conditions }),
  event: object({ event: text, where: conditions, within: length, count }),
}

const rule: Shape = (value, path, report) => {
  if (typeof value === 'string' && value) return
  const words = Object.keys(RULES)
  const word = isObject(value) ? words.find((key) => key in value) : undefined
  if (word) return (RULES[word] as Shape)(value, path, report)
  const key = isObject(value) ? (Object.keys(value)[0] ?? '') : ''
  report(path, `expected a segment's name or a rule with one of ${words.join(', ')}${key ? `; unknown key "${key}", ${meant(key, words)}` : ''}`)
}

const weights: Shape = (value, path, report) => {
  map(amount)(value, path, report)
  if (isObject(value) && !Object.values(value).some((weight) => (weight as number) > 0)) report(path, 'at least one weight must be above 0')
}

const by = list(object({ segment: text, weights }, ['segment', 'weights']))

const experience = object(
  {
    name: text,
    enabled: flag,
    when: rule,
    show: text,
    split: object({ version: integer, weights, by, past: list(object({ version: integer, weights, by }, ['version', 'weights'])) }, ['weights']),
    goal: text,
    learn: flag,
  },
  ['name'],
)

const variant = object({ text: map(anyText) }, ['text'])

const ruleset = object(
  {
    $schema: text,
    version: integer,
    holdout: share,
    epochDays: positive,
    pages: map((value, path, report) => (Array.isArray(value) ? list(text) : text)(value, path, report)),
    segments: map(rule),
    goals: map(object({ event: text, where: conditions, window: length }, ['event'])),
    slots: map(object({ experiences: list(experience, 0), variants: map(variant) })),
    retention: object({ events: length, count: integer }),
    consent: object({ before: oneOf('local', 'memory', 'off'), legalGround: text, revision: integer, controller: text, policy: text, banner: flag }),
    sync: object({ endpoint: text, service: text }, ['endpoint']),
  },
  ['version'],
)

/** All that is wrong with a ruleset, by path; empty when it can be used. */
export function checkRuleset(value: unknown): Problem[] {
  const problems: Problem[] = []
  const report = (path: string, message: string): void => void problems.push({ path: path || 'ruleset', message })
  ruleset(value, '', report)
  // What the names refer to can only be said of a ruleset whose shape is right.
  if (problems.length === 0) references(value as Ruleset, report)
  return problems
}

function references({ segments = {}, goals = {}, slots = {} }: Ruleset, report: (path: string, message: string) => void): void {
  const names = Object.keys(segments)

  // Depth first through what a rule names; `open` is the way that led here, and empty for an experience's rule.
  const done = new Set<string>()
  const enter = (name: string, open: string[]): void => {
    if (done.has(name)) return
    done.add(name)
    visit(segments[name], `segments.${name}`, [...open, name])
  }
  const visit = (value: unknown, path: string, open: string[]): void => {
    if (typeof value === 'string') {
      if (!names.includes(value)) report(path, `no segment "${value}"; ${meant(value, names)}`)
      else if (open.includes(value)) report(path, `segments go round in a circle: ${[...open, value].join(' -> ')}; break it`)
      else enter(value, open)
      return
    }
    const { segment, all, any, not } = value as { segment?: string; all?: unknown[]; any?: unknown[]; not?: unknown }
    if (segment !== undefined) visit(segment, join(path, 'segment'), open)
    if (not !== undefined) visit(not, join(path, 'not'), open)
    all?.forEach((entry, i) => visit(entry, `${path}.all[${i}]`, open))
    any?.forEach((entry, i) => visit(entry, `${path}.any[${i}]`, open))
  }
  for (const name of names) enter(name, [])

  const taken = new Map<string, string>()
  for (const [slot, { experiences = [], variants = {} }] of Object.entries(slots)) {
    if (Object.keys(variants).includes('default')) report(`slots.${slot}.variants.default`, '"default" is the page\'s own content; give the variant another name')
    experiences.forEach(({ name, when, show, split, goal }, i) => {
      const path = `slots.${slot}.experiences[${i}]`
      if (taken.has(name)) report(`${path}.name`, `"${name}" is also the name of ${taken.get(name)}; names are unique in the ruleset`)
      taken.set(name, path)
      if ((show === undefined) === (split === undefined)) report(path, 'needs either "show" or "split", and not both')
      if (when !== undefined) visit(when, `${path}.when`, [])
      split?.by?.forEach(({ segment }, j) => visit(segment, `${path}.split.by[${j}].segment`, []))
      const versions = [split?.version ?? 1]
      split?.past?.forEach(({ version }, j) => {
        if (versions.includes(version)) report(`${path}.split.past[${j}].version`, `version ${version} stands there already; each change of weights has a version of its own`)
        versions.push(version)
      })
      if (goal !== undefined && !Object.keys(goals).includes(goal)) report(`${path}.goal`, `no goal "${goal}"; ${meant(goal, Object.keys(goals))}`)
    })
  }
}

function rulesetError(problems: Problem[]): RulesetError {
  const lines = problems.slice(0, 5).map(({ path, message }) => `  ${path}: ${message}`)
  if (problems.length > 5) lines.push(`  and ${problems.length - 5} more`)
  return Object.assign(new Error(`The ruleset cannot be used:\n${lines.join('\n')}`), { name: 'RulesetError' as const, problems })
}

/** The ruleset itself, when nothing is wrong with it. Throws a RulesetError that names path and mend. */
export function assertRuleset(value: unknown): Ruleset {
  const problems = checkRuleset(value)
  if (problems.length > 0) throw rulesetError(problems)
  return value as Ruleset
}

/**
 * The ruleset as a visitor's page takes it: a variant that is wrong is left out, with a word to `dropped`, and
 * never costs the page all others. Throws a RulesetError for anything else.
 */
export function usableRuleset(value: unknown, dropped: (problem: Problem) => void): Ruleset {
  for (const [slot, rules] of entries(own(asRecord(value), 'slots'))) {
    const variants = asRecord(own(asRecord(rules), 'variants'))
    for (const [name, data] of entries(variants)) {
      const problems: Problem[] = []
      variant(data, `slots.${slot}.variants.${name}`, (path, message) => problems.push({ path, message }))
      if (!problems[0]) continue
      dropped(problems[0])
      delete variants?.[name]
    }
  }
  return assertRuleset(value)
}

const asRecord = (value: unknown): Record<string, unknown> | undefined => (isObject(value) ? value : undefined)
const entries = (value: unknown): [string, unknown][] => Object.entries(asRecord(value) ?? {})

/** Fetches a ruleset and parses it. Throws an Error that names the address and the mend. */
async function fetchRuleset(url: string, fetch: typeof globalThis.fetch): Promise<unknown> {
  const failed = (what: string): Error => new Error(`The ruleset at ${url} ${what}`)
  const response = await fetch(url).catch((error) => {
    throw failed(`could not be fetched: ${error}`)
  })
  if (!response.ok) throw failed(`could not be fetched: HTTP ${response.status}; check data-ruleset`)
  const body = await response.text()
  if (body.length > LARGEST) throw failed(`has ${body.length} bytes, more than ${LARGEST}; split it or remove what is not used`)
  try {
    return JSON.parse(body)
  } catch (error) {
    throw failed(`is not JSON: ${(error as Error).message}`)
  }
}

/** A usable ruleset from its address, or from whatever loads it; see `usableRuleset`. Rejects when it takes too long. */
export async function loadRuleset(source: string | (() => Promise<unknown>), fetch: typeof globalThis.fetch, dropped: (problem: Problem) => void): Promise<Ruleset> {
  return usableRuleset(await deadline(typeof source === 'string' ? fetchRuleset(source, fetch) : source(), WITHIN, 'The ruleset'), dropped)
}
