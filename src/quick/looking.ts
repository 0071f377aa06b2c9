// looking(): how the simple engine's questions stand, from what it keeps. For files that are fetched when somebody asks.

import type { Decider } from '../decide/decide.js'
import { duration } from '../lib/duration.js'
import { streamKey } from './behaviour.js'
import { matchesValue } from './conditions.js'
import type { SimpleLeaf } from './simple.js'

/** By the state of the simple engine: the newest times of each kind of event, newest first. */
export const looking =
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
