// A row can only say what the ruleset says: nothing that a page or a visitor holds has a way into it.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anonymizer } from '../../src/tell/anonymize.js'
import { otlp } from '../../src/tell/otlp.js'
import { RULESET } from './pages.js'

const anonymize = anonymizer(RULESET, (props) => props)
const TODAY = 20_000
const ID = 'V1StGXR8_Z5jdHi6B-myT'
const trial = { experience: 'test', arm: 'a', held: false, weights: 4, stratum: '*', day: TODAY }

test('a trial in the ruleset’s words becomes a row of them', () => {
  expect(anonymize('shown', trial, ID, TODAY)).toEqual({ metric: 'shown', ...trial, id: ID })
  expect(anonymize('goal', { experience: 'hero', arm: 'spring', held: true, weights: 0, stratum: '*', day: TODAY - 30 }, ID, TODAY)).toMatchObject({ held: true, weights: 0 })
  expect(anonymize('seen', { ...trial, stratum: 'returning', arm: 'b' }, ID, TODAY)).toMatchObject({ stratum: 'returning', arm: 'b' })
  expect(anonymize('shown', { ...trial, weights: 3, arm: 'old' }, ID, TODAY)).toMatchObject({ weights: 3, arm: 'old' })
})

test('what else is stored beside it stays there', () => {
  expect(anonymize('shown', { ...trial, email: 'ana@example.com', metric: 'x', id: 'y', toJSON: 'z' }, ID, TODAY)).toEqual({ metric: 'shown', ...trial, id: ID })
})

test.each([
  ['a metric of its own', 'click', {}, ID],
  ['an experience that is not there', 'shown', { experience: 'other' }, ID],
  ['an inherited name', 'shown', { experience: 'constructor' }, ID],
  ['an arm of other weights', 'shown', { arm: 'old' }, ID],
  ['an arm of another stratum', 'shown', { arm: 'b' }, ID],
  ['a stratum that is not there', 'shown', { stratum: 'pro' }, ID],
  ['a version that is not there', 'shown', { weights: 5 }, ID],
  ['a version as a text', 'shown', { weights: '4' }, ID],
  ['half a day', 'shown', { day: TODAY - 0.5 }, ID],
  ['a day that says something else', 'shown', { day: 79_927_999_999 }, ID],
  ['an id that was not made as ids are', 'shown', {}, 'ana@example.com'],
  ['an id that is too long', 'shown', {}, `${ID}x`],
  ['an id that is no text', 'shown', {}, { toString: (): string => ID }],
])('%s makes no row', (_, metric, rest, id) => {
  expect(anonymize(metric, { ...trial, ...rest }, id, TODAY)).toBeUndefined()
})

test('whatever is stored, what is sent is made of the ruleset’s words, a day and an id', () => {
  const words = ['hero', 'test', 'plain', 'spring', 'extra', 'default', 'a', 'b', 'old', '*', 'returning', 'shown', 'seen', 'goal', 'slotwise']
  const anything = fc.oneof(fc.constantFrom<unknown>(...words, 0, 3, 4, TODAY, true), fc.anything(), fc.string(), fc.emailAddress())
  const stored = fc.record({ experience: anything, arm: anything, held: anything, weights: anything, stratum: anything, day: anything })
  let made = 0
  fc.assert(
    fc.property(fc.oneof(anything, fc.constantFrom('shown', 'goal')), fc.oneof(stored, fc.record({ ...Object.fromEntries(Object.entries(trial).map(([name, value]) => [name, fc.oneof({ weight: 9, arbitrary: fc.constant<unknown>(value) }, anything)])) })), fc.oneof(fc.constant(ID), anything), (metric, trial, id) => {
      const row = anonymize(metric, trial as Record<string, unknown>, id, TODAY)
      if (row?.metric === 'count') throw new Error('nothing is declared')
      if (!row) return
      made++
      const { day, held, weights, id: sent, ...texts } = row
      expect(Number.isInteger(day)).toBe(true)
      expect(typeof held).toBe('boolean')
      expect([0, 3, 4]).toContain(weights)
      expect(sent).toBe(ID)
      for (const text of Object.values(texts)) expect(words).toContain(text)
      expect(Object.keys(row).sort()).toEqual(['arm', 'day', 'experience', 'held', 'id', 'metric', 'stratum', 'weights'])
    }),
    { numRuns: 2000 },
  )
  expect(made).toBeGreaterThan(50)
})

test('a row is one OTLP log record, with the day as its time', () => {
  const row = anonymize('shown', trial, ID, TODAY)
  if (!row) throw new Error('no row')
  const { url, type, body } = otlp({ endpoint: '/collect/v1/logs', service: 'shop' })(row)
  expect([url, type]).toEqual(['/collect/v1/logs', 'application/json'])
  expect(JSON.parse(body)).toEqual({
    resourceLogs: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        scopeLogs: [
          {
            scope: { name: 'slotwise' },
            logRecords: [
              {
                timeUnixNano: '1728000000000000000',
                eventName: 'slotwise.shown',
                body: { stringValue: 'slotwise.shown' },
                attributes: [
                  { key: 'slotwise.experience', value: { stringValue: 'test' } },
                  { key: 'slotwise.arm', value: { stringValue: 'a' } },
                  { key: 'slotwise.held', value: { boolValue: false } },
                  { key: 'slotwise.weights', value: { intValue: '4' } },
                  { key: 'slotwise.stratum', value: { stringValue: '*' } },
                  { key: 'slotwise.row', value: { stringValue: ID } },
                ],
              },
            ],
          },
        ],
      },
    ],
  })
})
