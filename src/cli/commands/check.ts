// The command `slotwise check`.

import type { Ruleset } from '../../types.js'
import { colours, EXIT, printJson, readText, refuse, writeText } from '../terminal.js'
import type { Register } from './commands.js'

const HELP = `
Names everything that is wrong with a ruleset such as slotwise.json: unknown and misspelt keys and operators, wrong values,
segments that do not exist or go round in a circle, regular expressions that could take for ever. Each with its line, its
path, and how to mend it. Warnings, such as a page group that no page belongs to, keep nothing from being used.

  {
    "$schema": "./node_modules/slotwise/dist/slotwise.schema.json",
    "version": 1,
    "pages": { "shoes": "/shoes/*" },
    "segments": {
      "shoe-lover": { "event": "page_view", "where": { "page": "shoes" }, "within": "7d", "count": { "$gte": 3 } },
      "new-shoe-lover": { "all": ["shoe-lover", { "not": { "event": "purchase" } }] }
    }
  }

With the "$schema" line an editor completes keys and explains them.

--compile makes a tree of nodes of every variant's "html" that is a text, says what no variant may hold, and writes the
ruleset to --out, or to the screen, with what was found on the error output. Browsers build such a tree node by node, under
any Content-Security-Policy; a text they have to parse, which Safari has no safe way to do.

Examples:
  $ slotwise check slotwise.json
  $ slotwise check slotwise.json --json
  $ slotwise check slotwise.json --compile --out public/slotwise.json

Exit codes: 0 nothing is wrong, 1 it cannot be used, 2 wrong use of this command or no such file.`

export interface Printing {
  file: string
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
const PRINTERS: Printer[] = []

interface CheckOptions {
  json?: boolean
  compile?: boolean
  out?: string
  [printer: string]: unknown
}

async function findAll(file: string, { json = false, compile = false, out }: CheckOptions): Promise<number> {
  const text = await readText(file)
  const { findings } = await import('../check.js')
  const { written } = await import('../compile.js')
  let compiled = ''
  const found = findings(text, compile ? { compiled: (ruleset) => (compiled = written(ruleset)) } : {})
  const ok = found.every(({ severity }) => severity === 'warning')
  // What is compiled has the standard output.
  const say = compile && out === undefined ? console.error : console.log
  if (json) say(JSON.stringify({ file, ok, findings: found }, null, 2))
  else {
    for (const { severity, path, line, message } of found) say(`${file}:${line}  ${severity === 'error' ? colours.red(severity) : colours.yellow(severity)}  ${path}: ${message}`)
    say(found.length === 0 ? `${file}: nothing is wrong` : ok ? `${file}: can be used` : `${file}: cannot be used`)
  }
  if (!ok) return EXIT.findings
  if (out) await writeText(out, compiled)
  else process.stdout.write(compiled)
  return EXIT.fine
}

/** Of a ruleset that cannot be used nothing is printed but why. */
async function printed(file: string, printer: Printer, json: boolean): Promise<number> {
  const text = await readText(file)
  const { findings } = await import('../check.js')
  const wrong = findings(text).filter(({ severity }) => severity === 'error')
  if (wrong.length > 0) {
    if (json) printJson({ file, ok: false, findings: wrong })
    else for (const { path, line, message } of wrong) console.error(`${file}:${line}  ${path}: ${message}`)
    return EXIT.findings
  }
  const print = await printer.load()
  const { text: out, ok = true } = await print(JSON.parse(text), { file, json })
  process.stdout.write(out.endsWith('\n') ? out : `${out}\n`)
  return ok ? EXIT.fine : EXIT.findings
}

export const check: Register = (program, exit) => {
  const command = program
    .command('check')
    .summary('says what is wrong with a ruleset, by path and line')
    .description('Says what is wrong with a ruleset, by path and line, and how to mend it.')
    .argument('<file>', 'the ruleset; - is the standard input')
    .option('--json', 'as JSON: { file, ok, findings: [{ severity, path, line, message }] }')
    .option('--compile', 'makes node trees of the HTML in variants, and writes the ruleset')
    .option('--out <file>', 'to this file; without it to the screen')
    .addHelpText('after', HELP)
  for (const { flags, says } of PRINTERS) command.option(flags, says)
  command.action(async (file: string, options: CheckOptions) => {
    if (options.out !== undefined && !(options.compile && options.out)) refuse('--out takes a file, and goes with --compile')
    const asked = PRINTERS.filter(({ flags }) => options[flags.replace(/^--/, '').replace(/[ -].*/, '')] !== undefined)
    if (asked.length > 1) refuse(`only one of ${asked.map(({ flags }) => flags).join(', ')} at a time`)
    exit(asked[0] ? await printed(file, asked[0], options.json ?? false) : await findAll(file, options))
  })
}
