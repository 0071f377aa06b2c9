// All memberships right after one new event: the engine, against counting the history again.

import { evalCondition } from '@growthbook/growthbook'
import { createDecider } from '../../src/decide/decide.js'
import { duration } from '../../src/lib/duration.js'
import type { Duration, EventLeaf, Rule, VisitorEvent } from '../../src/types.js'
import { print, rounds } from './rounds.js'

/** Mulberry32: every run measures the same site and the same visitor. */
const random = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}

const WINDOWS: Duration[] = ['30m', '1d', '7d', '30d', '90d']
const NOW = Date.UTC(2026, 0, 1)
const facts = { traits: {}, context: {} }

function site(count: number): { [name: string]: Rule } {
  const next = random(1)
  const pick = <T>(list: T[]): T => list[Math.floor(next() * list.length)] as T
  const leaf = (): EventLeaf => ({
    event: next() < 0.55 ? 'view' : `event${Math.floor(next() * 9)}`,
    where: { category: `c${Math.floor(next() * 20)}` },
    within: pick(WINDOWS),
    count: { $gte: 1 + Math.floor(next() * 9) },
  })
  return Object.fromEntries(
    Array.from({ length: count }, (_, i): [string, Rule] => {
      const parts: Rule[] = Array.from({ length: 2 + Math.floor(next() * 2) }, () => (next() < 0.2 ? { not: leaf() } : leaf()))
      return [`s${i}`, next() < 0.6 ? { all: parts } : { any: parts }]
    }),
  )
}

function history(count: number): VisitorEvent[] {
  const next = random(2)
  return Array.from({ length: count }, (_, i) => ({
    id: String(i),
    type: next() < 0.55 ? 'view' : `event${Math.floor(next() * 9)}`,
    at: NOW - Math.floor((1 - i / count) * duration('90d')),
    props: { category: `c${Math.floor(next() ** 2 * 20)}` },
  }))
}

const leavesOf = (rule: Rule): EventLeaf[] =>
  typeof rule === 'string' ? [] : 'event' in rule ? [rule] : 'not' in rule ? leavesOf(rule.not) : 'all' in rule ? rule.all.flatMap(leavesOf) : 'any' in rule ? rule.any.flatMap(leavesOf) : []

/** What a site would write by hand: for each leaf, filter the history. */
const holds = (rule: Rule, count: (leaf: EventLeaf) => number): boolean => {
  if (typeof rule === 'string') return false
  if ('all' in rule) return rule.all.every((part) => holds(part, count))
  if ('any' in rule) return rule.any.some((part) => holds(part, count))
  if ('not' in rule) return !holds(rule.not, count)
  return 'event' in rule && count(rule) >= (rule.count as { $gte: number }).$gte
}
const recount = (events: VisitorEvent[], now: number) => (leaf: EventLeaf): number => {
  const since = now - duration(leaf.within)
  const category = (leaf.where as { category: string }).category
  return events.filter(({ type, at, props }) => at > since && type === leaf.event && props.category === category).length
}

/** The same rules as targeting conditions over counts, which the page has to work out first. */
const asCondition = (rule: Rule, names: Map<EventLeaf, string>): object => {
  if (typeof rule === 'string') return {}
  if ('all' in rule) return { $and: rule.all.map((part) => asCondition(part, names)) }
  if ('any' in rule) return { $or: rule.any.map((part) => asCondition(part, names)) }
  if ('not' in rule) return { $not: asCondition(rule.not, names) }
  return 'event' in rule ? { [names.get(rule) as string]: rule.count } : {}
}

export default async function engine(): Promise<void> {
  const results: [string, Map<string, number>][] = []
  for (const [segments, length] of [[10, 1000], [100, 1000], [100, 10_000]] as const) {
    const rules = site(segments)
    const named = Object.entries(rules)
    const leaves = Object.values(rules).flatMap(leavesOf)
    const names = new Map(leaves.map((leaf, i): [EventLeaf, string] => [leaf, `f${i}`]))
    const conditions = named.map(([name, rule]): [string, object] => [name, asCondition(rule, names)])
    const events = history(length)
    const fresh = history(500).map((event, i) => ({ ...event, at: NOW + i }))

    const decider = createDecider({ version: 1, segments: rules })
    for (const event of events) decider.feed(event)
    const memberships = (event: VisitorEvent, all: VisitorEvent[]) => ({
      slotwise: () => {
        decider.feed(event)
        return decider.segments(event.at, facts)
      },
      recount: () => named.filter(([, rule]) => holds(rule, recount(all, event.at))).map(([name]) => name),
      growthbook: () => {
        const count = recount(all, event.at)
        const counts = Object.fromEntries(leaves.map((leaf) => [names.get(leaf) as string, count(leaf)]))
        return conditions.filter(([, condition]) => evalCondition(counts, condition as never)).map(([name]) => name)
      },
    })

    // Nobody is measured who is wrong.
    const first = memberships(fresh[0] as VisitorEvent, [...events, fresh[0] as VisitorEvent])
    const said = [first.slotwise(), first.recount(), first.growthbook()].map((list) => list.join())
    if (new Set(said).size !== 1) throw new Error('the contenders disagree')

    let at = 1
    const timed = (of: 'slotwise' | 'recount' | 'growthbook', times: number) => () => {
      const batch = fresh.slice(at, at + times)
      if (of === 'slotwise') at = (at + times) % 400
      const started = performance.now()
      for (const event of batch) memberships(event, events)[of]()
      return (performance.now() - started) / batch.length
    }
    results.push([
      `${segments} segments, ${length} events`,
      await rounds(
        [
          { name: 'slotwise', run: timed('slotwise', 50) },
          { name: 'recount by hand', run: timed('recount', 2) },
          { name: 'recount + evalCondition', run: timed('growthbook', 2) },
        ],
        15,
      ),
    ])
  }
  print('All memberships after one new event (median of 15 interleaved rounds, Node)', results)
}
