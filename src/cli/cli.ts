// The command line: `slotwise COMMAND`.

import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { findings } from './check.js'
import { LOGS_PATH, ROWS_PATH } from './collect.js'
import { written } from './compile.js'
import type { Ruleset } from '../types.js'
import { serve } from './serve.js'
import { wire } from './wire.js'

const HELP = `slotwise: on-site personalization with static files alone

  slotwise check FILE   says what is wrong with a ruleset, by path and line
      --json            as JSON: { file, ok, findings: [{ severity, path, line, message }] }
      --compile         makes node trees of the HTML in variants, and writes the ruleset to
      --out FILE        this file, or to the screen
      --wire            every row that can ever be sent, its size in bits, and how many visitors share it a day

  slotwise serve DIR    serves a built site on this machine, to look at it
      --port N          the port; by default any that is free
      --open            opens it in the browser
      --collect FILE    takes the rows that the site sends to ${LOGS_PATH}, as any OTLP collector
                        would, and adds them to FILE, one JSON object a line; ${ROWS_PATH} gives
                        them out again

  slotwise --help       this text; slotwise check --help has more on rulesets
`

const CHECK_HELP = `slotwise check FILE [--json] [--compile [--out FILE]] [--wire]

Reads a ruleset such as slotwise.json and names everything that is wrong with it: unknown and misspelt keys and
operators, wrong values, segments that do not exist or go round in a circle, regular expressions that could take for
ever. Each with its line, its path, and how to mend it. Warnings, such as a page group that no page belongs to, keep
nothing from being used.

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

--wire prints every row that the ruleset can ever send, its size in bits, and how many visitors a day are expected to share
it: "expected": { "perDay": 5000 } says how many agree to be measured. Fewer than 50 are an error, unless
"expected.accept" names the experience or declared row with a reason.

Exit code: 0 nothing is wrong, 1 it cannot be used, 2 wrong use of this command or no such file.
`

/** Wrong use: said in one line, with the way to the help. */
function refuse(words: string): never {
  console.error(`slotwise: ${words}; see slotwise --help`)
  process.exit(2)
}

function openInBrowser(url: string): void {
  const [command, ...before] =
    process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open']
  // No browser to open is no failure: the address stands on the screen.
  spawn(command as string, [...before, url], { stdio: 'ignore', detached: true }).on('error', () => {}).unref()
}

async function check(file: string, asJson: boolean, out: string | undefined, asWire: boolean): Promise<void> {
  const text = await readFile(file, 'utf8').catch((error) => refuse(`cannot read ${file}: ${error.message}`))
  let compiled = ''
  const found = findings(text, out === undefined ? undefined : (ruleset) => (compiled = written(ruleset)))
  const ok = found.every(({ severity }) => severity === 'warning')
  if (asWire && ok) {
    const { text: said, ok: isFine } = wire(JSON.parse(text) as Ruleset, { file, json: asJson })
    process.stdout.write(said)
    if (!isFine) process.exitCode = 1
    return
  }
  const say = out === '' ? console.error : console.log
  if (asJson) say(JSON.stringify({ file, ok, findings: found }, null, 2))
  else {
    for (const { severity, path, line, message } of found) say(`${file}:${line}  ${severity}  ${path}: ${message}`)
    say(found.length === 0 ? `${file}: nothing is wrong` : ok ? `${file}: can be used` : `${file}: cannot be used`)
  }
  if (!ok) process.exitCode = 1
  else if (out) await writeFile(out, compiled).catch((error) => refuse(`cannot write ${out}: ${error.message}`))
  else process.stdout.write(compiled)
}

async function main(): Promise<void> {
  const options = {
    port: { type: 'string' },
    open: { type: 'boolean' },
    collect: { type: 'string' },
    json: { type: 'boolean' },
    compile: { type: 'boolean' },
    out: { type: 'string' },
    wire: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const
  const { values, positionals } = (() => {
    try {
      return parseArgs({ options, allowPositionals: true })
    } catch (error) {
      return refuse((error as Error).message)
    }
  })()
  const [command, target, ...more] = positionals
  if (values.help) return void process.stdout.write(command === 'check' ? CHECK_HELP : HELP)
  if (!command) refuse('which command?')
  if (command === 'check') {
    if (!target || more.length > 0) refuse('check takes one file')
    if (values.out !== undefined && !(values.compile && values.out)) refuse('--out takes a file, and goes with --compile')
    return check(target, values.json ?? false, values.compile ? (values.out ?? '') : undefined, values.wire ?? false)
  }
  if (command !== 'serve') refuse(`there is no command "${command}"`)
  if (!target || more.length > 0) refuse('serve takes one directory')
  const port = Number(values.port ?? 0)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) refuse(`--port takes a number from 0 to 65535, got "${values.port}"`)

  const { collect } = values
  if (collect === '') refuse('--collect takes a file')

  const { url } = await serve({ directory: target, port, ...(collect ? { collect } : {}) }).catch((error) => {
    console.error(`slotwise: cannot serve ${target}: ${error.message}`)
    process.exit(1)
  })
  console.log(`Serving ${target} at ${url}${collect ? `\nRows go to ${collect}` : ''}\nPress Ctrl+C to stop.`)
  if (values.open && !process.env.CI) openInBrowser(url)
}

await main()
