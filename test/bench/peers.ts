// What a site would write or pick instead, asked the same questions: a rescan of the history by hand, and libraries
// that judge what a rescan has counted.

import { evalCondition } from '@growthbook/growthbook'
import { Engine as RulesEngine } from 'json-rules-engine'
import { LogicEngine } from 'json-logic-engine'
// @ts-expect-error without types
import jsonLogic from 'json-logic-js'
import { Query } from 'mingo'
import sift from 'sift'
import { duration } from '../../src/lib/duration.js'
import type { EventLeaf, EventPattern, Rule, Segment, SequenceLeaf, VisitorEvent } from '../../src/types.js'
import { TRAITS } from './workload.js'

const DAY = 86_400_000

export type Facts = { [name: string]: number | string }

/** A question that can be put to anybody: a fact by its key, compared with a value. */
interface Asked {
  key: string
  operator: '$gte' | '$lt' | '$eq'
  value: number | string
}

/** Gives the fact, looking no further back than needed; nor, with `enough`, further than until the number is reached. */
type Count = (events: VisitorEvent[], now: number, enough: number) => number

export interface Peers {
  rescan(events: VisitorEvent[], now: number, given: Facts): string[]
  facts(events: VisitorEvent[], now: number, given: Facts): Facts
  /** The libraries, with their rules made. */
  judges(): { [name: string]: (facts: Facts) => string[] | Promise<string[]> }
}

const matcher = ({ event, where = {} }: EventPattern): ((event: VisitorEvent) => boolean) => {
  const [[name, wanted]] = Object.entries(where) as [[string, string | { $in: string[] }]]
  return typeof wanted === 'string' ? ({ type, props }) => type === event && props[name] === wanted : ({ type, props }) => type === event && wanted.$in.includes(props[name] as string)
}

/** Newest first; `add` gives what there is by then, including one more. */
const back = (match: (event: VisitorEvent) => boolean, within: string, start: () => (event: VisitorEvent) => number): Count => {
  const length = duration(within)
  return (events, now, enough) => {
    const add = start()
    let known = 0
    for (let i = events.length - 1; i >= 0 && known < enough; i--) {
      const event = events[i] as VisitorEvent
      if (event.at <= now - length) break
      if (match(event)) known = add(event)
    }
    return known
  }
}

const growing = (more: (event: VisitorEvent) => number) => () => {
  let total = 0
  return (event: VisitorEvent): number => (total += more(event))
}
const different = (value: (event: VisitorEvent) => unknown) => () => {
  const seen = new Set()
  return (event: VisitorEvent): number => seen.add(value(event)).size
}

function counter(leaf: EventLeaf | SequenceLeaf): Count {
  const within = leaf.within as string
  if ('sequence' in leaf) {
    // From the last step back to the first.
    const steps = leaf.sequence.map(matcher).reverse()
    return back(() => true, within, () => {
      let done = 0
      return (event) => {
        if (steps[done]?.(event)) done++
        return done === steps.length ? 1 : 0
      }
    })
  }
  const over = (start: () => (event: VisitorEvent) => number): Count => back(matcher(leaf), within, start)
  if (leaf.sum) return over(growing(({ props }) => props.price as number))
  if (leaf.distinct) return over(different(({ props }) => props.path))
  if (leaf.days !== undefined) return over(different(({ at }) => Math.floor(at / DAY)))
  return over(growing(() => 1))
}

/** What is compared: the number, and the sign. */
const compared = (leaf: EventLeaf | SequenceLeaf): [operator: '$gte' | '$lt', value: number] => {
  const { sum, distinct, days, count } = leaf as EventLeaf
  const condition = (sum?.price ?? distinct?.path ?? days ?? count ?? { $gte: 1 }) as { $gte?: number; $lt?: number }
  return condition.$gte === undefined ? ['$lt', condition.$lt as number] : ['$gte', condition.$gte]
}

export function peers(rules: { [name: string]: Segment }): Peers {
  const counts = new Map<string, Count>()
  const keys = new Map<string, string>()

  const askedBy = (leaf: Rule): Asked => {
    if (typeof leaf === 'object' && 'trait' in leaf) {
      const [[key, condition]] = Object.entries(leaf.trait) as [[string, string | { [operator: string]: number }]]
      const [[operator, value]] = typeof condition === 'string' ? [['$eq', condition]] : (Object.entries(condition) as [[string, number]])
      return { key, operator, value } as Asked
    }
    const event = leaf as EventLeaf | SequenceLeaf
    const { count, sum, distinct, days, ...rest } = event as EventLeaf
    // Leaves that ask the same are counted once.
    const text = JSON.stringify([rest, Object.keys({ ...(sum && { sum }), ...(distinct && { distinct }), ...(days !== undefined && { days }) })])
    const key = keys.get(text) ?? `f${keys.size}`
    keys.set(text, key)
    if (!counts.has(key)) counts.set(key, counter(event))
    const [operator, value] = compared(event)
    return { key, operator, value }
  }
  /** A rule in any language that has `and`, `or`, `not` and comparisons. */
  const say = <T>(rule: Segment, words: { all(parts: T[]): T; any(parts: T[]): T; not(part: T): T; leaf(asked: Asked): T }, name?: string): T => {
    const each = (parts: Rule[]): T[] => parts.map((part) => say(part, words))
    // Nobody else can let a visitor stay in: how that stands is told to them for nothing.
    if (name !== undefined && typeof rule === 'object' && 'keep' in rule) {
      const { keep, ...bare } = rule
      return words.any([say(bare as Rule, words), words.leaf({ key: `stays ${name}`, operator: '$gte', value: 1 })])
    }
    if (typeof rule === 'object' && 'all' in rule) return words.all(each(rule.all))
    if (typeof rule === 'object' && 'any' in rule) return words.any(each(rule.any))
    if (typeof rule === 'object' && 'not' in rule) return words.not(say(rule.not, words))
    return words.leaf(askedBy(rule))
  }
  const inWords = <T>(words: Parameters<typeof say<T>>[1]): [name: string, said: T][] => Object.entries(rules).map(([name, rule]) => [name, say(rule, words, name)])

  const compare = ({ operator, value }: Asked, fact: number | string): boolean => (operator === '$gte' ? fact >= value : operator === '$lt' ? fact < value : fact === value)
  /** Questions that are the same are asked once. */
  const asks: Asked[] = []
  const places = new Map<string, number>()
  const placed = (asked: Asked): number => {
    const id = JSON.stringify(asked)
    if (!places.has(id)) places.set(id, asks.push(asked) - 1)
    return places.get(id) as number
  }
  type Test = (truth: (place: number) => boolean) => boolean
  const closures = inWords<Test>({
    all: (parts) => (truth) => parts.every((part) => part(truth)),
    any: (parts) => (truth) => parts.some((part) => part(truth)),
    not: (part) => (truth) => !part(truth),
    leaf: (asked) => {
      const place = placed(asked)
      return (truth) => truth(place)
    },
  })
  const judges = (): ReturnType<Peers['judges']> => {
    const dialect = (not: (part: object) => object): [name: string, said: object][] =>
      inWords<object>({ all: ($and) => ({ $and }), any: ($or) => ({ $or }), not, leaf: ({ key, operator, value }) => ({ [key]: { [operator]: value } }) })
    const growthbook = dialect(($not) => ({ $not }))
    const mongo = dialect((part) => ({ $nor: [part] }))
    const SIGNS = { $gte: '>=', $lt: '<', $eq: '===' }
    const logic = inWords<object>({ all: (and) => ({ and }), any: (or) => ({ or }), not: (part) => ({ '!': part }), leaf: ({ key, operator, value }) => ({ [SIGNS[operator]]: [{ var: key }, value] }) })
    const logicEngine = new LogicEngine()
    const compiled = logic.map(([name, rule]) => [name, logicEngine.build(rule as never) as (facts: object) => unknown] as const)
    const sifted = mongo.map(([name, query]) => [name, (sift as unknown as (query: object) => (facts: object) => boolean)(query)] as const)
    const queries = mongo.map(([name, query]) => [name, new Query(query as never)] as const)
    const WORDS = { $gte: 'greaterThanInclusive', $lt: 'lessThan', $eq: 'equal' }
    const rulesEngine = new RulesEngine([], { allowUndefinedFacts: true })
    const conditions = inWords<object>({ all: (all) => ({ all }), any: (any) => ({ any }), not: (not) => ({ not }), leaf: ({ key, operator, value }) => ({ fact: key, operator: WORDS[operator], value }) })
    for (const [name, said] of conditions) rulesEngine.addRule({ name, conditions: said as never, event: { type: name } })
    return {
      'json-logic-engine': (facts) => compiled.filter(([, test]) => test(facts)).map(([name]) => name),
      'json-rules-engine': async (facts) => {
        const held = new Set((await rulesEngine.run(facts)).events.map(({ type }) => type))
        return Object.keys(rules).filter((name) => held.has(name))
      },
      'json-logic-js': (facts) => logic.filter(([, rule]) => jsonLogic.apply(rule as never, facts)).map(([name]) => name),
      growthbook: (facts) => growthbook.filter(([, condition]) => evalCondition(facts, condition as never)).map(([name]) => name),
      sift: (facts) => sifted.filter(([, test]) => test(facts)).map(([name]) => name),
      mingo: (facts) => queries.filter(([, query]) => query.test(facts)).map(([name]) => name),
    }
  }

  return {
    rescan: (events, now, given) => {
      const known: (boolean | undefined)[] = []
      const truth = (place: number): boolean => {
        const before = known[place]
        if (before !== undefined) return before
        const asked = asks[place] as Asked
        const count = counts.get(asked.key)
        const held = compare(asked, count ? count(events, now, asked.value as number) : ((TRAITS as Facts)[asked.key] ?? given[asked.key] ?? 0))
        known[place] = held
        return held
      }
      return closures.filter(([, test]) => test(truth)).map(([name]) => name)
    },
    facts: (events, now, given) => ({ ...TRAITS, ...given, ...Object.fromEntries([...counts].map(([key, count]) => [key, count(events, now, Number.POSITIVE_INFINITY)])) }),
    judges,
  }
}
