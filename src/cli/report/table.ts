// tableOf(): a report as plain text for a terminal.

import type { ArmJudged, Judged, Sized } from './judge.js'
import type { ExperienceReport, Holdout, Report } from './report.js'
import { said } from './said.js'
import { fill, LANGUAGES, type Language, numbersIn } from './words/words.js'

/** Columns as wide as they must be; the first to the left, the others to the right. */
function columns(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => [...(row[i] ?? '')].length)))
  return rows.map((row) => `    ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number))).join('  ')}`.trimEnd())
}

/** `strong` makes what is to be done stand out, where somebody looks. */
export function tableOf(report: Report, language: Language, strong: (text: string) => string = (text) => text): string {
  const words = LANGUAGES[language]
  const numbers = numbersIn(language)
  const say = said(language)
  const range = (sized: Sized, show: (n: number) => string): string => `${show(sized.value)} (${show(sized.low)} … ${show(sized.high)})`
  const signed = (share: number): string => numbers.percent(share, 1, true)
  const { columns: names } = words

  const arms = (judged: Judged, base: string, more: (k: number) => string[], heads: string[]): string[] => {
    // One alone has nothing to be better than.
    const several = <T>(...cells: T[]): T[] => (judged.arms.length > 1 ? cells : [])
    return columns([
      [names.arm, names.shown, names.goals, names.rate, ...several(names.lift, names.best, names.loss, names.always), ...heads],
      ...judged.arms.map(({ arm, shown, goals, rate, lift, best, loss, always }: ArmJudged, k) => [
        say.arm(arm),
        numbers.whole(shown),
        numbers.whole(goals),
        rate ? range(rate, (n) => numbers.percent(n, 2)) : '–',
        ...several(
          k === 0 ? base : lift ? range(lift, signed) : '–',
          numbers.probability(best),
          fill(words.perThousand, { n: numbers.plain(1000 * loss) }),
          k === 0 ? '' : always ? range(always, numbers.points) : words.never,
        ),
        ...more(k),
      ]),
    ])
  }

  const holdout = (own: Holdout): string[] => [...say.holdout(own).map((line) => `    ${line}`)]
  const experience = (one: ExperienceReport): string[] => [
    '',
    `${one.name}  (${say.about(one).join(', ')})`,
    `  ${strong(say.advice(one.advice))}`,
    ...one.judged.flatMap((judged, i) => [
      ...(one.judged.length > 1 ? [`  ${say.stratum(judged.stratum)}`] : []),
      ...arms(judged, words.baseline, (k) => (i > 0 ? [] : [numbers.percent((one.seen[k] ?? 0) / Math.max(1, judged.arms[k]?.shown ?? 1), 0), ...(one.dismissed.some(Boolean) ? [numbers.whole(one.dismissed[k] ?? 0)] : []), ...(one.values ? [one.values[k] ? range(one.values[k] as Sized, numbers.plain) : '–'] : [])]), i > 0 ? [] : [names.seen, ...(one.dismissed.some(Boolean) ? [names.dismissed] : []), ...(one.values ? [names.value] : [])]),
      ...(judged.arms.length > 1 ? [`    ${say.sampleRatio(judged.sampleRatio)} ${say.days(judged)}`] : []),
    ]),
    ...(one.holdout ? holdout(one.holdout) : one.judged.length > 0 ? [`    ${words.holdoutNone}`] : []),
    ...say.notes(one).map((line) => `    ${line}`),
  ]
  return [
    words.title,
    say.span(report).join('. '),
    ...report.rows.examples.map(({ file, line, why }) => `  ${file}:${line}  ${why}`),
    ...(report.programme ? ['', words.whole, ...arms(report.programme.judged, words.baseline, () => [], []), ...holdout(report.programme)] : []),
    ...report.experiences.flatMap(experience),
    ...(report.counts.length > 0 ? ['', words.counts, ...columns([Object.values(words.countColumns), ...report.counts.map((row) => say.count(row))])] : []),
    ...(report.strangers.length > 0 ? ['', ...report.strangers.map(({ experience: name, rows }) => fill(words.strangers, { name, n: numbers.whole(rows) }))] : []),
    '',
    words.foot,
    '',
  ].join('\n')
}
