// clickhouse(): a row as one line of JSONEachRow, straight into a ClickHouse table over HTTP.

import type { SyncRules, Transport } from '../../types.js'

/** What a column can hold: the names and numbers that a row lists together become JSON. */
const column = (value: unknown): unknown => (typeof value === 'boolean' ? Number(value) : typeof value === 'object' ? JSON.stringify(value) : value)

/**
 * `endpoint` is the server's HTTP address with what else it needs, such as `?user=rows`; `service` the table. As plain
 * text, so that no browser asks for leave first. What the table has no column for is left out.
 */
export const clickhouse =
  ({ endpoint, service = 'slotwise' }: SyncRules): Transport =>
  ({ day, ...rest }) => {
    const row = { ...rest, day: new Date(day * 86_400_000).toISOString().slice(0, 10) }
    const query = `INSERT INTO ${service} FORMAT JSONEachRow`
    return {
      url: `${endpoint}${endpoint.includes('?') ? '&' : '?'}input_format_skip_unknown_fields=1&query=${encodeURIComponent(query)}`,
      type: 'text/plain',
      body: JSON.stringify(Object.fromEntries(Object.entries(row).map(([name, value]) => [name, column(value)]))),
    }
  }
