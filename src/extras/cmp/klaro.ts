// klaro(): the visitor's answer to a banner of Klaro, version 0.7.

import { appears } from '../../lib/appears.js'
import { guarded } from '../../lib/guard.js'
import { type Ids, permitted } from '../../lib/permitted.js'
import type { ConsentSource } from '../../types.js'

/** https://github.com/klaro-org/klaro-js */
interface Manager {
  confirmed: boolean
  consents: { [service: string]: boolean }
  watch(watcher: Watcher): void
  unwatch(watcher: Watcher): void
}
interface Watcher {
  update(manager: Manager, event: string): void
}
interface Api {
  getManager(config: unknown): Manager
  show(config?: unknown, modal?: boolean): unknown
}

export interface KlaroOptions extends Ids<string> {
  /** The module, where the page imports it; otherwise `window.klaro`. */
  api?: Api
  /** What Klaro was set up with; otherwise `window.klaroConfig`. */
  config?: unknown
}

/** By default a service called `slotwise-personalize` is `personalize`, one called `slotwise-measure` is `measure`. */
export function klaro({ api, config, ...ids }: KlaroOptions = {}): ConsentSource {
  const view = globalThis as { klaro?: Api; klaroConfig?: unknown }
  const find = () => {
    const [found, set] = [api ?? view.klaro, config ?? view.klaroConfig]
    return found && set ? { found, set } : undefined
  }
  return {
    name: 'klaro',
    subscribe: (heard, failed) =>
      appears(
        find,
        ({ found, set }) => {
          const manager = found.getManager(set)
          const read = (): void => heard(manager.confirmed ? permitted({ personalize: 'slotwise-personalize', measure: 'slotwise-measure', ...ids }, (id) => manager.consents[id]) : {})
          // While switches are moved, nothing is saved yet; what is taken back is.
          const update = guarded(failed)((_: Manager, event: string): void => {
            if (event === 'saveConsents' || !manager.confirmed) read()
          })
          const watcher = { update }
          manager.watch(watcher)
          read()
          return () => manager.unwatch(watcher)
        },
        failed,
      ),
    open: () => {
      const { found, set } = find() ?? {}
      found?.show(set, true)
    },
  }
}
