// Rows on the receiving side: read out of OTLP log records, kept one per line, and counted once each.

import { field, LONGEST, listOf, records } from './records.js'

/** A row as it is kept: flat but for `values`, so that any tool that knows NDJSON can count it. */
export type ReceivedRow = ReceivedTrialRow | ReceivedCountRow

interface Common {
  /** `2026-11-24`, in UTC. */
  day: string
  /** Used once, for telling a row that arrives twice from two rows. */
  id: string
}

/** What a trial tells. */
export interface ReceivedTrialRow extends Common {
  metric: 'shown' | 'seen' | 'goal' | 'dismiss' | 'value'
  experience: string
  arm: string
  held: boolean
  weights: number
  stratum: string
  /** Of `value` alone. */
  value?: number
}

/** A row that the ruleset declares under `rows`. */
export interface ReceivedCountRow extends Common {
  metric: 'count'
  name: string
  values: { [prop: string]: string | number }
  page?: string
  /** 0 to 4: it has happened 1, 2, 3, 5 or 9 times that day. */
  bucket?: number
}

export interface Received {
  rows: ReceivedRow[]
  /** What is wrong with each record that is no row. */
  rejected: string[]
}

const TRIAL = ['shown', 'seen', 'goal', 'dismiss', 'value'] as const
const METRICS = [...TRIAL, 'count'].map((metric) => `slotwise.${metric}`)
/** Properties of a declared row. */
const MOST_VALUES = 20
const NO_ID = 'slotwise.row is not a short text'
const NANOSECONDS_OF_A_DAY = 86_400_000_000_000n

/** Protobuf's JSON writes 64-bit numbers as text, and readers must take both. Nineteen digits last until 2286. */
const wholeNumber = (value: unknown): bigint | undefined => {
  if (typeof value === 'string' && /^\d{1,19}$/.test(value)) return BigInt(value)
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 1e19 ? BigInt(value) : undefined
}

const shortText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= LONGEST ? value : undefined

/** A number as OTLP has it, whole or not. */
const numberOf = (value: unknown): number | undefined => {
  const whole = wholeNumber(field(value, 'intValue'))
  const broken = field(value, 'doubleValue')
  return whole !== undefined ? Number(whole) : typeof broken === 'number' && Number.isFinite(broken) ? broken : undefined
}

/** The row that an OTLP log record holds; a text says why it holds none, and repeats nothing of it. */
export function readRecord(record: unknown): ReceivedRow | string {
  const attributes = new Map(listOf(field(record, 'attributes')).map((one) => [field(one, 'key'), field(one, 'value')]))
  const attribute = (name: string, kind: string): unknown => field(attributes.get(`slotwise.${name}`), kind)
  const text = (name: string): string | undefined => shortText(attribute(name, 'stringValue'))

  const event = shortText(field(record, 'eventName'))
  const time = wholeNumber(field(record, 'timeUnixNano'))
  const id = text('row') as string
  if (event === undefined || !METRICS.includes(event)) return `eventName is none of ${METRICS.join(', ')}`
  if (time === undefined) return 'timeUnixNano is not a number of nanoseconds'
  // A day and no more, even from a sender that tells the minute.
  const common = { day: new Date(Number(time / NANOSECONDS_OF_A_DAY) * 86_400_000).toISOString().slice(0, 10), id }
  const metric = TRIAL.find((one) => event === `slotwise.${one}`)

  if (metric === undefined) {
    const name = text('name')
    if (name === undefined) return 'slotwise.name is not a short text'
    const listed = [...attributes].flatMap(([key, value]): [string, unknown][] => (typeof key === 'string' && key.startsWith('slotwise.values.') ? [[key.slice(16), shortText(field(value, 'stringValue')) ?? numberOf(value)]] : []))
    if (listed.length > MOST_VALUES || listed.some(([prop, word]) => word === undefined || shortText(prop) === undefined)) return 'slotwise.values are not a few short texts or numbers'
    const page = attributes.has('slotwise.page') ? text('page') : null
    if (page === undefined) return 'slotwise.page is not a short text'
    const bucket = attributes.has('slotwise.bucket') ? numberOf(attributes.get('slotwise.bucket')) : null
    if (bucket === undefined || (bucket ?? 0) > 4) return 'slotwise.bucket is not a whole number from 0 to 4'
    if (id === undefined) return NO_ID
    return { metric: 'count', name, values: Object.fromEntries(listed) as ReceivedCountRow['values'], ...(page === null ? {} : { page }), ...(bucket === null ? {} : { bucket }), ...common }
  }

  const experience = text('experience')
  const arm = text('arm')
  const held = attribute('held', 'boolValue')
  const weights = wholeNumber(attribute('weights', 'intValue'))
  const stratum = text('stratum')
  const value = metric === 'value' ? numberOf(attributes.get('slotwise.value')) : null
  if (experience === undefined) return 'slotwise.experience is not a short text'
  if (arm === undefined) return 'slotwise.arm is not a short text'
  if (typeof held !== 'boolean') return 'slotwise.held is neither true nor false'
  if (weights === undefined) return 'slotwise.weights is not a whole number'
  if (stratum === undefined) return 'slotwise.stratum is not a short text'
  if (value === undefined || (value ?? 0) < 0) return 'slotwise.value is not a number, 0 or more'
  if (id === undefined) return NO_ID
  return { metric, experience, arm, held, weights: Number(weights), stratum, ...(value === null ? {} : { value }), ...common }
}

/** The rows of OTLP logs; null for what is none. */
export function readLogs(body: unknown): Received | null {
  const read = records(body)?.map(readRecord)
  if (!read) return null
  return {
    rows: read.filter((one) => typeof one !== 'string'),
    rejected: read.filter((one) => typeof one === 'string'),
  }
}

export const toLine = (row: ReceivedRow): string => `${JSON.stringify(row)}\n`

const fromLine = (line: string): ReceivedRow[] => {
  try {
    const row = JSON.parse(line)
    return typeof field(row, 'id') === 'string' ? [row] : []
  } catch {
    // Half a line, from a machine that went down while it was written.
    return []
  }
}

/** The rows that stand in NDJSON, oldest first. Delivery is at least once: one that arrived twice is given once. */
export function distinctRows(text: string): ReceivedRow[] {
  const rows = new Map<string, ReceivedRow>()
  for (const row of text.split('\n').flatMap(fromLine)) if (!rows.has(row.id)) rows.set(row.id, row)
  return [...rows.values()]
}
