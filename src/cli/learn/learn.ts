// learn(): a ruleset and what was counted under it become the same ruleset with better weights. The same input gives the
// same bytes.

import { type Node, parseTree } from 'jsonc-parser'
import type { Experience, Ruleset, Split, Weights } from '../../types.js'
import type { Cell } from '../counting/cell.js'
import { type TrialGroups, trialGroups, windowDays } from '../report/trialGroups.js'
import { sampleRatio } from '../statistics/sampleRatio.js'
import { apply, diff, type Edit, edits, type NewWeights } from './edit.js'
import { rounded, weigh, type Weighed } from './weigh.js'

export interface LearnOptions {
  /** A UTC day since 1970; by default the newest that there are rows of. */
  today?: number
  halfLife?: number
  floor?: number
}

export interface ArmLearned {
  arm: string
  /** Shares, 0 to 1. */
  before: number
  after: number
  /** That are over, in this stratum. */
  trials: number
  /** What is believed of its rate. */
  rate: number
  best: number
}

export interface StratumLearned {
  stratum: string
  arms: ArmLearned[]
  leader: string
  /** Goals in 1,000 trials: more than with the weights before; fewer than the best arm alone would bring, on average over what the rates may be; and the leader's part in that. */
  gain: number
  cost: number
  leaderCost: number
}

export interface Change {
  experience: string
  slot: string
  /** Of the weights. */
  from: number
  to: number
  strata: StratumLearned[]
}

export interface LeftAlone {
  experience: string
  why: string
}

export interface Learned {
  text: string
  diff: string[]
  changes: Change[]
  leftAlone: LeftAlone[]
  today: number
}

/** Trials that an arm needs before its weight is touched. */
const LEAST = 100
/** Shares that move less than this are not worth a new version. */
const WORTH = 0.005

const shares = (weights: Weights, arms: string[]): number[] => {
  const open = arms.map((arm) => Math.max(0, weights[arm] ?? 0))
  const total = open.reduce((sum, one) => sum + one, 0)
  return open.map((weight) => weight / total)
}

const weightsOf = (split: Split, stratum: string): Weights => (stratum === '*' ? split.weights : (split.by?.find(({ segment }) => segment === stratum)?.weights ?? split.weights))

/** Why the weights are not touched; undefined where they may be. */
function obstacle(experience: Experience, { arms, strata, apart }: TrialGroups): string | undefined {
  if (experience.learn !== true) return 'it is not marked with "learn": true'
  if (experience.goal === undefined) return 'it has no goal, which says what better is'
  if (arms.length < 2) return 'fewer than two arms have a weight above 0'
  const groups = strata.flatMap((one) => one.groups)
  const unknown = apart.filter(({ why }) => why === 'unknown')
  if (groups.length === 0) {
    return unknown.length > 0
      ? `its rows are of version ${unknown.map(({ weights }) => weights).join(', ')} of the weights, which the ruleset does not name: give the ruleset of that time with --archive`
      : 'no day is old enough: goals of its newest trials may still come'
  }
  const trials = arms.map((_, k) => groups.reduce((sum, { counts }) => sum + (counts[k]?.of ?? 0), 0))
  const few = arms.filter((_, k) => (trials[k] as number) < LEAST)
  if (few.length > 0) return `at least ${LEAST} trials of each arm are needed first: ${few.map((arm) => `"${arm}" has ${trials[arms.indexOf(arm)]}`).join(', ')}`
  if (groups.every(({ counts }) => counts.every(({ hits }) => hits === 0))) return 'no trial has reached the goal: is it recorded?'
  const { p } = sampleRatio(groups.map(({ counts, probabilities }) => ({ counts: counts.map(({ of }) => of), expected: probabilities })))
  if (p < 0.001) return `its arms did not get the visitors they should have (p = ${p.toExponential(1)}): find out why before anything is learned from them`
  return undefined
}

function stratumLearned({ stratum, weights, means, best }: Weighed, arms: string[], split: Split, groups: TrialGroups['strata'][number]['groups']): StratumLearned {
  const before = shares(weightsOf(split, stratum), arms)
  const after = rounded(weights)
  const leading = best.reduce((top, { probability }, k) => (probability > (best[top]?.probability ?? 0) ? k : top), 0)
  const mean = (of: number[]): number => of.reduce((sum, share, k) => sum + share * (means[k] as number), 0)
  return {
    stratum,
    arms: arms.map((arm, k) => ({ arm, before: before[k] as number, after: after[k] as number, trials: groups.reduce((sum, { counts }) => sum + (counts[k]?.of ?? 0), 0), rate: means[k] as number, best: best[k]?.probability ?? 0 })),
    leader: arms[leading] as string,
    gain: 1000 * (mean(after) - mean(before)),
    cost: 1000 * after.reduce((sum, share, k) => sum + share * (best[k]?.loss ?? 0), 0),
    leaderCost: 1000 * (best[leading]?.loss ?? 0),
  }
}

/** Versions of the weights that nothing can be told of any more: an epoch and the goal's window have passed. */
function forgotten(experience: Experience, ruleset: Ruleset, cells: Cell[], today: number): number[] {
  const longest = Math.max(windowDays(ruleset, experience.goal), ...Object.keys(ruleset.goals ?? {}).map((goal) => windowDays(ruleset, goal)))
  const since = today - (ruleset.epochDays ?? 28) - longest
  const own = cells.filter((cell) => cell.experience === experience.name)
  // Rows of a short time only say nothing of what is missing in them.
  if (!own.some(({ day }) => day < since)) return []
  return (experience.split?.past ?? []).map(({ version }) => version).filter((version) => !own.some(({ weights, day }) => weights === version && day >= since))
}

/** `rulesets` begins with the one that `text` says, which has been checked. */
export function learn(text: string, rulesets: [Ruleset, ...Ruleset[]], cells: Cell[], { today, halfLife = 28, floor = 0.05 }: LearnOptions = {}): Learned {
  const [ruleset] = rulesets
  const tree = parseTree(text) as Node
  const now = today ?? cells.reduce((newest, { day, metric }) => (metric === 'count' ? newest : Math.max(newest, day)), Number.NEGATIVE_INFINITY)
  const all: Edit[] = []
  const changes: Change[] = []
  const leftAlone: LeftAlone[] = []
  for (const [slot, { experiences = [] }] of Object.entries(ruleset.slots ?? {})) {
    for (const [i, experience] of experiences.entries()) {
      const { name, split } = experience
      if (!split) continue
      const trials = trialGroups(experience, cells, rulesets, now)
      const why = obstacle(experience, trials)
      if (why !== undefined) {
        leftAlone.push({ experience: name, why })
        continue
      }
      const strata = weigh(trials.strata, { halfLife, floor, today: now }).map((one) => stratumLearned(one, trials.arms, split, trials.strata.find((stratum) => stratum.name === one.stratum)?.groups ?? []))
      if (strata.every(({ arms }) => arms.every(({ before, after }) => Math.abs(after - before) < WORTH))) {
        leftAlone.push({ experience: name, why: 'its weights would move by less than half a percentage point' })
        continue
      }
      const from = split.version ?? 1
      const put = (stratum: string): { [arm: string]: number } | undefined => {
        const found = strata.find((one) => one.stratum === stratum)
        return found && Object.fromEntries(found.arms.map(({ arm, after }) => [arm, after]))
      }
      const next: NewWeights = { path: ['slots', slot, 'experiences', i, 'split'], version: from + 1, weights: put('*') ?? {}, by: (split.by ?? []).map(({ segment }) => put(segment)), forget: forgotten(experience, ruleset, cells, now) }
      all.push(...edits(text, tree, next))
      changes.push({ experience: name, slot, from, to: from + 1, strata })
    }
  }
  return { text: apply(text, all), diff: diff(text, all), changes, leftAlone, today: now }
}
