// count(): counts rows wherever they are: in a few files by itself, in many by DuckDB, in ClickHouse there.

import type { Counted } from './cell.js'
import { countInClickhouse } from './clickhouse.js'
import { countInDuckdb } from './duckdb.js'
import { countHere } from './here.js'
import { inputs } from './inputs.js'

export interface Source {
  /** Files, directories, patterns. */
  files: string[]
  clickhouse?: string | undefined
  table?: string | undefined
  /** By default as many bytes decide. */
  engine?: 'node' | 'duckdb' | undefined
  /** How far counting is, in bytes. */
  progress?: (done: number, of: number) => void
}

/** Bytes. Up to here counting in plain Node takes a few seconds and less than a gigabyte. */
export const SMALL = 100_000_000
/** A packed file holds about so many times its size. */
const PACKED = 10

/** Rejects, saying what to do, where there is nothing to count, or nothing to count it with. */
export async function count({ files, clickhouse, table, engine, progress = () => {} }: Source): Promise<Counted> {
  if (clickhouse !== undefined) {
    if (files.length > 0) throw new Error('rows come from files or from --clickhouse, not from both')
    return some(await countInClickhouse({ url: clickhouse, ...(table ? { table } : {}) }), 'the table')
  }
  if (files.length === 0) throw new Error('name the files with rows, or a ClickHouse server with --clickhouse')
  const found = await inputs(files)
  const bytes = found.reduce((sum, one) => sum + one.bytes * (one.gzip ? PACKED : 1), 0)
  const total = found.reduce((sum, one) => sum + one.bytes, 0)
  if (engine === 'node' || (engine === undefined && bytes <= SMALL)) return some(await countHere(found, (done) => progress(done, total)), files.join(', '))
  const counted = await countInDuckdb(found).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new Error(`${Math.round(bytes / 1e6)} MB of rows are counted by DuckDB, which is not here: npm install @duckdb/node-api (or --engine node, which takes long and much memory)`)
  })
  return some(counted, files.join(', '))
}

function some(counted: Counted, where: string): Counted {
  if (counted.rows > 0) return counted
  const [first] = counted.examples
  throw new Error(first ? `no rows in ${where}: of ${counted.broken} lines none is one; ${first.file}:${first.line}: ${first.why}` : `no rows in ${where}: it is empty; rows come from visitors who have agreed to be measured`)
}
