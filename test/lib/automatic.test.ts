// @vitest-environment node
// What a ruleset asks for decides what is listened to at all: each place where an event can be named counts.

import { expect, test } from 'vitest'
import { EVENTS } from '../../src/cli/events.js'
import { COMMERCE, eventTypes, SIGNALS } from '../../src/lib/automatic.js'
import { MAY_USE } from '../../src/sense/further.js'

const named = (ruleset: object): string[] => [...eventTypes({ version: 1, ...ruleset })].sort() as string[]

test('an event is used wherever a ruleset can name it', () => {
  expect(named({ segments: { a: { event: 'scroll' } } })).toEqual(['scroll'])
  expect(named({ segments: { a: { all: ['b', { not: { any: [{ event: 'read' }] } }] } } })).toEqual(['read'])
  expect(named({ segments: { a: { sequence: [{ event: 'read' }, { event: 'search' }], without: { event: 'form_start' } } } })).toEqual(['form_start', 'read', 'search'])
  expect(named({ segments: { a: { event: 'x', within: { since: { event: 'read' } } } } })).toEqual(['read', 'x'])
  expect(named({ segments: { a: { moreThan: [{ event: 'read' }, { event: 'x' }] } } })).toEqual(['read', 'x'])
  expect(named({ segments: { a: { score: { terms: [{ when: { event: 'read' }, add: 1 }] }, is: 1 } } })).toEqual(['read'])
  expect(named({ goals: { a: { event: 'form_submit' } } })).toEqual(['form_submit'])
  expect(named({ interests: { tags: { halfLife: '1d', weights: { read: 2, video_start: 1 } } } })).toEqual(['read', 'video_start'])
  expect(named({ slots: { hero: { experiences: [{ name: 'a', when: { event: 'engaged' }, show: 'x', on: { event: 'rage_click' } }] } } })).toEqual(['engaged', 'rage_click'])
})

test('a name that stands elsewhere is no event', () => {
  expect(named({ segments: { scroll: { trait: { read: 'search' } } }, pages: { search: '/search' }, slots: { read: { variants: { scroll: { text: { a: 'engaged' } } } } } })).toEqual([])
})

test('the script fetches the file of signals for each event that it can record, and for none of the usual ones', () => {
  for (const event of [...SIGNALS, ...COMMERCE]) {
    expect(MAY_USE.test(JSON.stringify({ goals: { a: { event } } })), event).toBe(true)
    expect(MAY_USE.test(JSON.stringify({ interests: { tags: { weights: { [event]: 1 } } } })), event).toBe(true)
  }
  for (const event of ['page_view', 'visit', 'cart_add', 'reading', 'signup']) {
    expect(MAY_USE.test(JSON.stringify({ segments: { scroll: { event }, search: { trait: { read: 1 } } } })), event).toBe(false)
  }
})

test('the published list has each of them, and says when and with what', () => {
  expect(Object.keys(EVENTS).filter((type) => EVENTS[type]?.recorded === 'used').sort()).toEqual([...new Set([...SIGNALS, ...COMMERCE])].sort())
  for (const { when, props } of Object.values(EVENTS)) for (const text of [when, ...Object.values(props)]) expect(text).toMatch(/^[A-Z0-9].*\.$/)
})
