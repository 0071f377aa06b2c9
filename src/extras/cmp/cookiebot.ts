// cookiebot(): the visitor's answer to Cookiebot's banner.

import { guarded } from '../../lib/guard.js'
import { listen, together } from '../../lib/listen.js'
import { type Ids, permitted } from '../../lib/permitted.js'
import type { ConsentSource } from '../../types.js'

/** https://www.cookiebot.com/en/developer/ */
interface View {
  Cookiebot?: { hasResponse?: boolean; consent?: { method?: string | null; [category: string]: unknown }; show?(): void }
}

/**
 * By default `preferences` is `personalize`, `statistics` is `measure`. Consent that Cookiebot calls implied is nobody's
 * answer.
 */
export function cookiebot(ids: Ids<string> = {}): ConsentSource {
  const view = globalThis as View
  return {
    name: 'cookiebot',
    subscribe: (heard, failed) => {
      const read = guarded(failed)((): void => {
        const { hasResponse, consent } = view.Cookiebot ?? {}
        const given = hasResponse === true && consent?.method === 'explicit'
        heard(given ? permitted({ personalize: 'preferences', measure: 'statistics', ...ids }, (id) => consent[id]) : {})
      })
      // Before it is ready it has no response to tell of, whatever was answered.
      if (view.Cookiebot?.hasResponse) read()
      return together(['CookiebotOnConsentReady', 'CookiebotOnAccept', 'CookiebotOnDecline', 'CookiebotOnDialogDisplay'].map((event) => listen(globalThis, event, read)))
    },
    open: () => view.Cookiebot?.show?.(),
  }
}
