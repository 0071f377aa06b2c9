// All memberships right after one new event: the engine, and the simple one that the script tag has for up to 100
// segments, against counting the history again.

import { createDecider } from '../../src/decide/decide.js'
import { createDecider as createSimple } from '../../src/quick/decide.js'
import type { Rule, Ruleset, VisitorEvent } from '../../src/types.js'
import { print, rounds } from './rounds.js'
import { contenders, history, NOW, site } from './workload.js'

const facts = { traits: {}, context: {} }
const now = (): number => performance.now()

/** Medians of interleaved rounds; the engine takes many events a round, the slow ones one. */
async function steady(rules: { [name: string]: Rule }, length: number, hot: boolean, many: number): Promise<Map<string, number>> {
  const events = history(length, hot)
  const fresh = history(4000, hot, NOW).map((event, i): VisitorEvent => ({ ...event, at: NOW + i * 1000 }))
  const deciders = [createDecider, createSimple].map((create) => create({ version: 1, segments: rules } as Ruleset))
  for (const decider of deciders) {
    events.forEach(decider.feed)
    decider.segments(NOW, facts)
  }
  const others = contenders(rules)
  // Nobody is measured who is wrong.
  const first = fresh[0] as VisitorEvent
  const all = [...events, first]
  for (const decider of deciders) decider.feed(first)
  const said = [...deciders.map((decider) => decider.segments(first.at, facts)), others.rescan(all, first.at)]
  for (const judge of Object.values(others.judges)) said.push(await judge(others.facts(all, first.at)))
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
  const timed = async (work: () => unknown): Promise<number> => {
    const started = now()
    await work()
    return now() - started
  }
  return rounds(
    [
      ...['slotwise', 'simple engine'].map((name, i) => ({ name, run: inUse[i] as () => number })),
      { name: 'best rescan', run: () => timed(() => others.rescan(all, first.at)) },
      ...Object.entries(others.judges).map(([name, judge]) => ({ name: `rescan + ${name}`, run: () => timed(() => judge(others.facts(all, first.at))) })),
      ...Object.entries(others.judges).map(([name, judge]) => {
        const known = others.facts(all, first.at)
        return { name: `${name} alone`, run: () => timed(() => judge(known)) }
      }),
    ],
    9,
  )
}

/** From a ruleset in memory to all memberships: from what the page before left, whole, and by counting again. */
function starting(rules: { [name: string]: Rule }, length: number): Promise<Map<string, number>> {
  const ruleset = { version: 1, segments: rules } as Ruleset
  const events = history(length)
  const left = createDecider(ruleset)
  for (const event of events) left.feed(event)
  left.segments(NOW, facts)
  const state = JSON.parse(JSON.stringify(left.state()))
  const changed = { ...state, rules: 0 }
  const once = (work: () => unknown) => () => {
    const started = now()
    work()
    return now() - started
  }
  const start = (from: unknown) => () => {
    const decider = createDecider(ruleset)
    if (!decider.complete(from)) throw new Error('the state is not complete')
    decider.load(from)
    return decider.segments(NOW + 1, facts)
  }
  return rounds(
    [
      { name: 'slotwise, memberships unchanged', run: once(start(state)) },
      { name: 'slotwise, everything compiled and restored', run: once(start(changed)) },
      { name: 'best rescan, with its rules made', run: once(() => contenders(rules).rescan(events, NOW + 1)) },
    ],
    9,
  )
}

export default async function engine(where = 'Node', small = false): Promise<void> {
  const sizes = [[100, 1000], [1000, 1000], [1000, 10_000]] as const
  const results: [string, Map<string, number>][] = []
  const starts: [string, Map<string, number>][] = []
  for (const [segments, length] of small ? sizes.slice(0, 1) : sizes) {
    results.push([`${segments} segments, ${length} events`, await steady(site(segments), length, false, 200)])
    starts.push([`${segments} segments, ${length} events`, await starting(site(segments), length)])
  }
  if (!small) results.push(['1000 segments, 10000 events, each for every stream', await steady(site(1000, true), 10_000, true, 20)])
  print(`All memberships after one new event (medians of 9 interleaved rounds, ${where})`, results)
  print(`A page starts (medians of 9 interleaved rounds, ${where})`, starts)
}
