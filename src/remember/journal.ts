// One step of keeping page and log together: erases, reads, follows, writes and takes snapshots, each when it is due.

import type { Fold, Store } from '../types.js'
import { type Leftover, left } from './left.js'
import { ANYBODY, type Log, openLog } from './log.js'
import type { HeldProfile } from './profile.js'
import type { Retention } from './retention.js'

/** A snapshot is taken when a starting page would have to fold this many batches. */
const SNAPSHOT_EVERY = 8

export interface JournalOptions {
  store: Store
  fold: Fold
  profile: HeldProfile
  retention: Retention
  /** Names what this page leaves behind. */
  page: string
  now: () => number
  /** May anything be kept on the device now? Asked anew before every step. */
  allowed(): boolean
  /** Nobody wants to hear of answers any more. */
  ended(): boolean
  changed(by: 'tab' | 'load' | 'forgotten'): void
  /** There is something new in the log, for other tabs to follow. */
  wrote(n: number): void
  /** Does what a page was asked to forget that was left before it had. */
  forget(task: [log: Log, leftovers: Leftover[]]): Promise<void>
}

export interface Journal {
  /**
   * Does what is due; `follow` also looks for what other tabs have written. False while nothing may be kept: then it
   * erases what is to be erased, and no more. Rejects when the store fails.
   */
  step(follow: boolean): Promise<boolean>
  /** What is not yet written is left for the next page. */
  leave(): void
  /** Whose data would have to be erased for this visitor to be forgotten. */
  owner(): string
  /** From now on the visitor is somebody new; the data of `seed` go with the next step. */
  forgotten(seed: string): void
}

export function openJournal({ store, fold, profile, retention, page, now, allowed, ended, changed, wrote, forget }: JournalOptions): Journal {
  const log = openLog(store)
  const onDevice = store.kind === 'device'

  /** What is folded is not what the log says: it has to be read, for the first time or anew. */
  let stale = true
  let snapshotAt = 0
  /** Whose data is still to be erased. */
  let erasing = onDevice ? left.forgotten() : undefined
  /** How many patches stand in what this page has left behind; undefined while nothing is left. */
  let leftPatches: number | undefined
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
    if (appends.length < leftovers.length) await forget([log, leftovers])
    if (appends.length > 0) await log.adopt(appends)
    left.taken(leftovers)
    const past = await log.read()
    // A shipped ruleset may ask about events that the snapshot never counted: those are found in the log.
    const filling = fold.complete(past.snapshot.state) ? [] : (await log.since(0)).batches.filter(([n]) => n <= past.snapshot.n)
    // Another page may have brought into the log what still waits here.
    const brought = profile.hasUnwritten() ? (await log.since(profile.folded())).batches : []
    if (started !== life || ended()) return
    profile.strike(brought)
    profile.load(past, filling)
    snapshotAt = past.snapshot.n
    stale = false
    changed('load')
  }

  const leave = (): void => {
    if (!onDevice || !allowed() || !profile.hasUnwritten()) return
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
    if (started !== life || ended()) return
    // Erased by somebody else: with the browser's own settings, or in a tab that was not heard.
    if (!answer) return forgotten(profile.seed())
    if (answer.written.length > 0 || asked.patches.length > 0) wrote(answer.head.n)
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
    if (started !== life || ended()) return
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

  const step = async (follow: boolean): Promise<boolean> => {
    if (erasing !== undefined) {
      const whose = erasing
      await log.clear(whose)
      if (erasing === whose) erasing = undefined
      if (onDevice && left.forgotten() === whose) left.erased()
    }
    if (!allowed()) return false
    if (leftPatches !== undefined && !left.has(page)) {
      // Another page has put into the log what this one left: events are known by their ids, patches by this.
      profile.settled(leftPatches)
      leftPatches = undefined
    }
    if (stale) await load()
    else if (follow) await catchUp()
    if (profile.hasUnwritten()) await append()
    await keepSnapshot()
    return true
  }

  return { step, leave, forgotten, owner: () => (profile.confirmed() ? profile.seed() : ANYBODY) }
}
