// The door of the wing: takes events, keeps them on the device, follows the other tabs, and outlives a broken store.

import { deadline } from '../lib/deadline.js'
import type { Fold, Health, Profile, Props, Store, VisitorEvent } from '../types.js'
import { advance, EMPTY, type News, openLog, patched, type Totals } from './log.js'
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
const RETRY_AFTER = 60_000

export interface RememberOptions {
  store: Store
  fold: Fold
  retention: Retention
  newId: () => string
  now: () => number
  /** The fold has moved: by this page, by another tab, or because the visitor was forgotten. */
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
  /** The page may be going away: what is not yet written is left behind for the next page. */
  leave(): void
  /** The page is shown again: catches up with other tabs. */
  follow(): void
  forget(): Promise<void>
  stop(): Promise<void>
}

/** Erases a store that nobody has open, and never rejects. */
export const erase = (store: Store): Promise<void> =>
  openLog(store)
    .clear()
    .catch(() => {})
    .then(store.close)

interface Waiting {
  event: VisitorEvent
  done(): void
}

export function remember({ store, fold, retention, newId, now, changed, health }: RememberOptions): Remember {
  const log = openLog(store)
  const page = newId()

  let seed = newId()
  let confirmed = false
  let traits: Props = {}
  let totals: Totals = EMPTY
  let folded = 0
  let snapshotAt = 0
  let pruned = false
  let loaded = false

  let waiting: Waiting[] = []
  let patches: (Props | null)[] = []
  let erasing = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let retryAt: number | undefined
  let well: boolean | undefined
  let stopped = false
  // Every change of the visitor's identity makes answers worthless that were asked for before it.
  let life = 0

  const take = (event: VisitorEvent): void => {
    fold.feed(event)
    totals = advance(totals, event)
  }

  const reset = (): void => {
    life++
    seed = newId()
    confirmed = false
    traits = {}
    totals = EMPTY
    folded = snapshotAt = 0
    for (const { done } of waiting) done()
    waiting = []
    patches = []
    loaded = true
    fold.load(undefined)
  }

  const forgotten = (): void => {
    reset()
    changed('forgotten')
  }

  const settleIdentity = ({ identity, head }: News): void => {
    confirmed = identity !== undefined
    seed = identity?.seed ?? seed
    traits = patches.reduce<Props>(patched, identity?.traits ?? {})
    totals = waiting.reduce((sum, { event }) => advance(sum, event), head.totals)
    folded = head.n
  }

  const load = async (): Promise<void> => {
    const started = life
    let read = await log.read()
    if (read.waiting) {
      await log.adopt()
      read = await log.read()
    }
    const { snapshot } = read
    // A shipped ruleset may ask about events that the snapshot never counted: those are found in the log.
    const past = fold.load(snapshot.state) ? [] : (await log.since(0)).batches.filter(([n]) => n <= snapshot.n)
    if (started !== life || stopped) return
    fold.load(snapshot.state)
    for (const [, events] of past) events.forEach(fold.fill)
    for (const [, events] of read.batches) events.forEach(fold.feed)
    for (const { event } of waiting) fold.feed(event)
    settleIdentity(read)
    snapshotAt = snapshot.n
    loaded = true
    changed('load')
  }

  /** Folds what other tabs have written. False when that cannot be done and all has to be read again. */
  const absorb = (news: News, own: ReadonlySet<string>): boolean => {
    const first = news.batches[0]
    if (news.head.n > folded && (!first || first[0] > folded + 1)) return false
    for (const [, events] of news.batches) {
      for (const event of events) if (!own.has(event.id)) fold.feed(event)
    }
    return true
  }

  const keepSnapshot = async (): Promise<void> => {
    if (waiting.length > 0 || folded - snapshotAt < SNAPSHOT_EVERY) return
    snapshotAt = folded
    await log.save(seed, folded, fold.state())
    if (pruned) return
    pruned = true
    await log.prune(now() - retention.events, retention.count)
  }

  const append = async (): Promise<void> => {
    const started = life
    const batch = [...waiting]
    const sent = [...patches]
    const ask = { seed, confirmed, n: folded, events: batch.map(({ event }) => event), patches: sent, page }
    const answer = await log.append(ask).catch(async (error) => {
      if (error?.name !== 'QuotaExceededError') throw error
      // Our own past makes room for the present.
      await log.prune(now() - retention.events / 2, Math.floor(retention.count / 2))
      return log.append(ask)
    })
    if (started !== life || stopped) return
    if (!answer) return forgotten()

    waiting = waiting.slice(batch.length)
    patches = patches.slice(sent.length)
    for (const { done } of batch) done()
    const own = new Set(batch.map(({ event }) => event.id))
    const inLog = answer.written.length + answer.batches.flatMap(([, events]) => events).filter(({ id }) => own.has(id)).length
    const others = answer.batches.length > 0
    // Another tab began the visit first, or wrote more than is still there to be read: start from what the log says.
    if (inLog < batch.length || !absorb({ ...answer, head: answer.before }, own)) return load()
    settleIdentity(answer)
    if (answer.head.n > answer.before.n || sent.length > 0) channel.tell({ head: answer.head.n })
    if (others) changed('tab')
  }

  const catchUp = async (): Promise<void> => {
    const started = life
    const news = await log.since(folded)
    if (started !== life || stopped) return
    if (confirmed && news.identity?.seed !== seed) return forgotten()
    if (!absorb(news, new Set(waiting.map(({ event }) => event.id)))) return load()
    settleIdentity(news)
    changed('tab')
  }

  const work = async (follow: boolean): Promise<void> => {
    if (stopped) return
    if (retryAt !== undefined && now() < retryAt) return schedule(retryAt - now())
    try {
      if (erasing) {
        await log.clear()
        erasing = false
      }
      if (!loaded) await load()
      else if (follow) await catchUp()
      if (waiting.length > 0 || patches.length > 0) await append()
      await keepSnapshot()
      if (well !== true) health({ store: store.kind })
      well = true
      retryAt = undefined
    } catch (error) {
      // What could not be written stays in memory, and is written when the store answers again.
      retryAt = now() + RETRY_AFTER
      schedule(RETRY_AFTER)
      for (const { done } of waiting) done()
      const { name, message } = error as Error
      if (well !== false) health({ store: 'memory', reason: `${name}: ${message}` })
      well = false
    }
  }

  let chain: Promise<void> = Promise.resolve()
  const run = (follow = false): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    chain = chain.then(() => work(follow))
    return chain
  }

  function schedule(ms: number): void {
    if (!stopped) timer ??= setTimeout(run, ms)
  }

  const channel =
    store.kind === 'device'
      ? tabs('slotwise', (message) => {
          if ('head' in message) void run(true)
          else if (message.forgotten === seed && !stopped) forgotten()
        })
      : { tell: () => {}, stop: () => {} }

  const first = run()

  return {
    ready: deadline(first, READY_WITHIN, 'The store').catch(() => {}),

    record: (event) => {
      take(event)
      const durable = new Promise<void>((done) => waiting.push({ event, done }))
      if (waiting.length > retention.count) waiting.shift()?.done()
      if (well === false) return Promise.resolve()
      if (waiting.length >= FLUSH_AT) void run()
      else schedule(FLUSH_AFTER)
      return durable
    },

    traits: (patch) => {
      patches.push(patch)
      traits = patched(traits, patch)
      return run()
    },

    profile: () => ({ traits, ...totals }),
    seed: () => seed,

    leave: () => {
      if (waiting.length === 0 || !loaded) return
      log.leave(page, { seed, confirmed, n: folded, events: waiting.map(({ event }) => event) })
      void run()
    },

    follow: () => {
      // Somebody looks at the page again: a store that failed is given another chance before its time.
      if (retryAt !== undefined) retryAt = now()
      void run(true)
    },

    forget: () => {
      const whose = seed
      erasing = true
      retryAt = undefined
      forgotten()
      channel.tell({ forgotten: whose })
      return run()
    },

    stop: async () => {
      // What was recorded last is still written, and told to the other tabs.
      await run()
      stopped = true
      clearTimeout(timer)
      channel.stop()
      store.close()
    },
  }
}
