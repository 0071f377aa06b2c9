// What the whole language asks of an experience besides its `when`: dates, limits, a trigger, a slice of visitors.

import { own } from '../lib/own.js'
import type { Zone } from '../lib/zone.js'
import type { Experience, Props, Rule, Ruleset, Trigger, Weights } from '../types.js'
import { draw } from './assign.js'
import { type Limit, limitsOf } from './limits.js'

/** Why an experience may, or may not, decide: one of them for each key that it has. */
export interface Terms {
  limits: Limit[]
  /** `from` and `to` in ms since 1970. */
  from: number
  to: number
  /** Whose slices they are; null where there is no group. */
  slices: { group: string; weights: Weights } | null
}

/** What is known of the visitor and the page view when an experience is looked at. */
export interface Moment {
  seed: string
  traits: Props
  now: number
  fired(trigger: Trigger): boolean
  holds(rule: Rule): boolean
}

const sliceOf = ({ exclusive }: Experience): { group: string; weight: number } | undefined =>
  exclusive === undefined ? undefined : typeof exclusive === 'string' ? { group: exclusive, weight: 1 } : { weight: 1, ...exclusive }

/** By experience. `zone` is asked only where a date names none. */
export function termsOf(ruleset: Ruleset, zone: () => Pick<Zone, 'instant'>): Map<Experience, Terms> {
  const experiences = Object.values(ruleset.slots ?? {}).flatMap(({ experiences = [] }) => experiences)
  const groups = new Map<string, Weights>()
  for (const one of experiences) {
    const slice = sliceOf(one)
    if (slice) groups.set(slice.group, { ...groups.get(slice.group), [one.name]: slice.weight })
  }
  return new Map(
    experiences.map((one) => {
      const slice = sliceOf(one)
      return [
        one,
        {
          limits: limitsOf(one, ruleset),
          from: one.from === undefined ? Number.NEGATIVE_INFINITY : zone().instant(one.from),
          to: one.to === undefined ? Number.POSITIVE_INFINITY : zone().instant(one.to),
          slices: slice ? { group: slice.group, weights: groups.get(slice.group) as Weights } : null,
        },
      ]
    }),
  )
}

/** What a visitor is drawn by; undefined where the site has not told the trait. */
export function drawnBy({ assignBy }: Experience, { seed, traits }: Pick<Moment, 'seed' | 'traits'>): string | undefined {
  if (assignBy === undefined) return seed
  const value = own(traits, assignBy)
  // An empty text is what many sites have for nobody.
  return value !== '' && ['string', 'number', 'boolean'].includes(typeof value) ? `${value}` : undefined
}

/** Who of an exclusive group has this visitor; the slices are the same whatever else the ruleset holds. */
export const sliceFor = ({ group, weights }: { group: string; weights: Weights }, visitor: string): string => draw(weights, `exclusive:${group}`, visitor).arm

/** `shown`: it is in its slot already, where its own exposures must not end it. */
export function isEligible(experience: Experience, { limits, from, to, slices }: Terms, moment: Moment, shown = false): boolean {
  const { on, name } = experience
  const visitor = drawnBy(experience, moment)
  return (
    moment.now >= from &&
    moment.now < to &&
    // Who is not known yet would be drawn once more when the trait is there: better not at all than two arms.
    visitor !== undefined &&
    (slices === null || sliceFor(slices, visitor) === name) &&
    (on === undefined || moment.fired(on)) &&
    limits.every(({ key, rule }) => (shown && (key === 'cap' || key === 'fatigue')) || moment.holds(rule))
  )
}
