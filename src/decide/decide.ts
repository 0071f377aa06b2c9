// The door of the wing: a ruleset becomes something that folds events, names segments and decides slots. All pure.

import { printOf } from '../lib/fingerprint.js'
import { own } from '../lib/own.js'
import { type Zone, zone } from '../lib/zone.js'
import type { Decision, Experience, Fold, Recommend, Rule, Ruleset, Trigger, VisitorEvent } from '../types.js'
import { hash } from './assign.js'
import { matches } from './conditions.js'
import { drawnBy, isEligible, type Moment, type Terms, termsOf } from './eligible.js'
import { decideSlot, dismissed, heldOut, type Visitor } from './experiences.js'
import { rulesOf } from './limits.js'
import { recallRules, recommends } from './recall.js'
import { type Segments, segments } from './segments.js'
import type { Facts } from './standing.js'

export interface Decider extends Fold {
  /** The names of the segments that hold, in the ruleset's order; the same list as before, and frozen, while nothing changes. */
  segments(now: number, facts: Facts): string[]
  /**
   * For a page view or, in the midst of one, in place of `standing`: then only experiences that wait for a trigger and
   * stand before the one that has decided can take its place; in a live slot any, and its own exposures do not end it.
   */
  decide(slot: string, visitor: Viewer, facts: Facts, standing?: Decision): Decision
  holds(rule: Rule, now: number, facts: Facts): boolean
  /** The earliest instant, after `now`, at which a rule could change with no event and the same facts; Infinity if none. */
  until?(rule: Rule, now: number, facts: Facts): number
  /** For recommendations: what the device knows of the visitor. */
  recall?(rules: Recommend, now: number, facts: Facts): { [name: string]: unknown }
  /** For explain(): how questions about behaviour are answered, and on what terms experiences are shown. */
  look?: Segments['look']
  terms?: Map<Experience, Terms>
  /** The names of the goals, and of declared rows, that an event counts for. */
  goals(event: VisitorEvent): string[]
  /** The next instant at which a segment could change with no event; Infinity if none. */
  next(now: number): number
}

/** Whose decision it is, in which page view. */
export interface Viewer extends Pick<Visitor, 'seed' | 'measure' | 'now' | 'declined'> {
  /** What has happened in this page view; without it nothing. */
  view?: { fired(trigger: Trigger): boolean; dismissed(slot: string): boolean } | undefined
}

export function createDecider(ruleset: Ruleset): Decider & Required<Pick<Decider, 'until'>> {
  let here: Zone | undefined
  const terms = termsOf(ruleset, () => {
    here ??= zone(ruleset.timeZone)
    return here
  })
  const rules = [...terms].flatMap(([experience, { limits }]) => rulesOf(experience, ruleset, limits))
  const recalls = new Map(recommends(ruleset).map((one) => [one, recallRules(one, ruleset.interests)]))
  const goals = Object.entries({ ...ruleset.goals, ...ruleset.rows })
  const { members, holds, look, ...folding } = segments(ruleset, [...rules, ...[...recalls.values()].flatMap(Object.values)], () => printOf(ruleset))

  const decide: Decider['decide'] = (slot, { view, ...viewer }, facts, standing) => {
    // Who has closed it wants no other in its place for the rest of the page view.
    if (standing && view?.dismissed(slot)) return standing.reason === 'dismissed' ? standing : dismissed(standing)
    const moment: Moment = { ...viewer, traits: facts.traits, fired: (trigger) => view?.fired(trigger) ?? false, holds: (rule) => holds(rule, viewer.now, facts) }
    const { live = false, experiences = [] } = own(ruleset.slots, slot) ?? {}
    const candidates = standing && !live ? waiting(experiences, standing) : experiences
    const decision = decideSlot(
      ruleset,
      slot,
      { ...viewer, holds: moment.holds },
      (experience) => candidates.includes(experience) && isEligible(experience, terms.get(experience) as Terms, moment, experience.name === standing?.experience),
      (experience) => drawnBy(experience, moment) as string,
    )
    const chosen = experiences.find(({ name }) => name === decision.experience)
    if (!chosen) return live ? decision : (standing ?? decision)
    const held = viewer.measure && hash(`holdout:${chosen.name}`, drawnBy(chosen, moment) as string) < (chosen.holdout ?? 0)
    return held ? heldOut(decision) : decision
  }

  return {
    ...folding,
    segments: members,
    goals: ({ type, props }) => goals.flatMap(([name, { event, where }]) => (event === type && (!where || matches(where, props)) ? [name] : [])),
    decide,
    holds,
    look,
    terms,
    recall: (one, now, facts) => Object.fromEntries(Object.entries(recalls.get(one) ?? {}).map(([name, rule]) => [name, look(rule, now, facts).got])),
  }
}

/** Those that can still take the place of what was decided. */
const waiting = (experiences: Experience[], { experience }: Decision): Experience[] => {
  const at = experiences.findIndex(({ name }) => name === experience)
  return experiences.slice(0, at < 0 ? undefined : at).filter(({ on }) => on !== undefined)
}

export { tooLate, undecided, unpermitted } from './experiences.js'
