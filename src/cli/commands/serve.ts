// The command `slotwise serve`.

import { spawn } from 'node:child_process'
import { LOGS_PATH, ROWS_PATH } from '../paths.js'
import { refuse } from '../terminal.js'
import type { Register } from './commands.js'

const HELP = `
With --collect the rows that visitors allow to be sent are taken at ${LOGS_PATH}, as any OTLP collector would, and added
to a file, one JSON object a line; ${ROWS_PATH} gives them out again.

Examples:
  $ slotwise serve public --open
  $ slotwise serve public --port 8080 --collect rows.ndjson
  $ slotwise serve public --json        { "url": "http://127.0.0.1:…" }, for a script that waits for it`

function openInBrowser(url: string): void {
  const [command, ...before] = process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open']
  // No browser to open is no failure: the address stands on the screen.
  spawn(command as string, [...before, url], { stdio: 'ignore', detached: true }).on('error', () => {}).unref()
}

const portOf = (value: string): number => {
  const port = Number(value)
  return /^\d+$/.test(value) && port <= 65_535 ? port : refuse(`--port takes a number from 0 to 65535, got "${value}"`)
}

export const serve: Register = (program) =>
  program
    .command('serve')
    .summary('serves a built site on this machine, to look at it')
    .description('Serves a directory of static files on this machine only.')
    .argument('<dir>', 'the site')
    .option('--port <n>', 'the port; by default any that is free', portOf, 0)
    .option('--open', 'opens it in the browser')
    .option('--collect <file>', 'takes the rows that the site sends, and adds them to this file')
    .option('--json', 'says the address as JSON')
    .addHelpText('after', HELP)
    .action(async (directory: string, { port, open, collect, json }: { port: number; open?: boolean; collect?: string; json?: boolean }) => {
      if (collect === '') refuse('--collect takes a file')
      const { serve } = await import('../serve.js')
      const { url } = await serve({ directory, port, ...(collect ? { collect } : {}) }).catch((error) => refuse(`cannot serve ${directory}: ${error.message}`))
      console.log(json ? JSON.stringify({ url, ...(collect ? { collect } : {}) }) : `Serving ${directory} at ${url}${collect ? `\nRows go to ${collect}` : ''}\nPress Ctrl+C to stop.`)
      if (open && !process.env.CI) openInBrowser(url)
    })
