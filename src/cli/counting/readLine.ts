// readLine(): the rows that stand in one line of a file, whether as NDJSON or as OTLP logs of a Collector's file exporter.

import { isObject } from '../../lib/own.js'
import { field, LONGEST, listOf, records } from '../records.js'
import { type Cell, wordsOf } from './cell.js'

export interface ReadRow extends Omit<Cell, 'n'> {
  id: string
}

/** A row, or why it is none. */
export type Read = ReadRow | string

const METRICS = ['shown', 'seen', 'goal', 'dismiss', 'value']

/** What a row says, each as text: engines that read columns know nothing else. */
type Fields = { [name: string]: string | undefined }

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : value === null || value === undefined ? undefined : JSON.stringify(value))
const isName = (text: string | undefined): text is string => text !== undefined && text !== '' && text.length <= LONGEST

export const dayOf = (text = ''): number | undefined => {
  const day = /^\d{1,5}$/.test(text) ? Number(text) : /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) / 86_400_000 : Number.NaN
  return Number.isInteger(day) ? day : undefined
}

function asRow(fields: Fields): Read {
  const { metric = '', experience, arm, held = '', weights = '', stratum, name, page = '*', bucket = '0' } = fields
  const id = fields.id ?? fields.row
  const day = dayOf(fields.day)
  if (metric !== 'count' && !METRICS.includes(metric)) return 'its metric is none of shown, seen, goal, dismiss, value, count'
  if (!isName(id)) return 'it has no id'
  if (day === undefined) return 'its day is neither a date nor a number of days since 1970'
  if (metric === 'count') {
    if (!isName(name)) return 'it has no name'
    const values = fields.values ?? '{}'
    if (values.length > 10 * LONGEST) return 'its values are too long'
    return { metric, experience: name, arm: wordsOf(values), held: false, weights: 0, stratum: page, day, value: /^\d{1,9}$/.test(bucket) ? Number(bucket) : 0, id }
  }
  if (!isName(experience)) return 'its experience is no name'
  if (!isName(arm)) return 'its arm is no name'
  if (!isName(stratum)) return 'its stratum is no name'
  if (held !== 'true' && held !== 'false') return 'held is neither true nor false'
  if (!/^\d{1,9}$/.test(weights)) return 'its weights are no whole number'
  const value = metric === 'value' ? Number(fields.value ?? Number.NaN) : 0
  if (!(value >= 0 && value < 1e300)) return 'its value is no number'
  return { metric, experience, arm, held: held === 'true', weights: Number(weights), stratum, day, value, id }
}

const KINDS = ['stringValue', 'boolValue', 'intValue', 'doubleValue']

/** An OTLP log record's attributes by name, without `slotwise.`; its name and time are the metric and the day. */
function fieldsOf(record: unknown): Fields {
  const attributes = listOf(field(record, 'attributes')).map((one): [string, string | undefined] => {
    const value = field(one, 'value')
    return [`${field(one, 'key')}`.replace(/^slotwise\./, ''), KINDS.map((kind) => textOf(field(value, kind))).find((text) => text !== undefined)]
  })
  const words = attributes.filter(([key]) => key.startsWith('values.')).map(([key, word]) => `${key.slice(7)}=${word}`)
  const name = textOf(field(record, 'eventName')) ?? textOf(field(field(record, 'body'), 'stringValue')) ?? ''
  const time = textOf(field(record, 'timeUnixNano')) ?? ''
  // The first of equals, as other engines take it.
  const fields: Fields = Object.fromEntries(attributes.reverse())
  return { ...fields, metric: name.replace(/^slotwise\./, ''), day: /^\d{1,19}$/.test(time) ? `${BigInt(time) / 86_400_000_000_000n}` : undefined, values: words.join('\u001f') }
}

/** All rows of a line that is not empty. */
export function readLine(line: string): Read[] {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return ['it is no JSON']
  }
  const logs = records(value)
  if (logs) return logs.map((record) => asRow(fieldsOf(record)))
  if (!isObject(value)) return ['it is no row']
  return [asRow(Object.fromEntries(Object.entries(value).map(([name, one]) => [name, textOf(one)])))]
}
