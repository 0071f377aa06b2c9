// The one record of what the visitor allows, as other tabs and a full storage see it.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Consenting, openConsent } from '../src/consent.js'

const KEY = 'slotwise:consent'
const ALL = { personalize: 'granted', measure: 'granted' } as const
const opened: Consenting[] = []

beforeEach(() => localStorage.clear())
afterEach(() => {
  for (const consent of opened.splice(0)) consent.stop()
  vi.unstubAllGlobals()
})

const open = (): Consenting => {
  const consent = openConsent({ now: () => 1000, changed: () => {}, report: () => {} })
  opened.push(consent)
  consent.ask({}, true)
  return consent
}

/** The browser's storage, with something done around each of its steps. */
const watched = (around: { set?: () => void; after?: () => void }): void => {
  const real = localStorage
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => real.getItem(key),
    removeItem: (key: string) => {
      real.removeItem(key)
      around.after?.()
    },
    setItem: (key: string, value: string) => {
      around.set?.()
      real.setItem(key, value)
      around.after?.()
    },
  })
}

test('a tab that looks in the midst of an answer given elsewhere never finds that there is none', () => {
  const one = open()
  one.choose(ALL)
  const two = open()
  const seen: string[] = []
  watched({ after: () => seen.push(two.state().by) })
  one.choose(ALL)
  one.choose({ measure: 'denied' })
  expect(new Set(seen)).toEqual(new Set(['visitor']))
})

test('a no in another tab holds against a yes that this tab could not keep', () => {
  const one = open()
  let full = true
  watched({
    set: () => {
      if (full) throw new DOMException('full', 'QuotaExceededError')
    },
  })
  one.choose(ALL)
  expect(one.measures()).toBe(true)
  full = false
  open().choose({ measure: 'denied' })
  window.dispatchEvent(Object.assign(new Event('storage'), { key: KEY }))
  expect(one.measures()).toBe(false)
})
