// What a visitor allows: two purposes, one record, signals that say no, and tabs that follow.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Consenting, openConsent } from '../src/consent.js'
import type { ConsentRules } from '../src/types.js'

const KEY = 'slotwise:consent'
const DAY = 86_400_000
let clock: number
let changes: number
let reports: string[]
let opened: Consenting[]

beforeEach(() => {
  localStorage.clear()
  clock = Date.UTC(2026, 0, 1)
  changes = 0
  reports = []
  opened = []
})
afterEach(() => {
  for (const consent of opened) consent.stop()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const open = (rules: ConsentRules | undefined = {}): Consenting => {
  const consent = openConsent({ now: () => clock, changed: () => changes++, report: (message) => reports.push(message) })
  opened.push(consent)
  consent.ask(rules, true)
  return consent
}
const said = (consent: Consenting) => {
  const { personalize, measure, by } = consent.state()
  return [personalize, measure, by]
}
const ALL = { personalize: 'granted', measure: 'granted' } as const
const NONE = { personalize: 'denied', measure: 'denied' } as const

/** What the browser tells the other tabs. */
const tellTabs = (key: string | null = KEY): void => void window.dispatchEvent(Object.assign(new Event('storage'), { key }))

const withSignal = (navigator: object): void => void vi.stubGlobal('navigator', navigator)

test('a visitor who has said nothing has granted nothing', () => {
  const consent = open()
  expect(said(consent)).toEqual(['unset', 'unset', 'nobody'])
  expect(consent.measures()).toBe(false)
})

test('nothing is granted before it is known what the ruleset asks, whatever was said of an earlier one', () => {
  open().choose(ALL)
  const consent = openConsent({ now: () => clock, changed: () => {}, report: () => {} })
  opened.push(consent)
  expect(said(consent)).toEqual(['unset', 'unset', 'nobody'])
  expect(consent.measures()).toBe(false)
  consent.ask({}, true)
  expect(said(consent)).toEqual(['granted', 'granted', 'visitor'])
})

test.each([
  ['local', 'local'],
  ['memory', 'memory'],
  ['off', 'off'],
  [undefined, 'local'],
] as const)('before a choice a site that says %s keeps what that mode keeps', (before, mode) => {
  const consent = open(before ? { before } : {})
  expect(consent.mode()).toBe(mode)
  consent.choose(ALL)
  expect(consent.mode()).toBe('local')
  consent.choose(NONE)
  expect(consent.mode()).toBe('off')
})

test('the answer is committed when it is given, and holds on the next page', () => {
  open().choose({ personalize: 'granted', measure: 'denied' })
  expect(JSON.parse(localStorage.getItem(KEY) ?? '')).toMatchObject({ v: 1, personalize: 'granted', measure: 'denied', at: clock, revision: 0, signal: false })
  expect(said(open())).toEqual(['granted', 'denied', 'visitor'])
})

test('an answer to one purpose leaves the other as it was', () => {
  const consent = open()
  consent.choose({ measure: 'granted' })
  expect(said(consent)).toEqual(['unset', 'granted', 'visitor'])
  consent.choose({ personalize: 'granted' })
  expect(said(consent)).toEqual(['granted', 'granted', 'visitor'])
  consent.choose({ measure: 'denied' })
  expect(said(consent)).toEqual(['granted', 'denied', 'visitor'])
})

test('who may not be remembered on the device is not measured either', () => {
  const consent = open({ before: 'memory' })
  consent.choose({ measure: 'granted' })
  expect(consent.measures()).toBe(false)
  consent.choose({ personalize: 'denied' })
  expect(consent.measures()).toBe(false)
  consent.choose({ personalize: 'granted' })
  expect(consent.measures()).toBe(true)
})

test.each([
  ['Global Privacy Control', { globalPrivacyControl: true }],
  ['Global Privacy Control as a text', { globalPrivacyControl: '1' }],
  ['Do Not Track', { doNotTrack: '1' }],
  [
    'a browser that throws when asked',
    {
      get globalPrivacyControl() {
        throw new Error('no')
      },
    },
  ],
])('%s denies both, until the visitor says otherwise in spite of it', (_, navigator) => {
  withSignal(navigator)
  const consent = open()
  expect(said(consent)).toEqual(['denied', 'denied', 'signal'])
  expect(consent.mode()).toBe('off')
  consent.choose({ personalize: 'granted' })
  expect(said(consent)).toEqual(['granted', 'denied', 'visitor'])
  expect(said(open())).toEqual(['granted', 'denied', 'visitor'])
})

test.each([{ globalPrivacyControl: false }, { doNotTrack: '0' }, { doNotTrack: 'unspecified' }, { doNotTrack: null }, {}])('%o is no signal', (navigator) => {
  withSignal(navigator)
  expect(said(open())).toEqual(['unset', 'unset', 'nobody'])
})

test('a signal that is newer than the answer is obeyed, and an answer newer than the signal is kept when that goes', () => {
  const consent = open()
  consent.choose(ALL)
  withSignal({ globalPrivacyControl: true })
  expect(said(open())).toEqual(['denied', 'denied', 'signal'])
  consent.choose(ALL)
  vi.unstubAllGlobals()
  expect(said(open())).toEqual(['granted', 'granted', 'visitor'])
})

test('a yes and a no are remembered for 180 days alike, and asked for anew after that', () => {
  for (const choice of [ALL, NONE]) {
    open().choose(choice)
    const start = clock
    clock = start + 180 * DAY
    expect(open().state().measure).toBe(choice.measure)
    clock++
    expect(said(open())).toEqual(['unset', 'unset', 'nobody'])
  }
})

test('when what is asked changes, earlier answers hold no longer, and an older ruleset does not bring them down', () => {
  open({ revision: 2 }).choose(ALL)
  expect(open({ revision: 2 }).state().by).toBe('visitor')
  expect(open({ revision: 1 }).state().by).toBe('visitor')
  expect(said(open({ revision: 3 }))).toEqual(['unset', 'unset', 'nobody'])
})

test('a record from a day that is still far off was written by a wrong clock, and is no consent', () => {
  open().choose(ALL)
  clock -= 400 * DAY
  expect(said(open())).toEqual(['unset', 'unset', 'nobody'])
})

test.each(['', '{', 'null', '[]', '"granted"', '{"personalize":"granted"}', '{"v":1,"personalize":true,"measure":true,"at":1,"revision":0}', '{"personalize":"granted","measure":"granted","at":"now","revision":0}', '{"__proto__":{"personalize":"granted","measure":"granted"},"at":1,"revision":0}'])(
  'a record that reads %s is no consent',
  (record) => {
    localStorage.setItem(KEY, record)
    clock = 2
    expect(said(open())).toEqual(['unset', 'unset', 'nobody'])
  },
)

test.each([{ personalize: true }, { measure: 'yes' }, { personalize: 'granted', measure: 'unset' }, {}, { marketing: 'granted' }])('%j is no answer, and is ignored with one word about it', (choice) => {
  const consent = open()
  consent.choose(choice as object)
  expect(said(consent)).toEqual(['unset', 'unset', 'nobody'])
  expect(localStorage.getItem(KEY)).toBeNull()
  expect(reports).toEqual([expect.stringContaining('consent() is ignored')])
})

test('other tabs follow an answer, a withdrawal, and a storage that was cleared', () => {
  const [one, two] = [open(), open()]
  const heard = changes
  one.choose(ALL)
  // Without having heard of it, a tab that is about to send looks for itself.
  expect(two.measures()).toBe(true)
  tellTabs()
  expect(changes).toBe(heard + 2)
  tellTabs('somebody-else')
  expect(changes).toBe(heard + 2)
  one.choose({ measure: 'denied' })
  expect(two.measures()).toBe(false)
  localStorage.clear()
  tellTabs(null)
  expect(said(two)).toEqual(['unset', 'unset', 'nobody'])
})

test('the same answer again is no change', () => {
  const consent = open()
  consent.choose(ALL)
  const heard = changes
  consent.choose(ALL)
  expect(changes).toBe(heard)
})

test('where storage is denied an answer holds for the page, and can be taken back', () => {
  const broken = () => {
    throw new DOMException('denied', 'SecurityError')
  }
  vi.stubGlobal('localStorage', { getItem: broken, setItem: broken, removeItem: broken })
  const consent = open()
  consent.choose(ALL)
  expect(said(consent)).toEqual(['granted', 'granted', 'visitor'])
  expect(reports.length).toBe(1)
  consent.choose({ measure: 'denied' })
  expect(consent.measures()).toBe(false)
  consent.forget()
  expect(said(consent)).toEqual(['unset', 'unset', 'nobody'])
})

test('a withdrawal that storage has no room for still holds against the yes that is there', () => {
  const consent = open()
  consent.choose(ALL)
  const real = localStorage
  const full = {
    getItem: (key: string) => real.getItem(key),
    removeItem: (key: string) => real.removeItem(key),
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError')
    },
  }
  vi.stubGlobal('localStorage', full)
  consent.choose(NONE)
  expect(said(consent)).toEqual(['denied', 'denied', 'visitor'])
  // Nor on the next page.
  expect(open().measures()).toBe(false)
})

test('a banner learns who asks, and whether it is to ask at all', () => {
  expect(open({ controller: 'Example Ltda', policy: '/privacy' }).state().notice).toEqual({ asks: true, sends: true, controller: 'Example Ltda', policy: '/privacy' })
  expect(open({ banner: false }).state().notice.asks).toBe(false)
  const silent = openConsent({ now: () => clock, changed: () => {}, report: () => {} })
  opened.push(silent)
  expect(silent.state().notice.asks).toBe(false)
  silent.ask(undefined, false)
  expect(silent.state().notice).toMatchObject({ asks: false, sends: false })
})
