// A collector at a first-party path in front of a played site: answers as a test says, and keeps what it was sent.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Serving } from '../../src/cli/serve.js'

export interface Posted {
  headers: IncomingMessage['headers']
  body: string
  /** The attributes of its one log record, with its name and day. */
  row: { [name: string]: unknown }
}

type Answer = (response: ServerResponse) => void

export interface Collector extends Serving {
  posted: Posted[]
  /** How it answers from now on; 200 by default. */
  answer(how: Answer): void
  /** Connections are cut without an answer. */
  down(): void
  up(): void
}

const OK: Answer = (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{}')

/** One row a request is the promise; more, or less, is an error here. */
function rowOf(body: string): Posted['row'] {
  const { resourceLogs } = JSON.parse(body) as { resourceLogs: { scopeLogs: { logRecords: { timeUnixNano: string; eventName: string; attributes: { key: string; value: object }[] }[] }[] }[] }
  const records = resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords))
  const [record] = records
  if (!record || records.length > 1) throw new Error(`expected one row, got ${body}`)
  return {
    metric: record.eventName,
    time: record.timeUnixNano,
    ...Object.fromEntries(record.attributes.map(({ key, value }) => [key.replace('slotwise.', ''), Object.values(value)[0]])),
  }
}

export async function collectorBefore(site: Serving): Promise<Collector> {
  const posted: Posted[] = []
  let how = OK
  let isDown = false
  const server = createServer((request, response) => {
    void (async () => {
      if (!request.url?.startsWith('/collect/')) {
        const answer = await fetch(site.url + request.url, { redirect: 'manual' })
        return void response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(Buffer.from(await answer.arrayBuffer()))
      }
      if (isDown) return void request.socket.destroy()
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const body = Buffer.concat(chunks).toString()
      posted.push({ headers: request.headers, body, row: request.method === 'POST' ? rowOf(body) : {} })
      how(response)
    })().catch(() => response.destroy())
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posted,
    answer: (answer) => {
      how = answer
    },
    down: () => {
      isDown = true
    },
    up: () => {
      isDown = false
      how = OK
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((closed) => server.close(() => closed()))
      await site.close()
    },
  }
}
