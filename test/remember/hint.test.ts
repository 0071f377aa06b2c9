import { afterEach, expect, test, vi } from 'vitest'
import { foreseenIn, HINT, type Hint, putHint, readHint } from '../../src/remember/hint.js'
import type { Decision } from '../../src/types.js'

const DECISION: Decision = { slot: 'hero', variant: 'fan', experience: 'x', arm: 'fan', probability: 1, held: false, weights: null, stratum: '*', measured: false, epoch: 0, reason: 'show', because: '' }
const hint = (entry: unknown = [9e15, DECISION], signal = false): Hint => ({ v: 1, of: 'seed', signal, slots: { hero: entry as never } })

afterEach(() => {
  vi.unstubAllGlobals()
  localStorage.clear()
})

test('what one page leaves the next one reads', () => {
  putHint(hint())
  expect(readHint()).toEqual(hint())
  expect(foreseenIn(hint(), 'hero')).toEqual([9e15, DECISION, undefined, undefined])
  putHint(undefined)
  expect(localStorage.getItem(HINT)).toBeNull()
})

test('a slot that is not spoken of is left alone, and names that every object has are not spoken of', () => {
  for (const slot of ['other', 'constructor', '__proto__', 'toString']) expect(foreseenIn(hint(), slot)).toBeUndefined()
})

test.each([
  ['an entry without a decision', [9e15]],
  ['one with half a decision', [9e15, { slot: 'hero', variant: 'fan' }]],
  ['one with another slot’s decision', [9e15, { ...DECISION, slot: 'other' }]],
  ['one with a wrong type', [9e15, { ...DECISION, probability: '1' }]],
  ['one with inherited fields', [9e15, Object.create(DECISION)]],
  ['one with words that are none', [9e15, DECISION, { h1: 3 }]],
])('%s is left to the script', (_, entry) => {
  expect(foreseenIn(hint(entry), 'hero')).toEqual([0])
})

test('a decision that lacks any of its fields is none', () => {
  for (const field of Object.keys(DECISION)) {
    const { [field as 'slot']: _, ...rest } = DECISION
    expect(foreseenIn(hint([9e15, rest]), 'hero'), field).toEqual([0])
    if (!['experience', 'weights'].includes(field)) expect(foreseenIn(hint([9e15, { ...DECISION, [field]: null }]), 'hero'), field).toEqual([0])
  }
})

test('a hint that is too long, of another version or no hint at all is none', () => {
  for (const text of ['', 'x', 'null', '[]', '3', JSON.stringify({ ...hint(), v: 2 }), JSON.stringify({ ...hint(), of: 3 }), JSON.stringify({ ...hint(), more: 'x'.repeat(60_000) })]) {
    localStorage.setItem(HINT, text)
    expect(readHint()).toBeUndefined()
  }
})

test('a hint that there is no room for takes the one before it along', () => {
  putHint(hint())
  putHint({ ...hint(), of: 'x'.repeat(60_000) })
  expect(localStorage.getItem(HINT)).toBeNull()
})

test('a browser that says no for the visitor is heard before the script comes, unless they have said yes in spite of it', () => {
  vi.stubGlobal('navigator', { globalPrivacyControl: true })
  putHint(hint())
  expect(readHint()).toBeUndefined()
  putHint(hint(undefined, true))
  expect(readHint()).toBeDefined()
})

test('where storage is denied there is no hint, and no error', () => {
  vi.stubGlobal('localStorage', {
    getItem: () => {
      throw new Error('denied')
    },
    setItem: () => {
      throw new Error('denied')
    },
    removeItem: () => {
      throw new Error('denied')
    },
  })
  putHint(hint())
  expect(readHint()).toBeUndefined()
})
