// trialGroups(): what was counted of one experience, in groups of visitors who were drawn at the same odds, and only of
// days whose trials are over: what report and learn start from.

import { duration } from '../../lib/duration.js'
import { shownBy } from '../../lib/shownBy.js'
import type { Experience, Ruleset, Split, Weights } from '../../types.js'
import type { Cell } from '../counting/cell.js'
import type { Group } from '../statistics/groups.js'
import type { Count } from '../statistics/proportions.js'

export interface Stratum {
  /** `*`, or the segment that `split.by` names. */
  name: string
  groups: Group[]
}

/** Trials that cannot be compared with the others, and are left out. */
export interface Apart {
  weights: number
  trials: number
  /** Its odds are not known; or it could not show all arms there are now; or it is told of a stratum that is none. */
  why: 'unknown' | 'other-arms' | 'stratum'
}

export interface TrialGroups {
  /** The page's own content first, where it is one of the arms. */
  arms: string[]
  strata: Stratum[]
  /** By day, version and stratum: those held out, and the others. */
  held: Group[]
  apart: Apart[]
  /** Trials of days that are not over yet. */
  young: number
  /** The last day that is over, or would be. */
  until: number
  /** Is a cell one of those that are compared? */
  counts(cell: Cell): boolean
}

const DAY = 86_400_000

/** How many days after its own a day's trials are over. */
export const windowDays = (ruleset: Ruleset, goal: string | undefined): number => Math.ceil(duration(ruleset.goals?.[goal ?? '']?.window ?? '7d') / DAY)

type Version = Pick<Split, 'weights' | 'by'>

/** All that is known of an experience's odds: by version. Rulesets of earlier days know what this one has dropped. */
export function versionsOf(name: string, rulesets: Ruleset[]): Map<number, Version> {
  const versions = new Map<number, Version>()
  for (const { slots = {} } of rulesets) {
    for (const { experiences = [] } of Object.values(slots)) {
      const split = experiences.find((one) => one.name === name)?.split
      for (const one of split ? [{ ...split, version: split.version ?? 1 }, ...(split.past ?? [])] : []) if (!versions.has(one.version)) versions.set(one.version, one)
    }
  }
  return versions
}

const weightsIn = ({ weights, by = [] }: Version, stratum: string): Weights | undefined => (stratum === '*' ? weights : by.find(({ segment }) => segment === stratum)?.weights)

/** Arms that a visitor can draw now. */
export function armsOf({ split, ...one }: Experience): string[] {
  if (!split) return [shownBy(one)]
  const open = [split, ...(split.by ?? [])].flatMap(({ weights }) => Object.entries(weights)).filter(([, weight]) => weight > 0).map(([arm]) => arm)
  return [...new Set(open)].sort((a, b) => (a === 'default' ? -1 : b === 'default' ? 1 : 0))
}

/** `today` is a UTC day since 1970: of it, and of days whose goals may still come, nothing is known for sure. */
export function trialGroups(experience: Experience, cells: Cell[], rulesets: Ruleset[], today: number): TrialGroups {
  const ruleset = rulesets[0] as Ruleset
  const arms = armsOf(experience)
  const versions = versionsOf(experience.name, rulesets)
  const until = today - windowDays(ruleset, experience.goal) - 1
  const strata = new Map<string, Map<string, Group>>()
  const held = new Map<string, Group>()
  const apart = new Map<string, Apart>()
  const outOf = 1 - (1 - (ruleset.holdout ?? 0)) * (1 - (experience.holdout ?? 0))
  let young = 0

  const oddsOf = ({ weights, stratum }: Pick<Cell, 'weights' | 'stratum'>): number[] | Apart['why'] => {
    if (!experience.split) return weights === 0 ? [1] : 'unknown'
    const version = versions.get(weights)
    if (!version) return 'unknown'
    const found = weightsIn(version, stratum)
    if (!found) return 'stratum'
    const open = arms.map((arm) => Math.max(0, Object.hasOwn(found, arm) ? (found[arm] as number) : 0))
    const sum = open.reduce((total, weight) => total + weight, 0)
    return open.every((weight) => weight > 0) ? open.map((weight) => weight / sum) : 'other-arms'
  }
  const odds = new Map<string, number[] | Apart['why']>()
  const known = (cell: Cell): number[] | Apart['why'] => {
    const key = `${cell.weights} ${cell.stratum}`
    const found = odds.get(key) ?? oddsOf(cell)
    odds.set(key, found)
    return found
  }
  const add = (groups: Map<string, Group>, key: string, day: number, probabilities: number[], k: number, { metric, n }: Cell): void => {
    const group = groups.get(key) ?? { day, probabilities, counts: probabilities.map(() => ({ hits: 0, of: 0 })) }
    groups.set(key, group)
    const count = group.counts[k] as Count
    if (metric === 'shown') count.of += n
    else count.hits += n
  }

  for (const cell of cells) {
    if (cell.experience !== experience.name || (cell.metric !== 'shown' && cell.metric !== 'goal')) continue
    if (cell.day > until) {
      if (cell.metric === 'shown') young += cell.n
      continue
    }
    const found = known(cell)
    const k = arms.indexOf(cell.arm)
    if (typeof found === 'string' || k < 0) {
      if (cell.metric !== 'shown') continue
      const why = typeof found === 'string' ? found : 'other-arms'
      const key = `${cell.weights} ${why}`
      apart.set(key, { weights: cell.weights, why, trials: (apart.get(key)?.trials ?? 0) + cell.n })
      continue
    }
    const key = `${cell.day} ${cell.weights} ${cell.stratum}`
    if (!cell.held) {
      const groups = strata.get(cell.stratum) ?? new Map<string, Group>()
      strata.set(cell.stratum, groups)
      add(groups, key, cell.day, found, k, cell)
    }
    add(held, key, cell.day, [outOf, 1 - outOf], cell.held ? 0 : 1, cell)
  }
  const sorted = (groups: Map<string, Group>): Group[] => [...groups.values()].map(sound).sort((a, b) => a.day - b.day)
  const order = ['*', ...(experience.split?.by ?? []).map(({ segment }) => segment)]
  return {
    arms,
    strata: [...strata].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b)).map(([name, groups]) => ({ name, groups: sorted(groups) })),
    held: sorted(held),
    apart: [...apart.values()].sort((a, b) => a.weights - b.weights),
    young,
    until,
    counts: (cell) => cell.experience === experience.name && cell.day <= until && (cell.metric === 'value' ? versions.has(cell.weights) || cell.weights === 0 : typeof known(cell) !== 'string') && arms.includes(cell.arm),
  }
}

/** A goal whose trial was lost on the way is none of anybody's. */
const sound = (group: Group): Group => ({ ...group, counts: group.counts.map(({ hits, of }) => ({ hits: Math.min(hits, of), of })) })
