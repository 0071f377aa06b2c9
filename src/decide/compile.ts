// Rules become nodes over leaves, when somebody asks for them.

import { own } from '../lib/own.js'
import type { EventLeaf, Rule } from '../types.js'
import type { Behaviour } from './behaviour.js'
import { type Groups, matches, matchesValue } from './conditions.js'
import { type Leaf, leafOf, type Node } from './network.js'
import type { Facts } from './standing.js'

export type Test = () => boolean

/** What a leaf sees besides behaviour: a fact of the site or of this page, by path; '' is all of that kind. */
export type Sight = [kind: keyof Facts, path: string]

export interface CompilerOptions {
  named: { [name: string]: Rule }
  groups: Groups
  past: Behaviour
  facts: () => Facts
  touched(leaf: Leaf): void
  /** A node is there; `name` is that of its segment. */
  made(node: Node, rule: Rule): void
}

export interface Compiler {
  /** The node of a rule, or of a segment by its name, made when it is first asked for; undefined where there is no such segment. */
  node(rule: Rule): Node | undefined
  /** The same, where it is there by now. */
  known(rule: Rule): Node | undefined
  /** Leaves that see something besides behaviour. */
  seeing: Map<Leaf, Sight[]>
}

export function compiler({ named, groups, past, facts, touched, made }: CompilerOptions): Compiler {
  const nodes = new Map<Rule, Node>()
  const open = new Set<Rule>()
  const shared = new Map<string, Leaf>()
  const seeing = new Map<Leaf, Sight[]>()

  const factLeaf = (kind: 'traits' | 'context', condition: object): Leaf => {
    const key = kind + JSON.stringify(condition)
    let leaf = shared.get(key)
    if (!leaf) {
      leaf = leafOf(undefined, () => matches(condition, facts()[kind], groups))
      shared.set(key, leaf)
      seeing.set(leaf, Object.keys(condition).map((path) => [kind, path[0] === '$' ? '' : path]))
      touched(leaf)
    }
    return leaf
  }
  const pastLeaf = (rule: Parameters<Behaviour['leaf']>[0]): Leaf => {
    const leaf = past.leaf(rule)
    const parts: Partial<EventLeaf>[] = 'moreThan' in rule ? rule.moreThan : [rule as Partial<EventLeaf>]
    if (parts.some(({ same }) => same)) seeing.set(leaf, [['facts', '']])
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
    return asks(pastLeaf(rule))
  }

  const nodeOf = (rule: Rule): Node | undefined => {
    const known = nodes.get(rule)
    const given = typeof rule === 'string' ? own(named, rule) : rule
    if (known || given === undefined) return known
    const node: Node = { test: () => false, value: false, leaves: [], parts: [], users: [], waiting: false, level: 0 }
    nodes.set(rule, node)
    open.add(rule)
    node.test = compile(given, node)
    open.delete(rule)
    made(node, rule)
    return node
  }

  return { node: nodeOf, known: (rule) => nodes.get(rule), seeing }
}
