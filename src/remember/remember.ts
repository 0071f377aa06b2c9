// The door of the wing: takes events, keeps them on the device, follows the other tabs, and outlives a broken store.

import { deadline } from '../lib/deadline.js'
import type { Fold, Health, Profile, Props, Store, VisitorEvent } from '../types.js'
import { left } from './left.js'
import { ANYBODY, openLog } from './log.js'
import { heldProfile } from './profile.js'
import type { Retention } from './retention.js'
import { tabs } from './tabs.js'

/** Events wait this many ms, or until there are so many, before they are written. */
const FLUSH_AFTER = 2000
const FLUSH_AT = 20
/** A snapshot is taken when a starting page would have to fold this many batches. */
const SNAPSHOT_EVERY = 8
/** ms. The page waits no longer than this for the store to answer. */
const READY_WITHIN = 1000
/** ms between attempts while the store is failing. */
const RETRY_AFTER = 10_000

export interface RememberOptions {
  store: Store
  fold: Fold
  retention: Retention
  newId: () => string
  now: () => number
  /** The fold has moved by itself: with another tab, with a late store, or because the visitor was forgotten. */
  changed(by: 'tab' | 'load' | 'forgotten'): void
  health(health: Health): void
}

export interface Remember {
  /** Resolves when the past is known, or the store has not answered in time. */
  ready: Promise<void>
  /** Folds the event at once; resolves when it is durable, or held in memory while the store fails. */
  record(event: VisitorEvent): Promise<void>
  /** A null value drops a trait, null drops all. */
  traits(patch: Props | null): Promise<void>
  profile(): Profile
  seed(): string
  /** The page may be going away, or is (`gone`): what is not yet written is left for the next page. */
  leave(gone: boolean): void
  /** The page is shown again: catches up with other tabs. */
  follow(): void
  forget(): Promise<void>
  stop(): Promise<void>
}

/** Erases a store that nobody has open; never rejects. */
export function erase(store: Store): Promise<void> {
  left.clear()
  return openLog(store)
    .clear(ANYBODY)
    .catch(() => {})
    .then(store.close)
}

export function remember({ store, fold, retention, newId, now, changed, health }: RememberOptions): Remember {
  const log = openLog(store)
  const profile = heldProfile(fold, newId)
  const page = newId()
  const onDevice = store.kind === 'device'

  /** What is folded is not what the log says: it has to be read, for the first time or anew. */
  let stale = true
  let snapshotAt = 0
  /** Whose data is still to be erased. */
  let erasing = onDevice ? left.forgotten() : undefined
  /** How many patches stand in what this page has left behind; undefined while nothing is left. */
  let leftPatches: number | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let retryAt: number | undefined
  let well: boolean | undefined
  let away = false
  let stopping = false
  let stopped = false
  // Answers that were asked for on behalf of somebody who is forgotten by now are worth nothing.
  let life = 0

  const forgotten = (seed: string): void => {
    life++
    erasing = seed
    snapshotAt = 0
    stale = false
    leftPatches = undefined
    profile.reset()
    changed('forgotten')
  }

  const load = async (): Promise<void> => {
    const started = life
    stale = true
    const leftovers = onDevice ? left.others(page) : []
    const appends = leftovers.flatMap(({ append }) => append ?? [])
    if (appends.length > 0) await log.adopt(appends)
    left.taken(leftovers)
    const past = await log.read()
    // A shipped ruleset may ask about events that the snapshot never counted: those are found in the log.
    const filling = fold.complete(past.snapshot.state) ? [] : (await log.since(0)).batches.filter(([n]) => n <= past.snapshot.n)
    // Another page may have brought into the log what still waits here.
    const brought = profile.hasUnwritten() ? (await log.since(profile.folded())).batches : []
    if (started !== life || stopped) return
    profile.strike(brought)
    profile.load(past, filling)
    snapshotAt = past.snapshot.n
    stale = false
    changed('load')
  }

  const leave = (): void => {
    const unwritten = profile.unwritten()
    if (left.put(page, unwritten)) leftPatches = unwritten.patches.length
  }

  const append = async (): Promise<void> => {
    const started = life
    const asked = profile.unwritten()
    const answer = await log.append(asked).catch(async (error) => {
      if (error?.name !== 'QuotaExceededError') throw error
      // Our own past makes room for the present.
      await log.prune(now() - retention.events / 2, Math.floor(retention.count / 2))
      return log.append(asked)
    })
    if (started !== life || stopped) return
    // Erased by somebody else: with the browser's own settings, or in a tab that was not heard.
    if (!answer) return forgotten(profile.seed())
    if (answer.written.length > 0 || asked.patches.length > 0) channel.tell({ head: answer.head.n })
    const expected = profile.written(asked, answer)
    if (leftPatches !== undefined) {
      // More may have come since, and the page have gone out of sight with it.
      if (profile.hasUnwritten()) leave()
      else {
        left.drop(page)
        leftPatches = undefined
      }
    }
    if (!expected) return load()
    if (answer.batches.length > 0) changed('tab')
  }

  const catchUp = async (): Promise<void> => {
    const started = life
    const news = await log.since(profile.folded())
    if (started !== life || stopped) return
    if (profile.confirmed() && news.identity?.seed !== profile.seed()) return forgotten(profile.seed())
    if (!profile.absorb(news)) return load()
    changed('tab')
  }

  const keepSnapshot = async (): Promise<void> => {
    const n = profile.folded()
    // With something still to be written, the fold is ahead of the log.
    if (profile.hasUnwritten() || n - snapshotAt < SNAPSHOT_EVERY) return
    snapshotAt = n
    await log.save(profile.seed(), n, fold.state())
    await log.prune(now() - retention.events, retention.count)
  }

  const work = async (follow: boolean): Promise<void> => {
    if (stopped || away) return
    if (retryAt !== undefined && now() < retryAt) return schedule(retryAt - now())
    try {
      if (erasing !== undefined) {
        const whose = erasing
        await log.clear(whose)
        if (erasing === whose) erasing = undefined
        if (onDevice && left.forgotten() === whose) left.erased()
      }
      if (leftPatches !== undefined && !left.has(page)) {
        // Another page has put into the log what this one left: events are known by their ids, patches by this.
        profile.settled(leftPatches)
        leftPatches = undefined
      }
      if (stale) await load()
      else if (follow) await catchUp()
      if (profile.hasUnwritten()) await append()
      await keepSnapshot()
      if (well !== true) health({ store: store.kind })
      well = true
      retryAt = undefined
    } catch (error) {
      if (away) return
      // What could not be written stays in memory, and is written when the store answers again.
      retryAt = now() + RETRY_AFTER
      schedule(RETRY_AFTER)
      profile.release()
      const { name, message } = error as Error
      if (well !== false) health({ store: 'memory', reason: `${name}: ${message}` })
      well = false
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
      forgotten(message.forgotten)
      void run()
    }
  })

  const first = run()

  return {
    ready: deadline(first, READY_WITHIN, 'The store').catch(() => {}),

    record: (event) => {
      const written = profile.take(event)
      if (well === false) return Promise.resolve()
      if (profile.waiting() >= FLUSH_AT) void run()
      else schedule(FLUSH_AFTER)
      return written
    },

    traits: (patch) => {
      profile.patch(patch)
      return run()
    },

    profile: profile.view,
    seed: profile.seed,

    leave: (gone) => {
      if (onDevice && profile.hasUnwritten()) leave()
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
      void run(true)
    },

    forget: () => {
      if (stopping) return chain.then(() => erase(store))
      const whose = profile.confirmed() ? profile.seed() : ANYBODY
      if (onDevice) left.forget(whose)
      channel.tell({ forgotten: whose })
      retryAt = undefined
      forgotten(whose)
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
