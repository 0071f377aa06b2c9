// segments(): which named rules hold, over behaviour, traits and context. Rules are compiled when somebody asks.

import { duration } from '../lib/duration.js'
import { fingerprint } from '../lib/fingerprint.js'
import { own } from '../lib/own.js'
import { type Zone, zone } from '../lib/zone.js'
import type { Fold, Rule, Ruleset } from '../types.js'
import { behaviour } from './behaviour.js'
import { matches, matchesValue } from './conditions.js'
import { type Leaf, leafOf, type Node, network, untilOf } from './network.js'
import { type Facts, factPrint, isStanding, type Standing, standsStill } from './standing.js'

export interface Segments extends Fold {
  /** The names of the segments that hold, in the ruleset's order; the same list as before, and frozen, while nothing changes. */
  members(now: number, facts: Facts): string[]
  holds(rule: Rule, now: number, facts: Facts): boolean
  /** The earliest instant, after `now`, at which a rule could change with no event and the same facts; Infinity if none. */
  until(rule: Rule, now: number, facts: Facts): number
  /** The next instant, after `now`, at which a segment could change with no event; Infinity if none. */
  next(now: number): number
}

type Kept = [held: boolean, until: number]
type Test = () => boolean

const KINDS = ['traits', 'context', 'facts'] as const
const NEVER = Number.POSITIVE_INFINITY

/** `whens` are rules that stand elsewhere than under `segments`, such as an experience's `when`. */
export function segments(ruleset: Pick<Ruleset, 'segments' | 'groups' | 'interests' | 'timeZone'>, whens: Rule[]): Segments {
  const { segments: named = {}, groups = {}, interests, timeZone } = ruleset
  const names = Object.keys(named)
  const keeps = new Set(names.filter((name) => own(named[name] as { keep?: string }, 'keep')))

  let here: Zone | undefined
  const local = (): Zone => {
    here ??= zone(timeZone)
    return here
  }
  let print: number | undefined
  /** Of all that the answers depend on besides the visitor. */
  const rules = (): number => {
    if (print === undefined) {
      const text = JSON.stringify([named, whens, groups, interests])
      print = fingerprint(text + (/"(days|from|to)":/.test(text) ? local().id : ''))
    }
    return print
  }

  let facts: Facts = { traits: {}, context: {} }
  let ready = false
  let fed = false
  let whole = false
  let list: string[] | undefined
  let inOrder: Node[] = []
  let standing: Standing | undefined
  let kept = new Map<string, Kept>()

  const net = network((node) => {
    if (namedNodes.has(node)) list = undefined
  })
  const past = behaviour({ groups, interests, zone: local, facts: () => facts.facts, touched: net.touch })

  // ---------------------------------------------------------------- rules are compiled when they are first asked

  const nodes = new Map<Rule, Node>()
  const namedNodes = new Set<Node>()
  const open = new Set<Rule>()
  const stays: Leaf[] = []
  const factual = { traits: [] as Leaf[], context: [] as Leaf[], facts: [] as Leaf[] }
  const shared = new Map<string, Leaf>()

  const factLeaf = (kind: 'traits' | 'context', condition: object): Leaf => {
    const key = kind + JSON.stringify(condition)
    let leaf = shared.get(key)
    if (!leaf) {
      leaf = leafOf(undefined, () => matches(condition, facts[kind], groups))
      shared.set(key, leaf)
      factual[kind].push(leaf)
      net.touch(leaf)
    }
    return leaf
  }

  const compile = (rule: Rule, node: Node): Test => {
    const each = (list: Rule[]): Test[] => list.map((part) => compile(part, node))
    const asks = (leaf: Leaf): Test => {
      leaf.users.push(node)
      node.leaves.push(leaf)
      return () => leaf.truth
    }
    if (typeof rule === 'string') {
      const child = nodeOf(rule)
      // A cycle never passes the check; should one come by another way, it is false and not a hang.
      if (!child || open.has(rule)) return () => false
      child.users.push(node)
      node.parts.push(child)
      node.level = Math.max(node.level, child.level + 1)
      return () => child.value
    }
    if ('segment' in rule) return compile(rule.segment, node)
    if ('not' in rule) {
      const [test] = each([rule.not]) as [Test]
      return () => !test()
    }
    if ('all' in rule || 'any' in rule) {
      const [tests, all] = 'all' in rule ? [each(rule.all), true] : [each(rule.any), false]
      return () => (all ? tests.every((test) => test()) : tests.some((test) => test()))
    }
    if ('score' in rule) {
      const { bias = 0, terms } = rule.score
      const tests = each(terms.map(({ when }) => when))
      return () => matchesValue(rule.is, 1 / (1 + Math.exp(-terms.reduce((sum, { add }, i) => sum + (tests[i]?.() ? add : 0), bias))))
    }
    if ('trait' in rule) return asks(factLeaf('traits', rule.trait))
    if ('context' in rule) return asks(factLeaf('context', rule.context))
    const leaf = past.leaf(rule)
    factual.facts.push(leaf)
    return asks(leaf)
  }

  /** Lets a visitor stay in for a while after the rule has ceased to hold. */
  const staying = (name: string, length: number, node: Node, test: Test): Test => {
    const until = (): number => kept.get(name)?.[1] ?? 0
    const stay = leafOf(undefined, (now, tell) => {
      if (now >= until()) return false
      tell(until())
      return true
    })
    stay.users.push(node)
    node.leaves.push(stay)
    stays.push(stay)
    net.touch(stay)
    return () => {
      const holds = test()
      if (!holds && kept.get(name)?.[0]) net.touch(stay)
      kept.set(name, [holds, !holds && kept.get(name)?.[0] ? net.clock() + length : until()])
      return holds || net.clock() < until()
    }
  }

  function nodeOf(rule: Rule): Node | undefined {
    const known = nodes.get(rule)
    const given = typeof rule === 'string' ? own(named, rule) : rule
    if (known || given === undefined) return known
    const node: Node = { test: () => false, value: false, leaves: [], parts: [], users: [], waiting: false, level: 0 }
    nodes.set(rule, node)
    open.add(rule)
    node.test = compile(given, node)
    open.delete(rule)
    if (typeof rule === 'string') {
      namedNodes.add(node)
      if (keeps.has(rule)) node.test = staying(rule, duration(own(given as unknown as { keep: string }, 'keep')), node, node.test)
    }
    net.add(node)
    return node
  }

  const compileAll = (): void => {
    if (whole) return
    whole = true
    inOrder = names.map((name) => nodeOf(name) as Node)
    whens.forEach(nodeOf)
    past.whole()
  }

  // ---------------------------------------------------------------- time passes, and events are taken in

  const exactly = keeps.size > 0
  const catchUp = (): void => past.catchUp(exactly && ready ? (at) => net.run(Math.max(net.clock(), at), true) : undefined)

  const settle = (now: number, given: Facts): void => {
    if (!ready) {
      ready = true
      facts = { ...(standing?.known ?? given) }
      for (const kind of KINDS) factual[kind].forEach(net.touch)
      net.start(standing?.at ?? (exactly ? 0 : now))
      // As it stood, before anything new: only then can be said when somebody has left.
      for (const name of keeps) nodeOf(name)
      if (exactly) net.flush()
    }
    catchUp()
    net.run(now, exactly)
    const changed = KINDS.filter((kind) => given[kind] !== facts[kind] && JSON.stringify(given[kind]) !== JSON.stringify(facts[kind]))
    facts = { ...given }
    for (const kind of changed) factual[kind].forEach(net.touch)
    net.flush()
  }

  const settled = (rule: Rule, now: number, given: Facts): Node | undefined => {
    const node = nodeOf(rule)
    settle(now, given)
    return node
  }

  const holding = (): string[] => names.filter((_, i) => inOrder[i]?.value)
  return {
    members: (now, given) => {
      const held = !ready && !fed && standsStill(standing, now, given)
      if (held && standing) {
        standing = { ...standing, at: now }
        return held
      }
      compileAll()
      settle(now, given)
      list ??= Object.freeze(holding()) as string[]
      return list
    },
    holds: (rule, now, given) => settled(rule, now, given)?.value ?? false,
    until: (rule, now, given) => {
      const node = settled(rule, now, given)
      return node ? untilOf(node) : NEVER
    },
    next: () => (ready ? net.next() : (standing?.next ?? NEVER)),

    feed: (event) => {
      fed = true
      past.feed(event)
    },
    fill: past.fill,
    complete: (state) => {
      if (state === undefined || isStanding(state, rules())) return true
      compileAll()
      return past.fits(state)
    },
    load: (state) => {
      standing = isStanding(state, rules()) ? state : undefined
      if (state !== undefined && !standing) compileAll()
      past.load(state)
      kept = new Map(Object.entries(own(state as never, 'kept') ?? {}))
      ready = fed = false
      list = undefined
      stays.forEach(net.touch)
      for (const name of keeps) if (nodes.has(name)) net.add(nodes.get(name) as Node)
    },
    state: () => {
      compileAll()
      if (ready) settle(net.clock(), facts)
      else catchUp()
      const held = ready && holding()
      return {
        ...past.state(),
        rules: rules(),
        at: ready ? net.clock() : (standing?.at ?? 0),
        ...(held ? { held } : {}),
        next: net.next(),
        facts: factPrint(facts),
        ...(exactly && ready ? { known: facts } : {}),
        kept: Object.fromEntries(kept),
      }
    },
  }
}
