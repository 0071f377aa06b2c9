// The command `slotwise check`.

import type { Ruleset } from '../../types.js'
import type { Finding } from '../finding.js'
import { colours, EXIT, printJson, progress, readText, refuse, writeText } from '../terminal.js'
import type { Register } from './commands.js'

const HELP = `
Names everything that is wrong with a ruleset such as slotwise.json, each with its line, its path, why, and how to mend it:
  errors      it cannot be used: misspelt keys and operators, wrong values, segments that do not exist or go round in a
              circle, regular expressions that could take for ever
  warnings    it can be used, and does not do what it seems to: rules that hold for nobody or for everybody, experiences,
              variants and page groups that nobody ever sees, caps that never take hold, tests with too many arms or too
              rare a goal, requests that would tell a server what a visitor did, sensitive topics

With the "$schema" line an editor completes keys and explains them:
  { "$schema": "./node_modules/slotwise/dist/slotwise.schema.json", "version": 1 }

--pages reads the HTML files of the site too: slots and variants that one of the two lacks, templates after the default,
what in them waits for measuring, style sheets whose pictures would tell.

--compile makes a tree of nodes of every variant's "html" that is a text, says what no variant may hold, and writes the
ruleset to --out, or to the screen, with what was found on the error output. Browsers build such a tree node by node, under
any Content-Security-Policy; a text they have to parse, which Safari has no safe way to do.

--wire prints every row that the ruleset can ever send, its size in bits, and how many visitors a day are expected to share
it: "expected": { "perDay": 5000 } says how many agree to be measured. Fewer than 50 are an error, unless
"expected.accept" names the experience or declared row with a reason.

Examples:
  $ slotwise check slotwise.json
  $ slotwise check slotwise.json --pages public --fix
  $ slotwise check slotwise.json --per-day 2000 --rate 0.03
  $ slotwise check slotwise.json --sarif > slotwise.sarif
  $ slotwise check slotwise.json --strict || exit 1
  $ slotwise check slotwise.json --compile --out public/slotwise.json

Exit codes: 0 it can be used, 1 it cannot (with --strict: something was found), 2 wrong use of this command or no such file.`

export interface Printing {
  file: string
  /** Of papers for people, as --lang asks for it. */
  language: 'en' | 'pt-BR'
  /** As --json asks for it. */
  json: boolean
}

/** What is printed in place of the findings; `ok` false makes the exit code 1. */
export interface Printed {
  text: string
  ok?: boolean
}

/** Something that is printed of a ruleset that can be used, in place of the findings. */
interface Printer {
  flags: string
  says: string
  load(): Promise<(ruleset: Ruleset, printing: Printing) => Printed | Promise<Printed>>
}

/** One line each: `{ flags: '--wire', says: '…', load: async () => (await import('../wire.js')).wire }`. */
const PRINTERS: Printer[] = [
  { flags: '--wire', says: 'every row that can ever be sent, its size in bits, and how many visitors share it a day', load: async () => (await import('../wire.js')).wire },
  { flags: '--storage', says: 'all that is kept on a visitor’s device: where, what for, how long, and when', load: async () => (await import('../papers.js')).papers.storage },
  { flags: '--assessment', says: 'a template for a data protection impact assessment, as Markdown', load: async () => (await import('../papers.js')).papers.assessment },
  { flags: '--notice', says: 'a cookie notice, as Markdown', load: async () => (await import('../papers.js')).papers.notice },
]

interface CheckOptions {
  json?: boolean
  sarif?: boolean
  strict?: boolean
  fix?: boolean
  pages?: string
  perDay?: number
  rate?: number
  compile?: boolean
  out?: string
  lang?: string
  [printer: string]: unknown
}

/** The site's pages, with a word on how far it is. */
async function siteOf(directory: string | undefined) {
  if (directory === undefined) return undefined
  const { readSheets, readSite } = await import('../site.js')
  const reading = progress('Reading pages')
  try {
    const pages = await readSite(directory, reading.at)
    return { pages, sheets: await readSheets(directory, pages) }
  } catch {
    return refuse(`cannot read the directory ${directory}`)
  } finally {
    reading.end()
  }
}

async function findAll(file: string, { json, sarif: asSarif, strict, fix, pages, perDay, rate, compile = false, out }: CheckOptions, version: string): Promise<number> {
  let text = await readText(file)
  const { findings } = await import('../check.js')
  const site = await siteOf(pages)
  const expected = { ...(perDay === undefined ? {} : { perDay }), ...(rate === undefined ? {} : { rate }) }
  const find = (text: string, compiled?: (ruleset: Ruleset) => void): Finding[] => findings(text, { compiled, expected, site })
  let mended: Finding[] = []
  if (fix) {
    const { fixed } = await import('../fix.js')
    const after = fixed(text, find)
    mended = after.mended
    if (mended.length > 0) await writeText(file, after.text)
    text = after.text
  }
  const { written } = await import('../compile.js')
  let compiled = ''
  const found = find(text, compile ? (ruleset) => (compiled = written(ruleset)) : undefined)
  const ok = found.every(({ severity }) => severity === 'warning')
  // What is compiled has the standard output.
  const say = compile && out === undefined ? console.error : console.log
  if (asSarif) printJson((await import('../sarif.js')).sarif(file, found, version))
  else if (json) say(JSON.stringify({ file, ok, findings: found, ...(fix ? { mended } : {}) }, null, 2))
  else {
    for (const { path, line, why, fix } of mended) say(`${file}:${line}  ${colours.green('mended')}  ${path}: ${why}${fix && 'rename' in fix ? `; it is "${fix.rename}" now` : ''}`)
    for (const { severity, code, path, line, message, page } of found) say(`${page ?? file}:${line}  ${severity === 'error' ? colours.red(severity) : colours.yellow(severity)}  ${path}: ${message}  ${colours.dim(code)}`)
    say(found.length === 0 ? `${file}: nothing is wrong` : ok ? `${file}: can be used` : `${file}: cannot be used`)
  }
  if (!ok || (strict && found.length > 0)) return EXIT.findings
  if (out) await writeText(out, compiled)
  else process.stdout.write(compiled)
  return EXIT.fine
}

/** Of a ruleset that cannot be used nothing is printed but why. */
async function printed(file: string, printer: Printer, json: boolean, language: Printing['language']): Promise<number> {
  const text = await readText(file)
  const { findings } = await import('../check.js')
  const wrong = findings(text).filter(({ severity }) => severity === 'error')
  if (wrong.length > 0) {
    if (json) printJson({ file, ok: false, findings: wrong })
    else console.error([...wrong.map(({ path, line, message }) => `${file}:${line}  ${colours.red('error')}  ${path}: ${message}`), `${file}: cannot be used`].join('\n'))
    return EXIT.findings
  }
  const print = await printer.load()
  const { text: out, ok = true } = await print(JSON.parse(text), { file, json, language })
  process.stdout.write(out.endsWith('\n') ? out : `${out}\n`)
  return ok ? EXIT.fine : EXIT.findings
}

const numberOf = (flag: string, least: number, most: number) => (value: string): number => {
  const number = Number(value)
  return value !== '' && number >= least && number <= most ? number : refuse(`${flag} takes a number from ${least} to ${most}, got "${value}"`)
}

export const check: Register = (program, exit) => {
  const command = program
    .command('check')
    .summary('says what is wrong with a ruleset, by path and line')
    .description('Says what is wrong with a ruleset, by path and line, and how to mend it.')
    .argument('<file>', 'the ruleset; - is the standard input')
    .option('--json', 'as JSON: { file, ok, findings: [{ severity, code, path, line, why, mend }] }')
    .option('--sarif', 'as SARIF 2.1.0, for editors and code hosts')
    .option('--strict', 'exit code 1 for warnings, too')
    .option('--fix', 'mends what cannot be meant otherwise, and leaves the rest of the file as it is')
    .option('--pages <dir>', 'looks at the pages of the site, too')
    .option('--per-day <n>', 'visitors a day, for how long tests take; else "expected" of the ruleset', numberOf('--per-day', 1, 1e12))
    .option('--rate <share>', 'the share of them that reaches a goal anyway (default: 0.05)', numberOf('--rate', 1e-6, 0.9))
    .option('--compile', 'makes node trees of the HTML in variants, and writes the ruleset')
    .option('--out <file>', 'to this file; without it to the screen')
    .addHelpText('after', HELP)
  for (const { flags, says } of PRINTERS) command.option(flags, says)
  command.option('--lang <language>', 'of what people read of these, en or pt-BR (default: en)')
  command.action(async (file: string, options: CheckOptions) => {
    if (options.json && options.sarif) refuse('--json and --sarif are two ways to say the same: choose one')
    if (options.sarif && options.compile && options.out === undefined) refuse('--sarif and the compiled ruleset cannot both go to the screen: give --out')
    if (options.fix && file === '-') refuse('--fix writes to the file: the standard input is none')
    if (options.out !== undefined && !(options.compile && options.out)) refuse('--out takes a file, and goes with --compile')
    const { lang = 'en' } = options
    if (lang !== 'en' && lang !== 'pt-BR') refuse(`--lang takes en or pt-BR, got "${lang}"`)
    const asked = PRINTERS.filter(({ flags }) => options[flags.replace(/^--/, '').replace(/[ -].*/, '')] !== undefined)
    if (asked.length > 1) refuse(`only one of ${asked.map(({ flags }) => flags).join(', ')} at a time`)
    exit(asked[0] ? await printed(file, asked[0], options.json ?? false, lang) : await findAll(file, options, program.version() ?? ''))
  })
}
