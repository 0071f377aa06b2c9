// One visitor, remembered: takes events, keeps them on the device, follows the other tabs, and outlives a broken store.

import { deadline } from '../lib/deadline.js'
import type { Fold, Health, Profile, Props, ReadLog, Store, Transaction, VisitorEvent } from '../types.js'
import { type JournalOptions, openJournal } from './journal.js'
import { left } from './left.js'
import { ANYBODY, erase, openLog } from './log.js'
import { type HeldProfile, heldProfile } from './profile.js'
import type { Retention } from './retention.js'
import { tabs } from './tabs.js'

/** Events wait this many ms, or until there are so many, before they are written. */
const FLUSH_AFTER = 2000
const FLUSH_AT = 20
/** ms. The page waits no longer than this for the store to answer. */
const READY_WITHIN = 1000
/** ms between attempts while the store is failing. */
const RETRY_AFTER = 10_000

export interface VisitorOptions extends Pick<JournalOptions, 'forget'> {
  store: Store
  fold: Fold
  retention: Retention
  newId: () => string
  now: () => number
  /**
   * May anything be kept on the device now? Until then the page remembers for itself, and `follow` hands that on: what
   * this page holds in memory, its events and what it was told of traits, is put behind what the log holds by then, in
   * its order and once. Each open tab hands on its own; what a page held that is closed by then is gone with it.
   */
  allowed(): boolean
  /** What counts has changed by itself: with another tab, with a late store, or because the visitor was forgotten or is not to be known for now. */
  changed(by: 'tab' | 'load' | 'forgotten'): void
  health(health: Health): void
}

export interface Visitor {
  /** Resolves when the past is known, or the store has not answered in time. */
  ready: Promise<void>
  /**
   * Folds the event at once, and writes it soon or, if `urgent`, now. Resolves when it is durable, or held in memory
   * where that is the mode or the store fails.
   */
  record(event: VisitorEvent, urgent?: boolean): Promise<void>
  /** Work on what is kept beside the log, in one transaction and for this visitor alone; undefined where that cannot be. */
  beside<T>(work: (transaction: Transaction, log: ReadLog) => Promise<T>): Promise<T | undefined>
  /** A null value drops a trait, null drops all but what the source `visitor` has told. */
  traits(patch: Props | null, source?: string): Promise<void>
  profile(): Profile
  seed(): string
  /** For work on the whole of it. */
  held: HeldProfile
  /** The page may be going away, or is (`gone`): what is not yet written is left for the next page. */
  leave(gone: boolean): void
  /** The page is shown again, or more is allowed than before: catches up with the log. */
  follow(): Promise<void>
  forget(): Promise<void>
  stop(): Promise<void>
}

export function openVisitor({ store, fold, retention, newId, now, allowed, changed, health, forget }: VisitorOptions): Visitor {
  const profile = heldProfile(fold, newId)
  const log = openLog(store)
  const onDevice = store.kind === 'device'

  let timer: ReturnType<typeof setTimeout> | undefined
  let retryAt: number | undefined
  let well: boolean | undefined
  let away = false
  let stopping = false
  let stopped = false
  const journal = openJournal({
    store,
    fold,
    profile,
    retention,
    page: newId(),
    now,
    allowed,
    ended: () => stopped,
    changed,
    forget,
    wrote: (n) => channel.tell({ head: n }),
  })

  const told = (kept: boolean, reason: string): void => {
    if (!kept) profile.release()
    if (well !== kept) health(kept ? { store: store.kind } : { store: 'memory', reason })
    well = kept
  }
  const work = async (follow: boolean): Promise<void> => {
    if (stopped || away) return
    if (retryAt !== undefined && now() < retryAt) return schedule(retryAt - now())
    try {
      told(await journal.step(follow), 'nothing may be kept')
      retryAt = undefined
    } catch (error) {
      if (away) return
      // What could not be written stays in memory, and is written when the store answers again.
      retryAt = now() + RETRY_AFTER
      schedule(RETRY_AFTER)
      const { name, message } = error as Error
      told(false, `${name}: ${message}`)
    }
  }

  // One thing after another: the log is read and written in the order of the calls.
  let chain: Promise<void> = Promise.resolve()
  const run = (follow = false): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    chain = chain.then(() => work(follow))
    return chain
  }

  function schedule(ms: number): void {
    if (!stopped) timer ??= setTimeout(() => void run(), ms)
  }

  const channel = tabs(onDevice ? 'slotwise' : undefined, (message) => {
    if (stopped) return
    if ('head' in message) void run(true)
    else if (message.forgotten === ANYBODY || message.forgotten === profile.seed()) {
      // Erased here as well, before anything new is written: whoever comes first.
      journal.forgotten(message.forgotten)
      void run()
    }
  })

  const first = run()

  return {
    ready: deadline(first, READY_WITHIN, 'The store').catch(() => {}),

    record: (event, urgent = false) => {
      const written = profile.take(event)
      if (well === false) return Promise.resolve()
      if (urgent || profile.waiting() >= FLUSH_AT) void run()
      else schedule(FLUSH_AFTER)
      return written
    },

    beside: async (work) => {
      // After what was recorded last; and what comes after waits for this.
      const done = run().then(() => (well && allowed() && !away && !stopped ? log.beside(profile.seed(), work) : undefined))
      chain = done.then(() => {}).catch(() => {})
      return done.catch(() => undefined)
    },

    traits: (patch, source = 'site') => {
      profile.patch({ traits: patch, from: [source, now()] })
      return run()
    },

    profile: profile.view,
    seed: profile.seed,
    held: profile,

    leave: (gone) => {
      journal.leave()
      if (!gone) return
      // WebKit freezes a page that is left in the midst of a transaction, and with it, for many seconds, the database
      // for every other page.
      away = true
      store.pause?.()
    },

    follow: () => {
      away = false
      store.resume?.()
      // Somebody looks at the page again: a store that failed is given another chance before its time.
      if (retryAt !== undefined) retryAt = now()
      return run(true)
    },

    forget: () => {
      if (stopping) return chain.then(() => erase(store))
      const whose = journal.owner()
      if (onDevice) left.forget(whose)
      channel.tell({ forgotten: whose })
      retryAt = undefined
      journal.forgotten(whose)
      return run()
    },

    stop: async () => {
      stopping = true
      // What was recorded last is still written, and told to the other tabs.
      await run()
      stopped = true
      clearTimeout(timer)
      channel.stop()
      store.close()
    },
  }
}
