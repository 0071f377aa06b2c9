// When a visit begins: the one rule that both the page (which notices) and the log (which settles it) follow.

import type { Profile, VisitorEvent } from '../types.js'
import { isObject } from './own.js'

/** A visit ends when more than this many ms pass without an event. */
export const VISIT_IDLE = 30 * 60_000

/** The campaign that an event carries, or none. */
export const campaign = (event: VisitorEvent): Profile['utm'] | undefined => {
  const { utm } = event.props
  return isObject(utm) && Object.keys(utm).length > 0 ? (utm as Profile['utm']) : undefined
}

const same = (a: Profile['utm'], b: Profile['utm']): boolean => {
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key])
}

/** Does this event begin a visit, coming after all that `profile` holds? */
export function beginsVisit(profile: Pick<Profile, 'lastAt' | 'utm'>, event: VisitorEvent): boolean {
  if (profile.lastAt === null || event.at - profile.lastAt > VISIT_IDLE) return true
  const utm = campaign(event)
  return utm !== undefined && !same(utm, profile.utm)
}
