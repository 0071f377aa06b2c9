// A real nginx for one test, with a location of the documents in front of a site, on a port and a directory of its own.

import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './port.js'

const BINARY = ['/usr/sbin/nginx', '/usr/bin/nginx'].find((path) => existsSync(path))

export interface Nginx {
  url: string
  /** All that its logs say by now. */
  logs(): string
  stop(): Promise<void>
}

/** `location` is the text of a document, `site` the address that all else is handed on to. */
export async function startNginx(location: string, site: string): Promise<Nginx> {
  if (!BINARY) throw new Error('nginx is not on this machine: apt-get install --no-install-recommends nginx-light')
  const directory = mkdtempSync(join(tmpdir(), 'slotwise-nginx-'))
  const port = await freePort()
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${directory}/${name};`).join(' ')
  writeFileSync(
    join(directory, 'nginx.conf'),
    `daemon off; master_process off; worker_processes 1; pid ${directory}/pid; error_log ${directory}/error.log info;
    events { worker_connections 256; }
    http { ${temporary} access_log ${directory}/access.log;
      server { listen 127.0.0.1:${port};
        ${location}
        location / { proxy_pass ${site}; }
      } }`,
  )
  const server = spawn(BINARY, ['-p', directory, '-c', join(directory, 'nginx.conf'), '-e', join(directory, 'error.log')], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  server.stderr.on('data', (chunk) => (said += chunk))
  const read = (name: string): string => (existsSync(join(directory, name)) ? readFileSync(join(directory, name), 'utf8') : '')
  const stop = async (): Promise<void> => {
    const gone = new Promise((exit) => server.once('exit', exit))
    if (server.exitCode === null) {
      server.kill('SIGKILL')
      await gone
    }
    rmSync(directory, { recursive: true, force: true })
  }
  const url = `http://127.0.0.1:${port}`
  for (const until = Date.now() + 10_000; ; ) {
    if (await fetch(`${url}/nginx-is-up`).catch(() => null)) return { url, logs: () => read('access.log') + read('error.log'), stop }
    if (server.exitCode !== null || Date.now() > until) {
      await stop()
      throw new Error(`nginx does not start: ${said}${read('error.log')}`)
    }
    await new Promise((later) => setTimeout(later, 30))
  }
}
