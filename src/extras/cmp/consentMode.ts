// consentMode(): Google Consent Mode, version 2: reads what a page has told it, or tells it what our banner heard.

import { appears } from '../../lib/appears.js'
import { guarded } from '../../lib/guard.js'
import { type Ids, permitted } from '../../lib/permitted.js'
import { wrap } from '../../lib/wrap.js'
import type { Consent, ConsentSource } from '../../types.js'

export interface ConsentModeOptions extends Ids<string> {
  /** Opens the dialog of whoever asks. */
  open?(): void
}

interface View {
  dataLayer?: unknown[]
}

const IDS = { personalize: 'personalization_storage', measure: 'analytics_storage' }

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
    const view = globalThis as View
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
