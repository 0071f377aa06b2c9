// A real ClickHouse server of Debian's package on a port of its own, with nothing in it; gone when it is stopped.

import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface ClickhouseServer {
  url: string
  /** Runs one statement; rejects with the server's words. */
  ask(sql: string, body?: string): Promise<string>
  stop(): Promise<void>
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

const USERS = '<yandex><profiles><default></default></profiles><users><default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default></users><quotas><default></default></quotas></yandex>'

export async function startClickhouse(): Promise<ClickhouseServer> {
  const directory = mkdtempSync(join(tmpdir(), 'slotwise-clickhouse-'))
  const port = await freePort()
  for (const name of ['data', 'tmp']) mkdirSync(join(directory, name))
  writeFileSync(join(directory, 'users.xml'), USERS)
  writeFileSync(
    join(directory, 'config.xml'),
    `<yandex><logger><level>error</level><log>${directory}/log</log><errorlog>${directory}/errors</errorlog></logger><listen_host>127.0.0.1</listen_host><http_port>${port}</http_port><path>${directory}/data/</path><tmp_path>${directory}/tmp/</tmp_path><mark_cache_size>5368709</mark_cache_size><users_config>${directory}/users.xml</users_config><default_profile>default</default_profile><default_database>default</default_database></yandex>`,
  )
  const child = spawn('clickhouse-server', [`--config-file=${join(directory, 'config.xml')}`], { stdio: 'ignore', cwd: directory })
  const ended = new Promise<Error>((resolve) => {
    child.on('error', () => resolve(new Error('clickhouse-server is not on this machine: apt-get install clickhouse-server')))
    child.on('exit', (code) => resolve(new Error(`clickhouse-server has ended with ${code}`)))
  })
  const url = `http://127.0.0.1:${port}/`
  const ask: ClickhouseServer['ask'] = async (sql, body) => {
    const response = await fetch(body === undefined ? url : `${url}?query=${encodeURIComponent(sql)}`, { method: 'POST', body: body ?? sql })
    const text = await response.text()
    if (!response.ok) throw new Error(text)
    return text
  }
  const up = async (): Promise<undefined> => {
    for (let tries = 0; tries < 200; tries++) {
      if (await ask('select 1').catch(() => null)) return undefined
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error('clickhouse-server does not answer')
  }
  const failed = await Promise.race([ended, up()])
  if (failed) throw failed
  return {
    url,
    ask,
    stop: async () => {
      child.kill('SIGKILL')
      await ended
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
