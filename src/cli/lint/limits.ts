// Limits of an experience that can never take hold, and keys that do less than they seem to.

import { own } from '../../lib/own.js'
import type { Experience, Ruleset } from '../../types.js'
import type { Found } from '../finding.js'
import { formulas } from './formula.js'

/** A key that makes no difference can go. */
const REMOVED = { value: undefined }

const groupOf = ({ exclusive }: Experience): string | undefined => (typeof exclusive === 'object' ? exclusive.group : exclusive)

/** Does it show the page's own content, whatever is drawn? */
const isPlain = ({ show, split }: Experience): boolean => show === 'default' || (split !== undefined && [split.weights, ...(split.by ?? []).map(({ weights }) => weights)].every((weights) => Object.keys(weights).every((arm) => arm === 'default' || !weights[arm])))

function groups(all: (Experience & { path: string })[], found: Found): void {
  for (const one of all) {
    const group = groupOf(one)
    if (group !== undefined && all.filter((other) => groupOf(other) === group).length === 1) {
      found(`${one.path}.exclusive`, 'alone', `is the only experience of the group "${group}", so that everybody is in its slice`, 'name another with the same group, or leave it out', REMOVED)
    }
    if (one.fatigue && one.goal === undefined) found(`${one.path}.fatigue`, 'goalless', 'without a "goal" nothing makes it fresh again before its time', 'give the experience the goal that it is judged by')
  }
}

function bites(ruleset: Ruleset, all: (Experience & { path: string; last: boolean })[], found: Found): void {
  const { question } = formulas(ruleset)
  for (const one of all) {
    const { name, when, cap, fatigue, untilGoal, cooldown, path, last } = one
    if (isPlain(one) && last) {
      for (const key of ['cap', 'cooldown', 'fatigue'] as const) {
        if (one[key]) found(`${path}.${key}`, 'toothless', `"${name}" shows the page's own content, and after it comes nothing else: it makes no difference`, 'remove it', REMOVED)
      }
      continue
    }
    // By their own rule its visitors never get so far.
    const reaches = (event: string, where: object, times: number, within?: string): boolean => {
      const { of, counted, possible } = question()
      return possible({ all: [when === undefined ? true : of(when), counted({ event, ...(Object.keys(where).length > 0 ? { where: where as never } : {}), ...(within ? { within: within as never } : {}), count: { $gte: times } })] }) !== false
    }
    const mine = { experience: name }
    const never = (key: string, what: string): void => found(`${path}.${key}`, 'toothless', `never keeps "${name}" away: its "when" ends it before ${what}`, `remove "${key}", or the condition that does its work`, REMOVED)
    if (cap && !reaches('exposure', mine, cap.times, cap.within)) never('cap', `it was reached ${cap.times} times`)
    if (fatigue && !reaches('exposure_seen', mine, fatigue.after, fatigue.within)) never('fatigue', `it was seen ${fatigue.after} times`)
    const goal = untilGoal === undefined ? undefined : own(ruleset.goals, untilGoal)
    if (goal && !reaches(goal.event, goal.where ?? {}, 1)) never('untilGoal', `the goal "${untilGoal}"`)
    if (goal && when !== undefined) {
      const { of, counted, possible } = question()
      const fresh = { not: counted({ event: goal.event, ...(goal.where ? { where: goal.where } : {}) }) }
      if (possible(of(when)) !== false && possible({ all: [of(when), fresh] }) === false) found(`${path}.untilGoal`, 'never', `only those who reached the goal "${untilGoal}" meet the "when" of "${name}", and they are the ones it is kept from`, 'remove one of the two')
    }
    if (cooldown?.grow === undefined && cooldown?.max !== undefined) found(`${path}.cooldown.max`, 'toothless', 'without "grow" the cooldown is always "for" long', 'add "grow", or remove "max"', REMOVED)
  }
}

export function limits(ruleset: Ruleset, found: Found): void {
  const all = Object.entries(ruleset.slots ?? {}).flatMap(([slot, { experiences = [] }]) => experiences.map((one, i) => ({ ...one, path: `slots.${slot}.experiences[${i}]`, last: i === experiences.length - 1 })))
  groups(all, found)
  bites(ruleset, all, found)
}
