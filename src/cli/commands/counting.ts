// What report and learn ask alike: which rows, of which ruleset, on which day.

import type { Command } from 'commander'
import type { Ruleset } from '../../types.js'
import type { Counted } from '../counting/cell.js'
import { progress, refuse } from '../terminal.js'

export interface CountingOptions {
  ruleset: string
  archive?: string[]
  clickhouse?: string
  table?: string
  engine?: string
  today?: number
  json?: boolean
}

const dayOf = (text: string): number => {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(time) ? refuse(`--today takes a date such as 2026-11-24, got "${text}"`) : time / 86_400_000
}

export const countingOptions = (command: Command): Command =>
  command
    .argument('[files...]', 'rows: files, directories, patterns; NDJSON or a Collector’s OTLP, packed by gzip or not')
    .requiredOption('--ruleset <file>', 'the ruleset that the rows tell of')
    .option('--archive <files...>', 'earlier rulesets, for the odds of weights that it does not name any more')
    .option('--today <date>', 'only days whose goals can no longer come by then count; by default the newest day in the rows', dayOf)
    .option('--clickhouse <url>', 'counts on a ClickHouse server instead: http://user:secret@host:8123/?database=site')
    .option('--table <name>', 'the table there; "slotwise" by default')
    .option('--engine <name>', 'node or duckdb; by default as many rows need')
    .option('--json', 'as JSON')

export async function counted(files: string[], { ruleset, archive = [], clickhouse, table, engine }: CountingOptions): Promise<{ text: string; rulesets: [Ruleset, ...Ruleset[]]; counted: Counted }> {
  if (engine !== undefined && engine !== 'node' && engine !== 'duckdb') refuse(`--engine takes node or duckdb, got "${engine}"`)
  const { readRulesets } = await import('../rulesetFiles.js')
  const { count } = await import('../counting/count.js')
  const read = await readRulesets(ruleset, archive)
  const bar = progress('Counting rows')
  try {
    return { ...read, counted: await count({ files, clickhouse, table, engine: engine as 'node' | undefined, progress: bar.at }) }
  } catch (error) {
    return refuse((error as Error).message)
  } finally {
    bar.end()
  }
}
