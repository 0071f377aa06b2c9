// A real ClickHouse server for one test, on a port and a directory of its own.

import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './port.js'

const BINARY = ['/usr/sbin/clickhouse-server', '/usr/bin/clickhouse-server'].find((path) => existsSync(path))

export interface ClickHouse {
  url: string
  /** As the owner; rejects with what the server says. */
  ask(sql: string): Promise<string>
  stop(): Promise<void>
}

/** `users` is a file of the documents that adds users to the owner, `default`, who is let in from this machine alone. */
export async function startClickHouse(users: string): Promise<ClickHouse> {
  if (!BINARY) throw new Error('clickhouse-server is not on this machine: apt-get install --no-install-recommends clickhouse-server')
  const directory = mkdtempSync(join(tmpdir(), 'slotwise-clickhouse-'))
  const [http, tcp] = [await freePort(), await freePort()]
  mkdirSync(join(directory, 'users.d'))
  cpSync(users, join(directory, 'users.d/slotwise.xml'))
  writeFileSync(
    join(directory, 'config.xml'),
    `<yandex><logger><level>error</level><console>1</console></logger><listen_host>127.0.0.1</listen_host><http_port>${http}</http_port><tcp_port>${tcp}</tcp_port>
    <path>${directory}/data/</path><tmp_path>${directory}/tmp/</tmp_path><users_config>${directory}/users.xml</users_config><mark_cache_size>5368709</mark_cache_size>
    <default_profile>default</default_profile><default_database>default</default_database></yandex>`,
  )
  writeFileSync(
    join(directory, 'users.xml'),
    `<yandex><profiles><default/></profiles><quotas><default/></quotas>
    <users><default><password/><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default></users></yandex>`,
  )
  const server: ChildProcess = spawn(BINARY, [`--config-file=${directory}/config.xml`], { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [server.stdout, server.stderr]) stream?.on('data', (chunk) => (said = `${said}${chunk}`.slice(-4000)))
  const url = `http://127.0.0.1:${http}/`
  const ask = async (sql: string): Promise<string> => {
    const answer = await fetch(url, { method: 'POST', body: sql })
    const text = await answer.text()
    if (!answer.ok) throw new Error(text)
    return text.trim()
  }
  const stop = async (): Promise<void> => {
    const gone = new Promise((exit) => server.once('exit', exit))
    if (server.exitCode === null) {
      server.kill('SIGKILL')
      await gone
    }
    rmSync(directory, { recursive: true, force: true })
  }
  for (const until = Date.now() + 20_000; ; ) {
    if (await ask('SELECT 1').catch(() => '')) return { url, ask, stop }
    if (server.exitCode !== null || Date.now() > until) {
      await stop()
      throw new Error(`ClickHouse does not start: ${said}`)
    }
    await new Promise((later) => setTimeout(later, 50))
  }
}

/** The statements of a file of the documents, one by one. */
export const statements = (file: string): string[] =>
  readFileSync(file, 'utf8')
    .replace(/^--.*$/gm, '')
    .split(';')
    .map((one) => one.trim())
    .filter(Boolean)
