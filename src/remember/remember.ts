// The door of the wing: remembers a visitor as far as they allow, on the device, for this page, or not at all.

import type { ConsentRules, Profile, Props, Store, Transaction, VisitorEvent } from '../types.js'
import { erase, type ReadLog } from './log.js'
import { openVisitor, type Visitor, type VisitorOptions } from './visitor.js'

export { erase }

export interface RememberOptions extends Omit<VisitorOptions, 'store' | 'allowed'> {
  store(): Store
  /** What may be kept, at this very moment. */
  mode(): NonNullable<ConsentRules['before']>
  /** Has the visitor said no? Then nothing of before may stay. */
  refused(): boolean
  /** Begins to remember, in the midst of a page. */
  opened(): void
}

export interface Remember {
  /** Resolves when the past is known, or the store has not answered in time. */
  ready: Promise<void>
  /** Is anything remembered at all? */
  isOpen(): boolean
  record(event: VisitorEvent, urgent?: boolean): Promise<void>
  beside<T>(work: (transaction: Transaction, log: ReadLog) => Promise<T>): Promise<T | undefined>
  traits(patch: Props | null): Promise<void>
  profile(): Profile
  seed(): string
  leave(gone: boolean): void
  /** The page is shown again, or other things are allowed than before. */
  follow(): Promise<void>
  forget(): Promise<void>
  stop(): Promise<void>
}

/** Somebody of whom nothing is remembered. */
const STRANGER: Profile = { traits: {}, visits: 0, events: 0, firstAt: null, lastAt: null, utm: {} }

export function remember({ store, mode, refused, opened, ...options }: RememberOptions): Remember {
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
    if (refused()) await erase(store())
  }

  const start = (): Promise<void> => {
    if (mode() !== 'off') return open()
    // Nobody has to wait for that.
    if (refused()) void erase(store())
    return Promise.resolve()
  }

  return {
    ready: start(),
    isOpen: () => visitor !== undefined,
    record: (event, urgent) => visitor?.record(event, urgent) ?? Promise.resolve(),
    beside: async (work) => visitor?.beside(work),
    traits: async (patch) => visitor?.traits(patch),
    profile: () => visitor?.profile() ?? STRANGER,
    seed: () => visitor?.seed() ?? '',
    leave: (gone) => visitor?.leave(gone),
    follow,
    forget: () => visitor?.forget() ?? erase(store()),
    stop: async () => visitor?.stop(),
  }
}
