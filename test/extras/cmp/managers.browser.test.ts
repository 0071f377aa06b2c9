// vanilla-cookieconsent, Klaro and the IAB's stub as npm has them, in a real page, answered by the buttons they show.

import { CmpApi } from '@iabtcf/cmpapi'
// @ts-expect-error: it has no types.
import stub from '@iabtcf/stub'
// @ts-expect-error: nor has it.
import * as Klaro from 'klaro/dist/klaro-no-css'
import { expect, test, vi } from 'vitest'
import * as CookieConsent from 'vanilla-cookieconsent'
import { klaro } from '../../../src/extras/cmp/klaro.js'
import { tcf } from '../../../src/extras/cmp/tcf.js'
import { vanillaCookieconsent } from '../../../src/extras/cmp/vanillaCookieconsent.js'
import { consentSourceContract, type Manager, watch } from './contract.js'

const WANTED = { all: ['personalize', 'measure'], none: [], personalize: ['personalize'], measure: ['measure'] } as const
type Answer = keyof typeof WANTED

const button = async (selector: string): Promise<HTMLElement> => vi.waitFor(() => {
  const found = document.querySelector<HTMLElement>(selector)
  if (!found) throw new Error(`there is no ${selector}`)
  return found
})
/** No cookie of this page stays for the next. */
const clearCookies = (): void => {
  // biome-ignore lint/suspicious/noDocumentCookie: not every engine has the other.
  for (const cookie of document.cookie.split('; ')) document.cookie = `${cookie.split('=')[0]}=; path=/; max-age=0`
}

// ---------------------------------------------------------------- vanilla-cookieconsent

const CATEGORIES = { personalize: 'functionality', measure: 'analytics' } as const
const openVanilla = (): Manager & { run(revision?: number): Promise<void> } => {
  let running = false
  const run = async (revision = 0): Promise<void> => {
    await CookieConsent.run({
      // A driven browser is one, to it.
      hideFromBots: false,
      revision,
      categories: { necessary: { enabled: true, readOnly: true }, functionality: {}, analytics: {} },
      language: {
        default: 'en',
        translations: {
          en: {
            consentModal: { title: 'Cookies', description: '{{revisionMessage}}', acceptAllBtn: 'Accept', acceptNecessaryBtn: 'Reject', showPreferencesBtn: 'Manage' },
            preferencesModal: { title: 'Cookies', acceptAllBtn: 'Accept', acceptNecessaryBtn: 'Reject', savePreferencesBtn: 'Save', sections: [{ title: 'Functionality', linkedCategory: 'functionality' }, { title: 'Analytics', linkedCategory: 'analytics' }] },
          },
        },
      },
    })
    running = true
  }
  const answer = async (answer: Answer): Promise<void> => {
    if (!running) return
    if (answer === 'all' || answer === 'none') {
      CookieConsent.show()
      ;(await button(`#cc-main .cm [data-role=${answer === 'all' ? 'all' : 'necessary'}]`)).click()
      return
    }
    CookieConsent.showPreferences()
    for (const purpose of WANTED.all) {
      const toggle = (await button(`#cc-main .section__toggle[value=${CATEGORIES[purpose]}]`)) as HTMLInputElement
      if (toggle.checked !== (WANTED[answer] as readonly string[]).includes(purpose)) toggle.click()
    }
    ;(await button('#cc-main .pm [data-role=save]')).click()
  }
  return {
    source: vanillaCookieconsent({ api: CookieConsent }),
    run,
    load: () => run(),
    answer,
    returning: async (given) => {
      await run()
      await answer(given)
      // The next page: the cookie is there, and it runs anew.
      CookieConsent.reset()
      await run()
    },
    leave: () => {
      running = false
      CookieConsent.reset(true)
      clearCookies()
    },
  }
}
consentSourceContract('vanillaCookieconsent', openVanilla)

test('where vanilla-cookieconsent asks anew because its revision has risen, the answer from before stands no longer', async () => {
  localStorage.clear()
  const manager = openVanilla()
  await manager.run(1)
  const watched = watch([manager.source])
  await manager.answer('all')
  await vi.waitFor(() => expect(watched.said()).toEqual(['granted', 'granted', 'vanillaCookieconsent']))
  // Opened again, its dialog takes nothing back.
  CookieConsent.show()
  await new Promise((done) => setTimeout(done, 100))
  expect(watched.said()).toEqual(['granted', 'granted', 'vanillaCookieconsent'])
  CookieConsent.reset()
  await manager.run(2)
  await vi.waitFor(() => expect(watched.said()).toEqual(['unset', 'unset', 'nobody']))
  watched.stop()
  await manager.leave()
})

test('vanilla-cookieconsent as a script is found by its global, or heard by its events alone', async () => {
  for (const global of [CookieConsent, undefined]) {
    localStorage.clear()
    Object.assign(window, { CookieConsent: global })
    const manager = openVanilla()
    const watched = watch([vanillaCookieconsent()])
    await manager.load()
    await manager.answer('measure')
    await vi.waitFor(() => expect(watched.said()).toEqual(['denied', 'granted', 'vanillaCookieconsent']))
    watched.stop()
    await manager.leave()
  }
  Object.assign(window, { CookieConsent: undefined })
})

test('the page’s control opens vanilla-cookieconsent’s own dialog', async () => {
  localStorage.clear()
  const manager = openVanilla()
  await manager.returning('all')
  const watched = watch([manager.source])
  const link = Object.assign(document.createElement('a'), { href: '#policy' })
  link.setAttribute('data-slotwise-consent', '')
  document.body.append(link)
  link.click()
  await vi.waitFor(() => expect(document.documentElement.classList.contains('show--preferences')).toBe(true))
  // The click went nowhere else.
  expect(location.hash).toBe('')
  watched.stop()
  link.remove()
  await manager.leave()
})

// ---------------------------------------------------------------- Klaro

const SERVICES = { personalize: 'slotwise-personalize', measure: 'slotwise-measure' } as const
interface KlaroManager {
  confirmed: boolean
  watchers: Set<unknown>
  resetConsents(): void
}
const openKlaro = (() => {
  let page = 0
  return (): Manager & { config: { elementID: string }; manager(): KlaroManager } => {
    const config = {
      // Klaro keeps one manager for each name as long as the page lives.
      storageName: `klaro-${++page}`,
      elementID: `klaro-${page}`,
      translations: { zz: { privacyPolicyUrl: '/privacy' } },
      acceptAll: true,
      services: Object.values(SERVICES).map((name) => ({ name, purposes: ['site'] })),
    }
    let there = false
    const manager = (): KlaroManager => Klaro.getManager(config)
    const load = (): void => {
      there = true
      Klaro.render(config, {})
      Object.assign(window, { klaroConfig: config })
    }
    const answer = async (answer: Answer): Promise<void> => {
      if (!there) return
      Klaro.show(config, true)
      const dialog = `#${config.elementID} .cm-modal`
      for (const purpose of WANTED.all) {
        const wanted = (WANTED[answer] as readonly string[]).includes(purpose)
        const toggle = (await button(`[id="service-item-${SERVICES[purpose]}"]`)) as HTMLInputElement
        if (toggle.checked !== wanted) toggle.click()
        await vi.waitFor(() => expect((document.getElementById(toggle.id) as HTMLInputElement).checked).toBe(wanted))
      }
      ;(await button(`${dialog} .cm-btn-accept`)).click()
      await vi.waitFor(() => expect(document.querySelector(dialog)).toBeNull())
    }
    return {
      source: klaro({ api: Klaro, config }),
      config,
      manager,
      load,
      answer,
      returning: (given) => {
        // biome-ignore lint/suspicious/noDocumentCookie: not every engine has the other.
        document.cookie = `${config.storageName}=${encodeURIComponent(JSON.stringify(Object.fromEntries(WANTED.all.map((purpose) => [SERVICES[purpose], (WANTED[given] as readonly string[]).includes(purpose)]))))}; path=/`
        load()
      },
      leave: () => {
        there = false
        document.getElementById(config.elementID)?.remove()
        Object.assign(window, { klaroConfig: undefined })
        clearCookies()
      },
    }
  }
})()
consentSourceContract('klaro', () => {
  const manager = openKlaro()
  // A page that has Klaro as a script: it stands in the page once it has come.
  return { ...manager, source: klaro({ api: Klaro }), listeners: () => manager.manager().watchers.size }
})

test.each([
  ['.cm-btn-accept-all', 'granted'],
  ['.cn-decline', 'denied'],
])('Klaro’s own %s is an answer to both', async (selector, word) => {
  localStorage.clear()
  const manager = openKlaro()
  await manager.load()
  const watched = watch([manager.source])
  Klaro.show(manager.config, true)
  ;(await button(`#${manager.config.elementID} .cm-modal ${selector}`)).click()
  await vi.waitFor(() => expect(watched.said()).toEqual([word, word, 'klaro']))
  watched.stop()
  await manager.leave()
})

test('what Klaro takes back is an answer no longer', async () => {
  localStorage.clear()
  const manager = openKlaro()
  await manager.returning('all')
  const watched = watch([manager.source])
  expect(watched.said()).toEqual(['granted', 'granted', 'klaro'])
  manager.manager().resetConsents()
  expect(watched.said()).toEqual(['unset', 'unset', 'nobody'])
  watched.stop()
  await manager.leave()
})

test('the page’s control opens Klaro’s own dialog', async () => {
  const manager = openKlaro()
  await manager.returning('none')
  manager.source.open?.()
  await button(`#${manager.config.elementID} .cm-modal`)
  await manager.leave()
})

// ---------------------------------------------------------------- IAB

test('the framework’s stub stands in the page until its manager comes, and is enough', async () => {
  localStorage.clear()
  stub()
  const watched = watch([tcf()])
  const undone = watch([tcf()])
  undone.stop()
  expect(watched.said()).toEqual(['unset', 'unset', 'nobody'])
  const api = new CmpApi(9, 1, true)
  // Before it loads, nobody is told anything.
  expect(watched.said()).toEqual(['unset', 'unset', 'nobody'])
  api.update('', false)
  await vi.waitFor(() => expect(watched.said()).toEqual(['denied', 'denied', 'tcf']))
  watched.stop()
  expect(watched.trouble).toEqual([])
  localStorage.clear()
})
