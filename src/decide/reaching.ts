// What could stir which rule, gathered from all rules when they are compiled.

import { listeners } from './listeners.js'
import type { Sight } from './compile.js'
import type { Leaf, Node } from './network.js'
import type { Reach } from './standing.js'
import type { Stream } from './stream.js'

/** `numbers` tells the rules by their nodes. */
export function reaching(streams: Iterable<Stream>, seeing: Map<Leaf, Sight[]>, numbers: Map<Node, number>): Omit<Reach, 'keeps'> {
  const rulesOf = (leaves: Leaf[]): number[] => [...new Set(leaves.flatMap(({ users }) => users.flatMap((node) => numbers.get(node) ?? [])))]

  const wants: Parameters<typeof listeners>[0] = []
  const visit = new Set<number>()
  for (const { patterns, leaves, visits } of streams) {
    const rules = rulesOf(leaves)
    for (const { type, where } of patterns) wants.push({ type, where, rules })
    if (visits) for (const rule of rules) visit.add(rule)
  }

  const seen = new Map<string, [sight: Sight, leaves: Leaf[]]>()
  for (const [leaf, sights] of seeing) {
    for (const sight of sights) {
      const key = sight.join()
      const [, leaves] = seen.get(key) ?? [sight, []]
      seen.set(key, [sight, [...leaves, leaf]])
    }
  }
  return {
    listeners: listeners(wants),
    visit: [...visit],
    facts: [...seen.values()].map(([[kind, path], leaves]) => [kind, path, rulesOf(leaves)]),
    users: [...numbers].flatMap(([{ users }, number]): Reach['users'] => (users.length > 0 ? [[number, [...new Set(users.flatMap((node) => numbers.get(node) ?? []))]]] : [])),
  }
}
