// The ruleset: what is wrong with one. What it may hold stands in shapes.ts.

import { explain, type Problem } from './explain.js'
import { isDate } from './lib/date.js'
import { duration } from './lib/duration.js'
import { notePrint } from './lib/fingerprint.js'
import { isObject, own } from './lib/own.js'
import { isSafe } from './lib/regex.js'
import { isSelector } from './lib/selector.js'
import { checker, type Fault, type Report } from './lib/shape.js'
import { zone } from './lib/zone.js'
import { fetched, type Loaded, type Source } from './load.js'
import { SHAPES } from './shapes.js'
import { isTree } from './show/allow.js'
import { plan } from './show/plan.js'
import type { Rule, Ruleset, VariantData } from './types.js'

export type { Problem }

/** A ruleset that cannot be used; `problems` holds each path with its mend. */
export interface RulesetError extends Error {
  name: 'RulesetError'
  problems: Problem[]
}

const MOST_SEGMENTS = 5000
/** So many segments may lead on to one another: following them must not exhaust the stack. */
const LONGEST_CHAIN = 100
/** So many different rows may come of a declared one. */
const MOST_CELLS = 1000

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
const isZone = (timeZone: string): boolean => {
  try {
    return isText(timeZone) && !!new Intl.DateTimeFormat('en', { timeZone })
  } catch {
    return false
  }
}

/** What one value may be; the types that shapes.ts begins with. */
const SCALARS: { [type: string]: (value: never) => boolean } = {
  any: () => true,
  text: isText,
  anyText: (value) => typeof value === 'string',
  word: (value) => isText(value) || Number.isFinite(value),
  flag: (value) => typeof value === 'boolean',
  yes: (value) => value === true,
  number: Number.isFinite,
  order: (value) => typeof value === 'string' || Number.isFinite(value),
  integer: (value) => Number.isInteger(value) && value >= 0,
  positive: (value) => Number.isInteger(value) && value > 0,
  amount: (value) => Number.isFinite(value) && value >= 0,
  factor: (value) => Number.isFinite(value) && value >= 1,
  share: (value) => Number.isFinite(value) && value >= 0 && value <= 1,
  length: (value) => duration(value) >= 0,
  date: isDate,
  zone: isZone,
  selector: isSelector,
  regex: (value) => typeof value === 'string' && isSafe(value),
  tree: isTree,
  literal: (value) => !isObject(value) || !Object.keys(value).some((key) => key[0] === '$'),
}

const faultsIn = (type: string, value: unknown, path: string, further?: (report: Report) => void): Fault[] => {
  const faults: Fault[] = []
  const report: Report = (path, kind, got, known = []) => void faults.push({ path, kind, got, known })
  checker(SHAPES, SCALARS, report)(type, value, path)
  // What the names refer to can only be said where the shape is right.
  if (faults.length === 0) further?.(report)
  return faults
}

/** All that is wrong with a ruleset, by path and kind; empty when it can be used. */
export function faultsOf(value: unknown): Fault[] {
  const segments = own(value as { segments?: unknown }, 'segments')
  const count = isObject(segments) ? Object.keys(segments).length : 0
  if (count > MOST_SEGMENTS) return [{ path: 'segments', kind: 'many', got: count, known: [] }]
  return faultsIn('ruleset', value, '', (report) => references(value as Ruleset, report))
}

function references({ segments = {}, goals = {}, slots = {}, interests = {}, fill = [], rows = {}, pages = {}, timeZone }: Ruleset, report: Report): void {
  const named = (kind: string, name: string, among: object, path: string): boolean => {
    const known = own(among as { [name: string]: unknown }, name) !== undefined
    if (!known) report(path, kind, name, Object.keys(among))
    return known
  }

  // Depth first through what a rule names; `open` is the way that led here, and empty for an experience's rule. Both
  // give how many segments lead on from there.
  const done = new Map<string, number>()
  const enter = (name: string, open: string[]): number => {
    const known = done.get(name)
    if (known !== undefined) return known
    done.set(name, 0)
    const path = `segments.${name}`
    const chain = open.length < LONGEST_CHAIN ? 1 + visit(segments[name] as Rule, path, [...open, name]) : LONGEST_CHAIN + 1
    if (chain > LONGEST_CHAIN) report(path, 'chain')
    // Told of once: beyond it, the count begins anew.
    done.set(name, chain > LONGEST_CHAIN ? 0 : chain)
    return done.get(name) as number
  }
  const visit = (rule: Rule, path: string, open: string[]): number => {
    if (typeof rule === 'string') {
      if (open.includes(rule)) report(path, 'circle', rule, [...open, rule])
      else if (named('segment', rule, segments, path)) return enter(rule, open)
      return 0
    }
    const { segment, all, any, not, score, interest } = rule as { segment?: string; all?: Rule[]; any?: Rule[]; not?: Rule; score?: { terms: { when: Rule }[] }; interest?: object }
    let chain = 0
    const follow = (part: Rule | undefined, at: string): void => {
      if (part !== undefined) chain = Math.max(chain, visit(part, `${path}.${at}`, open))
    }
    follow(segment, 'segment')
    follow(not, 'not')
    all?.forEach((entry, i) => follow(entry, `all[${i}]`))
    any?.forEach((entry, i) => follow(entry, `any[${i}]`))
    score?.terms.forEach(({ when }, i) => follow(when, `score.terms[${i}].when`))
    for (const name of Object.keys(interest ?? {})) named('interest', name, interests, `${path}.interest`)
    return chain
  }
  for (const name of Object.keys(segments)) enter(name, [])

  for (const [name, { value }] of Object.entries(goals)) {
    if (value?.edges.some((edge, i, all) => edge <= (all[i - 1] ?? -1))) report(`goals.${name}.value.edges`, 'rising', value.edges, value.edges.map(String))
  }
  for (const [name, { by = {}, count, page }] of Object.entries(rows)) {
    // Goals and declared rows are found in one list.
    if (own(goals, name)) report(`rows.${name}`, 'twice', name, [`goals.${name}`])
    const cells = Object.values(by).reduce((product, words) => product * words.length, (count ? 5 : 1) * (page ? 1 + Object.keys(pages).length : 1))
    if (cells > MOST_CELLS) report(`rows.${name}`, 'cells', cells)
  }

  const instant = (text: string): number => zone(timeZone).instant(text)
  /** By exclusive group, its first experience and what that one is assigned by. */
  const groups = new Map<string, [name: string, assignBy: string | undefined]>()
  const taken = new Map<string, string>([['*', 'the programme as a whole']])
  for (const [slot, { experiences = [], variants = {} }] of Object.entries(slots)) {
    if (own(variants, 'default')) report(`slots.${slot}.variants.default`, 'default')
    for (const [name, data] of Object.entries(variants)) plan(data, `slots.${slot}.variants.${name}`, fill, report)
    experiences.forEach(({ name, when, split, recommend, goal, untilGoal, from, to, cooldown, exclusive, assignBy }, i) => {
      const path = `slots.${slot}.experiences[${i}]`
      const other = taken.get(name)
      if (other) report(`${path}.name`, 'twice', name, [other])
      taken.set(name, path)
      if (recommend && own(variants, name)) report(`${path}.name`, 'twice', name, [`slots.${slot}.variants.${name}`])
      if (when !== undefined) visit(when, `${path}.when`, [])
      if (goal !== undefined) named('goal', goal, goals, `${path}.goal`)
      if (untilGoal !== undefined) named('goal', untilGoal, goals, `${path}.untilGoal`)
      if (from !== undefined && to !== undefined && instant(from) >= instant(to)) report(`${path}.to`, 'backwards', from, [to])
      if (cooldown?.max !== undefined && duration(cooldown.max) < duration(cooldown.for)) report(`${path}.cooldown.max`, 'shortened', cooldown.max, [cooldown.for])
      const group = typeof exclusive === 'object' ? exclusive.group : exclusive
      if (group !== undefined) {
        const [first, by] = groups.get(group) ?? [name, assignBy]
        groups.set(group, [first, by])
        if (by !== assignBy) report(`${path}.assignBy`, 'assignBy', assignBy, [first, ...(by === undefined ? [] : [by])])
      }
      const versions = [split?.version ?? 1]
      const drawn = [...(split ? [[split, `${path}.split`] as const] : []), ...(split?.past ?? []).map((one, j) => [one, `${path}.split.past[${j}]`] as const)]
      for (const [{ version, weights, by = [] }, at] of drawn) {
        for (const [j, stratum] of [{ segment: undefined, weights }, ...by].entries()) {
          const here = j ? `${at}.by[${j - 1}]` : at
          if (!Object.values(stratum.weights).some((weight) => weight > 0)) report(`${here}.weights`, 'weightless')
          if (stratum.segment !== undefined && at === `${path}.split`) visit(stratum.segment, `${here}.segment`, [])
        }
        if (at === `${path}.split`) continue
        if (versions.includes(version as number)) report(`${at}.version`, 'version', version)
        versions.push(version as number)
      }
    })
  }
}

const rulesetError = (problems: Problem[]): RulesetError => {
  const lines = problems.slice(0, 5).map(({ path, message }) => `  ${path}: ${message}`)
  if (problems.length > 5) lines.push(`  and ${problems.length - 5} more`)
  return Object.assign(new Error(`The ruleset cannot be used:\n${lines.join('\n')}`), { name: 'RulesetError' as const, problems })
}

/** All that is wrong with a ruleset, by path and with its mend; empty when it can be used. */
export const checkRuleset = (value: unknown): Problem[] => explain(faultsOf(value))

/** The ruleset itself, when nothing is wrong with it. Throws a RulesetError that names path and mend. */
export function assertRuleset(value: unknown): Ruleset {
  const faults = faultsOf(value)
  if (faults.length > 0) throw rulesetError(explain(faults))
  return value as Ruleset
}

const variantFaults = (data: unknown, path: string, fill: unknown): Fault[] =>
  faultsIn('variant', data, path, (report) => plan(data as VariantData, path, Array.isArray(fill) ? fill : [], report))

/** All that is wrong with one variant, as sentences with the path inside it. */
export const checkVariant = (data: unknown, fill: unknown): string[] => explain(variantFaults(data, 'it', fill)).map(({ path, message }) => `${path.slice(3)}${path === 'it' ? '' : ' '}${message}`)

/**
 * The ruleset as a visitor's page takes it: a variant that is wrong is left out, with a word to `dropped`, and
 * never costs the page all others. Its text gives its fingerprint. Throws a RulesetError for anything else.
 */
export function usableRuleset([value, text]: Loaded, dropped: (problem: Problem) => void): Ruleset {
  const slots = own(value as { slots?: unknown }, 'slots')
  for (const [slot, rules] of Object.entries(isObject(slots) ? slots : {})) {
    const variants = own(rules as { variants?: unknown }, 'variants')
    for (const [name, data] of Object.entries(isObject(variants) ? variants : {})) {
      const [problem] = explain(variantFaults(data, `slots.${slot}.variants.${name}`, own(value as { fill?: unknown }, 'fill')))
      if (!problem) continue
      dropped(problem)
      delete (variants as { [name: string]: unknown })[name]
    }
  }
  const ruleset = assertRuleset(value)
  if (text !== undefined) notePrint(ruleset, text)
  return ruleset
}

/** A usable ruleset from its address, or from whatever loads it; see `usableRuleset`. Rejects when it takes too long. */
export const loadRuleset = async (source: Source, fetch: typeof globalThis.fetch, dropped: (problem: Problem) => void): Promise<Ruleset> =>
  usableRuleset(await fetched(source, fetch), dropped)
