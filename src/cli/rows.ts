// Rows on the receiving side: read out of OTLP log records, kept one per line, and counted once each.

import { isObject, own } from '../lib/own.js'

/** A row as it is kept: flat, so that any tool that knows NDJSON can count it. */
export interface ReceivedRow {
  metric: string
  experience: string
  arm: string
  held: boolean
  weights: number
  stratum: string
  /** `2026-11-24`, in UTC. */
  day: string
  /** Used once, for telling a row that arrives twice from two rows. */
  row: string
}

export interface Received {
  rows: ReceivedRow[]
  /** What is wrong with each record that is no row. */
  rejected: string[]
}

const METRIC = /^slotwise\.(shown|seen|goal)$/
/** Characters. Names come from a ruleset, where nobody writes longer ones. */
const LONGEST = 200
const NANOSECONDS_OF_A_DAY = 86_400_000_000_000n

/** Protobuf's JSON writes 64-bit numbers as text, and readers must take both. Nineteen digits last until 2286. */
const wholeNumber = (value: unknown): bigint | undefined => {
  if (typeof value === 'string' && /^\d{1,19}$/.test(value)) return BigInt(value)
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 1e19 ? BigInt(value) : undefined
}

const shortText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= LONGEST ? value : undefined

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const field = (value: unknown, name: string): unknown => (isObject(value) ? own(value, name) : undefined)

/** The row that an OTLP log record holds; a text says why it holds none, and repeats nothing of it. */
export function readRecord(record: unknown): ReceivedRow | string {
  const attributes = new Map(listOf(field(record, 'attributes')).map((one) => [field(one, 'key'), field(one, 'value')]))
  const attribute = (name: string, kind: string): unknown => field(attributes.get(`slotwise.${name}`), kind)

  const metric = METRIC.exec(shortText(field(record, 'eventName')) ?? '')?.[1]
  const time = wholeNumber(field(record, 'timeUnixNano'))
  const experience = shortText(attribute('experience', 'stringValue'))
  const arm = shortText(attribute('arm', 'stringValue'))
  const held = attribute('held', 'boolValue')
  const weights = wholeNumber(attribute('weights', 'intValue'))
  const stratum = shortText(attribute('stratum', 'stringValue'))
  const row = shortText(attribute('row', 'stringValue'))

  if (metric === undefined) return 'eventName is none of slotwise.shown, slotwise.seen, slotwise.goal'
  if (time === undefined) return 'timeUnixNano is not a number of nanoseconds'
  if (experience === undefined) return 'slotwise.experience is not a short text'
  if (arm === undefined) return 'slotwise.arm is not a short text'
  if (typeof held !== 'boolean') return 'slotwise.held is neither true nor false'
  if (weights === undefined) return 'slotwise.weights is not a whole number'
  if (stratum === undefined) return 'slotwise.stratum is not a short text'
  if (row === undefined) return 'slotwise.row is not a short text'
  // A day and no more, even from a sender that tells the minute.
  const day = new Date(Number(time / NANOSECONDS_OF_A_DAY) * 86_400_000).toISOString().slice(0, 10)
  return { metric, experience, arm, held, weights: Number(weights), stratum, day, row }
}

/** The rows of an OTLP/HTTP logs request, or of a line that a Collector's file exporter wrote; null for what is neither. */
export function readLogs(body: unknown): Received | null {
  const resources = field(body, 'resourceLogs')
  if (!Array.isArray(resources)) return null
  const records = resources.flatMap((resource) => listOf(field(resource, 'scopeLogs')).flatMap((scope) => listOf(field(scope, 'logRecords'))))
  const read = records.map(readRecord)
  return {
    rows: read.filter((one) => typeof one !== 'string'),
    rejected: read.filter((one) => typeof one === 'string'),
  }
}

export const toLine = (row: ReceivedRow): string => `${JSON.stringify(row)}\n`

const fromLine = (line: string): ReceivedRow[] => {
  try {
    const row = JSON.parse(line)
    return typeof field(row, 'row') === 'string' ? [row] : []
  } catch {
    // Half a line, from a machine that went down while it was written.
    return []
  }
}

/** The rows that stand in NDJSON, oldest first. Delivery is at least once: one that arrived twice is given once. */
export function distinctRows(text: string): ReceivedRow[] {
  const rows = new Map<string, ReceivedRow>()
  for (const row of text.split('\n').flatMap(fromLine)) if (!rows.has(row.row)) rows.set(row.row, row)
  return [...rows.values()]
}
