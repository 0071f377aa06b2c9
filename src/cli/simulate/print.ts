// What simulate says: who saw what and why, what was expected instead, and how far experiences reach.

import { iso } from '../../lib/date.js'
import { colours } from '../terminal.js'
import type { Told } from './play.js'
import type { Populated } from './population.js'

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
const percent = (part: number, whole: number): string => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`)

/** One journey; without `all` only steps with something unmet. */
export function journeyText(file: string, { journey, steps }: Told, all: boolean): string {
  const failed = steps.some(({ unmet }) => unmet.length > 0)
  const lines = [`${failed ? colours.red('✗') : colours.green('✓')} ${journey.name}  ${colours.dim(file)}`]
  for (const [i, { at, did, segments, decisions, why, unmet }] of steps.entries()) {
    if (!all && unmet.length === 0) continue
    lines.push(`  ${i + 1}. ${iso(at).slice(0, 16).replace('T', ' ')}  ${did}`)
    if (all) {
      lines.push(`     ${colours.dim('segments')}  ${segments.join(', ') || 'none'}`)
      for (const { slot, variant, because, held, arm } of decisions) {
        lines.push(`     ${colours.dim('slot')}  ${slot}: ${colours.bold(variant)}${held ? `, would have seen ${arm}` : ''}  ${colours.dim(because)}`)
        for (const says of why?.[slot] ?? []) lines.push(`           ${says}`)
      }
    }
    for (const { of, wanted, got, because } of unmet) {
      lines.push(`     ${of}${because ? `  ${colours.dim(because)}` : ''}`, `       ${colours.green(`+ ${shown(wanted)}  expected`)}`, `       ${colours.red(`- ${shown(got)}`)}`)
    }
  }
  return lines.join('\n')
}

const table = (rows: string[][]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map((row) => `  ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')}`.trimEnd()).join('\n')
}

export function populationText({ visitors, kinds, segments, experiences }: Populated): string {
  const counts = (of: { [name: string]: number }): string[][] => Object.entries(of).map(([name, n]) => [name, `${n}`, percent(n, visitors)])
  const parts = [
    `${visitors} visitors`,
    table(counts(kinds)),
    '\nSegments: visitors in them at some time',
    table(counts(segments)),
    '\nExperiences: visitors for whom they decided',
    table([
      ['experience', 'slot', 'visitors', '', 'held out', 'trials', 'goals', ''],
      ...experiences.map(({ slot, experience, visitors: n, held, trials, goals }) => [experience, slot, `${n}`, percent(n, visitors), `${held}`, `${trials}`, `${goals}`, percent(goals, trials)]),
    ]),
  ]
  const arms = experiences.filter(({ arms }) => Object.keys(arms).length > 1)
  if (arms.length > 0) parts.push('\nArms', table(arms.flatMap(({ experience, arms, visitors: n }) => Object.entries(arms).map(([arm, m]) => [`${experience}: ${arm}`, `${m}`, percent(m, n)]))))
  const never = experiences.filter(({ visitors: n }) => n === 0)
  if (never.length > 0) parts.push(`\nNobody saw ${never.map(({ experience }) => `"${experience}"`).join(', ')}.`)
  return parts.join('\n')
}

/** Where another ruleset would have shown the same visitors something else. */
export interface Difference {
  journey: string
  step: number
  slot: string
  variant: string
  instead: string
}

export const differences = (ours: Told[], theirs: Told[]): Difference[] =>
  ours.flatMap(({ journey, steps }, i) =>
    steps.flatMap(({ decisions }, j) =>
      decisions.flatMap(({ slot, variant }) => {
        const instead = theirs[i]?.steps[j]?.decisions.find((other) => other.slot === slot)?.variant ?? 'default'
        return instead === variant ? [] : [{ journey: journey.name, step: j + 1, slot, variant, instead }]
      }),
    ),
  )

export const differencesText = (file: string, found: Difference[]): string =>
  found.length === 0
    ? `By ${file} everybody would have seen the same.`
    : [`By ${file} they would have seen instead:`, ...found.map(({ journey, step, slot, variant, instead }) => `  ${journey}, step ${step}: ${slot}: ${colours.bold(instead)} and not ${variant}`)].join('\n')
