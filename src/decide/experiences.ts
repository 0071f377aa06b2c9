// decideSlot(): the first experience whose `when` holds says what the slot shows, and why.

import { epochOf } from '../lib/day.js'
import { own } from '../lib/own.js'
import { shownBy } from '../lib/shownBy.js'
import type { Decision, Experience, Reason, Rule, Ruleset, Split } from '../types.js'
import { draw, hash, largest } from './assign.js'

/** What a decision depends on, besides the ruleset. */
export interface Visitor {
  /** The visitor's random seed; never leaves the device. */
  seed: string
  /** Is `measure` granted? A split with a goal, and the holdout, are drawn only then. */
  measure: boolean
  now: number
  /** The names of experiences that the visitor has said no to by hand. */
  declined?: unknown
  holds(rule: Rule): boolean
}

const pageDefault = (slot: string, reason: Reason, because: string): Decision => ({
  slot,
  variant: 'default',
  experience: null,
  arm: 'default',
  probability: 1,
  held: false,
  weights: null,
  stratum: '*',
  measured: false,
  epoch: 0,
  reason,
  because,
})

/** What is said of a slot before anything could be decided. */
export const undecided = (slot: string): Decision => pageDefault(slot, 'not-ready', 'The ruleset or the past is still being read.')

/** What is said of a slot while the visitor does not allow a profile. */
export const unpermitted = (slot: string): Decision => pageDefault(slot, 'no-consent', 'The visitor has not agreed to personalization.')

/** What is said of a slot that was held back for the script in vain. */
export const tooLate = (slot: string): Decision => pageDefault(slot, 'too-late', 'The slot was shown before this was decided, and stays as it is.')

/** What is said of a slot after the visitor has closed what it showed. */
export const dismissed = ({ slot, experience }: Decision): Decision => pageDefault(slot, 'dismissed', `The visitor has dismissed "${experience}".`)

/** Held-out visitors have a would-be arm all the same, so that they count alike. */
export const heldOut = (decision: Decision): Decision => ({
  ...decision,
  variant: 'default',
  held: true,
  reason: 'held',
  because: `Held out; "${decision.experience}" would have shown "${decision.arm}".`,
})

/**
 * The simple language has no more to ask than whether an experience's `when` holds: what else there is stands in
 * `allows`, and in `drawnBy` whether visitors are drawn by anything but their device's seed.
 */
export function decideSlot(ruleset: Ruleset, slot: string, visitor: Visitor, allows = (_: Experience): boolean => true, drawnBy = (_: Experience): string => visitor.seed): Decision {
  const rules = own(ruleset.slots, slot)
  if (!rules) return pageDefault(slot, 'unknown-slot', `The ruleset has no slot "${slot}".`)

  const experience = rules.experiences?.find((one) => one.enabled !== false && !(visitor.declined as string[] | undefined)?.includes?.(one.name) && (one.when === undefined || visitor.holds(one.when)) && allows(one))
  if (!experience) return pageDefault(slot, 'no-match', 'No experience applies to this visitor.')

  const { name, split } = experience
  const { seed, measure: measured, now } = visitor
  const epoch = epochOf(now, ruleset.epochDays)
  const drawn = split ? drawSplit(experience, split, epoch, visitor, drawnBy(experience)) : shown(experience)
  const decision: Decision = { slot, variant: drawn.arm, experience: name, held: false, measured, epoch, ...drawn }
  return measured && hash('holdout', seed) < (ruleset.holdout ?? 0) ? heldOut(decision) : decision
}

type Chosen = Pick<Decision, 'arm' | 'probability' | 'weights' | 'stratum' | 'reason' | 'because'>

const shown = (experience: Experience): Chosen => {
  const { name, when } = experience
  const arm = shownBy(experience)
  return {
    arm,
    probability: 1,
    weights: null,
    stratum: '*',
    reason: 'show',
    because: when === undefined ? `"${name}" shows "${arm}" to everybody.` : `"${name}" shows "${arm}": ${typeof when === 'string' ? `"${when}"` : 'its condition'} holds.`,
  }
}

function drawSplit({ name, goal }: Experience, split: Split, epoch: number, visitor: Visitor, drawnBy: string): Chosen {
  const by = split.by?.find(({ segment }) => visitor.holds(segment))
  const weights = by?.weights ?? split.weights
  const common = { weights: split.version ?? 1, stratum: by?.segment ?? '*' }
  if (goal !== undefined && !visitor.measure) {
    const most = largest(weights)
    return { ...common, ...most, reason: 'unmeasured', because: `"${name}" is not measured for this visitor: "${most.arm}" has the largest weight.` }
  }
  // A split with a goal is drawn anew each epoch, so that one long trial does not outlive its weights.
  const drawn = draw(weights, goal === undefined ? name : `${name}:${epoch}`, drawnBy)
  return { ...common, ...drawn, reason: 'split', because: `"${name}" drew "${drawn.arm}" (${Math.round(drawn.probability * 100)} %).` }
}
