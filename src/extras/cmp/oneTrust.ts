// oneTrust(): the visitor's answer to OneTrust's cookie banner.

import { appears } from '../../lib/appears.js'
import { guarded } from '../../lib/guard.js'
import { listen, together } from '../../lib/listen.js'
import { type Ids, permitted } from '../../lib/permitted.js'
import type { ConsentSource } from '../../types.js'

/** https://developer.onetrust.com/onetrust/docs/javascript-events-guide */
interface View {
  OneTrust?: { IsAlertBoxClosed?(): boolean; ToggleInfoDisplay?(): void }
  /** As `,C0001,C0003,`. */
  OnetrustActiveGroups?: string
}

/**
 * By default category C0003 (functional) is `personalize`, C0002 (performance) is `measure`. Where the banner has not
 * been closed, categories that are active all the same are nobody's answer.
 */
export function oneTrust(ids: Ids<string> = {}): ConsentSource {
  const view = globalThis as View
  return {
    name: 'oneTrust',
    subscribe: (heard, failed) => {
      const read = guarded(failed)((): void => {
        const { OneTrust, OnetrustActiveGroups: groups } = view
        // It is not there yet, or not all of it.
        if (!OneTrust?.IsAlertBoxClosed || typeof groups !== 'string') return
        heard(OneTrust.IsAlertBoxClosed() ? permitted({ personalize: 'C0003', measure: 'C0002', ...ids }, (id) => groups.split(',').includes(id)) : {})
      })
      return together([
        // Raised when it loads, and with each change; the second once the change is written down.
        ...['OneTrustGroupsUpdated', 'OTConsentApplied'].map((event) => listen(globalThis, event, read)),
        appears(() => view.OneTrust?.IsAlertBoxClosed && view.OnetrustActiveGroups, read, failed),
      ])
    },
    open: () => view.OneTrust?.ToggleInfoDisplay?.(),
  }
}
