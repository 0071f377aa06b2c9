// tcf(): any consent manager of the IAB's Transparency and Consent Framework, version 2.2 or 2.3.

import { appears } from '../../lib/appears.js'
import { guarded } from '../../lib/guard.js'
import { type Ids, permitted } from '../../lib/permitted.js'
import type { ConsentSource } from '../../types.js'

export interface TcfOptions extends Ids<number> {
  /** Opens the manager's dialog: the framework has no command for that. */
  open?(): void
}

/** Of https://github.com/InteractiveAdvertisingBureau/GDPR-Transparency-and-Consent-Framework, CMP API version 2. */
interface TcData {
  listenerId?: number
  eventStatus?: string
  gdprApplies?: boolean
  purpose?: { consents?: { [purpose: string]: boolean } }
  publisher?: { consents?: { [purpose: string]: boolean } }
}

type Api = (command: string, version: 2, heard: (data: TcData, ok: boolean) => void, parameter?: number) => void

/**
 * By default purposes 1, 5 and 6 (storage, profiles for content, personalized content) are `personalize`, and 1 and 8
 * (storage, measuring content) are `measure`. What the visitor allows the site itself comes before what vendors are
 * allowed; legitimate interest is never consent. Where the regulation does not apply, or the manager does not know
 * whether it does, nobody has answered.
 */
export function tcf({ open, ...ids }: TcfOptions = {}): ConsentSource {
  const view = globalThis as { __tcfapi?: Api }
  return {
    name: 'tcf',
    subscribe: (heard, failed) => {
      let listener: number | undefined
      let answered = false
      let live = true
      // The stub that stood there first has been replaced by now.
      const remove = guarded(failed)((): void => view.__tcfapi?.('removeEventListener', 2, () => {}, listener))
      const told = guarded(failed)((data: TcData, ok: boolean): void => {
        if (!ok) return
        listener = data.listenerId
        if (!live) {
          remove()
          return
        }
        const { eventStatus, gdprApplies, purpose, publisher } = data
        const asking = eventStatus === 'cmpuishown'
        // Opened again by who has answered, the dialog changes nothing until it is answered anew.
        if (asking ? answered : eventStatus !== 'tcloaded' && eventStatus !== 'useractioncomplete') return
        answered = !asking
        const own = publisher?.consents ?? {}
        const consents = Object.keys(own).length > 0 ? own : (purpose?.consents ?? {})
        heard(asking || gdprApplies !== true ? {} : permitted({ personalize: [1, 5, 6], measure: [1, 8], ...ids }, (id) => consents[id]))
      })
      const stop = appears(() => view.__tcfapi, (api) => void api('addEventListener', 2, told), failed)
      return () => {
        live = false
        stop()
        if (listener !== undefined) remove()
      }
    },
    ...(open && { open }),
  }
}
