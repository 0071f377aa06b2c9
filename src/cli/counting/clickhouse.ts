// countInClickhouse(): the same select on a ClickHouse server or cluster, where a site keeps its rows there anyway.

import type { Counted } from './cell.js'
import { gather, type Selected, select } from './select.js'

export interface ClickhouseTable {
  /** Of the HTTP interface, with `?database=` and, where needed, user and password: `https://user:secret@host:8443/?database=site`. */
  url: string
  /** `slotwise` by default. */
  table?: string
}

type Ask = (sql: string) => Promise<Selected[]>

/** Asks over HTTP; what the server refuses is told in its own words. */
const asking = ({ url }: ClickhouseTable): Ask => {
  const address = new URL(url)
  const { username, password } = address
  address.username = address.password = ''
  const headers = username ? { authorization: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}` } : undefined
  return async (sql) => {
    const response = await fetch(address, { method: 'POST', body: `${sql} format JSONEachRow`, ...(headers ? { headers } : {}) }).catch((error: Error) => {
      throw new Error(`no ClickHouse answers at ${address.origin}: ${(error.cause as Error | undefined)?.message ?? error.message}`)
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`ClickHouse refuses: ${text.trim().split('\n')[0]?.slice(0, 300)}`)
    return text.split('\n').filter(Boolean).map((line) => JSON.parse(line))
  }
}

const NEEDED = ['metric', 'experience', 'arm', 'held', 'weights', 'stratum', 'day']

export async function countInClickhouse(where: ClickhouseTable): Promise<Counted> {
  const { table = 'slotwise' } = where
  if (!/^[\w.]+$/.test(table)) throw new Error(`"${table}" is no name of a table`)
  const ask = asking(where)
  const columns = new Map((await ask(`describe table ${table}`)).map(({ name, type }) => [`${name}`, `${type}`]))
  const id = ['id', 'row'].find((name) => columns.has(name))
  const missing = [...NEEDED, ...(id ? [] : ['id'])].filter((name) => !columns.has(name))
  if (missing.length > 0) throw new Error(`the table ${table} has no column ${missing.join(', ')}`)
  // A table of an earlier shape lacks some columns, and a row does not fill all.
  const text = (name: string, otherwise: string): string => (columns.has(name) ? `if(ifNull(toString(\`${name}\`), '') = '', '${otherwise}', ifNull(toString(\`${name}\`), ''))` : `'${otherwise}'`)
  const number = (name: string): string => (columns.has(name) ? `toFloat64(ifNull(${name}, 0))` : 'toFloat64(0)')
  const isCount = `metric = 'count'`
  const source = `(select toString(metric) as metric, if(${isCount}, ${text('name', '')}, toString(experience)) as experience, if(${isCount}, ${text('values', '{}')}, toString(arm)) as arm,
    toUInt8(held) as held, toUInt32(weights) as weights, if(${isCount}, ${text('page', '*')}, toString(stratum)) as stratum, toInt32(day) as day,
    multiIf(metric = 'value', ${number('value')}, ${isCount}, ${number('bucket')}, toFloat64(0)) as value, ${id} as id from ${table})`
  return { ...gather(await ask(select(source)), 'clickhouse'), examples: [] }
}
