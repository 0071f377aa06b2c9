// @vitest-environment node
// What a site's own machine takes from visitors, and what it keeps of it.

import { spawn, spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Serving, serve } from '../../src/cli/serve.js'
import { otlp } from '../../src/tell/otlp.js'
import type { Row } from '../../src/types.js'
import { logs, post, record } from '../support/otlp.js'

let directory: string
let file: string
let serving: Serving | undefined

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'slotwise-collect-'))
  mkdirSync(join(directory, 'site/collect'), { recursive: true })
  writeFileSync(join(directory, 'site/index.html'), '<h1>Home</h1>')
  writeFileSync(join(directory, 'site/collect/rows'), 'a page of the site')
  file = join(directory, 'rows.ndjson')
})
afterEach(async () => {
  await serving?.close()
  serving = undefined
  rmSync(directory, { recursive: true })
})

const start = async (): Promise<string> => {
  serving = await serve({ directory: join(directory, 'site'), collect: file, headers: { 'content-security-policy': "default-src 'self'" } })
  return serving.url
}
const lines = () => readFileSync(file, 'utf8').split('\n').slice(0, -1)
const rows = async (url: string) => (await fetch(`${url}/collect/rows`)).json()

const KEPT = { metric: 'shown', experience: 'hero-test', arm: 'spring', held: false, weights: 1, stratum: '*', day: '2026-11-24', id: 'V1StGXR8_Z5jdHi6B-myT' }

test('a row that a visitor sends is kept as one flat line, and given out again', async () => {
  const url = await start()
  const answer = await post(url, logs(record()), { 'content-type': 'application/json; charset=utf-8', cookie: 'who=me', 'user-agent': 'a-telling-name' })
  expect([answer.status, await answer.json(), answer.headers.get('content-security-policy')]).toEqual([200, {}, "default-src 'self'"])
  // Nothing of the request but the row itself: no address, no header, no time of day.
  expect(lines()).toEqual([JSON.stringify(KEPT)])
  const given = await fetch(`${url}/collect/rows`)
  expect([given.status, given.headers.get('content-type'), given.headers.get('cache-control'), await given.json()]).toEqual([200, 'application/json; charset=utf-8', 'no-store', [KEPT]])
})

test('a held-out visitor, a goal, and weights are told as they were sent', async () => {
  const url = await start()
  await post(url, logs(record({ metric: 'goal', experience: '*', arm: 'default', held: true, weights: 12, stratum: 'returning', row: 'r2' })))
  expect(await rows(url)).toEqual([{ ...KEPT, metric: 'goal', experience: '*', arm: 'default', held: true, weights: 12, stratum: 'returning', id: 'r2' }])
})

test('a sender that writes numbers as numbers, and tells the minute, is read too, to the day', async () => {
  const url = await start()
  const one = record()
  const attributes = one.attributes.map(({ key, value }) => ({ key, value: 'intValue' in value ? { intValue: Number(value.intValue) } : value }))
  expect(await (await post(url, logs({ ...one, attributes, timeUnixNano: 1795478400000000000 + 5e13 }))).json()).toEqual({})
  expect(await rows(url)).toEqual([KEPT])
})

test('a row that arrives again after a lost answer counts once', async () => {
  const url = await start()
  await post(url, logs(record({ row: 'first' })))
  await post(url, logs(record({ row: 'second' })))
  await post(url, logs(record({ row: 'first' })))
  expect(lines()).toHaveLength(3)
  expect((await rows(url)).map(({ id }: { id: string }) => id)).toEqual(['first', 'second'])
})

test('many visitors at once leave whole lines', async () => {
  const url = await start()
  const ids = Array.from({ length: 200 }, (_, i) => `row-${i}`)
  const answers = await Promise.all(ids.map((row, i) => post(url, logs(record({ row, experience: 'x'.repeat(i) || 'x' })))))
  expect(answers.every(({ status }) => status === 200)).toBe(true)
  expect(lines().map((line) => JSON.parse(line).id).sort()).toEqual([...ids].sort())
})

test('what was collected before the machine went down is still there, and half a line costs no other', async () => {
  writeFileSync(file, `${JSON.stringify({ ...KEPT, id: 'before' })}\n{"metric":"sho`)
  const url = await start()
  await post(url, logs(record({ row: 'after' })))
  expect((await rows(url)).map(({ id }: { id: string }) => id)).toEqual(['before', 'after'])
  appendFileSync(file, 'null\n7\n[]\n{}\n')
  expect(await rows(url)).toHaveLength(2)
})

test('the rows file may be taken away while a site is served', async () => {
  const url = await start()
  rmSync(file)
  expect((await fetch(`${url}/collect/rows`)).status).toBe(200)
  await post(url, logs(record()))
  expect(await rows(url)).toEqual([KEPT])
})

const without = (key: string) => ({ ...record(), attributes: record().attributes.filter((one) => one.key !== `slotwise.${key}`) })
const withValue = (key: string, value: unknown) => ({ ...record(), attributes: [...without(key).attributes, { key: `slotwise.${key}`, value }] })

const counted = (...more: object[]) => ({ ...record(), eventName: 'slotwise.count', attributes: [{ key: 'slotwise.name', value: { stringValue: 'reads' } }, { key: 'slotwise.row', value: { stringValue: 'r3' } }, ...more] })

test('a dismissal, what a goal was worth, and rows that a ruleset declares are kept as they were sent', async () => {
  const url = await start()
  const rules = { endpoint: '/collect/v1/logs' }
  const trial = { experience: 'hero-test', arm: 'spring', held: false, weights: 1, stratum: '*', day: 20_781 }
  const sent: Row[] = [
    { metric: 'dismiss', ...trial, id: 'r1' },
    { metric: 'value', ...trial, value: 19.5, id: 'r2' },
    { metric: 'value', ...trial, value: 20, id: 'r3' },
    { metric: 'count', name: 'reads', values: { topic: 'boots', position: 2 }, page: 'shoes', bucket: 0, day: 20_781, id: 'r4' },
    { metric: 'count', name: 'reads', values: {}, day: 20_781, id: 'r5' },
  ]
  for (const row of sent) expect(await (await post(url, otlp(rules)(row).body)).json()).toEqual({})
  expect(await rows(url)).toEqual(sent.map((row) => ({ ...row, day: '2026-11-24' })))
})

const BAD: [what: string, record: unknown, named: string][] = [
  ['another event', { ...record(), eventName: 'slotwise.email' }, 'eventName'],
  ['no event', { ...record(), eventName: undefined }, 'eventName'],
  ['no time', { ...record(), timeUnixNano: 'yesterday' }, 'timeUnixNano'],
  ['a time beyond all clocks', { ...record(), timeUnixNano: 1e300 }, 'timeUnixNano'],
  ...['experience', 'arm', 'held', 'weights', 'stratum', 'row'].map((key) => [`no ${key}`, without(key), `slotwise.${key}`] as [string, unknown, string]),
  ['a text for held', withValue('held', { stringValue: 'true' }), 'slotwise.held'],
  ['a negative weight', withValue('weights', { intValue: '-1' }), 'slotwise.weights'],
  ['a novel for an arm', withValue('arm', { stringValue: 'x'.repeat(201) }), 'slotwise.arm'],
  ['nothing at all', null, 'eventName'],
  ['a list', [], 'eventName'],
  ['a value that is none', { ...withValue('value', { stringValue: '7' }), eventName: 'slotwise.value' }, 'slotwise.value'],
  ['a value below nothing', { ...withValue('value', { doubleValue: -1 }), eventName: 'slotwise.value' }, 'slotwise.value'],
  ['no name', { ...record(), eventName: 'slotwise.count' }, 'slotwise.name'],
  ['words that are none', counted({ key: 'slotwise.values.topic', value: { arrayValue: {} } }), 'slotwise.values'],
  ['too many words', counted(...Array.from({ length: 21 }, (_, i) => ({ key: `slotwise.values.p${i}`, value: { stringValue: 'x' } }))), 'slotwise.values'],
  ['a bucket that is none', counted({ key: 'slotwise.bucket', value: { intValue: '5' } }), 'slotwise.bucket'],
  ['a page that is none', counted({ key: 'slotwise.page', value: { intValue: '5' } }), 'slotwise.page'],
  ['attributes that are none', { ...record(), attributes: [null, 7, {}] }, 'slotwise.experience'],
]
test.each(BAD)('a record with %s is rejected by itself', async (_, bad, named) => {
  const url = await start()
  const answer = await post(url, logs(record({ row: 'a' }), bad, record({ row: 'b' })))
  expect([answer.status, await answer.json()]).toEqual([200, { partialSuccess: { rejectedLogRecords: '1', errorMessage: expect.stringContaining(named) } }])
  expect(lines()).toHaveLength(2)
})

test.each([
  ['no JSON', '{', 400],
  ['an empty body', '', 400],
  ['JSON that is no OTLP', '{"events":[]}', 400],
  ['null', 'null', 400],
  ['traces', '{"resourceSpans":[]}', 400],
  ['more than 64 kB', JSON.stringify(logs(...Array.from({ length: 200 }, () => record()))), 413],
])('%s is refused, and nothing is kept', async (_, body, status) => {
  const url = await start()
  const answer = await post(url, body)
  expect([answer.status, await answer.json()]).toEqual([status, { message: expect.any(String) }])
  expect(lines()).toEqual([])
})

test.each([
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
  // What another site's page may send without asking first.
  ['plain text', { 'content-type': 'text/plain;charset=UTF-8' }],
  ['protobuf', { 'content-type': 'application/x-protobuf' }],
  ['a near miss', { 'content-type': 'application/jsonp' }],
  ['what is packed', { 'content-type': 'application/json', 'content-encoding': 'gzip' }],
])('%s is refused by its type', async (_, headers) => {
  const url = await start()
  expect((await post(url, logs(record()), headers)).status).toBe(415)
  expect(lines()).toEqual([])
})

test('an empty request is a good one, and a body without a length is bounded too', async () => {
  const url = await start()
  expect(await (await post(url, { resourceLogs: [] })).json()).toEqual({})
  const status = await new Promise((answered, failed) => {
    const sending = request(`${url}/collect/v1/logs`, { method: 'POST', headers: { 'content-type': 'application/json' } }, ({ statusCode }) => answered(statusCode))
    sending.on('error', failed)
    for (let i = 0; i < 100; i++) sending.write('x'.repeat(1024))
    sending.end()
  })
  expect(status).toBe(413)
  expect(lines()).toEqual([])
})

test('each path takes what it is for: rows are posted to one, and read from the other', async () => {
  const url = await start()
  const method = async (path: string, method: string) => {
    const { status, headers } = await fetch(url + path, { method })
    return [status, headers.get('allow')]
  }
  expect(await method('/collect/v1/logs', 'GET')).toEqual([405, 'POST'])
  // No other site's page is ever told that it may.
  expect(await method('/collect/v1/logs', 'OPTIONS')).toEqual([405, 'POST'])
  expect(await method('/collect/rows', 'POST')).toEqual([405, 'GET, HEAD'])
  expect(await method('/collect/rows', 'HEAD')).toEqual([200, null])
  expect((await fetch(`${url}/collect/v1/logs/`)).status).toBe(404)
  expect((await fetch(`${url}/`, { method: 'POST' })).status).toBe(405)
  expect(await (await fetch(`${url}/`)).text()).toBe('<h1>Home</h1>')
})

test('a site that collects nothing is served as ever', async () => {
  serving = await serve({ directory: join(directory, 'site') })
  expect((await post(serving.url, logs(record()))).status).toBe(405)
  expect(await (await fetch(`${serving.url}/collect/rows`)).text()).toBe('a page of the site')
})

test('rows are never collected where visitors could read them', async () => {
  const into = (collect: string) => serve({ directory: join(directory, 'site'), collect })
  await expect(into(join(directory, 'site/rows.ndjson'))).rejects.toThrow('outside')
  await expect(into(join(directory, 'site/index.html'))).rejects.toThrow('outside')
  symlinkSync(join(directory, 'site'), join(directory, 'elsewhere'))
  await expect(into(join(directory, 'elsewhere/rows.ndjson'))).rejects.toThrow('outside')
  expect(existsSync(join(directory, 'site/rows.ndjson'))).toBe(false)
  // A neighbour whose name begins alike is outside.
  serving = await into(join(directory, 'site-rows.ndjson'))
  expect((await fetch(`${serving.url}/%2e%2e/site-rows.ndjson`)).status).toBe(404)
})

test('a place that cannot be written to is told of before the first row', async () => {
  await expect(serve({ directory: join(directory, 'site'), collect: join(directory, 'none/rows.ndjson') })).rejects.toThrow('none')
  await expect(serve({ directory: join(directory, 'site'), collect: directory })).rejects.toThrow()
})

test('a visitor is asked to send again later when a row cannot be kept', async () => {
  const url = await start()
  rmSync(file)
  mkdirSync(file)
  expect((await post(url, logs(record()))).status).toBe(503)
})

test('the command line collects, and says where', async () => {
  expect(spawnSync(process.execPath, ['dist/cli.js', 'serve', directory, '--collect', join(directory, 'rows.ndjson')], { encoding: 'utf8' })).toMatchObject({ status: 2, stderr: expect.stringContaining('outside') })
  const child = spawn(process.execPath, ['dist/cli.js', 'serve', join(directory, 'site'), '--collect', file])
  try {
    const said = await new Promise<string>((heard) => child.stdout.once('data', (data) => heard(String(data))))
    expect(said).toContain(`Rows go to ${file}`)
    const url = /http:\S+/.exec(said)?.[0] as string
    await post(url, logs(record()))
    expect(await rows(url)).toEqual([KEPT])
  } finally {
    child.kill()
  }
})
