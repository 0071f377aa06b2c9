// reportOf(): everything that rows say of a ruleset's experiences, as plain data: what --json prints, and what table and
// page are made of.

import { utcDay } from '../../lib/day.js'
import type { Experience, Ruleset } from '../../types.js'
import type { Cell, Counted } from '../counting/cell.js'
import { type Group, policyValue } from '../statistics/groups.js'
import { type SampleRatio, sampleRatio } from '../statistics/sampleRatio.js'
import { advise, type Advice } from './advise.js'
import { type Judged, judge, type Sized } from './judge.js'
import { type Apart, trialGroups, windowDays } from './trialGroups.js'
import { valuesOf } from './values.js'

/** Those who were shown something, against those who were held out. */
export interface Holdout {
  /** Held-out visitors first. */
  judged: Judged
  /** Share that should be held out, and that was. */
  wanted: number
  share: number
  sampleRatio: SampleRatio
  /** Those held out were spared all experiences, so that the difference is what all of them make. */
  ofAll: boolean
  /** What a trial was worth: held out, and not. */
  values?: (Sized | undefined)[]
}

export interface DaySeries {
  day: number
  /** By arm. */
  shown: number[]
  goals: number[]
}

export interface ExperienceReport {
  name: string
  slot: string
  goal: string | null
  /** Days until a day's trials are over. */
  within: number
  learns: boolean
  /** The arms, the page's own content first. */
  arms: string[]
  /** All strata together, and then each where there are several. */
  judged: Judged[]
  seen: number[]
  dismissed: number[]
  values?: (Sized | undefined)[]
  holdout?: Holdout
  /** Goals per trial: as it was, and as it would have been with arms of equal weight. */
  learned?: { actual: number; even: number; versions: number }
  days: DaySeries[]
  apart: Apart[]
  young: number
  advice: Advice
}

export interface CustomRow {
  name: string
  words: string
  page: string
  bucket: number
  n: number
}

export interface Report {
  ruleset: number
  rows: Omit<Counted, 'cells'>
  /** UTC days since 1970. */
  from: number
  to: number
  today: number
  experiences: ExperienceReport[]
  programme?: Holdout
  /** Rows that the ruleset declares for itself. */
  counts: CustomRow[]
  /** Experiences that rows tell of and the ruleset has not. */
  strangers: { experience: string; rows: number }[]
}

/** How many versions back an experience's rows may be told apart. */
const versionsIn = (cells: Cell[]): number => new Set(cells.map(({ weights }) => weights)).size

function holdoutOf(held: Group[], cells: Cell[], ofAll: boolean): Holdout | undefined {
  const of = (k: number): number => held.reduce((sum, { counts }) => sum + (counts[k]?.of ?? 0), 0)
  if (of(0) === 0 || of(1) === 0) return undefined
  const values = valuesOf(cells, 2, (cell) => (cell.held ? 0 : 1))
  return {
    judged: judge('*', ['held', 'shown'], held),
    wanted: held[0]?.probabilities[0] ?? 0,
    share: of(0) / (of(0) + of(1)),
    sampleRatio: sampleRatio(held.map(({ counts, probabilities }) => ({ counts: counts.map(({ of }) => of), expected: probabilities }))),
    ofAll,
    ...(values ? { values } : {}),
  }
}

function ofExperience(slot: string, experience: Experience, cells: Cell[], rulesets: Ruleset[], today: number): ExperienceReport {
  const ruleset = rulesets[0] as Ruleset
  const { arms, strata, held, apart, young, counts } = trialGroups(experience, cells, rulesets, today)
  const mature = cells.filter(counts)
  const groups = strata.flatMap((stratum) => stratum.groups)
  const judged = groups.length > 0 ? [judge('*', arms, groups), ...(strata.length > 1 ? strata.map(({ name, groups }) => judge(name === '*' ? 'others' : name, arms, groups)) : [])] : []
  const many = (metric: string): number[] => arms.map((arm) => mature.reduce((sum, cell) => (cell.metric === metric && cell.arm === arm && !cell.held ? sum + cell.n : sum), 0))
  const values = valuesOf(mature, arms.length, (cell) => (cell.held ? -1 : arms.indexOf(cell.arm)))
  const all = groups.reduce((sum, { counts }) => sum + counts.reduce((part, { of }) => part + of, 0), 0)
  const hits = groups.reduce((sum, { counts }) => sum + counts.reduce((part, { hits }) => part + hits, 0), 0)
  const versions = versionsIn(mature)
  const others = Object.values(ruleset.slots ?? {}).flatMap(({ experiences = [] }) => experiences).filter(({ enabled }) => enabled !== false).length > 1
  const holdout = holdoutOf(held, mature, (ruleset.holdout ?? 0) > 0 && others)
  const days = [...new Set(groups.map(({ day }) => day))].map((day): DaySeries => {
    const own = groups.filter((group) => group.day === day)
    const sums = (what: 'hits' | 'of'): number[] => arms.map((_, k) => own.reduce((sum, { counts }) => sum + (counts[k]?.[what] ?? 0), 0))
    return { day, shown: sums('of'), goals: sums('hits') }
  })
  const report = {
    name: experience.name,
    slot,
    goal: experience.goal ?? null,
    within: windowDays(ruleset, experience.goal),
    learns: experience.learn === true,
    arms,
    judged,
    seen: many('seen'),
    dismissed: many('dismiss'),
    ...(values ? { values } : {}),
    ...(holdout ? { holdout } : {}),
    ...(versions > 1 && all > 0 ? { learned: { actual: hits / all, even: policyValue(() => arms.map(() => 1 / arms.length), groups), versions } } : {}),
    days: days.sort((a, b) => a.day - b.day),
    apart,
    young,
  }
  return { ...report, advice: advise(report) }
}

/** Of the programme: everybody whom any experience could have reached, held out or not. */
function programmeOf(ruleset: Ruleset, cells: Cell[], today: number): Holdout | undefined {
  const longest = Math.max(0, ...Object.keys(ruleset.goals ?? {}).map((goal) => windowDays(ruleset, goal)))
  const own = cells.filter(({ experience, day }) => experience === '*' && day <= today - longest - 1)
  const groups = new Map<number, Group>()
  const share = ruleset.holdout ?? 0
  for (const { day, held, metric, n } of own) {
    const group = groups.get(day) ?? { day, probabilities: [share, 1 - share], counts: [{ hits: 0, of: 0 }, { hits: 0, of: 0 }] }
    groups.set(day, group)
    const count = group.counts[held ? 0 : 1]
    if (count && metric === 'shown') count.of += n
    if (count && metric === 'goal') count.hits += n
  }
  const sound = [...groups.values()].map((group) => ({ ...group, counts: group.counts.map(({ hits, of }) => ({ hits: Math.min(hits, of), of })) }))
  return holdoutOf(sound.sort((a, b) => a.day - b.day), own, false)
}

/**
 * `rulesets` are the one that is asked about and, for versions that it does not name any more, earlier ones. Only trials
 * that are over by `today`, a UTC day since 1970, are judged; by default the newest day that there are rows of.
 */
export function reportOf(counted: Counted, rulesets: [Ruleset, ...Ruleset[]], today?: number): Report {
  const { cells, ...rows } = counted
  const [ruleset] = rulesets
  const trials = cells.filter(({ metric }) => metric !== 'count')
  const days = cells.reduce(([from, to], { day }) => [Math.min(from, day), Math.max(to, day)] as [number, number], [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] as [number, number])
  const now = today ?? days[1]
  const own = new Map<string, Cell[]>()
  for (const cell of trials) {
    const list = own.get(cell.experience)
    if (list) list.push(cell)
    else own.set(cell.experience, [cell])
  }
  const slots = Object.entries(ruleset.slots ?? {})
  const known = new Set(slots.flatMap(([, { experiences = [] }]) => experiences.map(({ name }) => name)))
  const programme = programmeOf(ruleset, own.get('*') ?? [], now)
  const counts = new Map<string, CustomRow>()
  for (const { metric, experience: name, arm: words, stratum: page, value: bucket, n } of cells) {
    if (metric !== 'count') continue
    const row = counts.get(`${name} ${words} ${page} ${bucket}`) ?? { name, words, page, bucket, n: 0 }
    row.n += n
    counts.set(`${name} ${words} ${page} ${bucket}`, row)
  }
  return {
    ruleset: ruleset.version,
    rows,
    from: days[0],
    to: days[1],
    today: now,
    experiences: slots.flatMap(([slot, { experiences = [] }]) => experiences.filter(({ name }) => own.has(name)).map((one) => ofExperience(slot, one, own.get(one.name) ?? [], rulesets, now))),
    ...(programme ? { programme } : {}),
    counts: [...counts.values()],
    strangers: [...own].filter(([name]) => name !== '*' && !known.has(name)).map(([experience, list]) => ({ experience, rows: list.reduce((sum, { n }) => sum + n, 0) })),
  }
}

/** The UTC day of a date such as `2026-11-24`; undefined for anything else. */
export const dayOfDate = (text: string): number | undefined => (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) ? utcDay(Date.parse(text)) : undefined)
