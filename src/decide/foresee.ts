// foresee(): for how long what is decided of a slot now will be decided on the next page, too. Pure.

import { DAY } from '../lib/day.js'
import { isObject, own } from '../lib/own.js'
import { zone } from '../lib/zone.js'
import type { Decision, Experience, Rule, Ruleset } from '../types.js'

export interface Prospect {
  now: number
  /** When this visit ends if nothing more happens. */
  visitEnds: number
  /** The rules that an experience's place in the slot depends on. */
  rulesOf(experience: Experience): Rule[]
  /** Until when a rule's truth stands if nothing happens. */
  until(rule: Rule): number
}

/** How far a rule reaches beyond this page: to the next ones, for this visit, or not at all. */
type Reach = 'on' | 'visit' | 'page'

const WIDER: Reach[] = ['on', 'visit', 'page']
const narrower = (a: Reach, b: Reach): Reach => (WIDER.indexOf(a) > WIDER.indexOf(b) ? a : b)

/** Of the context, what stays as it is while a visit lasts. */
const OF_VISIT = ['utm', 'first', 'device', 'language', 'visit']

/** Conditions nest; their paths do not. */
const pathsIn = (conditions: object): string[] =>
  Object.entries(conditions).flatMap(([key, value]) => (key[0] !== '$' ? [key] : key === '$savedGroup' ? ['?'] : [value].flat().flatMap((part) => (isObject(part) ? pathsIn(part) : []))))

const ofPatterns = (...patterns: unknown[]): Reach => (patterns.flat().some((pattern) => isObject(pattern) && pattern.event === 'visit') ? 'visit' : 'on')

function reachOf(rule: unknown, segments: NonNullable<Ruleset['segments']>, open: string[] = []): Reach {
  const parts = (rules: unknown[]): Reach => rules.map((part) => reachOf(part, segments, open)).reduce(narrower, 'on')
  if (typeof rule === 'string') return open.includes(rule) ? 'on' : reachOf(own(segments, rule), segments, [...open, rule])
  if (!isObject(rule)) return 'on'
  const { segment, all, any, not, score, context, trait, event, sequence, moreThan, interest, within, same, without } = rule
  if (context) return pathsIn(context).some((path) => !OF_VISIT.includes(path.split('.')[0] as string)) ? 'page' : 'visit'
  if (trait || interest) return 'on'
  if (same || within === 'page') return 'page'
  if (event || sequence) return within === 'visit' ? 'visit' : ofPatterns(rule, sequence, without, isObject(within) && within.since)
  const terms = isObject(score) && Array.isArray(score.terms) ? score.terms.map((term) => term.when) : undefined
  const below = [segment, all, any, not, moreThan, terms].filter((part) => part !== undefined)
  // A kind of rule that is not known here may look at anything.
  return below.length > 0 ? parts(below.flat()) : 'page'
}

/** ms since 1970; 0 where the next page has to decide for itself. */
export function foresee({ slots = {}, segments = {}, timeZone, epochDays = 28 }: Ruleset, { slot, experience, weights, epoch }: Decision, { now, visitEnds, rulesOf, until }: Prospect): number {
  const experiences = own(slots, slot)?.experiences ?? []
  const index = experiences.findIndex(({ name }) => name === experience)
  const asked = experiences.slice(0, index < 0 ? undefined : index + 1).filter(({ enabled }) => enabled !== false)
  const chosen = experiences[index]

  // What is neither shown nor drawn is made by the page itself.
  let stands = chosen && !chosen.show && !chosen.split ? 0 : Number.POSITIVE_INFINITY
  // A split with a goal is drawn anew in each epoch.
  if (chosen?.goal !== undefined && weights !== null) stands = (epoch + 1) * epochDays * DAY
  for (const one of asked) {
    for (const rule of rulesOf(one)) {
      const reach = reachOf(rule, segments)
      stands = Math.min(stands, reach === 'page' ? 0 : reach === 'visit' ? visitEnds : Number.POSITIVE_INFINITY, until(rule))
    }
    const { from, to } = one as { from?: string; to?: string }
    for (const date of [from, to]) {
      const at = date === undefined ? 0 : zone(timeZone).instant(date)
      if (at > now) stands = Math.min(stands, at)
    }
  }
  return stands > now ? stands : 0
}
