// play(): one journey, step by step: what was seen and why, and which expectations were not met.

import { duration } from '../../lib/duration.js'
import { at as valueAt } from '../../lib/own.js'
import { zone } from '../../lib/zone.js'
import type { Decision, Duration, Json, Ruleset } from '../../types.js'
import { type Expected, type Journey, START, type Step } from './journey.js'
import { type Imagined, imagined, type ToldRow } from './visitor.js'

export interface Unmet {
  /** `slots.hero`, `segments.fan`, `goals.buy`, … */
  of: string
  wanted: Json
  got: Json
  /** What would help to find out. */
  because?: string
}

export interface Played {
  at: number
  /** What was done, in a few words. */
  did: string
  segments: string[]
  decisions: Decision[]
  /** Only where `why` was asked for: by slot, what each experience says. */
  why?: { [slot: string]: string[] }
  unmet: Unmet[]
}

export interface Told {
  journey: Journey
  steps: Played[]
  goals: { [goal: string]: number }
  rows: ToldRow[]
}

const wordsOf = ({ view, track, trigger, dismiss, traits, consent, forget, after, at }: Step): string =>
  [
    after === undefined ? (at ?? '') : `${after} later`,
    view === undefined ? '' : `views ${view}`,
    track === undefined ? '' : `does "${track}"`,
    trigger === undefined ? '' : `meets ${JSON.stringify(trigger)}`,
    dismiss === undefined ? '' : `dismisses "${dismiss}"`,
    traits === undefined ? '' : traits === null ? 'logs out' : `is ${JSON.stringify(traits)}`,
    consent === undefined ? '' : `says ${JSON.stringify(consent)}`,
    forget ? 'is forgotten' : '',
  ]
    .filter(Boolean)
    .join(', ') || 'looks on'

/** Does everything of a step but its time and expectations. */
export async function doStep(visitor: Imagined, { view, referrer, facts, slots, reach, context, track, props, trigger, dismiss, traits, consent, forget }: Step): Promise<void> {
  if (forget) visitor.forget()
  if (consent) visitor.consent(consent)
  await visitor.follow()
  if (context) visitor.context(context)
  if (traits !== undefined) visitor.traits(traits)
  if (view !== undefined) {
    visitor.view(view as string, { ...(referrer ? { referrer } : {}), ...(facts ? { facts } : {}), ...(slots ? { slots } : {}) })
    for (const slot of reach ?? visitor.decisions().map(({ slot }) => slot)) visitor.reach(slot)
  }
  if (track !== undefined) visitor.track(track, props)
  if (trigger) visitor.trigger(trigger)
  // What has come up by what happened is seen then.
  if (view === undefined && reach) for (const slot of reach) visitor.reach(slot)
  if (dismiss !== undefined) visitor.dismiss(dismiss)
  await visitor.follow()
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

function unmet(visitor: Imagined, { segments = [], notSegments = [], slots = {}, goals = {}, rows, context = {} }: Expected): Unmet[] {
  const found: Unmet[] = []
  const held = visitor.segments()
  for (const name of segments) if (!held.includes(name)) found.push({ of: `segments.${name}`, wanted: true, got: false })
  for (const name of notSegments) if (held.includes(name)) found.push({ of: `segments.${name}`, wanted: false, got: true })
  for (const [slot, wanted] of Object.entries(slots)) {
    const decision = visitor.decision(slot)
    for (const [field, value] of Object.entries(typeof wanted === 'string' ? { variant: wanted } : wanted)) {
      const got = decision[field as keyof Decision] as Json
      if (!same(got, value)) found.push({ of: typeof wanted === 'string' ? `slots.${slot}` : `slots.${slot}.${field}`, wanted: value as Json, got, because: decision.because })
    }
  }
  const reached = visitor.goals()
  for (const [goal, wanted] of Object.entries(goals)) if ((reached[goal] ?? 0) !== wanted) found.push({ of: `goals.${goal}`, wanted, got: reached[goal] ?? 0 })
  if (rows) {
    const told = visitor.rows()
    for (const [metric, wanted] of Object.entries(rows)) {
      const got = told.filter((row) => row.metric === metric).length
      if (got !== wanted) found.push({ of: `rows.${metric}`, wanted, got })
    }
  }
  for (const [name, wanted] of Object.entries(context)) {
    const got = valueAt(visitor.facts().context, name) as Json
    if (!same(got, wanted)) found.push({ of: `context.${name}`, wanted, got })
  }
  return found
}

export async function play(ruleset: Ruleset, journey: Journey, why = false): Promise<Told> {
  const timeZone = journey.timeZone ?? ruleset.timeZone ?? 'UTC'
  const { instant } = zone(timeZone)
  let now = instant(journey.start ?? START)
  const visitor = imagined({ ruleset, seed: journey.visitor ?? journey.name, timeZone, context: journey.context, now: () => now })
  if (journey.consent) visitor.consent(journey.consent)
  if (journey.traits) visitor.traits(journey.traits)
  const steps: Played[] = []
  for (const step of journey.steps) {
    if (step.after !== undefined) now += duration(step.after as Duration)
    if (step.at !== undefined) now = instant(step.at)
    await doStep(visitor, step)
    const decisions = visitor.decisions()
    steps.push({
      at: now,
      did: wordsOf(step),
      segments: visitor.segments(),
      decisions,
      ...(why ? { why: Object.fromEntries(decisions.map(({ slot }) => [slot, visitor.explain(slot).experiences.map(({ name, says }) => `${name}: ${says}`)])) } : {}),
      unmet: step.expect ? unmet(visitor, step.expect) : [],
    })
  }
  return { journey, steps, goals: visitor.goals(), rows: visitor.rows() }
}
