// The loop, closed: a scripted site's visitors make rows, `slotwise learn` makes the next day's ruleset of them, for four
// weeks; and `slotwise report` tells of the month. Everything but the visitors and the collector is what is shipped.

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Ruleset } from '../../src/types.js'
import { seeded } from '../support/random.js'
import { site, type Truth } from './site.js'

/** The first day of an epoch: 22 October 2026. */
const FIRST = 28 * 741

/** Newcomers like "route" best and those who come again "friday"; good days and bad days come and go; the shelf's two do alike. */
const TRUTH: Truth = {
  visitors: 20_000,
  returning: 0.3,
  consent: 0.6,
  signup: ({ signup, hero }, again, day) => {
    const rates: { [arm: string]: number } = again ? { default: 0.05, route: 0.052, friday: 0.07 } : { default: 0.03, route: 0.041, friday: 0.033 }
    return (rates[signup ?? ''] ?? 0) * (hero === 'returning' ? 1.1 : 1) * (1 + 0.25 * Math.sin(day / 3))
  },
  basket: (_, again, day) => (again ? 0.09 : 0.06) * (1 + 0.2 * Math.sin(day / 5)),
}

const date = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10)

export default async function loop(cli: string, ruleset: string, out: string): Promise<void> {
  const days = Number(process.env.DAYS ?? 28)
  const truth = { ...TRUTH, visitors: Number(process.env.VISITORS ?? TRUTH.visitors) }
  const work = mkdtempSync(join(tmpdir(), 'slotwise-loop-'))
  const file = join(work, 'slotwise.json')
  const rows = join(work, 'rows')
  const slotwise = (...args: string[]): string => execFileSync(process.execPath, [cli, ...args], { encoding: 'utf8', maxBuffer: 1e9, cwd: work })
  try {
    mkdirSync(rows)
    writeFileSync(file, readFileSync(ruleset))
    const visitors = site(truth, seeded(20_261_022))
    for (let day = FIRST; day < FIRST + days; day++) {
      const made = await visitors.open(JSON.parse(readFileSync(file, 'utf8')) as Ruleset, day)
      writeFileSync(join(rows, `${date(day)}.ndjson`), made.map((row) => `${JSON.stringify(row)}\n`).join(''))
      const learning = spoken(() => slotwise('learn', 'rows', '--ruleset', 'slotwise.json', '--write', '--today', date(day + 1), '--json', '--engine', 'duckdb'))
      const { changes } = JSON.parse(learning) as { changes: { to: number; strata: { stratum: string; arms: { arm: string; after: number }[] }[] }[] }
      console.log(`${date(day)}  ${made.length} rows  ${changes.map(({ to, strata }) => `version ${to}: ${strata.map(({ stratum, arms }) => `${stratum} ${arms.map(({ arm, after }) => `${arm} ${Math.round(after * 100)}`).join(' ')}`).join(' | ')}`).join('; ') || 'weights stay'}`)
    }
    const end = ['rows', '--ruleset', 'slotwise.json', '--today', date(FIRST + days + 1), '--engine', 'duckdb']
    console.log(slotwise('report', ...end))
    mkdirSync(join(out, '..'), { recursive: true })
    writeFileSync(out, `${JSON.stringify(JSON.parse(slotwise('report', ...end, '--json')))}\n`)
    console.log(`${out}: the report of the month`)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** What the command says on its error output belongs to the failure. */
function spoken<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${(error as { stderr?: string }).stderr ?? ''}`)
  }
}
