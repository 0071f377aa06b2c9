// untilOf(): until when rules stand if nothing happens, from what the simple engine keeps.

import type { Rule, Ruleset } from '../types.js'
import { looking } from './looking.js'
import { leavesOf } from './segments.js'
import type { SimpleRule } from './simple.js'

export function untilOf({ segments = {} }: Pick<Ruleset, 'segments'>, state: unknown): (rule: Rule, now: number) => number {
  const look = looking(state)
  return (rule, now) =>
    Math.min(...leavesOf(segments as { [name: string]: SimpleRule }, [rule as SimpleRule]).map((leaf) => look(leaf as never, now, { traits: {}, context: {} })?.until ?? Number.POSITIVE_INFINITY))
}
