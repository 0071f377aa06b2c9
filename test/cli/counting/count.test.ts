// @vitest-environment node
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cell, inOrder } from '../../../src/cli/counting/cell.js'
import { count } from '../../../src/cli/counting/count.js'
import { otlp } from '../../../src/tell/otlp.js'
import type { TrialRow as Row } from '../../../src/types.js'
import { type ClickHouse, startClickHouse, statements } from '../../support/clickhouse.js'

const directory = mkdtempSync(join(tmpdir(), 'slotwise-count-'))
let server: ClickHouse
beforeAll(async () => {
  server = await startClickHouse('docs/backends/clickhouse-users.xml')
}, 60_000)
afterAll(async () => {
  await server?.stop()
  rmSync(directory, { recursive: true })
})

const DAY = 20_700
const trialRows = (many: number, from = 0): Row[] =>
  Array.from({ length: many }, (_, i) => ({
    metric: (['shown', 'shown', 'goal', 'seen'] as const)[i % 4] as 'shown',
    experience: i % 7 === 0 ? '*' : 'hero-test',
    arm: ['default', 'spring', 'mañana'][i % 3] as string,
    held: i % 11 === 0,
    weights: 1 + (i % 2),
    stratum: i % 5 === 0 ? 'returning' : '*',
    day: DAY + (i % 3),
    id: `row-${from + i}`,
  }))
const others = (from: number): object[] =>
  Array.from({ length: 40 }, (_, i) => [
    { metric: 'dismiss', experience: 'nudge', arm: 'letter', held: false, weights: 0, stratum: '*', day: DAY, id: `dismiss-${from}-${i}` },
    { metric: 'value', experience: 'hero-test', arm: 'spring', held: false, weights: 1, stratum: '*', day: DAY, value: [0, 9.5, 40][i % 3], id: `value-${from}-${i}` },
    { metric: 'count', name: 'searches', values: { kind: ['boots', 'tents'][i % 2], near: 2 }, page: 'shop', bucket: i % 4, day: DAY + 1, id: `count-${from}-${i}` },
  ]).flat()
const line = (value: unknown): string => `${JSON.stringify(value)}\n`
/** As serve --collect keeps it. */
const kept = ({ id, day, ...row }: Row) => ({ ...row, day: new Date(day * 86_400_000).toISOString().slice(0, 10), row: id })
/** As a Collector's file exporter writes it: many records in one line. */
const collected = (rows: Row[]): string => {
  const encode = otlp({ endpoint: '/' })
  const logs = rows.map((row) => JSON.parse(encode(row).body).resourceLogs[0])
  const half = Math.ceil(logs.length / 2)
  return [logs.slice(0, half), logs.slice(half)].map((resourceLogs) => line({ resourceLogs })).join('')
}

const place = (name: string): string => {
  mkdirSync(join(directory, name), { recursive: true })
  return join(directory, name)
}

const total = (cells: Cell[], metric: string): number => cells.filter((cell) => cell.metric === metric).reduce((sum, { n }) => sum + n, 0)

test('NDJSON of either kind, OTLP, plain and packed, in one file or many: Node and DuckDB count the same, each id once', async () => {
  const here = place('mixed')
  const rows = trialRows(400)
  writeFileSync(join(here, 'a.ndjson'), [...rows.slice(0, 150), ...others(1)].map(line).join(''))
  writeFileSync(join(here, 'b.jsonl.gz'), gzipSync([...rows.slice(100, 250).map(kept), ...others(2)].map(line).join('')))
  mkdirSync(join(here, 'deep'))
  writeFileSync(join(here, 'deep', 'c.json'), collected(rows.slice(200, 350)))
  writeFileSync(join(here, 'deep', 'd.json.gz'), gzipSync(collected(rows.slice(300)) + line(rows[0])))
  writeFileSync(join(here, 'notes.txt'), 'not rows at all')
  const node = await count({ files: [here], engine: 'node' })
  const duckdb = await count({ files: [`${here}/*.*json*`, `${here}/b.*`, `${here}/**/?.json{,.gz}`], engine: 'duckdb' })
  expect(node).toMatchObject({ rows: 150 + 150 + 150 + 101 + 240, twice: 151, broken: 0, engine: 'node' })
  expect(duckdb).toEqual({ ...node, engine: 'duckdb' })
  expect(total(node.cells, 'shown') + total(node.cells, 'goal') + total(node.cells, 'seen')).toBe(400)
  expect(total(node.cells, 'dismiss')).toBe(80)
  expect(node.cells.filter(({ metric, value }) => metric === 'value' && value === 9.5).map(({ n }) => n)).toEqual([26])
  expect(node.cells.find(({ metric }) => metric === 'count')).toMatchObject({ experience: 'searches', arm: 'kind=boots near=2', stratum: 'shop', day: DAY + 1 })
})

test('a ClickHouse server counts the same', async () => {
  const rows = [...trialRows(500), ...trialRows(100), ...(others(3) as Row[])]
  const file = join(place('same'), 'rows.ndjson')
  writeFileSync(file, rows.map(line).join(''))
  // The table of the documents, filled as a browser fills it.
  for (const statement of statements('docs/backends/clickhouse.sql')) await server.ask(statement)
  const inserted = rows.map(({ id, held, day, ...row }) => line({ ...row, ...('values' in row ? { values: JSON.stringify(row.values) } : {}), held: held ? 1 : 0, day: new Date(day * 86_400_000).toISOString().slice(0, 10), id })).join('')
  for (const part of [inserted, inserted.slice(0, inserted.indexOf('\n', 9000) + 1)]) await server.ask(`insert into slotwise format JSONEachRow\n${part}`)
  const node = await count({ files: [file], engine: 'node' })
  const clickhouse = await count({ files: [], clickhouse: server.url })
  expect(clickhouse.cells).toEqual(node.cells)
  expect((await count({ files: [file], engine: 'duckdb' })).cells).toEqual(node.cells)
  expect(inOrder([...node.cells].reverse())).toEqual(node.cells)
})

test('what the table or the server lacks is said', async () => {
  await server.ask('create table narrow (metric String) engine = Memory')
  await expect(count({ files: [], clickhouse: server.url, table: 'narrow' })).rejects.toThrow('the table narrow has no column experience, arm')
  await expect(count({ files: [], clickhouse: server.url, table: 'none' })).rejects.toThrow(/ClickHouse refuses: .*none/)
  await expect(count({ files: [], clickhouse: 'http://127.0.0.1:1/' })).rejects.toThrow('no ClickHouse answers at http://127.0.0.1:1')
  await expect(count({ files: ['x'], clickhouse: server.url })).rejects.toThrow('not from both')
  await expect(count({ files: [] })).rejects.toThrow('name the files with rows')
})

const BROKEN = [
  ['{"metric":"shown","exper', 'it is no JSON'],
  ['[1, 2]', 'it is no row'],
  ['5', 'it is no row'],
  [JSON.stringify({ ...trialRows(1)[0], metric: 'click' }), 'its metric is none of shown, seen, goal, dismiss, value, count'],
  [JSON.stringify({ ...trialRows(1)[0], day: 'yesterday' }), 'its day is neither a date nor a number of days since 1970'],
  [JSON.stringify({ ...trialRows(1)[0], id: undefined }), 'it has no id'],
  [JSON.stringify({ ...trialRows(1)[0], held: 'perhaps' }), 'held is neither true nor false'],
  [JSON.stringify({ ...trialRows(1)[0], weights: 1.5 }), 'its weights are no whole number'],
  [JSON.stringify({ ...trialRows(1)[0], arm: '' }), 'its arm is no name'],
  [JSON.stringify({ ...trialRows(1)[0], metric: 'value', value: 'much' }), 'its value is no number'],
] as const

test('a broken line is counted and named by file and line, and is never fatal', async () => {
  const file = join(place('broken'), 'rows.ndjson')
  const good = trialRows(30).map(line)
  writeFileSync(file, [good[0], '\n', ...BROKEN.flatMap(([text], i) => [`${text}\n`, good[i + 1] as string])].join(''))
  const node = await count({ files: [file], engine: 'node' })
  expect(node).toMatchObject({ rows: 11, broken: BROKEN.length })
  expect(node.examples).toEqual(BROKEN.map(([, why], i) => ({ file, line: 3 + 2 * i, why })))
  expect(await count({ files: [file], engine: 'duckdb' })).toEqual({ ...node, engine: 'duckdb' })
})

test('a packed file that was cut off gives what it still holds', async () => {
  const file = join(place('cut'), 'rows.ndjson.gz')
  const packed = gzipSync(trialRows(20_000).map(line).join(''))
  writeFileSync(file, packed.subarray(0, packed.length / 2))
  const { rows, broken, examples } = await count({ files: [file], engine: 'node' })
  expect(rows).toBeGreaterThan(1000)
  expect(broken).toBeGreaterThan(0)
  expect(examples.at(-1)?.why).toContain('cannot be read to its end')
})

test('nothing to count says what to do', async () => {
  const empty = join(place('empty'), 'rows.ndjson')
  writeFileSync(empty, '')
  await expect(count({ files: [empty] })).rejects.toThrow('it is empty; rows come from visitors who have agreed to be measured')
  await expect(count({ files: [join(directory, 'nowhere.ndjson')] })).rejects.toThrow('there is no ')
  await expect(count({ files: [join(directory, 'no*where')] })).rejects.toThrow('no file fits')
  await expect(count({ files: [place('bare')] })).rejects.toThrow('no file ends in .ndjson')
  const noRows = join(place('bad'), 'rows.ndjson')
  writeFileSync(noRows, 'hello\nworld\n')
  await expect(count({ files: [noRows] })).rejects.toThrow(/of 2 lines none is one; .*rows\.ndjson:1: it is no JSON/)
})
