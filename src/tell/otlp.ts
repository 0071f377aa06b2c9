// otlp(): a row as one OTLP/HTTP JSON log record, as an unmodified OpenTelemetry Collector takes it.

import type { Row, SyncRules } from '../types.js'

/** What is posted. */
export interface Posting {
  url: string
  type: string
  body: string
}

export const otlp =
  ({ endpoint, service = 'slotwise' }: SyncRules) =>
  ({ metric, experience, arm, held, weights, stratum, day, id }: Row): Posting => {
    const name = { stringValue: `slotwise.${metric}` }
    const values = {
      experience: { stringValue: experience },
      arm: { stringValue: arm },
      held: { boolValue: held },
      // A 64-bit integer is a string in protobuf's JSON.
      weights: { intValue: `${weights}` },
      stratum: { stringValue: stratum },
      row: { stringValue: id },
    }
    const record = {
      timeUnixNano: `${day * 86_400}000000000`,
      eventName: name.stringValue,
      // Collectors from before 2025 pass over `eventName`.
      body: name,
      attributes: Object.entries(values).map(([key, value]) => ({ key: `slotwise.${key}`, value })),
    }
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: service } }] }
    return { url: endpoint, type: 'application/json', body: JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ scope: { name: 'slotwise' }, logRecords: [record] }] }] }) }
  }
