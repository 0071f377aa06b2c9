// pageOf(): a report as one page that needs nothing besides itself: no script, no font, no request.

import type { AdviceCode } from './advise.js'
import type { ArmJudged, Judged } from './judge.js'
import { looksPlot, rangePlot, scaleOf, sharePlot } from './plots.js'
import type { ExperienceReport, Holdout, Report } from './report.js'
import { said } from './said.js'
import { PALETTE, STYLE } from './style.js'
import { fill, LANGUAGES, type Language, numbersIn } from './words/words.js'

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

const MOOD: { [code in AdviceCode]?: 'good' | 'warn' } = { ship: 'good', 'keep-default': 'good', 'better-than-nothing': 'good', 'better-together': 'good', 'worse-together': 'warn', 'sample-ratio': 'warn', 'worse-than-nothing': 'warn', 'no-goal': 'warn', 'unknown-versions': 'warn', never: 'warn' }

export interface PageLinks {
  /** A way back, such as to the site whose report it is. */
  back?: { href: string; text: string }
  /** The same page in another language. */
  other?: { href: string; text: string; lang: string }
  /** What whoever reads it should know first. */
  note?: string
}

export function pageOf(report: Report, language: Language, { back, other, note }: PageLinks = {}): string {
  const words = LANGUAGES[language]
  const numbers = numbersIn(language)
  const say = said(language)
  const { columns } = words
  const signed = (share: number): string => numbers.percent(share, 1, true)
  const colour = (k: number): number => k % PALETTE

  const pair = (name: string, value: string, small = '', title = ''): string => `<div><dt${title && ` title="${escaped(title)}"`}>${escaped(name)}</dt><dd>${value}${small && ` <small>${small}</small>`}</dd></div>`

  const armsOf = (judged: Judged, extra: (k: number) => string): string => {
    const scale = scaleOf(judged.arms.flatMap(({ lift }) => (lift ? [{ low: Math.max(-1, lift.low), high: Math.min(lift.high, 3) }] : [])))
    const one = ({ arm, shown, goals, rate, lift, best, loss, always }: ArmJudged, k: number): string => {
      const name = escaped(say.arm(arm))
      const liftText = lift ? `${signed(lift.value)} <small>${signed(lift.low)} … ${signed(lift.high)}</small>` : '–'
      const compared = k === 0 ? `<span class="soft">${judged.arms.length > 1 ? escaped(words.baseline) : ''}</span>` : lift ? rangePlot(lift, scale, colour(k), `${name}: ${signed(lift.value)} (${signed(lift.low)} … ${signed(lift.high)})`) : '<span></span>'
      return `<li><div><span class="name"><i class="c${colour(k)}"></i>${name}</span>${k > 0 && lift ? `<span class="lifted">${liftText}</span>` : ''}</div>${compared}<dl>${[
        pair(columns.rate, rate ? numbers.percent(rate.value, 2) : '–', rate ? `${numbers.percent(rate.low, 2)} … ${numbers.percent(rate.high, 2)}` : ''),
        pair(columns.goals, numbers.whole(goals), `${numbers.whole(shown)}`),
        ...(judged.arms.length > 1 ? [pair(columns.best, numbers.probability(best), '', words.explain.best), pair(columns.loss, fill(words.perThousand, { n: numbers.plain(1000 * loss) }), '', words.explain.loss)] : []),
        ...(k > 0 ? [pair(columns.always, always ? numbers.points(always.value) : words.never, always ? `${numbers.points(always.low)} … ${numbers.points(always.high)}` : '', words.explain.always)] : []),
        extra(k),
      ].join('')}</dl></li>`
    }
    return `<ul class="arms">${judged.arms.map(one).join('')}</ul>`
  }

  const sample = (judged: Judged): string => (judged.arms.length < 2 ? '' : `<p class="${judged.sampleRatio.p < 0.001 ? 'warn' : 'soft'}">${escaped(say.sampleRatio(judged.sampleRatio))}</p>`)
  const notes = (lines: string[]): string => (lines.length > 0 ? `<ul class="notes">${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>` : '')
  const ends = (days: { day: number }[]): string => `<div class="ends"><span>${numbers.date(days[0]?.day ?? 0)}</span><span>${numbers.date(days.at(-1)?.day ?? 0)}</span></div>`

  const plots = ({ judged: [all], days, arms }: Pick<ExperienceReport, 'judged' | 'days' | 'arms'>): string => {
    if (!all || days.length < 2 || arms.length < 2) return ''
    const share = `<figure><figcaption>${escaped(words.plots.share)}</figcaption>${sharePlot(days, escaped(words.plots.share))}${ends(days)}</figure>`
    if (!all.looks) return `<div class="plots">${share}</div>`
    const caption = escaped(fill(words.plots.always, { arm: say.arm(all.looks.arm), other: say.arm(arms[0] as string) }))
    const { plot, scale } = looksPlot(all.looks.days, colour(arms.indexOf(all.looks.arm)), caption)
    return `<div class="plots">${share}<figure><figcaption>${caption}</figcaption><div class="frame">${plot}<div class="scale"><span>${numbers.points(scale.high)}</span><span>${numbers.points(scale.low)}</span></div></div>${ends(all.looks.days)}</figure></div>`
  }

  const experience = (one: ExperienceReport): string => {
    const [all, ...strata] = one.judged
    const extra = (k: number): string =>
      [
        pair(columns.seen, numbers.percent((one.seen[k] ?? 0) / Math.max(1, all?.arms[k]?.shown ?? 1), 0)),
        ...(one.dismissed.some(Boolean) ? [pair(columns.dismissed, numbers.whole(one.dismissed[k] ?? 0))] : []),
        ...(one.values?.[k] ? [pair(columns.value, numbers.plain(one.values[k].value), `${numbers.plain(one.values[k].low)} … ${numbers.plain(one.values[k].high)}`)] : []),
      ].join('')
    return `<section><h2>${escaped(one.name)}</h2><p class="about">${escaped(say.about(one).join(' · '))}</p><p class="advice ${MOOD[one.advice.code] ?? ''}">${escaped(say.advice(one.advice))}</p>${one.holdout && one.arms.length < 2 ? armsOf(one.holdout.judged, (k) => (k > 0 ? extra(0) : '')) : all ? armsOf(all, extra) + sample(all) : ''}${plots(one)}${strata
      .map((judged) => `<details class="stratum"><summary>${escaped(say.stratum(judged.stratum))} <span>· ${escaped(say.arm(judged.leader))}: ${columns.best} ${numbers.probability(judged.arms.find(({ arm }) => arm === judged.leader)?.best ?? 0)}</span></summary>${armsOf(judged, () => '')}${sample(judged)}</details>`)
      .join('')}${notes([...(all && all.arms.length > 1 ? [say.days(all)] : []), ...(one.holdout ? say.holdout(one.holdout) : all ? [words.holdoutNone] : []), ...say.notes(one)])}</section>`
  }

  const programme = (holdout: Holdout): string =>
    `<section><h2>${escaped(words.whole)}</h2><p class="about">${escaped(words.wholeNote)}</p>${armsOf(holdout.judged, () => '')}${notes(say.holdout(holdout))}</section>`

  const table = (heads: string[], rows: string[][]): string =>
    `<div class="scroll"><table><thead><tr>${heads.map((head) => `<th scope="col">${escaped(head)}</th>`).join('')}</tr></thead><tbody>${rows.map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`).join('')}</tbody></table></div>`

  const broken = report.rows.examples.length > 0 ? notes(report.rows.examples.map(({ file, line, why }) => `${file}:${line}  ${why}`)) : ''
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${escaped(words.title)}</title>
<style>${STYLE}</style>
</head>
<body><main>
${back || other ? `<p class="soft">${back ? `<a href="${escaped(back.href)}">${escaped(back.text)}</a>` : ''}${back && other ? ' · ' : ''}${other ? `<a href="${escaped(other.href)}" lang="${other.lang}" hreflang="${other.lang}">${escaped(other.text)}</a>` : ''}</p>\n` : ''}<h1>${escaped(words.title)}</h1>
<p class="soft">${escaped(say.span(report).join(' · '))}</p>${note ? `<p>${escaped(note)}</p>` : ''}${broken}
<details><summary>${escaped(words.how)}</summary><dl>${(['lift', 'best', 'loss', 'always'] as const).map((name) => `<dt>${escaped(columns[name])}</dt><dd>${escaped(words.explain[name])}</dd>`).join('')}</dl></details>
${report.programme ? programme(report.programme) : ''}
${report.experiences.map(experience).join('\n')}
${report.counts.length > 0 ? `<section><h2>${escaped(words.counts)}</h2>${table(Object.values(words.countColumns), report.counts.map((row) => say.count(row)))}</section>` : ''}
${notes(report.strangers.map(({ experience: name, rows }) => fill(words.strangers, { name, n: numbers.whole(rows) })))}
<footer><p>${escaped(words.foot)}</p></footer>
</main></body>
</html>
`
}
