// didomi(): the visitor's answer to Didomi's notice.

import { guarded } from '../../lib/guard.js'
import { type Ids, permitted } from '../../lib/permitted.js'
import type { ConsentSource } from '../../types.js'

/** https://developers.didomi.io/cmp/web-sdk/reference/api */
interface Didomi {
  shouldUserStatusBeCollected?(): boolean
  /** Its name in older versions. */
  shouldConsentBeCollected?(): boolean
  isConsentRequired?(): boolean
  getCurrentUserStatus(): { purposes?: { [id: string]: { enabled?: boolean } } }
  preferences?: { show(): void }
}

interface View {
  Didomi?: Didomi
  didomiOnReady?: unknown[]
  didomiEventListeners?: unknown[]
}

/**
 * By default purposes `cookies`, `create_content_profile` and `select_personalized_content` are `personalize`, `cookies`
 * and `measure_content_performance` are `measure`. Where no consent is required, nobody has answered.
 */
export function didomi(ids: Ids<string> = {}): ConsentSource {
  const view = globalThis as View
  return {
    name: 'didomi',
    subscribe: (heard, failed) => {
      let live = true
      let ready = false
      const read = guarded(failed)((): void => {
        const { Didomi } = view
        if (!live || !ready || !Didomi) return
        const open = Didomi.isConsentRequired?.() === false || (Didomi.shouldUserStatusBeCollected ?? Didomi.shouldConsentBeCollected)?.call(Didomi)
        const { purposes } = Didomi.getCurrentUserStatus()
        heard(open ? {} : permitted({ personalize: ['cookies', 'create_content_profile', 'select_personalized_content'], measure: ['cookies', 'measure_content_performance'], ...ids }, (id) => purposes?.[id]?.enabled))
      })
      const started = (): void => {
        ready = true
        read()
      }
      const listener = { event: 'consent.changed', listener: read }
      // Its documented way in, before it is there as after.
      view.didomiOnReady ??= []
      view.didomiEventListeners ??= []
      const queues = [view.didomiOnReady, view.didomiEventListeners]
      queues[0]?.push(started)
      queues[1]?.push(listener)
      return () => {
        // It has no way out for what it has taken already: that stays, and does nothing.
        live = false
        for (const queue of queues) {
          const place = queue.findIndex((entry) => entry === started || entry === listener)
          if (place >= 0) queue.splice(place, 1)
        }
      }
    },
    open: () => view.Didomi?.preferences?.show(),
  }
}
