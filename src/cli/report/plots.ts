// Plots as SVG without a script. They stretch to any width; so there is no text in them, and lines keep their thickness.

import type { Sized } from './judge.js'
import type { DaySeries } from './report.js'

const round = (n: number): string => `${Math.round(n * 100) / 100}`

/** What is said to those who do not see it. */
const svg = (label: string, className: string, view: string, inside: string): string =>
  `<svg class="${className}" role="img" aria-label="${label}"${view && ` viewBox="${view}" preserveAspectRatio="none"`}>${inside}</svg>`

export interface Scale {
  low: number
  high: number
}

/** Around all that is given and 0, with a little room. */
export function scaleOf(values: Scale[]): Scale {
  const low = Math.min(0, ...values.map((one) => one.low))
  const high = Math.max(0, ...values.map((one) => one.high))
  const room = (high - low || 1) * 0.06
  return { low: low - room, high: high + room }
}

const across = ({ low, high }: Scale, value: number): number => (100 * (Math.min(high, Math.max(low, value)) - low)) / (high - low)

/** A range as a bar with a dot, beside a line that stands at 0. */
export function rangePlot({ value, low, high }: Sized, scale: Scale, colour: number, label: string): string {
  const [from, at, to, zero] = [low, value, high, 0].map((one) => across(scale, one)) as [number, number, number, number]
  return svg(
    label,
    'range',
    '',
    `<line class="zero" x1="${round(zero)}%" x2="${round(zero)}%" y1="0" y2="100%"/><line class="c${colour} band" x1="${round(from)}%" x2="${round(to)}%" y1="50%" y2="50%"/><circle class="c${colour}" cx="${round(at)}%" cy="50%" r="6"/>`,
  )
}

/** Which share of each day's visitors saw which arm, one upon the other. */
export function sharePlot(days: DaySeries[], label: string): string {
  const arms = days[0]?.shown.length ?? 0
  const step = 100 / days.length
  const bars = days.flatMap(({ shown }, i) => {
    const all = shown.reduce((sum, n) => sum + n, 0) || 1
    let below = 0
    return Array.from({ length: arms }, (_, k) => {
      const height = (100 * (shown[k] as number)) / all
      below += height
      return `<rect class="c${k}" x="${round(i * step)}" y="${round(100 - below)}" width="${round(step * 0.94)}" height="${round(height)}"/>`
    })
  })
  return svg(label, 'share', '0 0 100 100', bars.join(''))
}

/** A difference and its range, day by day, and the line of no difference. The first days, when nothing is sure, are cut. */
export function looksPlot(days: (Sized & { day: number })[], colour: number, label: string): { plot: string; scale: Scale } {
  const last = days.at(-1) as Sized
  const width = Math.max(last.high - last.low, Math.abs(last.value))
  const scale = scaleOf([{ low: last.value - 1.2 * width, high: last.value + 1.2 * width }])
  const x = (i: number): string => round((100 * i) / (days.length - 1))
  const y = (value: number): string => round(100 - across(scale, value))
  const upper = days.map(({ high }, i) => `${x(i)},${y(high)}`)
  const lower = days.map(({ low }, i) => `${x(i)},${y(low)}`).reverse()
  const middle = days.map(({ value }, i) => `${x(i)},${y(value)}`)
  return {
    plot: svg(label, 'looks', '0 0 100 100', `<polygon class="c${colour} area" points="${[...upper, ...lower].join(' ')}"/><line class="zero" x1="0" x2="100" y1="${y(0)}" y2="${y(0)}"/><polyline class="c${colour}" points="${middle.join(' ')}"/>`),
    scale,
  }
}
