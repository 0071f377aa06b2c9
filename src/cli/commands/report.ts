// The command `slotwise report`.

import type { Language } from '../report/words/words.js'
import { colours, printJson, refuse, writeText } from '../terminal.js'
import type { Register } from './commands.js'
import { type CountingOptions, counted, countingOptions } from './counting.js'

const HELP = `
For each experience and stratum: how many were shown each variant and reached the goal, the lift over the page's own with its
range, how likely each is the best and what it costs to be wrong, an interval that may be looked at every day, whether
visitors were spread as they should be, what held-out visitors did, and one thing to do. Each row counts once, by its id.
A broken line is counted, and named by file and line. More on the figures: docs/results.md.

Files up to about 100 MB are counted here; more by DuckDB, larger than memory (npm install @duckdb/node-api); and where rows
are kept in ClickHouse, there.

Examples:
  $ slotwise report rows.ndjson --ruleset slotwise.json
  $ slotwise report rows/ 'archive/*.ndjson.gz' --ruleset slotwise.json --html report.html --lang pt-BR
  $ slotwise report --clickhouse http://127.0.0.1:8123/?database=site --ruleset slotwise.json --json

Exit codes: 0 there is a report, 2 wrong use, or nothing to count.`

interface ReportOptions extends CountingOptions {
  html?: string
  lang: string
}

export const report: Register = (program) =>
  countingOptions(program.command('report').summary('says what rows tell of experiences, and what to do').description('Says what the rows of visitors tell of each experience, and what to do about it.'))
    .option('--html <file>', 'as one page that needs nothing besides itself')
    .option('--lang <language>', 'en or pt-BR', 'en')
    .addHelpText('after', HELP)
    .action(async (files: string[], options: ReportOptions) => {
      const { html, json, lang, today } = options
      if (html !== undefined && json) refuse('--html or --json, one at a time')
      const { LANGUAGES } = await import('../report/words/words.js')
      if (!Object.hasOwn(LANGUAGES, lang)) refuse(`--lang takes ${Object.keys(LANGUAGES).join(' or ')}, got "${lang}"`)
      const { reportOf } = await import('../report/report.js')
      const { rulesets, counted: found } = await counted(files, options)
      const made = reportOf(found, rulesets, today)
      if (json) printJson(made)
      else if (html !== undefined) {
        const { pageOf } = await import('../report/page.js')
        await writeText(html, pageOf(made, lang as Language))
        console.log(`${html}: ${made.experiences.length} experience(s), ${found.rows} rows`)
      } else {
        const { tableOf } = await import('../report/table.js')
        process.stdout.write(tableOf(made, lang as Language, colours.bold))
      }
    })
