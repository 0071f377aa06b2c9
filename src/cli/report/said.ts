// said(): what table and page say alike of a report, in one language.

import type { SampleRatio } from '../statistics/sampleRatio.js'
import type { Advice } from './advise.js'
import type { Judged } from './judge.js'
import type { CustomRow, ExperienceReport, Holdout, Report } from './report.js'
import { fill, LANGUAGES, type Language, numbersIn } from './words/words.js'

export interface Said {
  arm(name: string): string
  stratum(name: string): string
  about(experience: ExperienceReport): string[]
  span(report: Report): string[]
  advice(advice: Advice): string
  sampleRatio(ratio: SampleRatio): string
  days(judged: Judged): string
  holdout(holdout: Holdout): string[]
  /** What has been learned, and what is left out or still open. */
  notes(experience: ExperienceReport): string[]
  count(row: CustomRow): string[]
}

/** Fewer are not told: they could be somebody. */
const FEW = 50
/** How often in a day, by bucket. */
const TIMES = ['1', '2', '3–4', '5–8', '9+']

export function said(language: Language): Said {
  const words = LANGUAGES[language]
  const numbers = numbersIn(language)
  const p = (value: number): string => (value < 0.001 ? '< 0.001' : numbers.plain(value))
  const sampleRatio = (ratio: SampleRatio): string => fill(ratio.p < 0.001 ? words.sampleRatio.bad : words.sampleRatio.fine, { p: p(ratio.p) })
  const signed = (share: number): string => numbers.percent(share, 1, true)

  return {
    arm: (name) => (name === 'default' ? words.default : name === 'held' ? words.held : name === 'shown' ? words.shown : name),
    stratum: (name) => (name === '*' ? words.everybody : name === 'others' ? words.others : fill(words.segment, { name })),
    about: ({ slot, goal, within, learns }) => [fill(words.slot, { slot }), goal === null ? words.noGoal : fill(words.goal, { goal, days: within }), ...(learns ? [words.learns] : [])],
    span: ({ from, to, rows: { rows, twice, broken } }) => [
      fill(words.span, { from: numbers.date(from), to: numbers.date(to) }),
      fill(words.read, { rows: numbers.whole(rows) }),
      ...(twice > 0 ? [fill(words.twice, { n: numbers.whole(twice) })] : []),
      ...(broken > 0 ? [fill(words.broken, { n: numbers.whole(broken) })] : []),
    ],
    advice: ({ code, arm, days, versions }) => fill(words.advice[code], { arm: arm === 'default' ? words.default : (arm ?? ''), days: days === undefined ? '' : numbers.whole(days), versions: versions?.join(', ') ?? '' }),
    sampleRatio,
    days: ({ days }) => (days === 0 ? words.days.zero : days === null || days > 3650 ? words.days.none : fill(words.days.some, { n: numbers.whole(days) })),
    holdout: ({ judged, share, wanted, sampleRatio: ratio, ofAll, values }) => {
      const [, arm] = judged.arms
      const lift = arm?.lift ? `${signed(arm.lift.value)} (${signed(arm.lift.low)} … ${signed(arm.lift.high)})` : words.nothing
      const [out, not] = values ?? []
      return [
        fill(words.holdout, { share: numbers.percent(share), lift }),
        ...(ofAll ? [words.ofAll] : []),
        ...(wanted > 0 ? [fill(words.heldShare, { share: numbers.percent(share), wanted: numbers.percent(wanted), p: p(ratio.p) })] : []),
        ...(out && not ? [fill(words.value, { value: numbers.plain(not.value), low: numbers.plain(not.low), high: numbers.plain(not.high), other: numbers.plain(out.value) })] : []),
      ]
    },
    notes: ({ learned, apart, young, judged, days }) => [
      ...(learned ? [fill(words.learned, { versions: learned.versions, actual: numbers.plain(1000 * learned.actual), even: numbers.plain(1000 * learned.even) })] : []),
      ...apart.map(({ why, trials, weights }) => fill(words.apart[why], { n: numbers.whole(trials), version: weights })),
      judged.length === 0 ? fill(words.allOpen, { young: numbers.whole(young) }) : `${fill(words.mature, { until: numbers.date(days.at(-1)?.day ?? 0) })}${young > 0 ? ` ${fill(words.open, { young: numbers.whole(young) })}` : ''}`,
    ],
    count: ({ name, words: of, page, bucket, n }) => [name, of === '*' ? '' : of, page === '*' ? '' : page, TIMES[bucket] ?? `${bucket}`, n < FEW ? words.few : numbers.whole(n)],
  }
}
