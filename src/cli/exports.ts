// Reads an export of sessions, line by line: CSV, TSV or NDJSON with session, item and time, or as Google Analytics 4 and
// Matomo write it. Broken lines are counted and named, never guessed at.

import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse'

export type Format = 'csv' | 'tsv' | 'ndjson' | 'ga4' | 'matomo'

export interface View {
  session: string
  item: string
  /** In ms since 1970. */
  time: number
}

/** What could not be read: how many lines, and the first of them. */
export interface Broken {
  count: number
  first: string[]
}

/** Names of columns, in the order in which they are looked for. */
const COLUMNS = {
  session: ['session', 'session_id', 'sessionid', 'visit', 'visit_id', 'idvisit', 'ga_session_id', 'visitor'],
  item: ['item', 'item_id', 'itemid', 'sku', 'product', 'path', 'page', 'page_path', 'page_location', 'url'],
  time: ['time', 'timestamp', 'event_timestamp', 'date', 'datetime', 'at'],
}

type Row = { [column: string]: unknown }

/** ms since 1970, from a number of seconds, ms or microseconds, or a date. */
export function timeOf(value: unknown): number {
  if (value === '' || value === null || value === undefined) return Number.NaN
  const number = Number(value)
  if (Number.isFinite(number)) return number > 1e14 ? number / 1000 : number > 1e11 ? number : number * 1000
  return Date.parse(`${value}`)
}

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? `${value}`.trim() : '')
const named = (row: Row, names: string[]): unknown => {
  for (const name of names) if (text(row[name]) !== '') return row[name]
}

/** The `key`'s value in GA4's `event_params`, which BigQuery exports as a list. */
const param = (row: Row, key: string): unknown => {
  const list = Array.isArray(row.event_params) ? row.event_params : []
  const value = (list.find((one) => one?.key === key)?.value ?? {}) as Row
  return value.string_value ?? value.int_value
}

function ga4(row: Row): View[] {
  const name = text(row.event_name)
  if (name !== 'page_view' && name !== 'view_item') return []
  const session = `${text(row.user_pseudo_id)}.${text(param(row, 'ga_session_id') ?? row.ga_session_id)}`
  const items = Array.isArray(row.items) ? row.items.map((one) => text(one?.item_id)).filter(Boolean) : []
  const page = text(param(row, 'page_location') ?? row.page_location)
  const seen = name === 'view_item' && items.length > 0 ? items : page ? [page] : []
  return seen.map((item) => ({ session: session === '.' ? '' : session, item, time: timeOf(row.event_timestamp) }))
}

/** Of Matomo's `Live.getLastVisitsDetails`: one visit a line. */
const matomo = (row: Row): View[] =>
  (Array.isArray(row.actionDetails) ? row.actionDetails : [])
    .filter((action) => action?.type === 'action' || action?.type === 'ecommerceOrder')
    .map((action) => ({ session: text(row.idVisit), item: text(action.productViewSku ?? action.url), time: timeOf(action.timestamp) }))

const plain = (row: Row): View[] => {
  const lower = Object.fromEntries(Object.entries(row).map(([name, value]) => [name.trim().toLowerCase(), value]))
  return [{ session: text(named(lower, COLUMNS.session)), item: text(named(lower, COLUMNS.item)), time: timeOf(named(lower, COLUMNS.time)) }]
}

const READERS: { [format in Format]: (row: Row) => View[] } = { csv: plain, tsv: plain, ndjson: plain, ga4, matomo }

/** By the ending of its name, .gz apart. */
export const formatOf = (file: string): Format => (/\.tsv(\.gz)?$/i.test(file) ? 'tsv' : /\.(nd)?jsonl?(\.gz)?$/i.test(file) ? 'ndjson' : 'csv')

async function* rowsOf(file: string, format: Format, broken: (line: string) => void): AsyncGenerator<Row> {
  const raw = createReadStream(file)
  const input = /\.gz$/i.test(file) ? raw.pipe(createGunzip()) : raw
  raw.on('error', (error: Error) => input.destroy(error))
  if (format === 'csv' || format === 'tsv') {
    const parser = input.pipe(
      parse({
        columns: (names: string[]) => names.map((name, i) => name.trim() || `column ${i}`),
        delimiter: format === 'tsv' ? '\t' : [',', ';'],
        bom: true,
        quote: format === 'tsv' ? null : '"',
        relax_quotes: true,
        skip_empty_lines: true,
        relax_column_count: true,
        skip_records_with_error: true,
        max_record_size: 1_000_000,
        on_skip: (error: Error | undefined) => void broken(error?.message ?? ''),
      }),
    )
    input.on('error', (error: Error) => parser.destroy(error))
    return yield* parser
  }
  // A line of its own each; of a JSON list each line with its comma, or the whole of it.
  let rest = ''
  const read = function* (line: string): Generator<Row> {
    const words = line.trim().replace(/,$/, '')
    if (words === '' || words === '[' || words === ']') return
    try {
      const value: unknown = JSON.parse(words)
      for (const row of Array.isArray(value) ? value : [value]) {
        if (typeof row === 'object' && row !== null) yield row as Row
        else broken(line)
      }
    } catch {
      broken(line)
    }
  }
  for await (const chunk of input.setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() as string
    for (const line of lines) yield* read(line)
  }
  yield* read(rest)
}

/** Calls `seen` for each view. Rejects where the file cannot be read at all. */
export async function readExport(file: string, format: Format, seen: (view: View) => void): Promise<Broken> {
  const broken: Broken = { count: 0, first: [] }
  const note = (line: string): void => {
    if (broken.count++ < 3) broken.first.push(line.slice(0, 100))
  }
  for await (const row of rowsOf(file, format, note)) {
    const views = READERS[format](row)
    for (const view of views) {
      if (view.session === '' || view.item === '' || !Number.isFinite(view.time)) note(JSON.stringify(row))
      else seen(view)
    }
  }
  return broken
}
