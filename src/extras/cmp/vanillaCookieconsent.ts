// vanillaCookieconsent(): the visitor's answer to a banner of vanilla-cookieconsent, version 3.

import { guarded } from '../../lib/guard.js'
import { listen, together } from '../../lib/listen.js'
import { type Ids, permitted } from '../../lib/permitted.js'
import type { ConsentSource } from '../../types.js'

/** https://cookieconsent.orestbida.com/reference/api-reference.html */
interface Api {
  validConsent(): boolean
  getCookie(): { categories?: string[] }
  showPreferences(): void
}

export interface VanillaCookieconsentOptions extends Ids<string> {
  /** The module, where the page imports it; otherwise `window.CookieConsent`. */
  api?: Api
}

/** By default category `functionality` is `personalize`, `analytics` is `measure`. */
export function vanillaCookieconsent({ api, ...ids }: VanillaCookieconsentOptions = {}): ConsentSource {
  const find = () => api ?? (globalThis as { CookieConsent?: Api }).CookieConsent
  return {
    name: 'vanillaCookieconsent',
    subscribe: (heard, failed) => {
      const take = ({ categories = [] }: { categories?: string[] }): void => heard(permitted({ personalize: 'functionality', measure: 'analytics', ...ids }, (id) => categories.includes(id)))
      const told = guarded(failed)(({ detail }: CustomEvent): void => take(detail.cookie))
      const shown = guarded(failed)(({ detail }: CustomEvent): void => {
        // Asked anew, by a raised revision too; not where somebody who has answered has opened it.
        if (detail.modalName === 'consentModal' && find()?.validConsent() !== true) heard({})
      })
      guarded(failed)(() => {
        const found = find()
        // Before it runs it knows of no consent, whatever was answered.
        if (found?.validConsent()) take(found.getCookie())
      })()
      return together([listen(globalThis, 'cc:onConsent', told), listen(globalThis, 'cc:onChange', told), listen(globalThis, 'cc:onModalShow', shown)])
    },
    open: () => find()?.showPreferences(),
  }
}
