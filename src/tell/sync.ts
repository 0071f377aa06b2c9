// Sends what waits in the outbox: one row a request, in no order, each after a while, and only while that is allowed.

import { alarm } from '../lib/alarm.js'
import { utcDay } from '../lib/day.js'
import type { Row, Sync, Transaction } from '../types.js'
import type { Anonymize } from './anonymize.js'
import type { Posting } from './otlp.js'
import { type Counts, isAhead, isDue, LEASE, outbox, type Rest, type Waiting } from './outbox.js'
import { post } from './post.js'

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
  encode(row: Row): Posting
  now: () => number
  random: () => number
  fetch: typeof globalThis.fetch
  synced(sync: Sync): void
  report(message: string): void
}

export interface Syncing {
  /** Looks what is due, and gives each row its moment. */
  plan(): Promise<void>
  /** Out of sight, what was to be sent soon is sent at once; `gone`, without asking the store, which would not answer. */
  leave(gone: boolean): void
  /** Nothing more is sent, not even what is under way; and, if `emptied`, nothing waits any more. */
  abort(emptied: boolean): void
}

export function createSync({ may, keep, anonymize, encode, now, random, fetch, synced, report }: SyncOptions): Syncing {
  const planned = new Map<string, { waiting: Waiting; timer: ReturnType<typeof setTimeout> }>()
  const sending = new Map<string, AbortController>()
  let closed = false
  /** What was asked of the store before rows were called off says nothing of what waits now. */
  let life = 0
  let last = ''
  const wake = alarm(now, () => void plan())

  const tell = (counts: Counts, { until }: Rest): void => {
    const sync = { ...counts, retryAt: until || null }
    const text = JSON.stringify(sync)
    if (text !== last) synced(sync)
    last = text
  }

  const unplan = (): void => {
    for (const { timer } of planned.values()) clearTimeout(timer)
    planned.clear()
  }

  /** Puts a row on the wire, in the ruleset's words of today, and does as the collector says. */
  const send = async ({ id, metric, trial }: Waiting): Promise<void> => {
    const row = anonymize(metric, trial, id, utcDay(now()))
    if (!row) {
      report('A row is dropped: the ruleset no longer has the words for it')
      await keep((transaction) => outbox.settle(transaction, id, false, utcDay(now())))
      return
    }
    const abort = new AbortController()
    sending.set(id, abort)
    const answer = await post(encode(row), fetch, abort, now)
    // Aborted, and so no longer ours: what is kept has been emptied.
    if (sending.get(id) !== abort) return
    sending.delete(id)
    if (answer.is === 'taken' || answer.is === 'refused') {
      if (answer.is === 'refused') report(`The collector refuses a row, which is dropped: ${answer.error}`)
      else if (answer.warning) report(`A row was sent, but ${answer.warning}`)
      await keep(async (transaction) => {
        outbox.relieve(transaction)
        await outbox.settle(transaction, id, answer.is === 'taken', utcDay(now()))
      })
      return
    }
    // Whoever did not take this one would not take the others.
    unplan()
    if (answer.is === 'closed') {
      closed = true
      report(`The collector lets nobody in (HTTP ${answer.status}); nothing more is sent on this page`)
      await keep((transaction) => outbox.release(transaction, id))
      return
    }
    const share = random()
    const wait = (failures: number): number => Math.max(answer.after ?? 0, share * Math.min(BACKOFF_MOST, BACKOFF * 2 ** failures))
    await keep((transaction) => outbox.postpone(transaction, id, now(), wait))
  }

  const take = async (id: string): Promise<void> => {
    planned.delete(id)
    const asked = life
    const waiting = may() ? await keep((transaction) => outbox.lease(transaction, id, now())) : undefined
    // Asked again: meanwhile the visitor may have thought better of it.
    if (waiting && may() && asked === life) await send(waiting)
    await plan()
  }

  async function plan(): Promise<void> {
    if (!may()) return
    const asked = life
    const seen = await keep(outbox.look)
    if (!seen || !may() || asked !== life) return
    tell(seen.counts, seen.rest)
    const time = now()
    const { until } = seen.rest
    if (closed) return
    if (isAhead(until, time)) return wake.set(until)
    const free = seen.rows.filter(({ id }) => !planned.has(id) && !sending.has(id))
    const due = free.filter((waiting) => isDue(waiting, time))
    while (planned.size + sending.size < AT_ONCE && due.length > 0) {
      const [waiting] = due.splice(Math.floor(random() * due.length), 1) as [Waiting]
      planned.set(waiting.id, { waiting, timer: setTimeout(() => void take(waiting.id), random() * SPREAD) })
    }
    const later = free.filter((waiting) => !isDue(waiting, time)).map(({ due, lease }) => Math.max(due, Math.min(lease, time + LEASE)))
    wake.set(Math.min(...later, Number.POSITIVE_INFINITY))
  }

  return {
    plan,
    leave: (gone) => {
      const soon = [...planned.values()].map(({ waiting }) => waiting)
      unplan()
      wake.stop()
      for (const waiting of soon) {
        if (!gone) void take(waiting.id)
        else if (may()) void send(waiting)
      }
    },
    abort: (emptied) => {
      unplan()
      wake.stop()
      for (const abort of sending.values()) abort.abort()
      sending.clear()
      life++
      if (emptied) tell({ waiting: 0, sent: 0, lost: 0 }, { until: 0, failures: 0 })
    },
  }
}
