// Sends what waits in the outbox: one row a request, in no order, each after a while, and only while that is allowed.

import { alarm } from '../lib/alarm.js'
import { breath } from '../lib/breath.js'
import { utcDay } from '../lib/day.js'
import type { Posting, Row, SentRow, Sync, Transaction, Transport } from '../types.js'
import type { Anonymize } from './anonymize.js'
import { outbox } from './outbox.js'
import { createTurn } from './turn.js'
import { isAhead, type Waiting } from './waiting.js'
import { createWire } from './wire.js'

/** ms. A row is sent at some moment within this, so that when it arrives says little of when it was made. */
const SPREAD = 20_000
/** So many are under way or about to be at once. */
const AT_ONCE = 8
/** ms. Waiting after a failure doubles from the first to the second of these; how long within that is random. */
const BACKOFF = 2000
const BACKOFF_MOST = 1_800_000

export interface SyncOptions {
  /** May rows be sent at this very moment? */
  may(): boolean
  /** One transaction on behalf of this visitor; undefined where that cannot be. */
  keep<T>(work: (transaction: Transaction) => Promise<T>): Promise<T | undefined>
  anonymize: Anonymize
  encode: Transport
  newId: () => string
  now: () => number
  random: () => number
  fetch: typeof globalThis.fetch
  online: () => boolean
  locks: Pick<LockManager, 'request'> | undefined
  synced(sync: Sync): void
  report(message: string): void
}

export interface Syncing {
  /** Looks what is due, and gives each row its moment. */
  plan(): Promise<void>
  /**
   * Out of sight, what was to be sent soon is sent now, without asking the store first: each row in a task of its own, or,
   * `gone`, before this returns.
   */
  leave(gone: boolean): void
  /** Nothing more is sent, not even what is under way; and, if `emptied`, nothing waits any more. */
  abort(emptied: boolean): void
}

/** A row that is leased to this tab. */
interface InHand {
  waiting: Waiting
  timer: ReturnType<typeof setTimeout>
  /** On the wire. */
  abort?: AbortController
}

export function createSync({ may, keep, anonymize, encode, newId, now, random, fetch, online, locks, synced, report }: SyncOptions): Syncing {
  const hand = new Map<string, InHand>()
  const turn = createTurn(locks)
  const wire = createWire(fetch, now)
  let closed = false
  /** Has this page counted what waits? What others have noted of it may be wrong. */
  let counted = false
  /** What was asked of the store before rows were called off says nothing of what waits now. */
  let life = 0
  let last = ''
  const wake = alarm(now, () => void plan())

  const tell = (sync: Sync): void => {
    const text = JSON.stringify(sync)
    if (text !== last) synced(sync)
    last = text
  }

  /** Lets go of what is not on the wire yet. */
  const letGo = (): string[] => {
    const soon = [...hand].filter(([, { abort }]) => !abort)
    for (const [id, { timer }] of soon) {
      clearTimeout(timer)
      hand.delete(id)
    }
    return soon.map(([id]) => id)
  }

  /** The row in the ruleset's words of today, as a request; a text says why there is none. */
  const posting = ({ id, metric, trial }: Waiting): Posting | string => {
    const row: Row | undefined = anonymize(metric, trial, id, utcDay(now()))
    if (!row) return 'the ruleset no longer has the words for it'
    try {
      return encode(row)
    } catch (error) {
      return `the transport failed: ${error}`
    }
  }

  /** Puts a row on the wire, before anything is awaited, and does as the collector says. */
  const send = async (one: InHand): Promise<void> => {
    const { waiting } = one
    const { id } = waiting
    const request = posting(waiting)
    one.abort = new AbortController()
    const isOurs = (): boolean => hand.get(id) === one
    const once = typeof request !== 'string' && request.once
    if (once && !((await keep((transaction) => outbox.remove(transaction, id))) && may() && isOurs())) return void hand.delete(id)
    const answer = typeof request === 'string' ? ({ is: 'refused', error: request } as const) : await wire(request, one.abort)
    // Called off: what is kept has been emptied.
    if (!isOurs()) return
    hand.delete(id)
    const { is, error = null } = answer
    const answers = is === 'taken' || is === 'refused'
    if (answers || once) {
      if (error !== null) report(`A row is lost: ${error}`)
      // Another page may have heard the same of it.
      await keep(async (transaction) => ((await outbox.remove(transaction, id)) || once) && outbox.note(transaction, is === 'taken' ? ({ metric: waiting.metric, ...waiting.trial, sentOn: utcDay(now()) } as SentRow) : undefined, error, answers))
    }
    if (answers) return
    // Whoever did not take this one would not take the others.
    const others = letGo()
    if (is === 'closed') {
      closed = true
      report(`The collector lets nobody in (${error}); nothing more is sent on this page`)
      await keep((transaction) => outbox.release(transaction, [id, ...others], error))
      return
    }
    const share = random()
    const wait = (failures: number): number => Math.max(answer.after ?? 0, share * Math.min(BACKOFF_MOST, BACKOFF * 2 ** failures))
    await keep(async (transaction) => {
      await outbox.postpone(transaction, id, now(), error, wait)
      await outbox.release(transaction, others)
    })
  }

  /** Its moment has come. */
  const take = async (one: InHand): Promise<void> => {
    const { id } = one.waiting
    const give = may() && online() ? await turn.take() : undefined
    // Asked again: meanwhile the visitor may have thought better of it, another tab sent it, or leaving the page.
    const waiting = give && !one.abort && (await keep(async (transaction) => (may() ? outbox.renew(transaction, one.waiting, now()) : undefined)))
    if (waiting) await breath()
    if (hand.get(id) === one && !one.abort) {
      if (waiting && may()) {
        one.waiting = waiting
        await send(one)
      } else {
        hand.delete(id)
        if (!give && may()) await keep((transaction) => outbox.release(transaction, [id]))
      }
    }
    give?.()
    await plan()
  }

  /** One after another, and each with what the page has to do in between. */
  const hurry = async (soon: InHand[]): Promise<void> => {
    for (const one of soon) {
      await breath()
      // Meanwhile it may have been called off, or the page have been left.
      if (hand.get(one.waiting.id) !== one || one.abort) continue
      if (may()) void send(one).then(plan)
      else hand.delete(one.waiting.id)
    }
  }

  const look = async (): Promise<void> => {
    if (!may()) return
    const asked = life
    const room = closed || !online() ? 0 : AT_ONCE - hand.size
    const seen = await keep(async (transaction) => (may() ? outbox.look(transaction, { now: now(), random, room, anyId: newId, anew: !counted }) : undefined))
    counted ||= !!seen
    if (!seen || !may() || asked !== life) return
    const { counts, rest, taken, next } = seen
    tell({ ...counts, retryAt: rest.until || null })
    for (const waiting of taken) {
      // Taken up before, by a machine that has slept since.
      clearTimeout(hand.get(waiting.id)?.timer)
      const one: InHand = { waiting, timer: setTimeout(() => void take(one), random() * SPREAD) }
      hand.set(waiting.id, one)
    }
    const time = now()
    if (!closed) wake.set(isAhead(rest.until, time) ? rest.until : next)
  }

  /** One after another, so that no two take up rows for the same room. */
  let planning: Promise<void> = Promise.resolve()
  function plan(): Promise<void> {
    planning = planning.then(look)
    return planning
  }

  return {
    plan,
    leave: (gone) => {
      if (gone) wake.stop()
      if (!may()) return
      const soon = [...hand.values()].filter(({ abort }) => !abort)
      for (const { timer } of soon) clearTimeout(timer)
      if (!gone) return void hurry(soon)
      for (const one of soon) void send(one)
      // Not every browser keeps a page that holds a lock, to be gone back to.
      turn.end()
    },
    abort: (emptied) => {
      wake.stop()
      const ids = letGo()
      for (const { abort } of hand.values()) abort?.abort()
      hand.clear()
      turn.end()
      life++
      if (emptied) tell({ waiting: 0, sent: 0, lost: 0, retryAt: null, error: null })
      else if (ids.length > 0) void keep((transaction) => outbox.release(transaction, ids))
    },
  }
}
