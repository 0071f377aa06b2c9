// The same sites and the same visitors in every run.

import { duration } from '../../src/lib/duration.js'
import type { Duration, Measure, Rule, Segment, VisitorEvent } from '../../src/types.js'
import { random } from '../decide/scenario.js'

const WINDOWS: Duration[] = ['30m', '1d', '7d', '30d', '90d']
export const NOW = Date.UTC(2026, 0, 1)
export const TRAITS = { plan: 'pro', team: 7, seats: 12 }

/**
 * `mixed` asks all kinds of questions; `simple` asks only how often, as the script tag's own language can; with `hot`
 * every question is about the one kind of event that comes, each with conditions of its own.
 */
export type Kind = 'mixed' | 'simple' | 'hot'

export function site(count: number, kind: Kind = 'mixed'): { [name: string]: Segment } {
  const next = random(1)
  const below = (n: number): number => Math.floor(next() * n)
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T
  let serial = 0

  const type = (): string => (kind === 'hot' || next() < 0.55 ? 'view' : `event${below(9)}`)
  const where = (): { [path: string]: string | { $in: string[] } } => {
    if (kind === 'hot') return { path: { $in: ['p0', `never ${serial++}`] } }
    return next() < 0.7 ? { category: `c${below(20)}` } : { path: `p${below(200)}` }
  }
  const atLeast = (most: number): Measure => (next() < 0.85 ? { $gte: 1 + Math.floor(next() ** 2 * most) } : { $lt: 1 + below(9) })
  const pattern = () => ({ event: type(), where: where() })
  const asked = (question: object): Rule => ({ ...pattern(), within: pick(WINDOWS), ...question }) as Rule
  const often = (): Rule => asked({ count: atLeast(19) })
  const MIX: [share: number, make: () => Rule][] = [
    [0.48, often],
    [0.12, () => asked({})],
    [0.08, () => asked({ sum: { price: { $gte: 1 + below(800) } } })],
    [0.08, () => asked({ distinct: { path: atLeast(12) } })],
    [0.04, () => asked({ days: atLeast(10) })],
    [0.08, () => ({ sequence: Array.from({ length: next() < 0.85 ? 2 : 3 }, pattern), within: pick(WINDOWS) })],
    [1, () => ({ trait: pick([{ plan: pick(['pro', 'free']) }, { team: { $gte: below(20) } }, { seats: { $lt: below(40) } }]) })],
  ]
  const leaf = (): Rule => {
    if (kind !== 'mixed') return often()
    let drawn = next()
    const [, make] = MIX.find(([share]) => {
      drawn -= share
      return drawn < 0
    }) as (typeof MIX)[number]
    return make()
  }
  const part = (): Rule => {
    if (next() < 0.2) return { not: leaf() }
    return kind === 'mixed' && next() < 0.1 ? { any: [leaf(), leaf()] } : leaf()
  }
  return Object.fromEntries(
    Array.from({ length: count }, (_, i): [string, Segment] => {
      const parts = Array.from({ length: 2 + below(3) }, part)
      const rule: Segment = next() < 0.6 ? { all: parts } : { any: parts }
      return [`s${i}`, kind === 'mixed' && next() < 0.03 ? { ...rule, keep: pick(WINDOWS) } : rule]
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
    props: { category: `c${Math.floor(next() ** 2 * 20)}`, path: hot ? 'p0' : `p${Math.floor(next() ** 2 * 200)}`, price: Math.floor(next() * 100) },
  })).sort((a, b) => a.at - b.at)
}
