// populate(): draws visitors of several kinds, and counts who saw what, by experience and by segment.

import { duration } from '../../lib/duration.js'
import { zone } from '../../lib/zone.js'
import type { Duration, Ruleset } from '../../types.js'
import { type Kind, type Population, START, type Step } from './journey.js'
import { doStep } from './play.js'
import { imagined } from './visitor.js'

export interface Reach {
  slot: string
  experience: string
  /** Visitors for whom it decided the slot on some page. */
  visitors: number
  /** Of those, by what they saw; `held` are those who got the page's own content instead, who would have seen an arm. */
  arms: { [arm: string]: number }
  held: number
  /** Trials that were told of, and those of them that reached their goal: of visitors who are measured. */
  trials: number
  goals: number
}

export interface Populated {
  visitors: number
  kinds: { [kind: string]: number }
  /** Visitors for whom a segment held at some step. */
  segments: { [segment: string]: number }
  experiences: Reach[]
}

/** Numbers from 0 up to 1 that are the same for the same seed everywhere (mulberry32, Tommy Ettinger, public domain). */
const drawing = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

/** Each visitor's own, so that another kind or step changes no other visitor. */
const seedOf = (seed: number, visitor: number): number => Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(visitor + 1, 0x85ebca6b)

const pick = <T>(next: () => number, list: T[]): T => list[Math.floor(next() * list.length)] as T
const between = (next: () => number, [least, most]: [number, number]): number => least + next() * (most - least)

function kindOf(next: () => number, kinds: Kind[]): Kind {
  let left = next() * kinds.reduce((sum, { share = 1 }) => sum + share, 0)
  for (const kind of kinds) {
    left -= kind.share ?? 1
    if (left < 0) return kind
  }
  return kinds[kinds.length - 1] as Kind
}

const timesOf = (next: () => number, times: Step['times']): number => (times === undefined ? 1 : typeof times === 'number' ? times : Math.floor(between(next, [times[0], times[1] + 1])))
const waitOf = (next: () => number, after: Step['after']): number => (after === undefined ? 0 : Array.isArray(after) ? between(next, after.map(duration) as [number, number]) : duration(after as Duration))

export async function populate(ruleset: Ruleset, { visitors, seed = 1, start = START, days = 1, kinds }: Population, at: (done: number, of: number) => void = () => {}): Promise<Populated> {
  const reach = new Map<string, Reach>()
  for (const [slot, { experiences = [] }] of Object.entries(ruleset.slots ?? {})) for (const { name } of experiences) reach.set(name, { slot, experience: name, visitors: 0, arms: {}, held: 0, trials: 0, goals: 0 })
  const segments: { [segment: string]: number } = Object.fromEntries(Object.keys(ruleset.segments ?? {}).map((name) => [name, 0]))
  const counted: { [kind: string]: number } = Object.fromEntries(kinds.map(({ name }) => [name, 0]))
  const first = zone(ruleset.timeZone ?? 'UTC').instant(start)

  for (let i = 0; i < visitors; i++) {
    at(i, visitors)
    const next = drawing(seedOf(seed, i))
    const kind = kindOf(next, kinds)
    counted[kind.name] = (counted[kind.name] ?? 0) + 1
    let now = first + next() * days * 86_400_000
    const visitor = imagined({ ruleset, seed: `${seed}:${i}`, timeZone: kind.timeZone ?? ruleset.timeZone ?? 'UTC', context: kind.context, now: () => now })
    const measured = kind.measured !== undefined && next() < kind.measured
    if (kind.consent || measured) visitor.consent({ ...kind.consent, ...(measured ? { personalize: 'granted', measure: 'granted' } : {}) })
    if (kind.traits) visitor.traits(kind.traits)
    const seen = new Map<string, Set<string>>()
    const members = new Set<string>()
    for (const { chance = 1, times, after, view, ...step } of kind.steps) {
      if (next() >= chance) continue
      for (let n = timesOf(next, times); n > 0; n--) {
        now = Math.round(now + waitOf(next, after))
        await doStep(visitor, { ...step, ...(view === undefined ? {} : { view: Array.isArray(view) ? pick(next, view) : view }) })
        for (const name of visitor.segments()) members.add(name)
        for (const { experience, arm, held } of visitor.decisions()) if (experience !== null) seen.set(experience, (seen.get(experience) ?? new Set()).add(held ? '\u0000held' : arm))
      }
    }
    for (const name of members) segments[name] = (segments[name] ?? 0) + 1
    for (const [experience, arms] of seen) {
      const one = reach.get(experience) as Reach
      one.visitors++
      for (const arm of arms) {
        if (arm === '\u0000held') one.held++
        else one.arms[arm] = (one.arms[arm] ?? 0) + 1
      }
    }
    for (const { metric, experience } of visitor.rows()) {
      const one = experience === undefined ? undefined : reach.get(experience)
      if (one && metric === 'shown') one.trials++
      if (one && metric === 'goal') one.goals++
    }
  }
  return { visitors, kinds: counted, segments, experiences: [...reach.values()] }
}
