// The same sites and the same visitors in every run, and the same questions put to everybody who is measured.

import { evalCondition } from '@growthbook/growthbook'
import { Engine as RulesEngine } from 'json-rules-engine'
import { LogicEngine } from 'json-logic-engine'
// @ts-expect-error without types
import jsonLogic from 'json-logic-js'
import { Query } from 'mingo'
import sift from 'sift'
import { duration } from '../../src/lib/duration.js'
import type { Duration, EventLeaf, Rule, VisitorEvent } from '../../src/types.js'

/** Mulberry32. */
const random = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}

const WINDOWS: Duration[] = ['30m', '1d', '7d', '30d', '90d']
export const NOW = Date.UTC(2026, 0, 1)

type Counted = EventLeaf & { within: Duration; count: { $gte?: number; $lt?: number } }

/** `hot`: every leaf asks about the one kind of event that comes, each with conditions of its own. */
export function site(count: number, hot = false): { [name: string]: Rule } {
  const next = random(1)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T
  let serial = 0
  const leaf = (): Rule => {
    const made: Counted = {
      event: hot || next() < 0.55 ? 'view' : `event${Math.floor(next() * 9)}`,
      where: hot ? { path: { $in: ['p0', `never ${serial++}`] } } : next() < 0.7 ? { category: `c${Math.floor(next() * 20)}` } : { path: `p${Math.floor(next() * 200)}` },
      within: pick(WINDOWS),
      count: next() < 0.85 ? { $gte: 1 + Math.floor(next() ** 2 * 19) } : { $lt: 1 + Math.floor(next() * 9) },
    }
    return made
  }
  return Object.fromEntries(
    Array.from({ length: count }, (_, i): [string, Rule] => {
      const parts: Rule[] = Array.from({ length: 2 + Math.floor(next() * 3) }, () => (next() < 0.2 ? { not: leaf() } : leaf()))
      return [`s${i}`, next() < 0.6 ? { all: parts } : { any: parts }]
    }),
  )
}

export function history(count: number, hot = false, until = NOW): VisitorEvent[] {
  const next = random(2)
  const visits = Array.from({ length: Math.ceil(count / 12) }, () => until - Math.floor(next() * duration('90d'))).sort((a, b) => a - b)
  return Array.from({ length: count }, (_, i) => ({
    id: String(i),
    type: hot || next() < 0.55 ? 'view' : `event${Math.floor(next() * 9)}`,
    at: Math.min(until, (visits[Math.floor(i / 12)] as number) + (i % 12) * 100_000),
    props: { category: `c${Math.floor(next() ** 2 * 20)}`, path: hot ? 'p0' : `p${Math.floor(next() ** 2 * 200)}` },
  })).sort((a, b) => a.at - b.at)
}

const leavesOf = (rule: Rule): Counted[] => {
  if (typeof rule === 'string') return []
  if ('all' in rule) return rule.all.flatMap(leavesOf)
  if ('any' in rule) return rule.any.flatMap(leavesOf)
  if ('not' in rule) return leavesOf(rule.not)
  return 'event' in rule ? [rule as Counted] : []
}

type Count = (leaf: Counted) => number
export type Contender = (events: VisitorEvent[], now: number) => string[]

/** A rule with its counts named, in any language that has `and`, `or`, `not` and comparisons. */
const say = <T>(rule: Rule, words: { all(parts: T[]): T; any(parts: T[]): T; not(part: T): T; leaf(leaf: Counted): T }): T => {
  const each = (parts: Rule[]): T[] => parts.map((part) => say(part, words))
  if (typeof rule === 'object' && 'all' in rule) return words.all(each(rule.all))
  if (typeof rule === 'object' && 'any' in rule) return words.any(each(rule.any))
  if (typeof rule === 'object' && 'not' in rule) return words.not(say(rule.not, words))
  return words.leaf(rule as Counted)
}

/** Everybody but the engine: they count first, then judge. */
export function contenders(rules: { [name: string]: Rule }): { rescan: Contender; judges: { [name: string]: (facts: { [name: string]: number }) => string[] | Promise<string[]> }; facts(events: VisitorEvent[], now: number): { [name: string]: number } } {
  const named = Object.entries(rules)
  // Leaves that ask the same are counted once.
  const unique = new Map<string, Counted>()
  const keys = new Map<Counted, string>()
  for (const leaf of Object.values(rules).flatMap(leavesOf)) {
    const text = JSON.stringify([leaf.event, leaf.where, leaf.within])
    if (!unique.has(text)) unique.set(text, leaf)
    keys.set(leaf, `f${[...unique.keys()].indexOf(text)}`)
  }
  const key = (leaf: Counted): string => keys.get(leaf) as string

  const fits = (leaf: Counted): ((event: VisitorEvent) => boolean) => {
    const [[name, wanted]] = Object.entries(leaf.where as object) as [[string, string | { $in: string[] }]]
    return typeof wanted === 'string' ? ({ type, props }) => type === leaf.event && props[name] === wanted : ({ type, props }) => type === leaf.event && wanted.$in.includes(props[name] as string)
  }
  const matchers = new Map([...keys.keys()].map((leaf) => [leaf, fits(leaf)]))
  /** Newest first, no further than the window reaches, and no further than the answer needs. */
  const counter = (events: VisitorEvent[], now: number, enough: boolean): Count => (leaf) => {
    const since = now - duration(leaf.within)
    const most = enough ? (leaf.count.$gte ?? leaf.count.$lt ?? 0) : Number.POSITIVE_INFINITY
    const match = matchers.get(leaf) as (event: VisitorEvent) => boolean
    let n = 0
    for (let i = events.length - 1; i >= 0 && n < most; i--) {
      const event = events[i] as VisitorEvent
      if (event.at <= since) break
      if (match(event)) n++
    }
    return n
  }
  const holds = ({ count }: Counted, n: number): boolean => (count.$gte === undefined ? n < (count.$lt as number) : n >= count.$gte)
  const closures = named.map(([name, rule]): [string, (truth: (leaf: Counted) => boolean) => boolean] => [
    name,
    say<(truth: (leaf: Counted) => boolean) => boolean>(rule, {
      all: (parts) => (truth) => parts.every((part) => part(truth)),
      any: (parts) => (truth) => parts.some((part) => part(truth)),
      not: (part) => (truth) => !part(truth),
      leaf: (leaf) => (truth) => truth(leaf),
    }),
  ])

  const growthbook = named.map(([name, rule]) => [name, say<object>(rule, { all: ($and) => ({ $and }), any: ($or) => ({ $or }), not: ($not) => ({ $not }), leaf: (leaf) => ({ [key(leaf)]: leaf.count }) })] as const)
  const compare = (leaf: Counted): object => (leaf.count.$gte === undefined ? { '<': [{ var: key(leaf) }, leaf.count.$lt] } : { '>=': [{ var: key(leaf) }, leaf.count.$gte] })
  const logic = named.map(([name, rule]) => [name, say<object>(rule, { all: (and) => ({ and }), any: (or) => ({ or }), not: (part) => ({ '!': part }), leaf: compare })] as const)
  const logicEngine = new LogicEngine()
  const compiled = logic.map(([name, rule]) => [name, logicEngine.build(rule as never) as (facts: object) => unknown] as const)
  const mongo = named.map(([name, rule]) => [name, say<object>(rule, { all: ($and) => ({ $and }), any: ($or) => ({ $or }), not: (part) => ({ $nor: [part] }), leaf: (leaf) => ({ [key(leaf)]: leaf.count }) })] as const)
  const sifted = mongo.map(([name, query]) => [name, (sift as unknown as (query: object) => (facts: object) => boolean)(query)] as const)
  const queries = mongo.map(([name, query]) => [name, new Query(query as never)] as const)
  const rulesEngine = new RulesEngine([], { allowUndefinedFacts: true })
  for (const [name, rule] of named) {
    const conditions = say<object>(rule, {
      all: (all) => ({ all }),
      any: (any) => ({ any }),
      not: (not) => ({ not }),
      leaf: (leaf) => (leaf.count.$gte === undefined ? { fact: key(leaf), operator: 'lessThan', value: leaf.count.$lt } : { fact: key(leaf), operator: 'greaterThanInclusive', value: leaf.count.$gte }),
    })
    rulesEngine.addRule({ name, conditions: conditions as never, event: { type: name } })
  }

  return {
    rescan: (events, now) => {
      const count = counter(events, now, true)
      const known = new Map<string, boolean>()
      const truth = (leaf: Counted): boolean => {
        const id = key(leaf) + JSON.stringify(leaf.count)
        let held = known.get(id)
        if (held === undefined) {
          held = holds(leaf, count(leaf))
          known.set(id, held)
        }
        return held
      }
      return closures.filter(([, test]) => test(truth)).map(([name]) => name)
    },
    facts: (events, now) => {
      const count = counter(events, now, false)
      return Object.fromEntries([...unique.values()].map((leaf) => [key(leaf), count(leaf)]))
    },
    judges: {
      'json-logic-engine': (facts) => compiled.filter(([, test]) => test(facts)).map(([name]) => name),
      'json-rules-engine': async (facts) => {
        const held = new Set((await rulesEngine.run(facts)).events.map(({ type }) => type))
        return named.filter(([name]) => held.has(name)).map(([name]) => name)
      },
      'json-logic-js': (facts) => logic.filter(([, rule]) => jsonLogic.apply(rule as never, facts)).map(([name]) => name),
      growthbook: (facts) => growthbook.filter(([, condition]) => evalCondition(facts, condition as never)).map(([name]) => name),
      sift: (facts) => sifted.filter(([, test]) => test(facts)).map(([name]) => name),
      mingo: (facts) => queries.filter(([, query]) => query.test(facts)).map(([name]) => name),
    },
  }
}
