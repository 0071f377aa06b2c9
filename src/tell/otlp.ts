// otlp(): a row as one OTLP/HTTP JSON log record, as an unmodified OpenTelemetry Collector takes it.

import type { Posting, Row, SyncRules } from '../types.js'

/** A 64-bit integer is a string in protobuf's JSON. */
const typed = (value: unknown): object =>
  typeof value === 'number' ? (Number.isInteger(value) ? { intValue: `${value}` } : { doubleValue: value }) : typeof value === 'boolean' ? { boolValue: value } : { stringValue: value }

export const otlp =
  ({ endpoint, service = 'slotwise' }: SyncRules) =>
  ({ metric, day, id, ...says }: Row): Posting => {
    const name = { stringValue: `slotwise.${metric}` }
    const { values, ...rest } = { values: {}, ...says }
    const attributes = { ...rest, ...Object.fromEntries(Object.entries(values).map(([prop, word]) => [`values.${prop}`, word])), row: id }
    const record = {
      timeUnixNano: `${day * 86_400}000000000`,
      eventName: name.stringValue,
      // Collectors from before 2025 pass over `eventName`.
      body: name,
      attributes: Object.entries(attributes).map(([key, value]) => ({ key: `slotwise.${key}`, value: typed(value) })),
    }
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: service } }] }
    return { url: endpoint, type: 'application/json', body: JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ scope: { name: 'slotwise' }, logRecords: [record] }] }] }) }
  }
