// meant(): what goes when a visitor asks to forget one thing, and was there before they asked.

import { isObject, own } from './lib/own.js'
import type { Meant } from './remember/left.js'
import type { Ruleset, VisitorEvent } from './types.js'

/** All of them without these; undefined where there is none of these. */
export const without =
  (goes: (event: VisitorEvent) => boolean) =>
  (events: VisitorEvent[]): VisitorEvent[] | undefined =>
    events.some(goes) ? events.filter((event) => !goes(event)) : undefined

/** What goes with this fact; nothing where it is none. */
export function meant(fact: unknown, before: number, { interests = {} }: Ruleset): Meant {
  const [trait, type, interest] = ['trait', 'event', 'interest'].map((kind) => own(fact as { [kind: string]: unknown }, kind))
  if (typeof trait === 'string') return { trait, before }
  const until =
    (goes: (event: VisitorEvent) => boolean) =>
    (event: VisitorEvent): boolean =>
      event?.at < before && goes(event)
  if (typeof type === 'string') return { goes: until((event) => event.type === type), before }
  const [name, value] = isObject(interest) ? (Object.entries(interest)[0] ?? []) : [interest]
  const feeds = typeof name === 'string' && own(interests, name)
  if (!feeds) return { before }
  const goes = until(({ type, props }) => {
    const values = [own(props, name)].flat()
    return own(feeds.weights, type) !== undefined && values.some((one) => one !== undefined && (value === undefined || one === value))
  })
  return { goes, before }
}
