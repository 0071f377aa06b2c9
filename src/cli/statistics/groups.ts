// Rates from groups of visitors who were drawn at the same odds. Raw counts are never pooled over groups: two equal arms,
// first 50 to 50 at 4 % and then 90 to 10 at 8 %, would pool to "+41 %".

import type { Look } from './alwaysValid.js'
import type { Count, Estimate } from './proportions.js'

/** One version of the weights, one stratum, one opening day. */
export interface Group {
  day: number
  counts: Count[]
  /** Of each arm; together 1. */
  probabilities: number[]
}

const total = (counts: Count[]): number => counts.reduce((sum, { of }) => sum + of, 0)

/**
 * The rate that arm `k` would have had with all visitors: the mean of its groups' rates, each with the weight of all
 * visitors in it (direct standardization). Where it has no visitors in a group, every one is weighted by how unlikely
 * it was instead (Hájek's estimator).
 */
export function rateIn(groups: Group[], k: number): Estimate | undefined {
  const used = groups.filter(({ counts }) => total(counts) > 0)
  const all = used.reduce((sum, { counts }) => sum + total(counts), 0)
  const own = used.map(({ counts }) => counts[k] as Count)
  if (!own.some(({ of }) => of > 0)) return undefined
  // A group without a hit has no variance of its own to show; the arm's overall rate stands in for it.
  const overall = own.reduce((sum, { hits }) => sum + hits, 0) / own.reduce((sum, { of }) => sum + of, 0)
  const noise = (rate: number): number => (rate > 0 && rate < 1 ? rate * (1 - rate) : overall * (1 - overall))
  let value = 0
  let variance = 0
  if (own.every(({ of }) => of > 0)) {
    for (const { counts } of used) {
      const share = total(counts) / all
      const { hits, of } = counts[k] as Count
      value += share * (hits / of)
      variance += (share * share * noise(hits / of)) / of
    }
    return { value, variance }
  }
  let weight = 0
  let hit = 0
  for (const { counts, probabilities } of used) {
    const p = probabilities[k] as number
    if (p <= 0) continue
    weight += (counts[k] as Count).of / p
    hit += (counts[k] as Count).hits / p
  }
  value = Math.min(1, hit / weight)
  for (const { counts, probabilities } of used) {
    const { hits, of } = counts[k] as Count
    const p = probabilities[k] as number
    if (p > 0) variance += (hits * (1 - value) ** 2 + (of - hits) * value ** 2) / (p * p)
  }
  return { value, variance: variance / (weight * weight) }
}

/**
 * How much more often arm `k` has a hit than arm `base`, after each day. Inside a group the two differ by chance alone
 * if they are equal, whatever the weights and the rates of that day are; so the sum over groups, each weighted by its
 * visitors only, is a fair game, and may be looked at every day (as Mantel and Haenszel 1959 weigh it).
 */
export function looksAt(groups: Group[], k: number, base: number): (Look & { day: number })[] {
  const looks: (Look & { day: number })[] = []
  let weights = 0
  let sum = 0
  let noise = 0
  const days = [...new Set(groups.map(({ day }) => day))].sort((a, b) => a - b)
  for (const day of days) {
    for (const { counts } of groups.filter((group) => group.day === day)) {
      const [one, other] = [counts[k] as Count, counts[base] as Count]
      const n = one.of + other.of
      if (one.of === 0 || other.of === 0 || n < 3) continue
      const weight = (one.of * other.of) / n
      const rate = (one.hits + other.hits) / n
      weights += weight
      sum += weight * (one.hits / one.of - other.hits / other.of)
      noise += (weight * rate * (1 - rate) * n) / (n - 1)
    }
    if (noise > 0) looks.push({ day, value: sum / weights, variance: noise / (weights * weights) })
  }
  return looks
}

/** What another way to draw arms would have given, from what this one has shown (inverse propensity weighting). */
export function policyValue(policy: (group: Group) => number[], groups: Group[]): number {
  const all = groups.reduce((sum, { counts }) => sum + total(counts), 0)
  return groups.reduce((sum, group) => {
    const wanted = policy(group)
    return sum + group.counts.reduce((part, { hits }, k) => part + (hits === 0 ? 0 : ((wanted[k] as number) * hits) / (group.probabilities[k] as number)), 0)
  }, 0) / all
}
