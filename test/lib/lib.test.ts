// Small helpers that need one or two lines each.

import { expect, test } from 'vitest'
import { deadline } from '../../src/lib/deadline.js'
import { duration } from '../../src/lib/duration.js'
import { fingerprint, notePrint, printOf } from '../../src/lib/fingerprint.js'
import { guarded } from '../../src/lib/guard.js'
import { nearest } from '../../src/lib/nearest.js'
import { at, isObject, own } from '../../src/lib/own.js'
import { beginsVisit, newest, VISIT_IDLE } from '../../src/lib/visit.js'

test.each([
  ['30s', 30_000],
  ['30m', 1_800_000],
  ['2h', 7_200_000],
  ['7d', 604_800_000],
  ['12w', 7_257_600_000],
  ['0s', 0],
])('%s is %d ms', (text, ms) => {
  expect(duration(text)).toBe(ms)
})

test.each(['7dd', 'd', '', '1.5h', '-1d', ' 7d', '7 d', 7, null, undefined])('%s is no duration', (text) => {
  expect(duration(text)).toBeNaN()
})

test('a path is looked up by own properties only', () => {
  expect(at({ utm: { source: 'news' } }, 'utm.source')).toBe('news')
  expect(at({ list: ['a', 'b'] }, 'list.1')).toBe('b')
  for (const path of ['constructor', 'utm.toString', '__proto__.x', 'a.b.c', 'utm.source.length']) {
    expect(at({ utm: { source: 'news' }, a: null }, path), path).toBeNull()
  }
  expect(own(null, 'x')).toBeUndefined()
  expect(isObject([])).toBe(false)
})

test('the nearest name is suggested, and only when it is near', () => {
  expect(nearest('wehn', ['when', 'show', 'split'])).toBe('when')
  expect(nearest('shoe-lovers', ['shoe-lover', 'buyer'])).toBe('shoe-lover')
  expect(nearest('quite-else', ['when', 'show'])).toBeUndefined()
})

test('a promise that never settles is given up, one that does is not', async () => {
  await expect(deadline(new Promise(() => {}), 5, 'It')).rejects.toMatchObject({ name: 'TimeoutError', message: 'It did not answer within 5 ms' })
  await expect(deadline(Promise.resolve(1), 5, 'It')).resolves.toBe(1)
})

test('a guard keeps an error from the page', () => {
  const errors: unknown[] = []
  guarded((error) => errors.push(error))((word: string) => {
    throw word
  })('mine')
  expect(errors).toEqual(['mine'])
})

test('a visit begins after more than thirty idle minutes, or with a new campaign', () => {
  const event = (at: number, utm = {}) => ({ id: '', type: 'page_view', at, props: { utm } })
  const profile = { lastAt: 1000, utm: { source: 'news' } }
  expect(beginsVisit({ lastAt: null, utm: {} }, event(0))).toBe(true)
  expect(beginsVisit(profile, event(1000 + VISIT_IDLE))).toBe(false)
  expect(beginsVisit(profile, event(1001 + VISIT_IDLE))).toBe(true)
  expect(beginsVisit(profile, event(2000, { source: 'ads' }))).toBe(true)
  expect(beginsVisit(profile, event(2000, { source: 'news' }))).toBe(false)
  expect(beginsVisit(profile, event(2000))).toBe(false)
  // A site's own event may have a property of that name.
  expect(beginsVisit(profile, { ...event(2000, { source: 'ads' }), type: 'ad_click' })).toBe(false)
})

test('a clock that was far ahead once does not end visits for ever', () => {
  const day = 86_400_000
  const ahead = { lastAt: 1000 * day, utm: {} }
  expect(beginsVisit(ahead, { id: '', type: 'x', at: day, props: {} })).toBe(true)
  expect(newest(1000 * day, day)).toBe(day)
  expect(newest(2000, 1000)).toBe(2000)
})

test('a fingerprint is another one when any character is', () => {
  const text = '{"version":1,"segments":{"a":{"event":"x"}}} ünïcode'
  const prints = new Set([...text].map((_, i) => fingerprint(`${text.slice(0, i)}#${text.slice(i + 1)}`)))
  expect(prints.size).toBe(text.length)
  expect(prints.has(fingerprint(text))).toBe(false)
  expect(fingerprint(text)).toBe(fingerprint(`${text}`))
})

test('what came as text is known by that text, and anything else by what it would be written as', () => {
  const text = '{ "version": 1 }'
  const value = JSON.parse(text)
  notePrint(value, text)
  expect(printOf(value)).toBe(fingerprint(text))
  expect(printOf({ version: 1 })).toBe(fingerprint('{"version":1}'))
})
