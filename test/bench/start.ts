// A page starts, once per process or page: nothing has run before, so that nothing is optimized, as on a real page.

import { createDecider } from '../../src/decide/decide.js'
import { fingerprint, notePrint } from '../../src/lib/fingerprint.js'
import type { Ruleset, VisitorEvent } from '../../src/types.js'
import { peers } from './peers.js'
import { history, NOW, site, TRAITS } from './workload.js'

export const STARTS = ['memberships unchanged', 'a page view', 'and an event that some rules ask about', 'all compiled and restored', 'best rescan', 'the fingerprint'] as const
type Start = (typeof STARTS)[number]

const facts = { traits: TRAITS, context: { page: 'product' } }

/** What the page before has left, as texts. */
export function fixture(count: number, length: number): string {
  const ruleset: Ruleset = { version: 1, timeZone: 'UTC', segments: site(count) }
  const events = history(length)
  notePrint(ruleset, 'as it was')
  const decider = createDecider(ruleset)
  events.forEach(decider.feed)
  decider.segments(NOW, facts)
  return JSON.stringify([ruleset, decider.state(), events].map((value) => JSON.stringify(value)))
}

/** ms from a ruleset and a state in memory to all memberships. */
function start(which: Start, texts: string): number {
  const [rules, left, past] = JSON.parse(texts) as [string, string, string]
  const ruleset = JSON.parse(rules) as Ruleset
  const state = JSON.parse(left) as { rules: number }
  const events = which === 'best rescan' ? (JSON.parse(past) as VisitorEvent[]) : []
  const stays = Object.fromEntries(Object.keys(ruleset.segments ?? {}).map((name) => [`stays ${name}`, 0]))
  notePrint(ruleset, which === 'all compiled and restored' ? 'another one' : 'as it was')
  const began = performance.now()
  if (which === 'best rescan') peers(ruleset.segments ?? {}).rescan(events, NOW + 1, stays)
  else {
    const decider = createDecider(ruleset)
    if (!decider.complete(state)) throw new Error('the state is not complete')
    decider.load(state)
    if (which === 'a page view' || which === 'and an event that some rules ask about') {
      decider.feed({ id: 'a', type: 'page_view', at: NOW + 1, props: { page: 'product' } })
      decider.segments(NOW + 1, facts)
    }
    if (which === 'and an event that some rules ask about') {
      decider.feed({ id: 'b', type: 'event1', at: NOW + 1, props: { category: 'c1', path: 'p1', price: 7 } })
    }
    decider.segments(NOW + 1, facts)
  }
  return performance.now() - began
}

/** ms for the fingerprint, which is taken once, when the ruleset has come. */
function print(texts: string): number {
  const [rules] = JSON.parse(texts) as [string]
  const time = (work: () => unknown): number => {
    const began = performance.now()
    work()
    return performance.now() - began
  }
  return time(() => fingerprint(rules))
}

/** ms of the start with that number. */
export const run = (which: number, texts: string): number => (STARTS[which] === 'the fingerprint' ? print(texts) : start(STARTS[which] as Start, texts))
