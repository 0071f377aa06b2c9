// weigh(): how often each arm should be drawn, from what has been counted of it: the likelier it is the best, the oftener.

import type { Stratum } from '../report/trialGroups.js'
import { type Best, bestArms } from '../statistics/bestArm.js'
import type { Group } from '../statistics/groups.js'
import { after, priorOf, STRATUM_WEIGHT } from '../statistics/prior.js'
import type { Beta, Count } from '../statistics/proportions.js'

export interface Weighing {
  /** Days after which a trial counts half: what was best last month need not be. */
  halfLife: number
  /** Share of visitors who are spread evenly, so that no arm is ever given up and odds stay far from 0. */
  floor: number
  /** A UTC day since 1970. */
  today: number
}

export interface Weighed {
  stratum: string
  /** By arm, together 1. */
  weights: number[]
  /** What is believed of each arm's rate. */
  means: number[]
  best: Best[]
}

const meanOf = ({ a, b }: Beta): number => a / (a + b)
const sum = (numbers: number[]): number => numbers.reduce((total, one) => total + one, 0)

const times = (factors: number[], values: number[]): number => factors.reduce((total, factor, i) => total + factor * (values[i] as number), 0)

/**
 * How many times the rate of all days each day's is, where `hits` were counted and `expected` on a day like all: moved
 * towards 1 as far as chance alone explains the difference (DerSimonian and Laird 1986, by the method of moments).
 */
function dayRatios(hits: number[], expected: number[]): number[] {
  const all = sum(expected)
  const room = all - times(expected, expected) / all
  const excess = sum(hits.map((hit, g) => (hit - (expected[g] as number)) ** 2 / Math.max(1e-9, expected[g] as number))) - (hits.length - 1)
  const between = room > 0 ? Math.max(0, excess / room) : 0
  return hits.map((hit, g) => {
    const own = expected[g] as number
    return own > 0 ? 1 + (hit / own - 1) * (between / (between + 1 / own)) : 1
  })
}

/**
 * Hits and trials of each arm as if all days had been alike: a day's rate and an arm's are taken to multiply, and are
 * found by turns (a log-linear model by iterative proportional fitting, Deming and Stephan 1940; indirect
 * standardization, Breslow and Day 1987). So a good day does not speak for the arm that had most of its visitors, and
 * unlike weighting by odds nothing is lost where the days are alike. `level` is the rate of all arms together.
 */
export function alike(groups: Group[], { halfLife, today }: Weighing): { counts: Count[]; level: number } {
  const fade = groups.map(({ day }) => 2 ** ((day - today) / halfLife))
  const hitsOf = (k: number): number[] => groups.map(({ counts }) => (counts[k] as Count).hits)
  const trialsOf = (k: number): number[] => groups.map(({ counts }) => (counts[k] as Count).of)
  const arms = (groups[0]?.counts ?? []).map((_, k) => ({ hits: times(fade, hitsOf(k)), faded: fade.map((factor, g) => factor * (trialsOf(k)[g] as number)), trials: trialsOf(k) }))
  const hits = groups.map(({ counts }) => sum(counts.map((count) => count.hits)))
  const level = sum(arms.map((arm) => arm.hits)) / Math.max(1e-9, sum(arms.flatMap(({ faded }) => faded)))
  let ratios = arms.map(() => 1)
  let days = groups.map(() => 1)
  for (let turn = 0; turn < 50 && level > 0; turn++) {
    days = dayRatios(hits, groups.map((_, g) => level * sum(arms.map(({ trials }, k) => (trials[g] as number) * (ratios[k] as number)))))
    const next = arms.map(({ hits, faded }) => hits / Math.max(1e-9, level * times(faded, days)))
    const still = next.every((ratio, k) => Math.abs(ratio - (ratios[k] as number)) < 1e-9)
    ratios = next
    if (still) break
  }
  return { counts: arms.map(({ hits, faded }) => ({ hits, of: Math.max(hits, times(faded, days)) })), level }
}

/**
 * Thompson sampling draws an arm as often as P(best), and so tries out what may yet turn out well; the floor does that too.
 * For both together P(best) by itself tries out too much: to this power, found by `npm run bench -- bandit`, what is gained
 * grows, and the best arm still leads in the end.
 */
const SHARPNESS = 1.4

/** Of one stratum, or of all together: P(best), sharpened, with the floor. */
function weighed(stratum: string, beliefs: Beta[], floor: number): Weighed {
  const best = bestArms(beliefs)
  const sharp = best.map(({ probability }) => probability ** SHARPNESS)
  return { stratum, weights: sharp.map((share) => floor / beliefs.length + ((1 - floor) * share) / sum(sharp)), means: beliefs.map(meanOf), best }
}

/**
 * For each stratum; where there is but one, that one. An arm is first believed to be like the others, then in a stratum as
 * in all strata together, and then as it was counted there.
 */
export function weigh(strata: Stratum[], options: Weighing): Weighed[] {
  const all = alike(strata.flatMap(({ groups }) => groups), options)
  const prior = priorOf(all.level)
  const overall = all.counts.map((count) => after(prior, count))
  if (strata.length < 2) return strata.map(({ name }) => weighed(name, overall, options.floor))
  return strata.map(({ name, groups }) => {
    const own = alike(groups, options)
    const beliefs = own.counts.map((count, k) => {
      const expected = Math.min(0.999, own.level * (meanOf(overall[k] as Beta) / Math.max(1e-9, all.level)))
      return after({ a: Math.max(1e-3, STRATUM_WEIGHT * expected), b: STRATUM_WEIGHT * (1 - expected) }, count)
    })
    return weighed(name, beliefs, options.floor)
  })
}

/** In four decimals that are together 1: what stands in a ruleset should be readable. */
export function rounded(weights: number[]): number[] {
  const parts = weights.map((weight) => Math.round(weight * 10_000))
  const most = parts.indexOf(Math.max(...parts))
  parts[most] = (parts[most] as number) + 10_000 - sum(parts)
  return parts.map((part) => part / 10_000)
}
