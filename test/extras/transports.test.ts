// @vitest-environment node
// What each receiver is sent: read by the packages that define the formats where there are such, else by what is documented.

import { JsonLogsSerializer } from '@opentelemetry/otlp-transformer'
import { type CloudEvent, HTTP } from 'cloudevents'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clickhouse } from '../../src/extras/transports/clickhouse.js'
import { cloudevents } from '../../src/extras/transports/cloudevents.js'
import { plausible } from '../../src/extras/transports/plausible.js'
import { posthog } from '../../src/extras/transports/posthog.js'
import { snowplow } from '../../src/extras/transports/snowplow.js'
import { uuid } from '../../src/lib/uuid.js'
import { otlp } from '../../src/tell/otlp.js'
import type { Row, Transport } from '../../src/types.js'

/** 2026-11-23. */
const DAY = 20_780
const ROW: Row = { metric: 'shown', experience: 'hero-test', arm: 'spring', held: false, weights: 3, stratum: 'returning', day: DAY, id: 'V1StGXR8_Z5jdHi6B-myT' }
const ENDPOINT = 'https://collect.example/in'
const RULES = { endpoint: ENDPOINT, service: 'example.com', key: 'iglu:com.example/slotwise_row/jsonschema/1-0-0' }
const ALL: { [name: string]: Transport } = { otlp: otlp(RULES), cloudevents: cloudevents(RULES), clickhouse: clickhouse(RULES), posthog: posthog(RULES), plausible: plausible(RULES), snowplow: snowplow(RULES) }
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

const bodyOf = (transport: Transport, row: Row = ROW) => JSON.parse(transport(row).body)

test('OpenTelemetry’s own serializer writes the same record', () => {
  const { metric, day, id, ...rest } = ROW as Row & { [name: string]: string | number | boolean }
  const attributes = { ...rest, row: id }
  const theirs = JsonLogsSerializer.serializeRequest([
    {
      hrTime: [day * 86_400, 0],
      hrTimeObserved: [0, 0],
      eventName: `slotwise.${metric}`,
      body: `slotwise.${metric}`,
      attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`slotwise.${name}`, value])),
      resource: { attributes: { 'service.name': 'example.com' } },
      instrumentationScope: { name: 'slotwise' },
      droppedAttributesCount: 0,
    } as unknown as Parameters<typeof JsonLogsSerializer.serializeRequest>[0][0],
  ])
  const { url, type } = otlp(RULES)(ROW)
  expect([url, type]).toEqual([ENDPOINT, 'application/json'])
  // Protobuf's JSON leaves out what is 0, and reads a whole number as a text or as a number.
  const plain = (value: unknown) => JSON.parse(JSON.stringify(value), (name, one) => (name === 'intValue' ? Number(one) : (name === 'droppedAttributesCount' && one === 0) || (name === 'observedTimeUnixNano' && one === '0') ? undefined : one))
  expect(plain(bodyOf(otlp(RULES)))).toEqual(plain(JSON.parse(new TextDecoder().decode(theirs as Uint8Array))))
})

test('the CloudEvents package reads one valid event, dated by its day', () => {
  const { url, type, body } = cloudevents(RULES)(ROW)
  expect(url).toBe(ENDPOINT)
  const events = HTTP.toEvent({ headers: { 'content-type': type }, body })
  const [event] = (Array.isArray(events) ? events : [events]) as CloudEvent<unknown>[]
  expect(Array.isArray(events) && events.length).toBe(1)
  expect(event?.validate()).toBe(true)
  expect(event).toMatchObject({ specversion: '1.0', id: ROW.id, source: 'example.com', type: 'slotwise.shown.v1', time: '2026-11-23T00:00:00.000Z' })
  expect(event?.data).toEqual({ experience: 'hero-test', arm: 'spring', held: false, weights: 3, stratum: 'returning' })
})

test('ClickHouse gets a line of JSONEachRow, as plain text, into the table that the site names', () => {
  const { url, type, body } = clickhouse({ endpoint: '/ch?user=rows', service: 'rows' })(ROW)
  expect(type).toBe('text/plain')
  expect(url).toBe('/ch?user=rows&input_format_skip_unknown_fields=1&query=INSERT%20INTO%20rows%20FORMAT%20JSONEachRow')
  expect(clickhouse({ endpoint: 'https://ch.example/' })(ROW).url).toMatch(/^https:\/\/ch\.example\/\?input/)
  expect(JSON.parse(body)).toEqual({ metric: 'shown', experience: 'hero-test', arm: 'spring', held: 0, weights: 3, stratum: 'returning', day: '2026-11-23', id: ROW.id })
  expect(body).not.toContain('\n')
})

test('PostHog gets a batch of one event of nobody, with a uuid that is always the same for the row', () => {
  const { batch, ...rest } = bodyOf(ALL.posthog as Transport)
  expect(rest).toEqual({ api_key: RULES.key })
  expect(batch).toEqual([
    {
      event: 'slotwise.shown',
      uuid: expect.stringMatching(UUID),
      timestamp: '2026-11-23T00:00:00.000Z',
      properties: { distinct_id: '$slotwise_anonymous', $process_person_profile: false, $geoip_disable: true, $ip: '0.0.0.0', experience: 'hero-test', arm: 'spring', held: false, weights: 3, stratum: 'returning' },
    },
  ])
})

test('Plausible gets a custom event with texts alone, never again', () => {
  const { type, once } = plausible(RULES)(ROW)
  expect([type, once]).toEqual(['text/plain', true])
  const { props, ...rest } = bodyOf(plausible(RULES))
  expect(rest).toEqual({ name: 'slotwise.shown', domain: 'example.com', url: 'https://example.com/', interactive: false })
  expect(props).toEqual({ experience: 'hero-test', arm: 'spring', held: 'false', weights: '3', stratum: 'returning', day: '2026-11-23' })
})

test('Snowplow gets one self-describing event, of texts alone, and is asked to note nobody', () => {
  const { type, headers } = snowplow(RULES)(ROW)
  expect([type, headers]).toEqual(['application/json; charset=UTF-8', { 'SP-Anonymous': '*' }])
  const { schema, data } = bodyOf(snowplow(RULES))
  expect(schema).toBe('iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4')
  expect(data).toEqual([{ e: 'ue', p: 'web', tv: 'slotwise', aid: 'example.com', eid: expect.stringMatching(UUID), dtm: '1795392000000', ue_pr: expect.any(String) }])
  expect(JSON.parse(data[0].ue_pr)).toEqual({
    schema: 'iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0',
    data: { schema: RULES.key, data: { metric: 'shown', experience: 'hero-test', arm: 'spring', held: false, weights: 3, stratum: 'returning' } },
  })
})

const word = fc.string({ minLength: 1, maxLength: 20 })
const id = fc.string({ unit: fc.constantFrom(...'ABCXYZabcxyz0189_-'), minLength: 21, maxLength: 21 })
const trial = { experience: word, arm: word, held: fc.boolean(), weights: fc.nat(), stratum: word }
const more = { value: fc.double({ noNaN: true, noDefaultInfinity: true }), name: word, values: fc.dictionary(word, word, { maxKeys: 3 }), page: word, bucket: fc.nat(9) }
const common = { metric: fc.constantFrom('shown', 'seen', 'goal', 'dismiss', 'value', 'count'), day: fc.integer({ min: 19_000, max: 30_000 }), id }
const anyRow = fc.record({ ...common, ...trial, ...more }, { requiredKeys: ['metric', 'day', 'id'] }) as unknown as fc.Arbitrary<Row>

test.each(Object.entries(ALL))('by %s, whatever a row says is sent, and two rows that say the same differ in nothing but their id', (name, transport) => {
  fc.assert(
    fc.property(anyRow, id, (row, other) => {
      const one = transport(row)
      expect(transport(row)).toEqual(one)
      const twin = transport({ ...row, id: other })
      const blank = (body: string, used: string): string => body.split(JSON.stringify(used).slice(1, -1)).join('').split(uuid(used)).join('')
      // A short id could stand in a word by chance: 21 of its letters do not.
      expect(blank(twin.body, other)).toBe(blank(one.body, row.id))
      expect({ ...twin, body: '' }).toEqual({ ...one, body: '' })
      const said = one.body.replace(/\\+/g, '')
      for (const value of Object.values(row)) if (typeof value === 'string' && value !== row.id) expect(said).toContain(JSON.stringify(value).slice(1, -1).replace(/\\+/g, ''))
      if (name !== 'plausible') expect(said.includes(row.id) || said.includes(uuid(row.id))).toBe(true)
    }),
    { numRuns: 200 },
  )
})

test('different ids give different uuids', () => {
  fc.assert(fc.property(id, id, (one, other) => {
    expect(uuid(one)).toMatch(UUID)
    // Six bits say which kind of uuid it is: ids that differ in them alone cannot be told apart, one in 2^120 pairs.
    if (one.slice(0, 8) !== other.slice(0, 8)) expect(uuid(one)).not.toBe(uuid(other))
  }))
})
