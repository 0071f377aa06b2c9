// @vitest-environment node
// The back ends of the documents, run for real: ClickHouse and nginx. The Collector's configuration is only read.

import { spawnSync } from 'node:child_process'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { clickhouse } from '../../src/extras/transports/clickhouse.js'
import { serve } from '../../src/cli/serve.js'
import type { Posting, Row } from '../../src/types.js'
import { toLine } from '../../src/cli/rows.js'
import { startClickHouse, statements } from '../support/clickhouse.js'
import { startNginx } from '../support/nginx.js'
import { logs, record } from '../support/otlp.js'

const DOCS = 'docs/backends'
const read = (name: string): string => readFileSync(join(DOCS, name), 'utf8')

const closing: (() => unknown)[] = []
const closed = <T>(thing: T, close: (thing: T) => unknown): T => {
  closing.push(() => close(thing))
  return thing
}
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A browser's own headers, an address among them, as an honest or a curious visitor sends them. */
const HEADERS = { 'content-type': 'application/json', cookie: 'session=secret', 'user-agent': 'Mozilla/5.0 secret', referer: 'https://site.example/secret', 'x-forwarded-for': '203.0.113.9' }

test('through nginx a row reaches the receiver that comes with Slotwise, and no log has heard of it', async () => {
  const directory = closed(mkdtempSync(join(tmpdir(), 'slotwise-nginx-rows-')), (path) => rmSync(path, { recursive: true }))
  const file = join(directory, 'rows.ndjson')
  const site = closed(await serve({ directory: 'docs', collect: file }), ({ close }) => close())
  const nginx = closed(await startNginx(read('nginx.conf').replace('http://127.0.0.1:4318/v1/logs', `${site.url}/collect/v1/logs`), site.url), ({ stop }) => stop())
  const post = (body: string, method = 'POST') => fetch(`${nginx.url}/collect/v1/logs`, { method, headers: HEADERS, ...(method === 'POST' ? { body } : {}) })

  expect((await post(JSON.stringify(logs(record())))).status).toBe(200)
  expect(readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line))).toEqual([expect.objectContaining({ metric: 'shown', id: 'V1StGXR8_Z5jdHi6B-myT' })])
  expect((await post('{"not": "rows"}')).status).toBe(400)
  expect((await post('', 'GET')).status).toBe(405)
  expect((await post(JSON.stringify({ long: 'x'.repeat(20_000) }))).status).toBe(413)
  // The site's other requests are logged as before: there is something to look for.
  expect((await fetch(`${nginx.url}/sending.md`)).status).toBe(200)
  expect(nginx.logs()).toMatch(/127\.0\.0\.1.*sending\.md/)
  expect(nginx.logs()).not.toContain('collect')

  // Even when the receiver is down, which nginx would tell with the visitor's address.
  await site.close()
  expect((await post(JSON.stringify(logs(record())))).status).toBe(502)
  expect(nginx.logs()).not.toContain('collect')
})

test('nginx hands on the row and its type, and nothing that says whose it is', async () => {
  const heard: { headers: IncomingHttpHeaders; body: string; url?: string | undefined }[] = []
  const receiver = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    heard.push({ headers: request.headers, body, url: request.url })
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening))
  closed(receiver, (one) => one.close())
  const { port } = receiver.address() as AddressInfo
  const nginx = closed(await startNginx(read('nginx.conf').replace('127.0.0.1:4318', `127.0.0.1:${port}`), 'http://127.0.0.1:9'), ({ stop }) => stop())
  await fetch(`${nginx.url}/collect/v1/logs?visitor=ana`, { method: 'POST', headers: HEADERS, body: '{"row":1}' })
  expect(heard.length).toBe(1)
  expect(heard[0]?.body).toBe('{"row":1}')
  expect(heard[0]?.headers).toEqual({ host: `127.0.0.1:${port}`, 'content-type': 'application/json', 'content-length': '9' })
})

const row = (rest: object = {}): Row => ({ metric: 'shown', experience: 'hero-test', arm: 'spring', held: false, weights: 3, stratum: '*', day: 20_780, id: 'V1StGXR8_Z5jdHi6B-myT', ...rest }) as Row
const send = ({ url, type, body }: Posting) => fetch(url, { method: 'POST', headers: { 'content-type': type }, body })

test('ClickHouse shows cells of fifty visitors or more, each counted once, and lets the writer change nothing', async () => {
  const server = closed(await startClickHouse(`${DOCS}/clickhouse-users.xml`), ({ stop }) => stop())
  // Twice, as whoever sets it up anew does.
  for (const sql of [...statements(`${DOCS}/clickhouse.sql`), ...statements(`${DOCS}/clickhouse.sql`)]) await server.ask(sql)
  const encode = clickhouse({ endpoint: `${server.url}?user=rows&password=public` })

  const cell = async (arm: string, shown: number, goals: number): Promise<void> => {
    const lines = [...Array(shown).keys()].flatMap((n) => [row({ arm, id: `${arm}-s-${n}` }), ...(n < goals ? [row({ arm, metric: 'goal', id: `${arm}-g-${n}` })] : [])]).map((one) => encode(one).body)
    const { url, type } = encode(row())
    expect((await send({ url, type, body: lines.join('\n') })).status).toBe(200)
  }
  await cell('spring', 60, 7)
  await cell('summer', 49, 40)
  // The same rows again, as a sender that has heard no answer sends them.
  await cell('summer', 49, 40)
  await cell('spring', 60, 7)
  for (let n = 0; n < 55; n++) expect((await send(encode({ metric: 'count', name: 'size', values: { size: 'small' }, bucket: 2, day: 20_780, id: `c${n}` } as unknown as Row))).status).toBe(200)

  const ask = async (sql: string): Promise<unknown[]> => (await server.ask(`${sql} FORMAT JSONEachRow`)).split('\n').filter(Boolean).map((line) => JSON.parse(line))
  const counted = { experience: 'hero-test', weights: 3, stratum: '*', arm: 'spring', held: 0, shown: '60', seen: '0', goals: '7' }
  expect(await ask('SELECT * FROM slotwise_days')).toEqual([{ day: '2026-11-23', ...counted }])
  expect(await ask('SELECT * FROM slotwise_experiences')).toEqual([{ ...counted, rate: 0.1167 }])
  expect(await ask('SELECT * FROM slotwise_counts')).toEqual([{ day: '2026-11-23', name: 'size', values: '{"size":"small"}', page: '', bucket: 2, visitors: '55' }])
  // A fiftieth visitor, and the cell is there; merging changes no figure.
  await send(encode(row({ arm: 'summer', id: 'summer-s-49' })))
  await server.ask('OPTIMIZE TABLE slotwise FINAL')
  expect(await ask('SELECT arm, shown, goals FROM slotwise_days ORDER BY arm')).toEqual([{ arm: 'spring', shown: '60', goals: '7' }, { arm: 'summer', shown: '50', goals: '40' }])

  for (const sql of ['DROP TABLE slotwise', 'ALTER TABLE slotwise DROP COLUMN arm', 'CREATE TABLE mine (a UInt8) ENGINE = Memory']) {
    expect((await fetch(`${server.url}?user=rows&password=public`, { method: 'POST', body: sql })).status, sql).not.toBe(200)
  }
  expect((await send(clickhouse({ endpoint: `${server.url}?user=rows&password=wrong` })(row()))).status).not.toBe(200)
})

test('through nginx ClickHouse takes the one INSERT of the documents, whatever else is asked of it', async () => {
  const server = closed(await startClickHouse(`${DOCS}/clickhouse-users.xml`), ({ stop }) => stop())
  for (const sql of statements(`${DOCS}/clickhouse.sql`)) await server.ask(sql)
  const nginx = closed(await startNginx(read('clickhouse-nginx.conf').replace('http://127.0.0.1:8123/', server.url), 'http://127.0.0.1:9'), ({ stop }) => stop())
  expect((await send(clickhouse({ endpoint: `${nginx.url}/collect/clickhouse` })(row()))).status).toBe(200)
  expect(await server.ask('SELECT arm, id FROM slotwise')).toBe('spring\tV1StGXR8_Z5jdHi6B-myT')
  const curious = await fetch(`${nginx.url}/collect/clickhouse?query=${encodeURIComponent('SELECT * FROM slotwise')}`, { method: 'POST', body: 'SELECT * FROM slotwise' })
  expect(await curious.text()).not.toContain('V1StGXR8')
  expect(nginx.logs()).not.toContain('collect')
})

test('the Collector’s configuration takes OTLP over HTTP without the sender’s address, and each part that it names is there', () => {
  interface Parts {
    [name: string]: unknown
  }
  interface Configuration {
    receivers: { otlp: { protocols: { http: { endpoint: string } } } }
    processors: Parts
    exporters: Parts
    service: { pipelines: { [signal: string]: { [part: string]: string[] } } }
  }
  const { receivers, processors, exporters, service } = parse(read('collector.yaml')) as Configuration
  const { http } = receivers.otlp.protocols
  expect(http).toMatchObject({ endpoint: '127.0.0.1:4318', include_metadata: false, cors: { allowed_origins: ['https://www.example.com'] } })
  const { pipelines } = service
  expect(Object.keys(pipelines)).toEqual(['logs'])
  expect(pipelines.logs?.receivers).toEqual(Object.keys(receivers))
  expect(pipelines.logs?.processors?.slice().sort()).toEqual(Object.keys(processors).sort())
  expect(pipelines.logs?.exporters).toEqual(Object.keys(exporters))
  // Where nginx's location hands rows on to.
  expect(read('nginx.conf')).toContain(`proxy_pass http://${http.endpoint}/v1/logs;`)
})

// Half a gigabyte, so by itself, and only where there is time for it.
test.runIf(process.env.SOAK)('a current ClickHouse takes the same table and views, and what a Collector writes there', { timeout: 600_000 }, async () => {
  const directory = closed(mkdtempSync(join(tmpdir(), 'slotwise-chdb-')), (path) => rmSync(path, { recursive: true }))
  const { status } = spawnSync('npm', ['install', '--prefix', directory, '--no-audit', '--no-fund', '--no-save', 'chdb@3.4.0'], { encoding: 'utf8' })
  expect(status).toBe(0)
  const { Session } = (await import(join(directory, 'node_modules/chdb/index.mjs'))) as { Session: new () => { query(sql: string, format?: string): string; cleanup(): void } }
  const session = closed(new Session(), (one) => one.cleanup())
  const users = statements(`${DOCS}/clickhouse-users.sql`).filter((sql) => sql.startsWith('ALTER TABLE'))
  expect(users.length).toBe(3)
  for (const sql of [...statements(`${DOCS}/clickhouse.sql`), ...users]) session.query(sql)
  // As the Collector's exporter makes it, of which three columns are read.
  session.query('CREATE TABLE otel_logs (Timestamp DateTime64(9), Body String, LogAttributes Map(LowCardinality(String), String)) ENGINE = MergeTree ORDER BY Timestamp')
  for (const sql of statements(`${DOCS}/clickhouse-collector.sql`)) session.query(sql)
  const told = (body: string, attributes: string): void =>
    void session.query(`INSERT INTO otel_logs SELECT toDateTime64('2026-11-23 00:00:00', 9, 'UTC'), '${body}', map(${attributes}, 'slotwise.row', toString(number)) FROM numbers(60)`)
  told('slotwise.shown', `'slotwise.experience', 'hero-test', 'slotwise.arm', 'spring', 'slotwise.held', 'false', 'slotwise.weights', '3', 'slotwise.stratum', '*'`)
  told('slotwise.count', `'slotwise.name', 'size', 'slotwise.values.size', 'small', 'slotwise.bucket', '2'`)
  told('another log', `'a', 'b'`)
  const ask = (sql: string): unknown[] => session.query(sql, 'JSONEachRow').split('\n').filter(Boolean).map((line) => JSON.parse(line))
  expect(ask('SELECT * FROM slotwise_days')).toEqual([{ day: '2026-11-23', experience: 'hero-test', weights: 3, stratum: '*', arm: 'spring', held: 0, shown: 60, seen: 0, goals: 0 }])
  // And what `slotwise serve --collect` keeps.
  const kept = Array.from({ length: 50 }, (_, n) => toLine({ metric: 'count', name: 'size', values: { size: 'large' }, bucket: 1, day: '2026-11-24', id: `kept ${n}` })).join('')
  session.query(`INSERT INTO slotwise SETTINGS input_format_json_read_objects_as_strings = 1 FORMAT JSONEachRow ${kept}`)
  expect(ask('SELECT * FROM slotwise_counts ORDER BY day')).toEqual([
    { day: '2026-11-23', name: 'size', values: '{"size":"small"}', page: '', bucket: 2, visitors: 60 },
    { day: '2026-11-24', name: 'size', values: '{"size":"large"}', page: '', bucket: 1, visitors: 50 },
  ])
  expect(ask('SELECT count() AS n FROM slotwise')).toEqual([{ n: 170 }])
})
