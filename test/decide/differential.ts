// Plays a scenario to the engine and to the reference, and compares every membership: after each step, and a
// millisecond before and at every instant at which something could change by itself.

import type { Decider } from '../../src/decide/decide.js'
import type { Ruleset, VisitorEvent } from '../../src/types.js'
import { type Facts, reference } from './reference.js'
import type { Scenario, Step } from './scenario.js'

export interface Mismatch {
  at: number
  step: number
  engine: string[]
  reference: string[]
}

/**
 * Gives the number of memberships compared, or the first that differ. With `pages`, every step is on a page of its own,
 * which goes on from what some earlier one has left, and from what has happened since.
 */
export function play({ ruleset, steps }: Scenario, create: (ruleset: Ruleset) => Decider, { probes = 4, pages = false } = {}): number | Mismatch {
  const slow = reference(ruleset)
  let engine = create(ruleset)
  const facts: { traits: object; context: object; facts?: object } = { traits: {}, context: {} }
  const names = Object.keys(ruleset.segments ?? {}).length
  let checks = 0
  let commits = 0

  const differs = (at: number, step: number): Mismatch | undefined => {
    const wanted = slow.members(at, facts as Facts)
    const got = engine.segments(at, facts as never)
    checks += names
    return got.join() === wanted.join() ? undefined : { at, step, engine: [...got], reference: wanted }
  }

  // Whoever stays in is told by the facts of the time: those are in no log, but in what the page before has left.
  const stride = JSON.stringify(ruleset.segments).includes('"keep"') ? 1 : 3
  let state: unknown
  let since: VisitorEvent[] = []
  const leave = (): void => {
    state = JSON.parse(JSON.stringify(engine.state()))
    since = []
  }
  const enter = (): boolean => {
    engine = create(ruleset)
    if (!engine.complete(state)) return false
    engine.load(state)
    since.forEach(engine.feed)
    return true
  }

  const first = steps[0] as Step
  const begun = differs(first.at, -1)
  if (begun) return begun
  for (const [i, step] of steps.entries()) {
    if (pages || 'restart' in step) {
      if (!pages || i % stride === 0) leave()
      if (!enter()) return { at: step.at, step: i, engine: ['incomplete'], reference: [] }
    }
    if ('event' in step) {
      const event: VisitorEvent = { id: `${commits++}`, ...step.event }
      slow.feed(event)
      engine.feed(event)
      since.push(event)
    } else if ('traits' in step) facts.traits = step.traits
    else if ('context' in step) facts.context = step.context
    else if ('facts' in step) facts.facts = step.facts
    const now = differs(step.at, i)
    if (now) return now
    // Time passes until the next step.
    const until = (steps[i + 1] ?? { at: step.at + 4 * 86_400_000 }).at
    const instants = slow.instants(step.at, until)
    const every = Math.max(1, Math.floor(instants.length / probes))
    for (let j = i % every; j < instants.length; j += every) {
      const at = instants[j] as number
      for (const time of [at - 1, at]) {
        const wrong = time > step.at ? differs(time, i) : undefined
        if (wrong) return wrong
      }
    }
  }
  return checks
}
