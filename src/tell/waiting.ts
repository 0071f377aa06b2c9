// A row that waits, as it is kept: when it is due, who has it in hand, and how all of them are read.

import { isObject } from '../lib/own.js'
import type { Key, Row, Transaction } from '../types.js'
import type { Told } from './trials.js'

/** ms. A tab that leased a row and died holds it no longer than this. */
export const LEASE = 30_000

export interface Waiting {
  id: string
  metric: Row['metric']
  /** What it says. */
  trial: Told['trial']
  /** The trial, or the declared row's day, that it belongs to, as it is kept. */
  of: Key
  tries: number
  /** Not to be sent before, in ms since 1970. */
  due: number
  /** A tab has it in hand until then. */
  lease: number
  /** When it was made, in ms since 1970, and how long it is as JSON. */
  at?: number
  bytes?: number
}

/** What is due later than this was dated by a clock that was ahead. */
const FAR = 86_400_000

/** Records that make no sense are none; and each goes by the key under which it is found. */
const asWaiting = (id: unknown, value: unknown): Waiting[] =>
  isObject(value) && isObject(value.trial) && Array.isArray(value.of) && [value.tries, value.due, value.lease].every(Number.isFinite) ? [{ ...value, id } as Waiting] : []

/** So many are read at a time: each piece is a task of its own, and none keeps the page from answering. */
export const PIECE = 32

/** All rows that wait, by their ids: from there to the last, and on from the first. */
export async function* pieces(transaction: Transaction, from = ''): AsyncGenerator<Waiting[]> {
  let last: Key | undefined = ['o', from]
  let turned = false
  for (;;) {
    const piece = await transaction.all(['o'], last, PIECE)
    yield piece.flatMap(([[, id], value]) => (turned && (id as string) > from ? [] : asWaiting(id, value)))
    last = piece[PIECE - 1]?.[0]
    if (last && !(turned && (last[1] as string) > from)) continue
    if (turned || !from) return
    turned = true
  }
}

export const find = async (transaction: Transaction, id: string): Promise<Waiting | undefined> => asWaiting(id, await transaction.get(['o', id]))[0]

export const put = (transaction: Transaction, waiting: Waiting): void => transaction.put(['o', waiting.id], { v: 1, ...waiting })

/** A lease that ends later than any lease can was given by a clock that was ahead. */
export const isLeased = ({ lease }: Waiting, now: number): boolean => lease > now && lease <= now + LEASE

export const isAhead = (at: number, now: number): boolean => at > now && at - now <= FAR

export const isDue = (waiting: Waiting, now: number): boolean => !isLeased(waiting, now) && !isAhead(waiting.due, now)
