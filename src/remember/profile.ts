// The profile as this page holds it: what it has folded of the log, plus what is not yet written there.

import type { Fold, Profile, Telling, Traits, VisitorEvent } from '../types.js'
import { type Append, type Appended, advance, type Batch, EMPTY, idsOf, type News, NOTHING, type Past, type Totals, told } from './log.js'

interface Waiting {
  event: VisitorEvent
  done(): void
}

export interface HeldProfile {
  view(): Profile
  seed(): string
  /** Has the log known this seed? */
  confirmed(): boolean
  /** What would have to be written now. */
  unwritten(): Append
  /** The last batch of the log that is folded. */
  folded(): number
  hasUnwritten(): boolean
  /** How many events wait to be written. */
  waiting(): number
  /** Folds an event at once; resolves when it is in the log, or when `release` gives up on that for now. */
  take(event: VisitorEvent): Promise<void>
  patch(patch: Telling): void
  /** The first `count` patches are in the log already, brought there by another page. */
  settled(count: number): void
  /** After an append. False when the log says something else than was expected, and has to be read anew. */
  written(asked: Append, answer: Appended): boolean
  /** Folds what other tabs have written. False when so much is gone that all has to be read anew. */
  absorb(news: News): boolean
  /** Starts over from what was read; `filling` are older events that the snapshot never counted. */
  load(past: Past, filling: Batch[]): void
  /** What is found in the log waits no longer: a write went through after all, or another page brought it in. */
  strike(batches: Batch[]): ReadonlySet<string>
  release(): void
  /** Somebody new. */
  reset(): void
}

/** So many events wait at most while the store fails; then the oldest are written no more. */
const MOST_WAITING = 10_000

export function heldProfile(fold: Fold, newId: () => string): HeldProfile {
  let seed = newId()
  let confirmed = false
  let known: Traits = NOTHING
  let totals: Totals = EMPTY
  let folded = 0
  let waiting: Waiting[] = []
  let patches: Telling[] = []

  const settle = ({ identity, head }: News): void => {
    confirmed = identity !== undefined
    seed = identity?.seed ?? seed
    known = patches.reduce(told, identity ?? NOTHING)
    totals = waiting.reduce((sum, { event }) => advance(sum, event), head.totals)
    folded = head.n
  }

  /** Ends the waiting of these events. */
  const strikeIds = (ids: ReadonlySet<string>): ReadonlySet<string> => {
    const struck = waiting.filter(({ event }) => ids.has(event.id))
    waiting = waiting.filter(({ event }) => !ids.has(event.id))
    for (const { done } of struck) done()
    return new Set(struck.map(({ event }) => event.id))
  }
  const strike = (batches: Batch[]): ReadonlySet<string> => strikeIds(new Set(idsOf(batches)))

  const absorbed = (n: number, batches: Batch[], own: ReadonlySet<string>): boolean => {
    const first = batches[0]
    if (n > folded && (!first || first[0] > folded + 1)) return false
    for (const [, events] of batches) for (const event of events) if (!own.has(event.id)) fold.feed(event)
    return true
  }

  const release = (): void => {
    for (const { done } of waiting) done()
  }

  return {
    view: () => ({ traits: known.traits, origins: known.origins, ...totals }),
    seed: () => seed,
    confirmed: () => confirmed,
    unwritten: () => ({ seed, confirmed, n: folded, events: waiting.map(({ event }) => event), patches: [...patches] }),
    folded: () => folded,
    hasUnwritten: () => waiting.length > 0 || patches.length > 0,
    waiting: () => waiting.length,

    take: (event) => {
      fold.feed(event)
      totals = advance(totals, event)
      const written = new Promise<void>((done) => waiting.push({ event, done }))
      if (waiting.length > MOST_WAITING) waiting.shift()?.done()
      return written
    },

    patch: (patch) => {
      patches.push(patch)
      known = told(known, patch)
    },

    settled: (count) => {
      patches = patches.slice(count)
    },

    written: (asked, answer) => {
      const own = new Set(asked.events.map(({ id }) => id))
      strikeIds(own)
      patches = patches.slice(asked.patches.length)
      const inLog = answer.written.length + idsOf(answer.batches).filter((id) => own.has(id)).length
      // Less than was asked for: another tab has begun the visit first.
      if (inLog < own.size || !absorbed(answer.before.n, answer.batches, own)) return false
      settle(answer)
      return true
    },

    absorb: (news) => {
      if (!absorbed(news.head.n, news.batches, strike(news.batches))) return false
      settle(news)
      return true
    },

    load: (past, filling) => {
      fold.load(past.snapshot.state)
      for (const [, events] of filling) events.forEach(fold.fill)
      for (const [, events] of past.batches) events.forEach(fold.feed)
      for (const { event } of waiting) fold.feed(event)
      settle(past)
    },

    strike,
    release,

    reset: () => {
      release()
      seed = newId()
      confirmed = false
      known = NOTHING
      totals = EMPTY
      folded = 0
      waiting = []
      patches = []
      fold.load(undefined)
    },
  }
}
