// Rules that never hold or always do, and experiences, variants and strata that nobody can ever see.

import { own } from '../../lib/own.js'
import { shownBy } from '../../lib/shownBy.js'
import type { Experience, Rule, Ruleset } from '../../types.js'
import type { Found } from '../finding.js'
import { canonical, formulas, type Question } from './formula.js'

/** Nothing keeps it from whoever its `when` lets in. */
const isSteady = ({ enabled, on, cap, cooldown, fatigue, untilGoal, from, to, exclusive, assignBy }: Experience): boolean =>
  enabled !== false && [on, cap, cooldown, fatigue, untilGoal, from, to, exclusive, assignBy].every((key) => key === undefined)

const isName = (rule: Rule): boolean => typeof rule === 'string' || 'segment' in rule

/** Where in a rule an object stands. */
function pathOf(value: unknown, sought: unknown, path: string): string | undefined {
  if (value === sought) return path
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, part] of Object.entries(value)) {
    const found = pathOf(part, sought, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`)
    if (found) return found
  }
  return undefined
}

function segments(ruleset: Ruleset, question: () => Question, impossible: Set<unknown>, found: Found): void {
  const same = new Map<string, string>()
  for (const [name, segment] of Object.entries(ruleset.segments ?? {})) {
    const path = `segments.${name}`
    const text = canonical(segment)
    const twin = same.get(text)
    if (twin !== undefined) found(path, 'same', `says the same as segments.${twin}`, `use "${twin}" in its place, or say what makes the difference`)
    else same.set(text, name)
    // What it names is told of by itself.
    if (typeof segment === 'string' || isName(segment)) continue
    const { keep, ...rule } = segment
    const before = impossible.size
    const { of, possible } = question()
    const formula = of(rule as Rule)
    for (const where of [...impossible].slice(before)) {
      const at = pathOf(segment, where, path)
      if (at) found(at, 'never', 'no event can be like that', 'compare its conditions: they contradict each other, or what such an event holds')
    }
    if (impossible.size > before && !('all' in rule) && !('any' in rule)) continue
    if (possible(formula) === false) found(path, 'never', 'holds for nobody: its conditions contradict each other, or what there is to know', 'mend them, or remove it')
    else if (possible({ not: formula }) === false) found(path, 'always', 'holds for everybody', 'leave it out where it is used, or say for whom it is meant')
  }
}

/** Gives the experiences that nobody can see. */
function experiences(ruleset: Ruleset, question: () => Question, now: number, found: Found): Set<Experience> {
  const unseen = new Set<Experience>()
  for (const [slot, { experiences = [] }] of Object.entries(ruleset.slots ?? {})) {
    experiences.forEach((one, i) => {
      const path = `slots.${slot}.experiences[${i}]`
      const { of, possible } = question()
      const own = one.when === undefined ? true : of(one.when)
      const before = experiences.slice(0, i).filter((other) => isSteady(other) && !unseen.has(other))
      const everybody = before.find(({ when }) => when === undefined)
      if (one.to !== undefined && Date.parse(one.to) < now) {
        unseen.add(one)
        found(`${path}.to`, 'over', `"${one.name}" has been over since ${one.to}`, 'remove the experience, or move the date')
      } else if (possible(own) === false) {
        unseen.add(one)
        found(`${path}.when`, 'never', `holds for nobody, so that "${one.name}" is never shown`, 'mend the rule, or remove the experience')
      } else if (everybody || possible({ all: [own, ...before.map(({ when }) => ({ not: of(when as Rule) }))] }) === false) {
        unseen.add(one)
        const alone = everybody ?? before.find(({ when }) => possible({ all: [own, { not: of(when as Rule) }] }) === false)
        const who = alone ? `"${alone.name}" before it takes` : `${before.map(({ name }) => `"${name}"`).join(', ')} before it take`
        found(path, 'shadowed', `"${one.name}" is never shown: ${who} everybody it would be for`, alone ? `put it before "${alone.name}", or narrow the "when" of that one` : 'put it before them')
      }
      strata(ruleset, one, path, question, found)
    })
  }
  return unseen
}

function strata(_: Ruleset, { name, split, when }: Experience, path: string, question: () => Question, found: Found): void {
  split?.by?.forEach(({ segment }, j, by) => {
    const { of, possible } = question()
    const reached = possible({ all: [when === undefined ? true : of(when), of(segment), ...by.slice(0, j).map((other) => ({ not: of(other.segment) }))] })
    if (reached === false) found(`${path}.split.by[${j}]`, 'shadowed', `nobody of "${name}" is drawn by these weights: "${segment}" holds for none whom the entries before it leave`, 'put it before them, or remove it')
  })
}

/** Arms that could be drawn, past ones included: their trials are still told. */
const armsOf = ({ split, ...one }: Experience): string[] => [
  ...(split ? [] : [shownBy(one)]),
  ...[split, ...(split?.past ?? [])].flatMap((one) => (one ? [one.weights, ...(one.by ?? []).map(({ weights }) => weights)] : [])).flatMap((weights) => Object.keys(weights).filter((arm) => (own(weights, arm) ?? 0) > 0)),
]

function variants(ruleset: Ruleset, unseen: Set<Experience>, found: Found): void {
  for (const [slot, { experiences = [], variants = {} }] of Object.entries(ruleset.slots ?? {})) {
    const shown = new Set(experiences.filter((one) => !unseen.has(one)).flatMap(armsOf))
    for (const name of Object.keys(variants)) {
      if (!shown.has(name)) found(`slots.${slot}.variants.${name}`, 'unused', 'no experience that anybody can see shows it', 'name it in a "show" or "split", or remove it')
    }
    experiences.forEach(({ name, split }, i) => {
      const path = `slots.${slot}.experiences[${i}].split`
      for (const arm of Object.keys(split?.weights ?? {})) {
        if ([split?.weights, ...(split?.by ?? []).map(({ weights }) => weights)].every((weights) => !own(weights, arm))) found(`${path}.weights.${arm}`, 'undrawn', `has no weight anywhere, so that "${name}" never draws it`, 'give it a weight, or move it to "past"')
      }
    })
  }
}

export function reach(ruleset: Ruleset, now: number, found: Found): void {
  const impossible = new Set<unknown>()
  const { question } = formulas(ruleset, impossible)
  segments(ruleset, question, impossible, found)
  variants(ruleset, experiences(ruleset, question, now, found), found)
}
