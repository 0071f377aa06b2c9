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

/** Gives the number of memberships compared, or the first that differ. */
export function play({ ruleset, steps }: Scenario, create: (ruleset: Ruleset) => Decider, probes = 4): number | Mismatch {
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

  const first = steps[0] as Step
  const begun = differs(first.at, -1)
  if (begun) return begun
  for (const [i, step] of steps.entries()) {
    if ('event' in step) {
      const event: VisitorEvent = { id: `${commits++}`, ...step.event }
      slow.feed(event)
      engine.feed(event)
    } else if ('traits' in step) facts.traits = step.traits
    else if ('context' in step) facts.context = step.context
    else if ('facts' in step) facts.facts = step.facts
    else if ('restart' in step) {
      const state = JSON.parse(JSON.stringify(engine.state()))
      engine = create(ruleset)
      if (!engine.complete(state)) return { at: step.at, step: i, engine: ['incomplete'], reference: [] }
      engine.load(state)
    }
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
