// The door of the wing: remembers a visitor as far as they allow, on the device, for this page, or not at all.

import type { ConsentRules, Profile, Store } from '../types.js'
import { EMPTY, erase, NOTHING } from './log.js'
import { openVisitor, type Visitor, type VisitorOptions } from './visitor.js'

export { erase }

export interface RememberOptions extends Omit<VisitorOptions, 'store' | 'allowed'> {
  store(): Store
  /** What may be kept, at this very moment. */
  mode(): NonNullable<ConsentRules['before']>
  /** Begins to remember, in the midst of a page. */
  opened(): void
}

/** As of a visitor; while nothing may be remembered, of a stranger. */
export interface Remember extends Visitor {
  isOpen(): boolean
}

/** Somebody of whom nothing is remembered. */
const STRANGER: Profile = { ...NOTHING, ...EMPTY }

export function remember({ store, mode, opened, ...options }: RememberOptions): Remember {
  let visitor: Visitor | undefined

  const open = (): Promise<void> => {
    visitor = openVisitor({ ...options, store: store(), allowed: () => mode() === 'local' })
    return visitor.ready
  }
  const follow = async (): Promise<void> => {
    const former = visitor
    if (mode() !== 'off') {
      if (former) return former.follow()
      await open()
      return opened()
    }
    if (former) {
      visitor = undefined
      await former.forget()
      return former.stop()
    }
    await erase(store())
  }

  const start = async (): Promise<void> => {
    // What was kept while it was allowed does not outlive that. Nobody has to wait for it.
    if (mode() !== 'local') void erase(store())
    if (mode() !== 'off') await open()
  }

  return {
    ready: start(),
    isOpen: () => visitor !== undefined,
    record: (event, urgent) => visitor?.record(event, urgent) ?? Promise.resolve(),
    beside: async (work) => visitor?.beside(work),
    traits: async (patch, source) => visitor?.traits(patch, source),
    profile: () => visitor?.profile() ?? STRANGER,
    seed: () => visitor?.seed() ?? '',
    leave: (gone) => visitor?.leave(gone),
    follow,
    forget: () => visitor?.forget() ?? erase(store()),
    stop: async () => visitor?.stop(),
  }
}
