// A site is simulated whose truth is known: weights move, rates drift, and who agrees to be measured depends on who it is.
// What the rows say of it is right by our definitions, and wrong by others that look as good.

import { beforeAll, describe, expect, test } from 'vitest'
import { createDecider } from '../../src/decide/decide.js'
import { exposure } from '../../src/lib/exposure.js'
import { hash } from '../../src/lib/hash.js'
import { memoryStore } from '../../src/remember/memory.js'
import { anonymizer } from '../../src/tell/anonymize.js'
import { createTrials } from '../../src/tell/trials.js'
import type { Ruleset, TrialRow, VisitorEvent, Weights } from '../../src/types.js'
import { type Random, random } from '../decide/scenario.js'

const DAY = 86_400_000
/** The first day of an epoch of 28 days. */
const FIRST = 731 * 28
const HOLDOUT = 0.2
const VISITORS = process.env.SOAK ? 200_000 : 16_000
/** How much more often whoever has seen "a" first reaches the goal. */
const EFFECT = 1.3

/** Each from its day on: half and half, nearly all to "a", most to the page's own. Loyal visitors are drawn otherwise. */
const VERSIONS: { version: number; from: number; weights: Weights; by: { segment: string; weights: Weights }[] }[] = [
  { version: 1, from: 0, weights: { default: 1, a: 1 }, by: [{ segment: 'loyal', weights: { default: 4, a: 1 } }] },
  { version: 2, from: 9, weights: { default: 1, a: 7 }, by: [{ segment: 'loyal', weights: { default: 1, a: 1 } }] },
  { version: 3, from: 18, weights: { default: 4, a: 1 }, by: [{ segment: 'loyal', weights: { default: 5, a: 1 } }] },
]
const inForce = (day: number): number => VERSIONS.filter(({ from }) => from <= day).length
const probability = (version: number, stratum: string, arm: string): number => {
  const { weights, by } = VERSIONS[version - 1] as (typeof VERSIONS)[number]
  const drawn = by.find(({ segment }) => segment === stratum)?.weights ?? weights
  return (drawn[arm] as number) / Object.values(drawn).reduce((sum, weight) => sum + weight, 0)
}

const rulesetOf = (version: number): Ruleset => {
  const [now, ...past] = VERSIONS.slice(0, version).reverse().map(({ from, ...one }) => one)
  return {
    version,
    holdout: HOLDOUT,
    segments: { loyal: { trait: { loyal: true } } },
    goals: { signup: { event: 'signup', window: '7d' } },
    slots: { hero: { experiences: [{ name: 'test', split: { ...(now as { version: number; weights: Weights }), ...(past.length > 0 ? { past } : {}) }, goal: 'signup' }] } },
    sync: { endpoint: '/rows' },
  }
}
const SITES = VERSIONS.map(({ version }) => {
  const ruleset = rulesetOf(version)
  const decider = createDecider(ruleset)
  return { ruleset, decider, trials: createTrials(ruleset, decider.goals, Math.random), anonymize: anonymizer(ruleset, (props) => props) }
})
const siteOn = (day: number) => SITES[inForce(day) - 1] as (typeof SITES)[number]

/** What one visitor is, and will do, whatever they are shown. */
interface Life {
  seed: string
  first: number
  loyal: boolean
  keen: boolean
  agrees: number
  wants: number
  delay: number
  returns: number[]
  customer: number[]
}

/** How many reach the goal in seven days who have seen the page's own content first: more every day, and of loyal and keen ones. */
const base = ({ first, loyal, keen }: Life): number => 0.02 + first * 0.009 + (loyal ? 0.2 : 0) + (keen ? 0.3 : 0)
/** The goal comes within ten days, and its window is seven. */
const WITHIN = 0.7
/** Who has seen "a" before the answer agrees more often, of those who are not keen. */
const AGREE = { keen: 0.8, other: 0.25, more: 0.45 }
const agrees = ({ keen, agrees }: Life, arm: string): boolean => agrees < (keen ? AGREE.keen : AGREE.other + (arm === 'a' ? AGREE.more : 0))

const lives = (next: Random): Life[] =>
  Array.from({ length: VISITORS }, (_, i) => {
    // More come every week.
    const first = Math.floor(24 * Math.sqrt(next()))
    return {
      seed: `visitor ${i} ${next()}`,
      first,
      loyal: next() < 0.3,
      keen: next() < 0.4,
      agrees: next(),
      wants: next(),
      delay: next() * 10 * DAY,
      returns: [next(), next()].filter((one) => one < 0.5).map((one) => first + Math.floor(one * 16)),
      customer: [1, 2, 3, 5, 7].map((days) => first + days + Math.floor(next() * 8)),
    }
  })

interface Outcome extends Life {
  /** Of what was shown first to a measured visitor. */
  arm: string
  held: boolean
  version: number
  stratum: string
  goalAt: number | undefined
  visits: number[]
}

/** One measured visitor: pages and goals in order, each followed by the real code; and all that they have told. */
async function live(life: Life): Promise<{ outcome: Outcome; rows: TrialRow[] }> {
  const store = memoryStore()
  const events: VisitorEvent[] = []
  const rows: TrialRow[] = []
  await store.transact('readwrite', async (transaction) => transaction.put(['g'], { v: 1, n: 0 }))
  const decided = (day: number) => siteOn(day).decider.decide('hero', { seed: life.seed, measure: true, now: (FIRST + day) * DAY }, { traits: { loyal: life.loyal }, context: {}, facts: undefined })
  const happen = async (type: string, at: number, props: VisitorEvent['props'], epoch?: number): Promise<void> => {
    events.push({ id: `${events.length}`, type, at, props })
    const { trials, anonymize } = siteOn(at / DAY - FIRST)
    const log = async (after: number) => ({ n: events.length, events: events.slice(after) })
    const told = await store.transact('readwrite', (transaction) => trials.follow(transaction, log, at, { epoch, held: hash('holdout', life.seed) < HOLDOUT }))
    for (const { metric, trial } of told) rows.push(anonymize(metric, trial, String(rows.length).padStart(21, '0'), Math.floor(at / DAY)) as TrialRow)
  }
  const opening = decided(life.first)
  const { arm, held, weights, stratum } = opening
  // What somebody has seen first decides; held out they saw the page's own.
  const reaches = life.wants < base(life) * (arm === 'a' && !held ? EFFECT : 1)
  const goalAt = reaches ? (FIRST + life.first) * DAY + 60_000 + life.delay : undefined
  // Customers come back more often than others.
  const visits = [life.first, ...life.returns, ...(reaches ? life.customer : [])].filter((day) => day < 28).sort((a, b) => a - b)
  const moments = [...visits.map((day, i) => ({ at: (FIRST + day) * DAY + i, day })), ...(goalAt === undefined ? [] : [{ at: goalAt, day: -1 }])].sort((a, b) => a.at - b.at)
  for (const { at, day } of moments) {
    if (day < 0) await happen('signup', at, {})
    else {
      const decision = day === life.first ? opening : decided(day)
      const { type, props = {} } = exposure(decision, false)
      await happen(type, at, props, decision.epoch)
    }
  }
  return { outcome: { ...life, arm, held, version: weights as number, stratum, goalAt, visits }, rows }
}

type Counted = Pick<TrialRow, 'metric' | 'arm' | 'weights' | 'stratum' | 'day'>

/** By group, that is weights, stratum and day, and arm. */
function cellsOf(rows: Counted[]): { weights: number; stratum: string; arm: string; n: number; c: number }[] {
  const cells = new Map<string, { weights: number; stratum: string; arm: string; n: number; c: number }>()
  for (const { metric, arm, weights, stratum, day } of rows) {
    const key = [weights, stratum, day, arm].join()
    const cell = cells.get(key) ?? { weights, stratum, arm, n: 0, c: 0 }
    cells.set(key, cell)
    if (metric === 'shown') cell.n++
    if (metric === 'goal') cell.c++
  }
  return [...cells.values()]
}

/** Each count by the probability of its arm: sum(c/p) / sum(n/p), with its standard error. */
function rateOf(rows: Counted[], arm: string): { rate: number; error: number } {
  // Goals of a group in which nobody was shown anything belong to nobody.
  const cells = cellsOf(rows).filter((cell) => cell.arm === arm && cell.n > 0)
  const sum = (of: (cell: (typeof cells)[number], p: number) => number): number => cells.reduce((total, cell) => total + of(cell, probability(cell.weights, cell.stratum, arm)), 0)
  const weight = sum(({ n }, p) => n / p)
  const rate = sum(({ c }, p) => c / p) / weight
  const error = Math.sqrt(sum(({ n, c }, p) => (c * (1 - rate) ** 2 + (n - c) * rate ** 2) / p ** 2)) / weight
  return { rate, error }
}

const liftOf = (rows: Counted[]): { lift: number; error: number } => {
  const [own, other] = [rateOf(rows, 'default'), rateOf(rows, 'a')]
  return { lift: Math.log(other.rate / own.rate), error: Math.hypot(own.error / own.rate, other.error / other.rate) }
}

/** Chi-square with one degree of freedom: are arms as frequent as they were to be drawn? Over 10.8 once in a thousand times. */
function sampleRatio(rows: Counted[]): number {
  let [d, v] = [0, 0]
  const groups = new Map<string, { n: number; a: number; p: number }>()
  for (const { metric, arm, weights, stratum, day } of rows) {
    if (metric !== 'shown') continue
    const key = [weights, stratum, day].join()
    const group = groups.get(key) ?? { n: 0, a: 0, p: probability(weights, stratum, 'a') }
    groups.set(key, group)
    group.n++
    if (arm === 'a') group.a++
  }
  for (const { n, a, p } of groups.values()) {
    d += a - n * p
    v += n * p * (1 - p)
  }
  return d ** 2 / v
}

/** How far off in standard errors. */
const off = ({ rate, error }: { rate: number; error: number }, truth: number): number => Math.abs(rate - truth) / error

let outcomes: Outcome[]
let rows: TrialRow[]
let everybody: Life[]
const drawn = (): TrialRow[] => rows.filter(({ experience, held }) => experience === 'test' && !held)
/** Over all who are measured, of whatever arm: the mean of what each would do. */
const truth = (factor: number): number => outcomes.reduce((sum, one) => sum + base(one) * factor * WITHIN, 0) / outcomes.length
const free = (): Outcome[] => outcomes.filter(({ held }) => !held)

beforeAll(async () => {
  everybody = lives(random(14))
  outcomes = []
  rows = []
  for (const life of everybody) {
    // Before the answer everybody sees the arm with the largest weight; and "a" makes those agree who are not keen.
    const sees = siteOn(life.first).decider.decide('hero', { seed: life.seed, measure: false, now: (FIRST + life.first) * DAY }, { traits: { loyal: life.loyal }, context: {}, facts: undefined })
    if (!agrees(life, sees.arm)) continue
    const lived = await live(life)
    outcomes.push(lived.outcome)
    rows.push(...lived.rows)
  }
}, 300_000)

describe('by our definitions', () => {
  test('there is one trial for each measured visitor, and every row is one of the ruleset’s', () => {
    expect(rows.every((row) => row !== undefined)).toBe(true)
    expect(rows.filter(({ metric, experience }) => metric === 'shown' && experience === 'test').length).toBe(outcomes.length)
    expect(outcomes.length).toBeGreaterThan(VISITORS * 0.4)
  })

  test('rates and lift are those of the site, however weights move and rates drift', () => {
    expect(off(rateOf(drawn(), 'default'), truth(1))).toBeLessThan(2.6)
    expect(off(rateOf(drawn(), 'a'), truth(EFFECT))).toBeLessThan(2.6)
    const { lift, error } = liftOf(drawn())
    expect(Math.abs(lift - Math.log(EFFECT)) / error).toBeLessThan(2.6)
  })

  test('arms are as frequent as they were drawn, and so are those held out', () => {
    expect(sampleRatio(drawn())).toBeLessThan(6.7)
    const begun = rows.filter(({ metric, experience }) => metric === 'shown' && experience === '*')
    expect(begun.length).toBe(outcomes.length)
    const held = begun.filter((row) => row.held).length
    expect(Math.abs(held - HOLDOUT * begun.length) / Math.sqrt(begun.length * HOLDOUT * (1 - HOLDOUT))).toBeLessThan(2.6)
  })

  test('the programme is judged against those held out, who count alike', () => {
    const rate = (held: boolean): { rate: number; error: number } => {
      const own = rows.filter((row) => row.experience === '*' && row.held === held)
      const n = own.filter(({ metric }) => metric === 'shown').length
      const c = own.filter(({ metric }) => metric === 'goal').length
      return { rate: c / n, error: Math.sqrt((c / n) * (1 - c / n) / n) }
    }
    expect(off(rate(true), truth(1))).toBeLessThan(2.6)
    const mixed = free().reduce((sum, one) => sum + base(one) * WITHIN * (1 + probability(one.version, one.stratum, 'a') * (EFFECT - 1)), 0) / free().length
    expect(off(rate(false), mixed)).toBeLessThan(2.6)
  })

  test('the ghosts of those held out draw the arms that they would have had', () => {
    const ghosts = rows.filter(({ experience, held }) => experience === 'test' && held)
    expect(sampleRatio(ghosts)).toBeLessThan(6.7)
    // Nobody of them has seen "a": both arms do alike.
    const { lift, error } = liftOf(ghosts)
    expect(Math.abs(lift) / error).toBeLessThan(2.6)
  })
})

describe('by definitions that look as good', () => {
  const opened = ({ first }: Outcome): number => FIRST + first
  const inWindow = ({ first, goalAt }: Outcome): boolean => goalAt !== undefined && goalAt - (FIRST + first) * DAY <= 7 * DAY + 60_000

  test('a trial that is stamped with the weights of today says that the draw is broken', () => {
    const stamped = free().flatMap((one): Counted[] => {
      const last = Math.max(...one.visits, Math.floor((one.goalAt ?? 0) / DAY) - FIRST)
      const row = { arm: one.arm, stratum: one.stratum, weights: inForce(last), day: opened(one) }
      return [{ metric: 'shown', ...row }, ...(inWindow(one) ? [{ metric: 'goal' as const, ...row }] : [])]
    })
    expect(sampleRatio(stamped)).toBeGreaterThan(100)
  })

  test('a trial that opens anew with the next visit, once it is closed, makes good arms look worse', () => {
    const reopened = free().flatMap((one): Counted[] => {
      const made: Counted[] = []
      const goalAt = inWindow(one) ? one.goalAt : undefined
      let open: Counted | undefined
      const close = (): void => {
        if (open) made.push({ ...open, metric: 'goal' })
        open = undefined
      }
      let next = goalAt
      for (const day of one.visits) {
        if (next !== undefined && next < (FIRST + day) * DAY) {
          close()
          next = undefined
        }
        if (open) continue
        open = { metric: 'shown', arm: one.arm, stratum: one.stratum, weights: one.version, day: FIRST + day }
        made.push(open)
      }
      if (next !== undefined) close()
      return made
    })
    expect(off(rateOf(reopened, 'a'), truth(EFFECT))).toBeGreaterThan(4)
  })

  test('a goal that is told with its own day belongs to others than those who were shown', () => {
    const own = free().flatMap((one): Counted[] => {
      const row = { arm: one.arm, stratum: one.stratum, weights: one.version, day: opened(one) }
      return [{ metric: 'shown', ...row }, ...(inWindow(one) ? [{ metric: 'goal' as const, ...row, day: Math.floor((one.goalAt as number) / DAY) }] : [])]
    })
    expect(off(rateOf(own, 'default'), truth(1))).toBeGreaterThan(4)
    expect(off(rateOf(own, 'a'), truth(EFFECT))).toBeGreaterThan(4)
  })

  test('pooled counts of groups that were drawn otherwise say what is not so', () => {
    const pooled = drawn().map((row) => ({ ...row, weights: 1, stratum: '*', day: 0 }))
    const { lift, error } = liftOf(pooled)
    expect(Math.abs(lift - Math.log(EFFECT)) / error).toBeGreaterThan(4)
  })

  test('arms that are drawn before the visitor agrees let one that moves consent look worse than it is', () => {
    const early = everybody.flatMap((life): Counted[] => {
      const decision = siteOn(life.first).decider.decide('hero', { seed: life.seed, measure: true, now: (FIRST + life.first) * DAY }, { traits: { loyal: life.loyal }, context: {}, facts: undefined })
      if (decision.held || !agrees(life, decision.arm)) return []
      const row = { arm: decision.arm, stratum: decision.stratum, weights: decision.weights as number, day: FIRST + life.first }
      const reaches = life.wants < base(life) * (decision.arm === 'a' ? EFFECT : 1) && life.delay <= 7 * DAY
      return [{ metric: 'shown', ...row }, ...(reaches ? [{ metric: 'goal' as const, ...row }] : [])]
    })
    const { lift, error } = liftOf(early)
    expect((Math.log(EFFECT) - lift) / error).toBeGreaterThan(2.6)
  })
})
