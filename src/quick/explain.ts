// explain.js beside the script tag: explains decisions of the simple engine, too, from what that one keeps.

import type { Decider } from '../decide/decide.js'
import { type Asking, explain as whole } from '../decide/explain.js'
import { duration } from '../lib/duration.js'
import { streamKey } from './behaviour.js'
import { matchesValue } from './conditions.js'
import type { SimpleLeaf } from './simple.js'

/** By the state of the simple engine: the newest times of each kind of event, newest first. */
const looking =
  (state: unknown): NonNullable<Decider['look']> =>
  (rule, now) => {
    const leaf = rule as SimpleLeaf
    const [, times] = (state as { [stream: string]: [kept: number, times: number[]] })[streamKey(leaf)] ?? [0, []]
    const length = leaf.within === undefined ? Number.POSITIVE_INFINITY : duration(leaf.within)
    const inside = times.filter((time) => time > now - length)
    return {
      held: matchesValue(leaf.count ?? { $gte: 1 }, inside.length),
      got: inside.length,
      last: inside[0] ?? null,
      until: (inside[inside.length - 1] ?? Number.POSITIVE_INFINITY) + length,
    }
  }

export const explain: typeof whole = (ruleset, slot, ask, decision) => {
  const asking = (): Asking => {
    const { decider, ...rest } = ask()
    return { ...rest, decider: decider.look ? decider : { ...decider, look: looking(decider.state()) } }
  }
  return whole(ruleset, slot, asking, decision)
}
