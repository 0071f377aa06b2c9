// The request that a visitor's page sends for one row, as a collector gets it.

export const DAY = '1795478400000000000'

export interface Sent {
  metric?: string
  experience?: string
  arm?: string
  held?: boolean
  weights?: number
  stratum?: string
  row?: string
}

export const record = ({ metric = 'shown', experience = 'hero-test', arm = 'spring', held = false, weights = 1, stratum = '*', row = 'V1StGXR8_Z5jdHi6B-myT' }: Sent = {}) => ({
  timeUnixNano: DAY,
  eventName: `slotwise.${metric}`,
  body: { stringValue: `slotwise.${metric}` },
  attributes: [
    { key: 'slotwise.experience', value: { stringValue: experience } },
    { key: 'slotwise.arm', value: { stringValue: arm } },
    { key: 'slotwise.held', value: { boolValue: held } },
    { key: 'slotwise.weights', value: { intValue: `${weights}` } },
    { key: 'slotwise.stratum', value: { stringValue: stratum } },
    { key: 'slotwise.row', value: { stringValue: row } },
  ],
})

export const logs = (...logRecords: unknown[]) => ({
  resourceLogs: [{ resource: { attributes: [{ key: 'service.name', value: { stringValue: 'slotwise' } }] }, scopeLogs: [{ scope: { name: 'slotwise' }, logRecords }] }],
})

export const post = (url: string, body: unknown, headers: { [name: string]: string } = { 'content-type': 'application/json' }): Promise<Response> =>
  fetch(`${url}/collect/v1/logs`, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) })
