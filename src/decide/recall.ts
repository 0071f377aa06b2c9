// What recommendations recall of a visitor: kept as streams beside those of rules, so that it costs the same however long
// the history is.

import type { EventLeaf, Interest, Recommend, Ruleset } from '../types.js'

/** The newest different values of a property. */
export interface TrailRule {
  trail: EventLeaf
}
/** All that a decayed affinity holds: scores by value. */
export interface TasteRule {
  taste: [property: string, feeding: Interest]
}
export type RecallRule = TrailRule | TasteRule

/** So many different items are kept, and so many that are to stay hidden. */
const TRAIL = 50
const HIDDEN = 200
/** What was shown wears off in this time; a click makes up for many. */
const SHOWN: Interest = { halfLife: '3d', weights: { recommend_seen: 1, recommend_click: -5 }, sensitive: 'catalogue' }

const trail = (event: string, property: string, most = HIDDEN): TrailRule => ({ trail: { event, distinct: { [property]: { $gte: most } } } })

/** By name: what is recalled for it. */
export function recallRules({ event = 'page_view', key = 'path', bought = 'purchase' }: Recommend, interests: Ruleset['interests'] = {}): { [name: string]: RecallRule } {
  return {
    seen: trail(event, key, TRAIL),
    bought: trail(bought, key),
    dismissed: trail('recommend_dismiss', 'item'),
    shown: { taste: ['item', SHOWN] },
    ...Object.fromEntries(Object.entries(interests).map(([name, interest]): [string, RecallRule] => [`fond ${name}`, { taste: [name, interest] }])),
  }
}

/** All recommendations of a ruleset. */
export const recommends = ({ slots = {} }: Ruleset): Recommend[] =>
  Object.values(slots).flatMap(({ experiences = [], variants = {} }) => [...experiences, ...Object.values(variants)].flatMap(({ recommend }) => recommend ?? []))
