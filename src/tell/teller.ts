// What happened becomes trials, trials become rows, and rows leave one by one. A page fetches this file only once that
// is allowed.

import { utcDay } from '../lib/day.js'
import { hash } from '../lib/hash.js'
import { listen } from '../lib/listen.js'
import type { Props, ReadLog, Ruleset, Stages, SyncRules, Transaction, Transport, VisitorEvent } from '../types.js'
import { anonymizer } from './anonymize.js'
import { outbox } from './outbox.js'
import { createSync } from './sync.js'
import { createTrials } from './trials.js'
import { transports } from './transports.js'

export interface TellerOptions {
  ruleset: Ruleset
  rules: SyncRules
  /** In place of what the ruleset names. */
  transport?: Transport | undefined
  /** May rows be made and sent, at this very moment? */
  may(): boolean
  /** Work beside the log, in one transaction and on behalf of this visitor; undefined where that cannot be. */
  beside<T>(work: (transaction: Transaction, log: ReadLog) => Promise<T>): Promise<T | undefined>
  /** The goals, and the declared rows, that an event counts for. */
  goals(event: VisitorEvent): string[]
  /** Whose rows they are: the random seed, which never leaves the device, and the epoch of this page's last measured decision. */
  viewer(): { seed: string; epoch: number | undefined }
  /** A copy without what looks like somebody's own data. */
  clean(props: Props): Props
  newId: () => string
  now: () => number
  random: () => number
  fetch: typeof globalThis.fetch
  /** Tells of each row that waits to be sent, and how sending goes. */
  emit<K extends 'row' | 'sync'>(stage: K, value?: Stages[K]): void
  report(message: string): void
  /** The browser's own, where nothing else is given. */
  navigator?: Pick<Navigator, 'onLine'> & { locks?: Pick<LockManager, 'request'> }
}

export interface Teller {
  /** Reads on in the log; the first time that measuring is allowed, from there on. */
  follow(): Promise<void>
  /** Nothing more is sent, not even what is under way; and, if `emptied`, nothing waits any more. */
  abort(emptied: boolean): void
  leave(gone: boolean): void
}

export function createTeller({ ruleset, rules, transport, may, beside, goals, viewer, clean, newId, emit, navigator = globalThis.navigator, ...options }: TellerOptions): Teller {
  const { now, report } = options
  const trials = createTrials(ruleset, goals, options.random)
  const anonymize = anonymizer(ruleset, clean)
  let encode = transport
  const sync = createSync({
    ...options,
    may,
    newId,
    anonymize,
    // Nothing is sent before there is one.
    encode: (row) => (encode as Transport)(row),
    // Without a word on it, as in Node, there is a network.
    online: () => navigator?.onLine !== false,
    locks: navigator?.locks,
    synced: (sync) => emit('sync', sync),
    keep: (work) => beside((transaction) => work(transaction)),
  })

  const follow = async (): Promise<void> => {
    if (!may()) return
    const time = now()
    const rows = await beside(async (transaction, log) => {
      if (!may()) return []
      const { seed, epoch } = viewer()
      const told = (await trials.follow(transaction, log, time, { epoch, held: hash('holdout', seed) < (ruleset.holdout ?? 0) })).flatMap((one) => {
        const id = newId()
        const row = anonymize(one.metric, one.trial, id, utcDay(time))
        return row ? [{ ...one, id, row }] : []
      })
      if (told.length > 0) await outbox.add(transaction, told, time)
      return told.map(({ row }) => row)
    })
    for (const row of rows ?? []) emit('row', row)
    encode ??= await transports(rules, report)
    if (encode) await sync.plan()
  }

  const unlisten = listen(globalThis as unknown as EventTarget, 'online', () => encode && void sync.plan())
  return {
    follow,
    abort: (emptied) => {
      sync.abort(emptied)
      if (emptied) emit('row')
      // For good; what has only been taken back may be granted again.
      if (!emptied) unlisten()
    },
    leave: sync.leave,
  }
}
