// The event log: commit-ordered batches behind one head counter, so that all tabs agree on one order.
//
//   ['p']   who: seed and traits            ['e', n]   batch n of events, n = 1, 2, …
//   ['h']   head: last n, and its totals    ['s']      snapshot: the fold of batches 1 to n

import { isObject, own } from '../lib/own.js'
import { beginsVisit, campaign, newest } from '../lib/visit.js'
import { left } from './left.js'
import type { Arrival, Key, Profile, ReadLog, Store, Telling, Traits, Transaction, VisitorEvent } from '../types.js'

export type Totals = Omit<Profile, keyof Traits>

export const EMPTY: Totals = { visits: 0, events: 0, firstAt: null, lastAt: null, utm: {} }

/** The totals with one more event. */
export function advance(totals: Totals, event: VisitorEvent): Totals {
  const { firstAt, lastAt } = totals
  const began = event.type === 'visit'
  const arrival = began ? (event.props as Arrival) : totals.arrival
  return {
    visits: totals.visits + (began ? 1 : 0),
    events: totals.events + 1,
    firstAt: firstAt === null ? event.at : Math.min(firstAt, event.at),
    lastAt: newest(lastAt, event.at),
    previousAt: began ? lastAt : totals.previousAt,
    utm: campaign(event) ?? (began ? {} : totals.utm),
    arrival,
    first: totals.visits ? totals.first : arrival,
  }
}

/** In place of a seed: whoever the log belongs to. */
export const ANYBODY = '*'

export interface Identity extends Traits {
  seed: string
}

/** Of somebody who is not known. */
export const NOTHING: Traits = { traits: {}, origins: {} }

/** The source of what visitors have chosen by hand: that is their own, and stays at logout. */
const BY_HAND = 'visitor'

export interface Head {
  n: number
  /** How many events the log holds now. */
  stored: number
  totals: Totals
}

export type Batch = [n: number, events: VisitorEvent[]]

export interface News {
  identity: Identity | undefined
  head: Head
  /** Batches after the one that was asked about, in order. */
  batches: Batch[]
}

const NO_HEAD: Head = { n: 0, stored: 0, totals: EMPTY }

// Records are read as strangers: another version, another script or a broken disk may have written them.
const isEvent = (value: unknown): value is VisitorEvent =>
  isObject(value) && typeof value.type === 'string' && Number.isFinite(value.at) && isObject(value.props)
const asEvents = (value: unknown): VisitorEvent[] => (isObject(value) && Array.isArray(value.events) ? value.events.filter(isEvent) : [])
const asIdentity = (value: unknown): Identity | undefined =>
  isObject(value) && typeof value.seed === 'string' && isObject(value.traits) ? (value as unknown as Identity) : undefined
const asHead = (value: unknown): Head =>
  isObject(value) && Number.isInteger(value.n) && isObject(value.totals) ? (value as unknown as Head) : NO_HEAD
const asSnapshot = (value: unknown): Past['snapshot'] => (isObject(value) && Number.isInteger(value.n) ? (value as unknown as Past['snapshot']) : { n: 0, state: undefined })
const asBatches = (rows: [Key, unknown][]): Batch[] =>
  rows.flatMap(([[, n], value]): Batch[] => (Number.isInteger(n) ? [[n as number, asEvents(value)]] : []))

const after = (n: number): Key => ['e', n]

const news = async (transaction: Transaction, n: number): Promise<News> => {
  const [identity, stored, rows] = await Promise.all([transaction.get(['p']), transaction.get(['h']), transaction.all(['e'], after(n))])
  const [head, batches] = [asHead(stored), asBatches(rows)]
  // Should the head be damaged, no batch may be written over all the same.
  const last = batches[batches.length - 1]?.[0] ?? 0
  return { identity: asIdentity(identity), head: last > head.n ? { ...head, n: last } : head, batches }
}

/** Puts events behind the head, less the visits that another tab has begun by now. Gives what was written. */
const put = (transaction: Transaction, head: Head, events: VisitorEvent[]): { head: Head; events: VisitorEvent[] } => {
  let { totals } = head
  const kept = events.filter((event) => {
    if (event.type === 'visit' && !beginsVisit(totals, event)) return false
    totals = advance(totals, event)
    return true
  })
  if (kept.length === 0) return { head, events: kept }
  const next = { n: head.n + 1, stored: head.stored + kept.length, totals }
  transaction.put(['e', next.n], { v: 1, events: kept })
  transaction.put(['h'], { v: 1, ...next })
  return { head: next, events: kept }
}

export const idsOf = (batches: Batch[]): string[] => batches.flatMap(([, events]) => events.map(({ id }) => id))

const without = (events: VisitorEvent[], batches: Batch[]): VisitorEvent[] => {
  const known = new Set(idsOf(batches))
  return events.filter(({ id }) => !known.has(id))
}

/** The last to tell a trait is believed. */
export function told(known: Traits, { traits: patch = {}, from }: Telling): Traits {
  const traits = { ...known.traits, ...patch }
  const origins = { ...known.origins }
  for (const name in traits) {
    if (own(patch, name) !== undefined) origins[name] = from
    if (patch ? traits[name] === null : origins[name]?.[0] !== BY_HAND) {
      delete traits[name]
      delete origins[name]
    }
  }
  return { traits, origins }
}

/** Who the log belongs to, with what the site has come to know. */
const withPatches = (transaction: Transaction, known: Identity | undefined, seed: string, patches: Telling[]): Identity => {
  if (known && patches.length === 0) return known
  const identity = { seed: known?.seed ?? seed, ...patches.reduce(told, known ?? NOTHING) }
  transaction.put(['p'], { v: 1, ...identity })
  return identity
}

/** What a page has to write, and what it knows of the log. */
export interface Append {
  /** Whose events these are. When the log belongs to another by now, or to nobody any more, nothing is written. */
  seed: string
  /** Has this seed been seen in the store? A first page may still take over what another tab has just stored. */
  confirmed: boolean
  n: number
  events: VisitorEvent[]
  patches: Telling[]
}

export interface Appended extends News {
  identity: Identity
  /** How the log stood before. */
  before: Head
  /** What was written, in a batch of its own; less than was asked for where the rest was there already, or out of place. */
  written: VisitorEvent[]
}

export interface Past extends News {
  /** The newest snapshot; n is 0 where there is none. `batches` are those after it. */
  snapshot: { n: number; state: unknown }
}

export const openLog = (store: Store) => ({
  /** All that a starting page needs, in one transaction, whatever the length of the log. */
  read: (): Promise<Past> =>
    store.transact('readonly', async (transaction) => {
      const snapshot = asSnapshot(await transaction.get(['s']))
      return { snapshot, ...(await news(transaction, snapshot.n)) }
    }),

  /** Batches after n, and how the log stands. */
  since: (n: number) => store.transact('readonly', (transaction) => news(transaction, n)),

  /** Null when the visitor was forgotten meanwhile. */
  append: ({ seed, confirmed, n, events, patches }: Append): Promise<Appended | null> =>
    store.transact('readwrite', async (transaction) => {
      const known = await news(transaction, n)
      if (confirmed && known.identity?.seed !== seed) return null
      const identity = withPatches(transaction, known.identity, seed, patches)
      // A write that was reported as failed may have gone through, and another page may have brought in what
      // this one left behind: nothing is written twice.
      const written = put(transaction, known.head, without(events, known.batches))
      return { ...known, identity, before: known.head, head: written.head, written: written.events }
    }),

  /** Puts into the log what pages have left behind, each once. */
  adopt: (leftovers: Append[]) =>
    store.transact('readwrite', async (transaction) => {
      const known = await news(transaction, Math.min(...leftovers.map(({ n }) => n)))
      let { head, identity } = known
      for (const { seed, confirmed, events, patches } of leftovers) {
        // Left by somebody who has been forgotten since: it goes with them.
        if (confirmed && identity?.seed !== seed) continue
        identity = withPatches(transaction, identity, seed, patches)
        head = put(transaction, head, without(asEvents({ events }), known.batches)).head
      }
    }),

  /** Keeps the fold of batches 1 to n, unless a newer one is there. */
  save: (seed: string, n: number, state: unknown) =>
    store.transact('readwrite', async (transaction) => {
      const [identity, snapshot] = await Promise.all([transaction.get(['p']), transaction.get(['s'])])
      if (asIdentity(identity)?.seed !== seed || asSnapshot(snapshot).n > n) return
      transaction.put(['s'], { v: 1, n, state })
    }),

  /**
   * Drops the oldest batches, whole: those older than `before` (ms since 1970), and as many as there are too many.
   * Only batches that the snapshot holds, and never more than half because of age: a clock that jumps ahead
   * must not empty the log.
   */
  prune: (before: number, count: number) =>
    store.transact('readwrite', async (transaction) => {
      const [snapshot, stored] = await Promise.all([transaction.get(['s']), transaction.get(['h'])])
      const head = asHead(stored)
      let left = head.stored
      for (const [n, events] of asBatches(await transaction.all(['e'], undefined, 20))) {
        const old = events.every(({ at }) => at < before) && left - events.length >= head.stored / 2
        if (n > asSnapshot(snapshot).n || !(old || left > count)) break
        transaction.drop(['e', n])
        left -= events.length
      }
      if (left < head.stored) transaction.put(['h'], { v: 1, ...head, stored: left })
    }),

  /** Work on what is kept beside the log, for the visitor of this seed; undefined when that is another by now. */
  beside: <T>(seed: string, work: (transaction: Transaction, log: ReadLog) => Promise<T>): Promise<T | undefined> =>
    store.transact('readwrite', async (transaction) => {
      if (asIdentity(await transaction.get(['p']))?.seed !== seed) return undefined
      return work(transaction, async (n) => {
        const { head, batches } = await news(transaction, n)
        return { n: head.n, events: batches.flatMap(([, events]) => events) }
      })
    }),

  /** Erases the visitor of this seed, or whoever it is; never somebody who came after. */
  clear: async (seed: string | typeof ANYBODY): Promise<void> => {
    // Nothing is made only to be erased.
    if ((await store.exists?.()) === false) return
    await store.transact('readwrite', async (transaction) => {
      const identity = asIdentity(await transaction.get(['p']))
      if (seed === ANYBODY || !identity || identity.seed === seed) transaction.clear()
    })
  },
})

export type Log = ReturnType<typeof openLog>

/** Erases a store that nobody has open; never rejects. Writes nothing down for that: it may not be allowed to. */
export function erase(store: Store): Promise<void> {
  left.clear()
  return openLog(store)
    .clear(ANYBODY)
    .then(left.erased, () => {})
    .then(store.close)
}
