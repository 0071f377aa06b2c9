// Google Consent Mode as a page speaks it: `gtag` pushes its own arguments on the data layer.

import { afterEach, beforeEach, expect, test } from 'vitest'
import { consentMode } from '../../../src/extras/cmp/consentMode.js'
import { type ConsentingSite, emitConsentMode } from '../../../src/extras/cmp/emitConsentMode.js'
import type { Consent, Permission } from '../../../src/types.js'
import { consentSourceContract, type Manager, watch } from './contract.js'

const view = globalThis as { dataLayer?: unknown[] }

/** Google's snippet, word for word. */
const gtag = function (..._words: unknown[]): void {
  view.dataLayer ??= []
  // biome-ignore lint/complexity/noArguments: so it is.
  view.dataLayer.push(arguments)
}

const TYPES = { all: ['granted', 'granted'], none: ['denied', 'denied'], personalize: ['granted', 'denied'], measure: ['denied', 'granted'] } as const
const types = (answer: keyof typeof TYPES) => ({ personalization_storage: TYPES[answer][0], analytics_storage: TYPES[answer][1], ad_storage: 'denied' })

const open = (): Manager => {
  let there = false
  const load = (): void => {
    there = true
    // What is granted by default is granted by nobody.
    gtag('consent', 'default', { ...types('all'), wait_for_update: 500 })
    gtag('js', new Date())
  }
  return {
    source: consentMode(),
    load,
    answer: (answer) => {
      if (there) gtag('consent', 'update', types(answer))
    },
    returning: (answer) => {
      load()
      gtag('consent', 'update', types(answer))
    },
    // Its own push, unwrapped again.
    listeners: () => (Object.hasOwn(view.dataLayer ?? [], 'push') ? 1 : 0),
    leave: () => void delete view.dataLayer,
  }
}
consentSourceContract('consentMode', open)

beforeEach(() => localStorage.clear())
afterEach(() => {
  delete view.dataLayer
  localStorage.clear()
})

test('what is granted for one region only is no yes, and what is denied there is a no', () => {
  gtag('consent', 'update', { ...types('all'), region: ['US-CA'] })
  const watched = watch([consentMode()])
  expect(watched.said()).toEqual(['unset', 'unset', 'nobody'])
  gtag('consent', 'update', { ...types('none'), region: ['DE'] })
  expect(watched.said()).toEqual(['denied', 'denied', 'consentMode'])
  watched.stop()
})

test('a type that nobody spoke of is no answer, whatever a tag manager makes of it', () => {
  const watched = watch([consentMode({ personalize: ['personalization_storage', 'functionality_storage'] })])
  gtag('consent', 'update', { analytics_storage: 'denied', personalization_storage: 'granted' })
  return new Promise<void>((done) => setTimeout(done, 70)).then(() => {
    expect(watched.said()).toEqual(['unset', 'denied', 'consentMode'])
    gtag('consent', 'update', { functionality_storage: 'granted' })
    expect(watched.said()).toEqual(['granted', 'denied', 'consentMode'])
    watched.stop()
  })
})

test('what is pushed there reaches whoever else listens, as it was', () => {
  gtag('js')
  const watched = watch([consentMode()])
  const length = view.dataLayer?.length ?? 0
  gtag('consent', 'update', types('all'))
  view.dataLayer?.push(null, undefined, 'x', { event: 'y' })
  expect(view.dataLayer?.length).toBe(length + 5)
  expect(watched.trouble).toEqual([])
  watched.stop()
})

/** A site that says what it is told to. */
const site = (): ConsentingSite & { say(personalize: Permission, measure: Permission, by?: string): void } => {
  const listeners = new Set<(state: Consent) => void>()
  return {
    on: (_, listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    say: (personalize, measure, by = 'visitor') => {
      for (const listener of listeners) listener({ personalize, measure, by, notice: { asks: true, sends: true } })
    },
  }
}
const pushed = (): unknown[][] => (view.dataLayer ?? []).map((entry) => Array.from(entry as ArrayLike<unknown>))
const UPDATE = (personalize: string, measure: string) => ['consent', 'update', { personalization_storage: personalize, analytics_storage: measure }]

test('our banner’s answer is told to Google’s tags, each change once, and advertising is never granted', () => {
  const one = site()
  const stop = emitConsentMode()(one)
  expect(pushed()).toEqual([['consent', 'default', { ad_storage: 'denied', ad_user_data: 'denied', ad_personalization: 'denied', personalization_storage: 'denied', analytics_storage: 'denied', wait_for_update: 500 }]])
  one.say('unset', 'unset', 'nobody')
  expect(pushed().length).toBe(1)
  one.say('granted', 'denied')
  one.say('granted', 'denied')
  one.say('denied', 'denied', 'signal')
  // Forgotten, they have granted nothing any longer.
  one.say('granted', 'granted')
  one.say('unset', 'unset', 'nobody')
  expect(pushed().slice(1)).toEqual([UPDATE('granted', 'denied'), UPDATE('denied', 'denied'), UPDATE('granted', 'granted'), UPDATE('denied', 'denied')])
  stop()
  one.say('granted', 'granted')
  expect(pushed().length).toBe(5)
})

test('what the page has said first stands, and what came from there is not told there', () => {
  gtag('consent', 'default', { analytics_storage: 'denied' })
  const one = site()
  emitConsentMode()(one)
  one.say('granted', 'granted', 'consentMode')
  expect(pushed().length).toBe(1)
})

test('what is pushed is what Google’s tags obey: the arguments of a call, and no array', () => {
  emitConsentMode()(site())
  expect(Object.prototype.toString.call(view.dataLayer?.[0])).toBe('[object Arguments]')
})
