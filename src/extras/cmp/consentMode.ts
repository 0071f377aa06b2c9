// consentMode(): Google Consent Mode, version 2: reads what a page has told Google's tags.

import { appears } from '../../lib/appears.js'
import { guarded } from '../../lib/guard.js'
import { type Ids, permitted } from '../../lib/permitted.js'
import { wrap } from '../../lib/wrap.js'
import type { ConsentSource } from '../../types.js'

export interface ConsentModeOptions extends Ids<string> {
  /** Opens the dialog of whoever asks. */
  open?(): void
}

interface View {
  dataLayer?: unknown[]
}

/** Its types, by our purposes. */
export const IDS = { personalize: 'personalization_storage', measure: 'analytics_storage' }

/**
 * Hears `gtag('consent', 'update', …)`, before us and after. What `default` says is nobody's answer, and what holds for
 * one region only is heard as a no, never as a yes. Templates of a tag manager that set consent without the data
 * layer cannot be heard.
 */
export function consentMode({ open, ...ids }: ConsentModeOptions = {}): ConsentSource {
  const named = { ...IDS, ...ids }
  return {
    name: 'consentMode',
    subscribe: (heard, failed) => {
      const known: { [type: string]: unknown } = {}
      const take = (entry: unknown): boolean => {
        const [command, action, types] = Array.from((entry ?? []) as ArrayLike<unknown>)
        if (command !== 'consent' || action !== 'update' || !types) return false
        for (const [type, value] of Object.entries(types)) if (value === 'denied' || (value === 'granted' && !(types as { region?: unknown }).region)) known[type] = value
        return true
      }
      const tell = (entries: unknown[]): void => {
        if (entries.map(take).includes(true)) {
          // A type that was never spoken of is no no.
          const spoken = (all: string | string[] | undefined) => ([all ?? []].flat().every((type) => known[type]) ? all : [])
          heard(permitted({ personalize: spoken(named.personalize), measure: spoken(named.measure) } as Ids<string>, (type) => known[type] === 'granted'))
        }
      }
      const find = () => {
        const { dataLayer } = globalThis as View
        return Array.isArray(dataLayer) ? dataLayer : undefined
      }
      const attach = (layer: unknown[]): (() => void) => {
        tell([...layer])
        return wrap(layer, 'push', guarded(failed)((...entries: unknown[]) => tell(entries)))
      }
      return appears(find, attach, failed)
    },
    ...(open && { open }),
  }
}
