// countInDuckdb(): counts rows in files with DuckDB, an optional package, however many there are: what does not fit into
// memory goes to a temporary directory.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BROKEN, type Counted } from './cell.js'
import { findBroken } from './here.js'
import type { Input } from './inputs.js'
import { LONGEST } from '../records.js'
import { gather, type Selected, select } from './select.js'

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

const FLAT = ['metric', 'experience', 'arm', 'held', 'weights', 'stratum', 'day', 'id', 'row', 'value', 'name', 'values', 'page', 'bucket']
const LOGS = `STRUCT(scopeLogs STRUCT(logRecords STRUCT(timeUnixNano VARCHAR, eventName VARCHAR, body STRUCT(stringValue VARCHAR), attributes STRUCT("key" VARCHAR, "value" STRUCT(stringValue VARCHAR, boolValue VARCHAR, intValue VARCHAR, doubleValue VARCHAR))[])[])[])[]`

/** Lines that are no JSON come as rows of nulls. All columns are texts, so that no odd value is refused in silence. */
const reading = (files: Input[], logs: string): string =>
  `read_ndjson([${files.map(({ file }) => quoted(file)).join(', ')}], auto_detect = false, ignore_errors = true, maximum_object_size = 33554432, columns = {${FLAT.map((name) => `${quoted(name)}: 'VARCHAR'`).join(', ')}, 'resourceLogs': ${quoted(logs)}})`

const attribute = (name: string): string => `list_filter(attributes, lambda a: a."key" = ${quoted(`slotwise.${name}`)})[1]."value"`
const textIn = (value: string): string => `coalesce(${value}.stringValue, ${value}.boolValue, ${value}.intValue, ${value}.doubleValue)`

/** Fields of the rows in OTLP logs, by the names that flat rows have. */
const fromLogs = (files: Input[]): string => `select
    regexp_replace(coalesce(eventName, body.stringValue, ''), '^slotwise\\.', '') as metric,
    ${['experience', 'arm', 'held', 'weights', 'stratum', 'value', 'name', 'page', 'bucket', 'id', 'row'].map((name) => `${textIn(attribute(name))} as "${name}"`).join(',\n    ')},
    case when regexp_full_match(timeUnixNano, '\\d{1,19}') then (timeUnixNano::hugeint // 86400000000000)::varchar end as "day",
    array_to_string(list_transform(list_filter(attributes, lambda a: starts_with(a."key", 'slotwise.values.')), lambda a: a."key"[17:] || '=' || ${textIn('a."value"')}), chr(31)) as "values",
    false as wraps
  from (select unnest(record, max_depth := 1) from (select unnest(scope.logRecords) as record from (select unnest(resource.scopeLogs) as scope from (select unnest(resourceLogs) as resource from ${reading(files, LOGS)}))))`

const fromLines = (files: Input[]): string => `select ${FLAT.map((name) => `"${name}"`).join(', ')}, resourceLogs is not null as wraps from ${reading(files, 'JSON')}`

const isName = (column: string): string => `(length(${column}) between 1 and ${LONGEST})`
const DAY = `case when regexp_full_match("day", '\\d{1,5}') then "day"::integer when regexp_full_match("day", '\\d{4}-\\d\\d-\\d\\d') then datediff('day', date '1970-01-01', try_cast("day" as date)) end`

/** Under which lines are counted that hold OTLP logs: their rows are inside. */
const WRAPS = 'logs'

/** Rows as the select wants them; what is none becomes one that says so. An id is hashed to 64 bits, to keep small what is counted. */
const rows = (fields: string): string => `(
  with fields as (${fields}),
  judged as (
    select *, coalesce(id, "row") as one, ${DAY} as days, coalesce(try_cast(case when metric = 'value' then "value" else '0' end as double), -1) as number,
      case when metric = 'count' then ${isName('name')} and length(coalesce("values", '')) <= ${10 * LONGEST}
        else metric in ('shown', 'seen', 'goal', 'dismiss', 'value') and ${isName('experience')} and ${isName('arm')} and ${isName('stratum')}
          and held in ('true', 'false') and regexp_full_match(weights, '\\d{1,9}') end as fits
    from fields),
  sound as (select *, coalesce(not wraps and fits and ${isName('one')} and days is not null and number >= 0 and number < 1e300, false) as ok from judged)
  select case when ok then metric when wraps then '${WRAPS}' else '${BROKEN}' end as metric,
    case when not ok then '' when metric = 'count' then name else experience end as experience,
    case when not ok then '' when metric = 'count' then coalesce("values", '{}') else arm end as arm,
    ok and metric <> 'count' and held = 'true' as held,
    case when ok and metric <> 'count' then weights::integer else 0 end as weights,
    case when not ok then '' when metric = 'count' then coalesce(page, '*') else stratum end as stratum,
    case when ok then days else 0 end as "day",
    case when not ok then 0 when metric = 'count' then case when regexp_full_match(bucket, '\\d{1,9}') then bucket::double else 0 end else number end as "value",
    case when ok then hash(one) else 0 end as id
  from sound)`

export interface DuckdbLimits {
  /** As DuckDB says it: `1400MB`. */
  memory?: string
  threads?: number
}

/** Rejects with an Error whose `code` is `ERR_MODULE_NOT_FOUND` where the package is missing. */
export async function countInDuckdb(files: Input[], { memory = '1200MB', threads }: DuckdbLimits = {}): Promise<Counted> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const spill = await mkdtemp(join(tmpdir(), 'slotwise-duckdb-'))
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: memory, temp_directory: spill, preserve_insertion_order: 'false', ...(threads ? { threads: `${threads}` } : {}) })
  try {
    const connection = await instance.connect()
    const run = async (sql: string): Promise<Selected[]> => (await connection.runAndReadAll(sql)).getRowObjectsJson()
    const flat = await run(select(rows(fromLines(files))))
    // Lines that hold OTLP logs are looked into only where there are any.
    const selected = flat.some(({ metric }) => metric === WRAPS) ? (await run(select(rows(`${fromLines(files)} union all by name ${fromLogs(files)}`)))).filter(({ metric }) => metric !== WRAPS) : flat
    const counted = gather(selected, 'duckdb')
    return { ...counted, examples: counted.broken > 0 ? await findBroken(files) : [] }
  } finally {
    instance.closeSync()
    await rm(spill, { recursive: true, force: true })
  }
}
