// The command `slotwise related`.

import { refuse } from '../terminal.js'
import type { Register } from './commands.js'

const FORMATS = ['csv', 'tsv', 'ndjson', 'ga4', 'matomo'] as const

const HELP = `
An export is CSV, TSV or NDJSON (.gz too) with columns session, item and time; or what Google Analytics 4 (BigQuery) or Matomo
(Live.getLastVisitsDetails) give out as NDJSON. Items are keys of the catalogue, or addresses of pages. Without an export the
table is made of what the items are about, by their tags.

The report plays the newest tenth of the sessions to a table made of the others: how often the page that came next was
among 20 (recall), and how far in front (MRR), beside popularity, item-kNN and VS-kNN. Same input, same bytes.

Examples:
  $ slotwise related sessions.csv --items public/catalog.json --out public/related.json
  $ slotwise related ga4.ndjson --format ga4 --items public/catalog.json --out 'public/related/{shard}.json' --shards 16
  $ slotwise related --items public/catalog.json --out public/related.json     of tags alone

Exit codes: 0 written, 1 nothing could be made of the input, 2 wrong use, or a file cannot be read or written.`

const whole = (name: string) => (value: string): number => (/^[1-9]\d*$/.test(value) ? Number(value) : refuse(`--${name} takes a whole number, 1 or more, got "${value}"`))
const formatOf = (value: string): (typeof FORMATS)[number] => FORMATS.find((one) => one === value) ?? refuse(`--format is one of ${FORMATS.join(', ')}, got "${value}"`)

export const related: Register = (program, exit) =>
  program
    .command('related')
    .summary('makes the tables that recommendations are ranked by')
    .description('Reads which items visitors saw in one session, and writes which belong together, for "recommend" in a ruleset.')
    .argument('[exports...]', 'files of sessions')
    .requiredOption('--items <file>', 'the catalogue, as slotwise catalogue writes it')
    .requiredOption('--out <file>', 'the table; with {shard} in its name and --shards, one file for each shard')
    .option('--shards <n>', 'into how many files', whole('shards'))
    .option('--format <f>', `${FORMATS.join(', ')}; by default told by the file's name`, formatOf)
    .option('--support <n>', 'only pairs that so many sessions have', whole('support'), 3)
    .option('--top <n>', 'so many neighbours an item at most', whole('top'), 20)
    .option('--fields <names>', 'fields that say what an item is about, with commas', (value) => value.split(','), ['tags'])
    .option('--popularity', 'also writes into the catalogue how often each item was seen')
    .option('--inline <file>', 'also writes each page’s own row, by its path, for a site that puts it into its pages')
    .option('--json', 'the report as JSON')
    .addHelpText('after', HELP)
    .action(async (exports: string[], options) => {
      if ((options.shards !== undefined) !== options.out.includes('{shard}')) refuse('--shards goes with {shard} in the name of --out')
      const { related } = await import('../related.js')
      exit(await related(exports, options))
    })
