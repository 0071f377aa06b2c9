// How much of what could be gained `learn` gains, beside other ways to choose; and how often the always-valid interval
// cries wolf. A simulation: visitors are drawn by the weights of their day, and only days that are over are known.

import { weigh } from '../../src/cli/learn/weigh.js'
import { halfWidth } from '../../src/cli/statistics/alwaysValid.js'
import { type Group, looksAt } from '../../src/cli/statistics/groups.js'
import { seeded } from '../support/random.js'

const ARMS = [0.04, 0.045, 0.05, 0.055, 0.06]
const VISITORS = 5000
const DAYS = 28
const SEEDS = 100
/** A day's trials are over at the end of the next day. */
const DELAY = 2

interface Policy {
  name: string
  /** Of each arm, for visitors of this day; `groups` are the days that are over. */
  weights(groups: Group[], day: number): number[]
  /** Of all visitors, who agree to be measured; the others see the arm with the largest weight. */
  consent: number
}

const even = ARMS.map(() => 1 / ARMS.length)
const only = (k: number): number[] => ARMS.map((_, i) => (i === k ? 1 : 0))
const ratesOf = (groups: Group[]): number[] => ARMS.map((_, k) => groups.reduce((sum, { counts }) => sum + (counts[k]?.hits ?? 0), 0) / Math.max(1, groups.reduce((sum, { counts }) => sum + (counts[k]?.of ?? 0), 0)))
const largest = (values: number[]): number => values.indexOf(Math.max(...values))

const learned =
  (floor: number) =>
  (groups: Group[], day: number): number[] =>
    groups.length === 0 ? even : (weigh([{ name: '*', groups }], { halfLife: 28, floor, today: day })[0]?.weights ?? even)
const greedy = (share: number) => (groups: Group[]): number[] => (groups.length === 0 ? even : only(largest(ratesOf(groups))).map((one) => (1 - share) * one + share / ARMS.length))
const abThenCommit = (groups: Group[]): number[] => (groups.length < 7 ? even : only(largest(ratesOf(groups.slice(0, 7)))))

const POLICIES: Policy[] = [
  { name: 'equal weights for ever', weights: () => even, consent: 1 },
  { name: 'A/B for 7 days, then the winner', weights: abThenCommit, consent: 1 },
  { name: 'epsilon-greedy, 10 %', weights: greedy(0.1), consent: 1 },
  { name: 'greedy', weights: greedy(0), consent: 1 },
  { name: 'learn without a floor', weights: learned(0), consent: 1 },
  { name: 'learn, floor 5 %', weights: learned(0.05), consent: 1 },
  { name: 'learn, floor 5 %, 40 % measured', weights: learned(0.05), consent: 0.4 },
]

/** Share of the gap between equal weights and always the best arm; and does the best arm lead at the end? */
export function play({ weights, consent }: Policy, seed: number, delay = DELAY): { gap: number; leads: boolean } {
  const random = seeded(seed)
  // The best arm stands at another place for each seed.
  const rates = ARMS.map((_, i) => ARMS[(i + seed) % ARMS.length] as number)
  const groups: Group[] = []
  let expected = 0
  let last = even
  for (let day = 0; day < DAYS; day++) {
    last = weights(groups.filter((group) => group.day <= day - delay), day)
    const counts = rates.map(() => ({ hits: 0, of: 0 }))
    const favourite = largest(last)
    for (let i = 0; i < VISITORS; i++) {
      if (consent < 1 && random() >= consent) {
        expected += rates[favourite] as number
        continue
      }
      let rest = random()
      let k = 0
      while (k < last.length - 1 && rest >= (last[k] as number)) rest -= last[k++] as number
      expected += rates[k] as number
      const count = counts[k] as { hits: number; of: number }
      count.of++
      if (random() < (rates[k] as number)) count.hits++
    }
    groups.push({ day, probabilities: last, counts })
  }
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length
  const best = Math.max(...rates)
  return { gap: (expected / (VISITORS * DAYS) - mean) / (best - mean), leads: largest(last) === largest(rates) }
}

/** Two equal arms whose weights are learned every day while the rate of all moves between 3 and 8 %: is a difference ever claimed? */
export function falseAlarm(seed: number, days = DAYS): boolean {
  const random = seeded(seed * 7919 + 1)
  const groups: Group[] = []
  let weights = [0.5, 0.5]
  for (let day = 0; day < days; day++) {
    const rate = 0.055 + 0.025 * Math.sin(day / 5 + seed)
    const counts = [{ hits: 0, of: 0 }, { hits: 0, of: 0 }]
    for (let i = 0; i < 2000; i++) {
      const count = counts[random() < (weights[0] as number) ? 0 : 1] as { hits: number; of: number }
      count.of++
      if (random() < rate) count.hits++
    }
    groups.push({ day, probabilities: weights, counts })
    weights = learnedTwo(groups, day)
  }
  const hits = groups.flatMap(({ counts }) => counts)
  const tau = (0.2 * hits.reduce((sum, one) => sum + one.hits, 0)) / hits.reduce((sum, one) => sum + one.of, 0)
  return looksAt(groups, 1, 0).some(({ value, variance }) => Math.abs(value) > halfWidth(variance, tau))
}
const learnedTwo = (groups: Group[], day: number): number[] => weigh([{ name: '*', groups }], { halfLife: 28, floor: 0.05, today: day })[0]?.weights ?? [0.5, 0.5]

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

export default function run(): void {
  const seeds = Number(process.env.SEEDS ?? SEEDS)
  console.log(`${seeds} seeds, ${ARMS.length} arms of ${percent(Math.min(...ARMS))} to ${percent(Math.max(...ARMS))}, ${VISITORS} visitors a day, ${DAYS} days, goals within one day.`)
  console.log(`Share of the gap between equal weights and always the best arm; who knew the best arm from the first day on which anything can be known would get ${percent((DAYS - DELAY) / DAYS)}`)
  for (const policy of POLICIES) {
    const played = Array.from({ length: seeds }, (_, seed) => play(policy, seed + 1))
    const mean = played.reduce((sum, { gap }) => sum + gap, 0) / seeds
    const sd = Math.sqrt(played.reduce((sum, { gap }) => sum + (gap - mean) ** 2, 0) / seeds / seeds)
    const undelayed = policy.name.startsWith('learn,') ? Array.from({ length: seeds }, (_, seed) => play(policy, seed + 1, 1)).reduce((sum, { gap }) => sum + gap, 0) / seeds : undefined
    console.log(`  ${policy.name.padEnd(34)} ${percent(mean).padStart(7)} ± ${(100 * sd).toFixed(1)}   best arm leads at the end: ${played.filter(({ leads }) => leads).length} of ${seeds}${undelayed === undefined ? '' : `   (if goals were known the same day: ${percent(undelayed)})`}`)
  }
  const runs = Number(process.env.RUNS ?? 1000)
  const alarms = Array.from({ length: runs }, (_, seed) => falseAlarm(seed)).filter(Boolean).length
  console.log(`Always-valid interval at 95 %, two equal arms, weights learned daily, the rate moving between 3 and 8 %, ${DAYS} daily looks: ${alarms} false alarms in ${runs} runs (${percent(alarms / runs)}).`)
}
