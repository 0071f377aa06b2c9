// judge(): what a set of groups says of its arms: rates, lifts, which is best, how sure that is, and when it will be.

import { alwaysValidP, halfWidth, varianceToSee } from '../statistics/alwaysValid.js'
import { bestArms } from '../statistics/bestArm.js'
import { type Group, looksAt, rateIn } from '../statistics/groups.js'
import { type Beta, type Estimate, type Interval, lift } from '../statistics/proportions.js'
import { type SampleRatio, sampleRatio } from '../statistics/sampleRatio.js'
import { betaQuantile } from '../statistics/special.js'

export type Sized = { value: number } & Interval

export interface ArmJudged {
  arm: string
  shown: number
  goals: number
  /** Of the visitors that all arms had; with its interval at 95 %. */
  rate?: Sized
  /** Against the first arm, as a share of its rate; at 95 %, for one look. */
  lift?: Sized
  /** The difference to the first arm's rate, for as many looks as one likes; and its p-value. */
  always?: Sized & { p: number }
  /** To be the best of all. */
  best: number
  /** How much its rate falls short of the best arm's, on average over what the rates may be. */
  loss: number
}

export interface Judged {
  stratum: string
  arms: ArmJudged[]
  sampleRatio: SampleRatio
  /** The arm with the largest probability to be best. */
  leader: string
  /** Days until the leader can be told from what it is compared with, at this traffic; 0 when it can, null when nothing tells. */
  days: number | null
  /** Is the difference, whichever it is, too small to matter: less than 5 % of the rate either way? */
  equal: boolean
  decided: boolean
  /** How the leader, or where the first arm leads its nearest rival, came to stand against the first arm, day by day. */
  looks?: { arm: string; days: (Sized & { day: number })[] }
}

/** The effects that are looked for: a fifth of the rate, give or take. */
const EFFECT = 0.2
const SMALL = 0.05
const SURE = 0.95
/** Of the first arm's rate. */
const CHEAP = 0.001

/** As if so many visitors had been counted in one group. */
const asBeta = ({ value, variance }: Estimate, of: number, prior: number): Beta => {
  const n = variance > 0 ? (value * (1 - value)) / variance : of
  return { a: prior + value * n, b: prior + (1 - value) * n }
}

/** Jeffreys' interval (Brown, Cai and DasGupta 2001). */
const intervalOf = ({ a, b }: Beta): Interval => ({ low: betaQuantile(0.025, a, b), high: betaQuantile(0.975, a, b) })

const sum = (groups: Group[], k: number, what: 'hits' | 'of'): number => groups.reduce((total, { counts }) => total + (counts[k]?.[what] ?? 0), 0)

export function judge(stratum: string, names: string[], groups: Group[]): Judged {
  const estimates = names.map((_, k) => rateIn(groups, k))
  const counts = names.map((_, k) => ({ shown: sum(groups, k, 'of'), goals: sum(groups, k, 'hits') }))
  const betas = estimates.map((estimate, k) => (estimate ? asBeta(estimate, counts[k]?.shown ?? 0, 1) : { a: 1, b: 1 }))
  const best = bestArms(betas)
  const base = estimates[0]
  const shown = counts.reduce((total, one) => total + one.shown, 0)
  const overall = shown > 0 ? counts.reduce((total, one) => total + one.goals, 0) / shown : 0
  const tau = EFFECT * overall
  // Each arm is compared with the first: all intervals together hold at 95 %.
  const alpha = 0.05 / Math.max(1, names.length - 1)
  const looks = names.map((_, k) => (k === 0 || tau === 0 ? [] : looksAt(groups, k, 0)))

  const arms = names.map((arm, k): ArmJudged => {
    const estimate = estimates[k]
    const last = looks[k]?.at(-1)
    const half = last && halfWidth(last.variance, tau, alpha)
    const lifted = k > 0 && base && estimate ? lift(base, estimate) : undefined
    return {
      arm,
      ...(counts[k] as { shown: number; goals: number }),
      ...(estimate ? { rate: { value: estimate.value, ...intervalOf(asBeta(estimate, counts[k]?.shown ?? 0, 0.5)) } } : {}),
      ...(lifted ? { lift: lifted } : {}),
      ...(last && half ? { always: { value: last.value, low: last.value - half, high: last.value + half, p: Math.min(1, alwaysValidP(looks[k] ?? [], tau) * (names.length - 1)) } } : {}),
      best: best[k]?.probability ?? 0,
      loss: best[k]?.loss ?? 0,
    }
  })
  const ratio = sampleRatio(groups.map(({ counts, probabilities }) => ({ counts: counts.map(({ of }) => of), expected: probabilities })))

  const leading = best.reduce((top, { probability }, k) => (probability > (best[top]?.probability ?? 0) ? k : top), 0)
  // The first arm leads where all others fall behind it: the nearest of them is what it waits for.
  const others = arms.slice(1).filter(({ always }) => always)
  const rival = leading > 0 ? arms[leading] : others.reduce<ArmJudged | undefined>((near, arm) => (near && near.best >= arm.best ? near : arm), undefined)
  const apart = rival?.always
  const equal = others.length === names.length - 1 && others.length > 0 && others.every(({ always }) => always && Math.max(Math.abs(always.low), Math.abs(always.high)) < SMALL * overall)
  const told = leading > 0 ? (apart?.low ?? -1) > 0 : others.length > 0 && others.length === names.length - 1 && others.every(({ always }) => (always?.high ?? 1) < 0)
  const decided = told && (best[leading]?.probability ?? 0) > SURE && (best[leading]?.loss ?? 1) < CHEAP * (base?.value ?? 0) && ratio.p >= 0.001

  const daysCounted = new Set(groups.map(({ day }) => day)).size
  const now = looks[rival ? names.indexOf(rival.arm) : -1]?.at(-1)?.variance
  const days = decided || told ? 0 : apart && now && apart.value !== 0 ? Math.ceil(daysCounted * (now / varianceToSee(apart.value, tau, alpha) - 1)) : null
  const followed = (looks[rival ? names.indexOf(rival.arm) : -1] ?? []).map(({ day, value, variance }) => ({ day, value, low: value - halfWidth(variance, tau, alpha), high: value + halfWidth(variance, tau, alpha) }))
  return { stratum, arms, ...(rival && followed.length > 1 ? { looks: { arm: rival.arm, days: followed } } : {}), sampleRatio: ratio, leader: names[leading] as string, days: days === null ? null : Math.max(days, decided || told ? 0 : 1), equal, decided }
}
