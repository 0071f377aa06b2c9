// The command `slotwise catalogue`.

import { refuse } from '../terminal.js'
import type { Register } from './commands.js'

const HELP = `
The source is one of
  feed.xml, feed.csv, feed.tsv   a product feed as Google Merchant has it, RSS or Atom
  a directory                    a built site: what the JSON-LD and Open Graph tags of its pages say
  https://…/sitemap.xml          the same, of a site that is online

Items are known by their place in the catalogue: make the related table anew when it has changed. Where the file is there
already, its items keep their places and their popularity.

Examples:
  $ slotwise catalogue feed.xml --out public/catalog.json --stock public/stock.json
  $ slotwise catalogue public --out public/catalog.json
  $ slotwise catalogue feed.csv --key id --out public/catalog.json      for shops, whose events name items by id

Exit codes: 0 written, 1 no items were found, 2 wrong use, or a file cannot be read or written.`

const keyOf = (value: string): 'path' | 'id' => (value === 'path' || value === 'id' ? value : refuse(`--key is path or id, got "${value}"`))
const whole = (value: string): number => (/^[1-9]\d*$/.test(value) ? Number(value) : refuse(`--most takes a whole number, 1 or more, got "${value}"`))

export const catalogue: Register = (program, exit) =>
  program
    .command('catalogue')
    .summary('writes the catalogue that recommendations are made of')
    .description('Writes of each item its key, address, title, what it is about, picture and price, from what a site has already.')
    .argument('<source>', 'a feed, a built site, or the address of a sitemap')
    .requiredOption('--out <file>', 'the catalogue')
    .option('--key <kind>', '"path": items are named by the path of their page; "id": by their own id', keyOf, 'path' as const)
    .option('--stock <file>', 'also writes the keys of what is sold out, for "availability"')
    .option('--most <n>', 'no more than so many pages of a sitemap', whole, 5000)
    .option('--json', 'says what was found as JSON')
    .addHelpText('after', HELP)
    .action(async (source: string, options) => {
      const { catalogue } = await import('../catalogue.js')
      exit(await catalogue(source, options))
    })
