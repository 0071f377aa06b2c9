// Managers that npm does not have, by the calls and events that they document.

import { expect, test, vi } from 'vitest'
import { cookiebot } from '../../../src/extras/cmp/cookiebot.js'
import { didomi } from '../../../src/extras/cmp/didomi.js'
import { oneTrust } from '../../../src/extras/cmp/oneTrust.js'
import { consentSourceContract, type Manager, watch } from './contract.js'

type View = Window & { [name: string]: unknown }
const view = window as unknown as View

/** How many listeners stand on the window by now, beyond those of before. */
const counted = (): (() => number) => {
  const [added, removed] = [vi.spyOn(window, 'addEventListener'), vi.spyOn(window, 'removeEventListener')]
  return () => added.mock.calls.length - removed.mock.calls.length
}

const tell = (type: string, detail?: unknown): void => void window.dispatchEvent(new CustomEvent(type, { detail }))

// https://developer.onetrust.com/onetrust/docs/javascript-events-guide
const openOneTrust = (): Manager => {
  const GROUPS = { all: ['C0001', 'C0002', 'C0003', 'C0004'], none: ['C0001'], personalize: ['C0001', 'C0003'], measure: ['C0001', 'C0002'] }
  let closed = false
  const listeners = counted()
  const groups = (active: string[]): void => {
    view.OnetrustActiveGroups = `,${active.join(',')},`
    tell('OneTrustGroupsUpdated', active)
  }
  const load = (active: string[]): void => {
    view.OneTrust = { IsAlertBoxClosed: () => closed, ToggleInfoDisplay: () => {} }
    groups(active)
  }
  return {
    source: oneTrust(),
    // Where the law is an opt-out, all are active from the start.
    load: () => load(GROUPS.all),
    answer: (answer) => {
      if (!view.OneTrust) return
      groups(GROUPS[answer])
      // Written down a moment later.
      closed = true
      tell('OTConsentApplied')
    },
    returning: (answer) => {
      closed = true
      load(GROUPS[answer])
    },
    listeners,
    leave: () => {
      vi.restoreAllMocks()
      delete view.OneTrust
      delete view.OnetrustActiveGroups
    },
  }
}
consentSourceContract('oneTrust', openOneTrust)

// https://www.cookiebot.com/en/developer/
const openCookiebot = (): Manager => {
  const listeners = counted()
  const said = (answer: string) => ({ preferences: answer === 'all' || answer === 'personalize', statistics: answer === 'all' || answer === 'measure', marketing: false, necessary: true })
  const load = (answer?: string): void => {
    // It is there before it has read what was answered.
    view.Cookiebot = { hasResponse: false, consent: { ...said('none'), method: null }, show: () => {} }
    if (answer) {
      view.Cookiebot = { hasResponse: true, consent: { ...said(answer), method: 'explicit' } }
      tell('CookiebotOnConsentReady')
      tell(answer === 'none' ? 'CookiebotOnDecline' : 'CookiebotOnAccept')
    } else tell('CookiebotOnDialogDisplay')
  }
  return {
    source: cookiebot(),
    load: () => load(),
    answer: (answer) => {
      if (view.Cookiebot) load(answer)
    },
    returning: (answer) => load(answer),
    listeners,
    leave: () => {
      vi.restoreAllMocks()
      delete view.Cookiebot
    },
  }
}
consentSourceContract('cookiebot', openCookiebot)

test('consent that Cookiebot only implies is nobody’s', () => {
  localStorage.clear()
  view.Cookiebot = { hasResponse: true, consent: { preferences: true, statistics: true, method: 'implied' } }
  const watched = watch([cookiebot()])
  tell('CookiebotOnConsentReady')
  expect(watched.said()).toEqual(['unset', 'unset', 'nobody'])
  watched.stop()
  delete view.Cookiebot
})

// https://developers.didomi.io/cmp/web-sdk/reference/api
const PURPOSES = { all: ['cookies', 'create_content_profile', 'select_personalized_content', 'measure_content_performance'], none: [] as string[], personalize: ['cookies', 'create_content_profile', 'select_personalized_content'], measure: ['cookies', 'measure_content_performance'] }

const openDidomi = (): Manager => {
  let enabled: string[] = []
  let asked = false
  const listeners: { event: string; listener(): void }[] = []
  const purposes = () => Object.fromEntries(PURPOSES.all.map((id) => [id, { id, enabled: enabled.includes(id) }]))
  const load = (): void => {
    view.Didomi = { isConsentRequired: () => true, shouldUserStatusBeCollected: () => !asked, getCurrentUserStatus: () => ({ purposes: purposes(), vendors: {} }), preferences: { show: () => {} } }
    const taken = <T>(name: string, take: (entry: T) => void): void => {
      const queue = (view[name] ?? []) as T[]
      for (const entry of queue.splice(0)) take(entry)
      view[name] = Object.assign(queue, { push: (entry: T) => take(entry) })
    }
    taken('didomiEventListeners', (entry: { event: string; listener(): void }) => listeners.push(entry))
    taken('didomiOnReady', (ready: (api: unknown) => void) => ready(view.Didomi))
  }
  return {
    source: didomi(),
    load,
    answer: (answer) => {
      if (!view.Didomi) return
      asked = true
      enabled = PURPOSES[answer]
      for (const { event, listener } of listeners) if (event === 'consent.changed') listener()
    },
    returning: (answer) => {
      asked = true
      enabled = PURPOSES[answer]
      load()
    },
    leave: () => {
      for (const name of ['Didomi', 'didomiOnReady', 'didomiEventListeners']) delete view[name]
    },
  }
}
consentSourceContract('didomi', openDidomi)

test('where Didomi need not ask, nobody has answered', async () => {
  localStorage.clear()
  const manager = openDidomi()
  await manager.returning('all')
  Object.assign(view.Didomi as object, { isConsentRequired: () => false })
  const watched = watch([didomi()])
  expect(watched.said()).toEqual(['unset', 'unset', 'nobody'])
  watched.stop()
  await manager.leave()
})

test('undone before Didomi comes, nothing of ours waits for it', () => {
  didomi().subscribe(() => {}, () => {})()
  expect([view.didomiOnReady, view.didomiEventListeners]).toEqual([[], []])
  delete view.didomiOnReady
  delete view.didomiEventListeners
})

test.each([
  ['oneTrust', oneTrust(), { OneTrust: { ToggleInfoDisplay: () => {} } }, 'OneTrust.ToggleInfoDisplay'],
  ['cookiebot', cookiebot(), { Cookiebot: { show: () => {} } }, 'Cookiebot.show'],
  ['didomi', didomi(), { Didomi: { preferences: { show: () => {} } } }, 'Didomi.preferences.show'],
] as const)('%s opens its own dialog, and does nothing where it has not come', (_, source, globals, path) => {
  expect(() => source.open?.()).not.toThrow()
  Object.assign(view, globals)
  const names = path.split('.')
  const last = names.pop() as string
  const owner = names.reduce((object, name) => object[name] as { [name: string]: unknown }, view as unknown as { [name: string]: unknown })
  const called = vi.fn()
  owner[last] = called
  source.open?.()
  expect(called).toHaveBeenCalledTimes(1)
  delete view[path.split('.')[0] as string]
})
