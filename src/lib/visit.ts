// When a visit begins: the one rule that both the page (which notices) and the log (which settles it) follow.

import type { Profile, VisitorEvent } from '../types.js'
import { isObject } from './own.js'

/** A visit ends when more than this many ms pass without an event. */
export const VISIT_IDLE = 30 * 60_000

/** An event so many ms ahead of the clock was stamped while the clock was wrong. */
const AHEAD = 86_400_000

/** The campaign that a page view or visit carries; a site's own events may have a `utm` of their own. */
export const campaign = ({ type, props: { utm } }: VisitorEvent): Profile['utm'] | undefined =>
  (type === 'page_view' || type === 'visit') && isObject(utm) && Object.keys(utm).length > 0 ? (utm as Profile['utm']) : undefined

const same = (a: Profile['utm'], b: Profile['utm']): boolean => {
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key])
}

/** The newest of two times, where a clock that was far ahead once does not hold for ever. */
export const newest = (lastAt: number | null, at: number): number => (lastAt === null || lastAt - at > AHEAD ? at : Math.max(lastAt, at))

/** Does this event begin a visit, coming after all that `profile` holds? */
export function beginsVisit(profile: Pick<Profile, 'lastAt' | 'utm'>, event: VisitorEvent): boolean {
  const { lastAt } = profile
  if (lastAt === null || event.at - lastAt > VISIT_IDLE || lastAt - event.at > AHEAD) return true
  const utm = campaign(event)
  return utm !== undefined && !same(utm, profile.utm)
}
