// The command line: `slotwise COMMAND`.

import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { LOGS_PATH, ROWS_PATH } from './collect.js'
import { serve } from './serve.js'

const HELP = `slotwise: on-site personalization with static files alone

  slotwise serve DIR    serves a built site on this machine, to look at it
      --port N          the port; by default any that is free
      --open            opens it in the browser
      --collect FILE    takes the rows that the site sends to ${LOGS_PATH}, as any OTLP collector
                        would, and adds them to FILE, one JSON object a line; ${ROWS_PATH} gives
                        them out again

  slotwise --help       this text
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

async function main(): Promise<void> {
  const options = { port: { type: 'string' }, open: { type: 'boolean' }, collect: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const
  const { values, positionals } = (() => {
    try {
      return parseArgs({ options, allowPositionals: true })
    } catch (error) {
      return refuse((error as Error).message)
    }
  })()
  const [command, directory, ...more] = positionals
  if (values.help) return void process.stdout.write(HELP)
  if (!command) refuse('which command?')
  if (command !== 'serve') refuse(`there is no command "${command}"`)
  if (!directory || more.length > 0) refuse('serve takes one directory')
  const port = Number(values.port ?? 0)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) refuse(`--port takes a number from 0 to 65535, got "${values.port}"`)

  const { collect } = values
  if (collect === '') refuse('--collect takes a file')

  const { url } = await serve({ directory, port, ...(collect ? { collect } : {}) }).catch((error) => {
    console.error(`slotwise: cannot serve ${directory}: ${error.message}`)
    process.exit(1)
  })
  console.log(`Serving ${directory} at ${url}${collect ? `\nRows go to ${collect}` : ''}\nPress Ctrl+C to stop.`)
  if (values.open && !process.env.CI) openInBrowser(url)
}

await main()
