// emitConsentMode(): tells Google Consent Mode, version 2, what the visitor has answered to our banner.

import type { Ids } from '../../lib/permitted.js'
import type { Consent } from '../../types.js'
import { IDS } from './consentMode.js'

/** What is needed of a site. */
export interface ConsentingSite {
  on(stage: 'consent', listener: (state: Consent) => void): () => void
}

/**
 * A plugin: tells Google's tags what the visitor has answered to Slotwise, and, where the page has said no `default`,
 * that all is denied until then. Advertising is never granted: Slotwise does not ask for it.
 */
export function emitConsentMode(ids: Ids<string> = {}): (site: ConsentingSite) => () => void {
  return (site) => {
    const named = { ...IDS, ...ids }
    const view = globalThis as { dataLayer?: unknown[] }
    view.dataLayer ??= []
    const layer = view.dataLayer
    // Google's tags obey such an object only, and no array.
    const gtag = function (..._words: unknown[]): void {
      // biome-ignore lint/complexity/noArguments: that is what is pushed.
      layer.push(arguments)
    }
    const each = (value: (purpose: keyof typeof IDS) => string): { [type: string]: string } =>
      Object.fromEntries((['personalize', 'measure'] as const).flatMap((purpose) => [named[purpose] ?? []].flat().map((type) => [type, value(purpose)])))

    const isDefault = (entry: unknown): boolean => {
      const [command, action] = Array.from((entry ?? []) as ArrayLike<unknown>)
      return command === 'consent' && action === 'default'
    }
    if (!layer.some(isDefault)) gtag('consent', 'default', { ad_storage: 'denied', ad_user_data: 'denied', ad_personalization: 'denied', ...each(() => 'denied'), wait_for_update: 500 })

    let last = ''
    return site.on('consent', (state) => {
      // What came from there need not be told there.
      if (/\bconsentMode\b/.test(state.by) || (state.by === 'nobody' && !last)) return
      const types = each((purpose) => (state[purpose] === 'granted' ? 'granted' : 'denied'))
      const said = JSON.stringify(types)
      if (said === last) return
      last = said
      gtag('consent', 'update', types)
    })
  }
}

export default emitConsentMode()
