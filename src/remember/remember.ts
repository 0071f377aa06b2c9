// The door of the wing: remembers a visitor as far as they allow, on the device, for this page, or not at all.

import type { ConsentRules, Profile, Store } from '../types.js'
import { left } from './left.js'
import { EMPTY, erase, NOTHING } from './log.js'
import type { HeldProfile } from './profile.js'
import { openVisitor, type Visitor, type VisitorOptions } from './visitor.js'

export { erase, left }

export interface RememberOptions extends Omit<VisitorOptions, 'store' | 'allowed'> {
  store(): Store
  /** What may be kept, at this very moment. */
  mode(): NonNullable<ConsentRules['before']>
  /** Has the visitor paused it? What is kept stays, and does not count meanwhile. */
  paused(): boolean | undefined
  /** Begins to remember, in the midst of a page. */
  opened(): void
}

/** As of a visitor; while nothing may be remembered, of a stranger. */
export interface Remember extends Omit<Visitor, 'held'> {
  isOpen(): boolean
  /** What this page holds; undefined while nothing may be remembered. */
  held(): HeldProfile | undefined
}

/** Somebody of whom nothing is remembered. */
const STRANGER: Profile = { ...NOTHING, ...EMPTY }

export function remember({ store, mode, paused, opened, ...options }: RememberOptions): Remember {
  let visitor: Visitor | undefined
  let was = paused()

  /** The visitor, as far as they want to be one now. */
  const known = (): Visitor | undefined => (paused() ? undefined : visitor)
  const open = (): Promise<void> => {
    visitor = openVisitor({ ...options, store: store(), allowed: () => mode() === 'local' })
    return visitor.ready
  }
  const follow = async (): Promise<void> => {
    const former = visitor
    const before = was
    was = paused()
    if (was !== before) options.changed('forgotten')
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
    isOpen: () => !!known(),
    record: (event, urgent) => visitor?.record(event, urgent) ?? Promise.resolve(),
    beside: async (work) => visitor?.beside(work),
    traits: async (patch, source) => known()?.traits(patch, source),
    profile: () => visitor?.profile() ?? STRANGER,
    seed: () => visitor?.seed() ?? '',
    held: () => visitor?.held,
    leave: (gone) => visitor?.leave(gone),
    follow,
    forget: () => visitor?.forget() ?? erase(store()),
    stop: async () => visitor?.stop(),
  }
}
