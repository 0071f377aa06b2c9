// slotwise related: the tables that recommendations are ranked by, from an export of sessions, or from what the items of
// the catalogue are about; and what they are worth, before they are shipped.

import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Catalogue, positionOf, readCatalogue } from '../extras/recommend/catalogue.js'
import { decodeRow, encodeRow, type Neighbours, shardOf, type Table } from '../extras/recommend/table.js'
import { isObject } from '../lib/own.js'
import { type Format, formatOf, readExport } from './exports.js'
import { byItemKnn, byMarkov, byPopularity, byTable, byVsKnn, judge, type Worth } from './judge.js'
import { type Building, fromSessions, fromTopics, popularity, type Related } from './neighbours.js'
import { EXIT, printJson, readText, refuse, writeText } from './terminal.js'
import { gather, part, type Visits } from './visits.js'

/** The share of sessions that a table is judged by, the newest. */
const TAIL = 0.1
const STEPS = 2000

export interface Report {
  sessions: number
  views: number
  /** Views of items that the catalogue does not have; lines that cannot be read; steps back in time, which were sorted. */
  unknown: number
  broken: number
  unsorted: number
  cut: number
  /** The share of items with a row, and of views that are of such items. */
  coverage: { items: number; views: number }
  files: number
  bytes: number
  bytesPerItem: number
  /** Of how many steps; nothing where there are too few sessions. */
  steps: number
  worth: Worth[]
  /** The recall of the table by other thresholds. */
  support: { [sessions: string]: number }
}

const sum = (numbers: Iterable<number>): number => {
  let all = 0
  for (const one of numbers) all += one
  return all
}

/** As a page will read them: what is lost by writing a weight short is lost here, too. */
const shipped = ({ rows }: Related, count: number): Neighbours[] => rows.map((row) => decodeRow(encodeRow(row, count), count))

export function worthOf(visits: Visits, count: number, building: Building): Pick<Report, 'steps' | 'worth' | 'support'> {
  const cut = Math.floor(visits.count * (1 - TAIL))
  const [train, tail] = [part(visits, 0, cut), part(visits, cut)]
  const tableOf = (support: number) => byTable(shipped(fromSessions(train, count, { ...building, support }), count))
  const supports = [...new Set([1, 2, 3, 5, building.support])].sort((a, b) => a - b)
  const tables = Object.fromEntries(supports.map((support) => [`support ${support}`, tableOf(support)]))
  const others = { popularity: byPopularity(train, count), Markov: byMarkov(train), 'item-kNN': byItemKnn(train, count), 'VS-kNN': byVsKnn(train, count) }
  const { worths, steps } = judge({ ...others, ...tables }, tail, { most: STEPS })
  return {
    steps,
    worth: worths.flatMap((one) => (one.name in others ? [one] : one.name === `support ${building.support}` ? [{ ...one, name: 'this table' }] : [])),
    support: Object.fromEntries(supports.map((support) => [support, worths.find(({ name }) => name === `support ${support}`)?.recall ?? 0])),
  }
}

/** Items of which sessions say nothing get a row of what they are about. */
export function relate(catalogue: Catalogue, visits: Visits | undefined, building: Building): Related {
  const count = catalogue.items.length
  const { rows, next } = visits ? fromSessions(visits, count, building) : { rows: Array.from({ length: count }, (): Neighbours => []), next: [] }
  const topical = fromTopics(catalogue, building.top, (item) => (rows[item] as Neighbours).length === 0)
  return { rows: rows.map((row, item) => (row.length > 0 ? row : (topical[item] as Neighbours))), next }
}

/** Tables by shard; without shards one. */
export function tablesOf(catalogue: Catalogue, { rows, next }: Related, shards?: number): Table[] {
  const count = catalogue.items.length
  const of: Table['of'] = [count, catalogue.printOf(count)]
  const likely = next.map((row) => encodeRow(row, count, Math.ceil))
  const nextIn = (positions: number[]): Pick<Table, 'next'> => {
    const found = positions.filter((position) => likely[position])
    return found.length > 0 ? { next: Object.fromEntries(found.map((position) => [position, likely[position] as string])) } : {}
  }
  const text = rows.map((row) => encodeRow(row, count))
  // A list takes less than names, where nearly all have a row.
  if (shards === undefined) return [{ of, rows: text as unknown as Table['rows'], ...nextIn([...text.keys()]) }]
  const inShard: number[][] = Array.from({ length: shards }, () => [])
  for (const position of text.keys()) inShard[shardOf(catalogue.paths[position] || (catalogue.keys[position] as string), shards)]?.push(position)
  return inShard.map((positions) => ({ of, rows: Object.fromEntries(positions.filter((position) => text[position]).map((position) => [position, text[position] as string])), ...nextIn(positions) }))
}

/** Two digits are enough to tell what many like. */
const rounded = (seen: number): number => Number(seen.toPrecision(2))

/** The catalogue's own file with `popularity`, whatever else is in it. */
export function withPopularity(file: unknown, catalogue: Catalogue, seen: Uint32Array): unknown {
  const { fields, items, ...rest } = (isObject(file) ? file : { items: file }) as { fields?: string[]; items: unknown[] }
  const columns = fields && !fields.includes('popularity') ? [...fields, 'popularity'] : fields
  const counted = items.map((one) => {
    const key = Array.isArray(one) ? one[columns?.indexOf('key') ?? -1] : ((one as { key?: unknown }).key ?? (one as { url?: unknown }).url)
    const many = rounded(seen[positionOf(catalogue, `${key}`)] ?? 0)
    if (!Array.isArray(one)) return { ...(one as object), popularity: many }
    return columns?.map((name, i) => (name === 'popularity' ? many : (one[i] ?? '')))
  })
  return Array.isArray(file) ? counted : { ...rest, ...(columns ? { fields: columns } : {}), items: counted }
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

const written = ({ sessions, views, unknown, broken, unsorted, cut, coverage, files, bytes, bytesPerItem, worth, steps, support }: Report, first: string[]): string =>
  [
    `${sessions} sessions with ${views} views${unknown ? `; ${unknown} views of items that the catalogue does not have` : ''}`,
    ...(broken ? [`${broken} lines cannot be read, such as: ${first.join(' | ')}`] : []),
    ...(unsorted ? [`${unsorted} views stand before earlier ones of their session: they were sorted`] : []),
    ...(cut ? [`${cut} views beyond the 200th of a session were left out`] : []),
    `rows for ${percent(coverage.items)} of the items, with ${percent(coverage.views)} of the views`,
    `${files} file${files === 1 ? '' : 's'}, ${(bytes / 1000).toFixed(1)} kB gzipped, ${bytesPerItem.toFixed(1)} bytes an item`,
    ...(steps === 0
      ? ['too few sessions to say what the table is worth']
      : [
          '',
          `the newest tenth of the sessions, ${steps} steps${' '.repeat(8)}recall@20   MRR@20`,
          ...worth.map(({ name, recall, mrr }) => `  ${name.padEnd(46)}${percent(recall).padStart(9)} ${percent(mrr).padStart(8)}`),
          `recall of the table by --support: ${Object.entries(support).map(([least, recall]) => `${least}: ${percent(recall)}`).join('   ')}`,
        ]),
  ].join('\n')

export interface RelatedOptions extends Building {
  items: string
  out: string
  shards?: number
  format?: Format
  fields: string[]
  inline?: string
  popularity?: boolean
  json?: boolean
}

/** Runs the command; gives what to exit with. */
export async function related(exports: string[], { items, out, shards, format, fields, inline, popularity: counting, json, ...building }: RelatedOptions): Promise<number> {
  const file: unknown = await readText(items).then(JSON.parse).catch((error) => refuse(error.name === 'Refusal' ? error.message : `${items} is not JSON: ${error.message}`))
  const catalogue = ((): Catalogue => {
    try {
      return readCatalogue(file, fields)
    } catch (error) {
      return refuse(`${items} is no catalogue: ${(error as Error).message}; "slotwise catalogue" writes one`)
    }
  })()
  const count = catalogue.items.length
  const views = gather()
  let [unknown, broken] = [0, 0]
  const first: string[] = []
  for (const name of exports) {
    const found = await readExport(name, format ?? formatOf(name), ({ session, item, time }) => {
      const position = positionOf(catalogue, item)
      if (position < 0) unknown++
      else views.add(session, position, time)
    }).catch((error) => refuse(`cannot read ${name}: ${error.message}`))
    broken += found.count
    first.push(...found.first)
  }
  if (exports.length > 0 && views.size() === 0) {
    console.error(`slotwise: nothing could be made of ${exports.join(', ')}: ${unknown} views of items that ${items} does not have, ${broken} lines that cannot be read${first[0] ? `, such as ${first[0]}` : ''}`)
    return EXIT.findings
  }
  const visits = exports.length > 0 ? views.finish() : undefined
  const made = relate(catalogue, visits, building)
  const tables = tablesOf(catalogue, made, shards).map((table) => JSON.stringify(table))
  for (const [shard, text] of tables.entries()) {
    const name = out.replace('{shard}', `${shard}`)
    await mkdir(dirname(name), { recursive: true }).catch((error) => refuse(`cannot write ${name}: ${error.message}`))
    await writeText(name, `${text}\n`)
  }
  if (inline) {
    const [{ rows, next = {}, ...table }] = tablesOf(catalogue, made, 1) as [Table]
    const alone = Object.keys(rows).flatMap((position): [string, Table][] => {
      const path = catalogue.paths[Number(position)]
      return path ? [[path, { ...table, rows: { [position]: rows[position] as string }, ...(next[position] ? { next: { [position]: next[position] } } : {}) }]] : []
    })
    await writeText(inline, `${JSON.stringify(Object.fromEntries(alone))}\n`)
  }
  const seen = visits && popularity(visits, count)
  if (counting && seen) await writeText(items, `${JSON.stringify(withPopularity(file, catalogue, seen))}\n`)

  const bytes = sum(tables.map((text) => gzipSync(text, { level: 9 }).length))
  const has = (position: number): boolean => (made.rows[position] as Neighbours).length > 0
  const report: Report = {
    sessions: visits?.count ?? 0,
    views: visits?.views.length ?? 0,
    unknown,
    broken,
    unsorted: visits?.unsorted ?? 0,
    cut: visits?.cut ?? 0,
    coverage: { items: made.rows.filter((row) => row.length > 0).length / Math.max(1, count), views: seen ? sum(seen.filter((_, position) => has(position))) / Math.max(1, sum(seen)) : 0 },
    files: tables.length,
    bytes,
    bytesPerItem: bytes / Math.max(1, count),
    ...(visits && visits.count >= 20 ? worthOf(visits, count, building) : { steps: 0, worth: [], support: {} }),
  }
  if (json) printJson(report)
  else console.log(written(report, first))
  return EXIT.fine
}
