// All memberships right after one new event: the engine against counting the history again, and against libraries that
// judge what was counted; and the simple engine that the script tag has for up to 100 segments.

import { createDecider } from '../../src/decide/decide.js'
import { createDecider as createSimple } from '../../src/quick/decide.js'
import type { Ruleset, VisitorEvent } from '../../src/types.js'
import { type Facts, peers } from './peers.js'
import { type Contender, median, print, rounds, turns } from './rounds.js'
import { STARTS } from './start.js'
import { history, type Kind, NOW, site, TRAITS } from './workload.js'

const facts = { traits: TRAITS, context: {} }
const now = (): number => performance.now()
const rulesetOf = (segments: Ruleset['segments']): Ruleset => ({ version: 1, timeZone: 'UTC', segments: segments ?? {} })

/** Medians of interleaved rounds; the engine takes `many` events a round, the slow ones one. */
async function steady(count: number, length: number, kind: Kind, many: number): Promise<Map<string, number>> {
  const rules = site(count, kind)
  const hot = kind === 'hot'
  const events = history(length, hot)
  const fresh = history(4000, hot, NOW).map((event, i): VisitorEvent => ({ ...event, at: NOW + i * 1000 }))
  const engines = { slotwise: createDecider, ...(kind === 'simple' ? { 'simple engine': createSimple } : {}) }
  const deciders = Object.values(engines).map((create) => create(rulesetOf(rules)))
  for (const decider of deciders) {
    events.forEach(decider.feed)
    decider.segments(NOW, facts)
  }
  const others = peers(rules)
  const judges = Object.entries(others.judges())
  const first = fresh[0] as VisitorEvent
  const all = [...events, first]
  for (const decider of deciders) decider.feed(first)
  const said = deciders.map((decider) => decider.segments(first.at, facts))
  // Who stays in is told to those that cannot know it.
  const given: Facts = Object.fromEntries((said[0] as string[]).map((name) => [`stays ${name}`, 1]))
  const known = others.facts(all, first.at, given)
  // Nobody is measured who is wrong.
  said.push(others.rescan(all, first.at, given))
  for (const [, judge] of judges) said.push(await judge(known))
  if (new Set(said.map((list) => list.join())).size !== 1) throw new Error('the contenders disagree')

  // A page in use: what is measured has run for a while.
  const inUse = deciders.map((decider) => {
    let at = first.at
    let next = 1
    const live = (event: VisitorEvent): unknown => {
      at += 1000
      decider.feed({ ...event, at })
      return decider.segments(at, facts)
    }
    for (let i = 0; i < 3; i++) fresh.slice(0, hot ? 500 : 4000).forEach(live)
    return (): number => {
      const batch = fresh.slice(next, next + many)
      next = next + many > 3500 ? 1 : next + many
      const started = now()
      batch.forEach(live)
      return (now() - started) / batch.length
    }
  })
  const timed = (name: string, work: () => unknown): Contender => ({
    name,
    run: async () => {
      const started = now()
      await work()
      return now() - started
    },
  })
  return rounds(
    [
      ...Object.keys(engines).map((name, i) => ({ name, run: inUse[i] as () => number })),
      timed('best rescan', () => others.rescan(all, first.at, given)),
      ...judges.map(([name, judge]) => timed(`rescan + ${name}`, () => judge(others.facts(all, first.at, given)))),
      ...judges.map(([name, judge]) => timed(`${name} alone`, () => judge(known))),
    ],
    9,
  )
}

/** µs for one segment of many to be entered with an event, and left by itself. */
function alone(count: number, length: number): number {
  const decider = createDecider(rulesetOf({ ...site(count), only: { event: 'rare', within: '1s' } }))
  history(length).forEach(decider.feed)
  let at = NOW
  const turn = (): void => {
    at += 2000
    decider.feed({ id: `${at}`, type: 'rare', at, props: {} })
    if (!decider.segments(at, facts).includes('only') || decider.segments(at + 1000, facts).includes('only')) throw new Error('not entered, or not left')
  }
  for (let i = 0; i < 3000; i++) turn()
  return median(
    Array.from({ length: 9 }, () => {
      const started = now()
      for (let i = 0; i < 300; i++) turn()
      return ((now() - started) / 600) * 1000
    }),
  )
}

/** A page starts, each time in a process of its own; `once` runs the one with that number. */
export async function starting(once: (which: number) => number): Promise<void> {
  print('A page starts, 1000 segments and 10000 events (medians of 9 fresh processes, Node)', [['', await turns(STARTS, once, 9)]])
}

export default async function engine(where = 'Node', small = false): Promise<void> {
  const results: [string, Map<string, number>][] = []
  for (const [segments, length] of small ? ([[100, 1000]] as const) : ([[100, 1000], [1000, 1000], [1000, 10_000]] as const)) {
    results.push([`${segments} segments, ${length} events`, await steady(segments, length, 'mixed', 200)])
  }
  if (!small) results.push(['1000 segments, 10000 events, each for every stream', await steady(1000, 10_000, 'hot', 20)])
  print(`All memberships after one new event (medians of 9 interleaved rounds, ${where})`, results)
  const [, short, long] = results.map(([, times]) => times.get('slotwise') as number)
  if (short && long) console.log(`  At 10,000 events it costs ${(long / short).toPrecision(3)} times what it costs at 1,000.`)
  if (!small) console.log(`  One segment of 1,000 entered or left: ${alone(1000, 10_000).toPrecision(3)} µs.`)
  const often: typeof results = [['100 segments, 1000 events', await steady(100, 1000, 'simple', 200)]]
  if (!small) often.push(['1000 segments, 10000 events', await steady(1000, 10_000, 'simple', 200)])
  print(`The same where the rules only ask how often (${where})`, often)
}
