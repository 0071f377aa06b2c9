// What a page could not yet write when it went away, left for the next page. In localStorage, since nothing else
// is kept that is written at that moment: WebKit throws away IndexedDB requests made while a page is being left.

import { isObject } from '../lib/own.js'
import type { Append } from './log.js'

const PREFIX = 'slotwise:left:'
/** A store that has failed for long may have left more than localStorage should hold. */
const MOST = 100

/** Storage may be denied, by a throw on the first touch, or full. */
const trying = <T>(work: (storage: Storage) => T, otherwise: T): T => {
  try {
    return work(localStorage)
  } catch {
    return otherwise
  }
}

const keys = (storage: Storage): string[] => Object.keys(storage).filter((key) => key.startsWith(PREFIX))

const parsed = (text: string | null): Append | undefined => {
  try {
    const left: unknown = JSON.parse(text ?? '')
    const usable = isObject(left) && typeof left.seed === 'string' && Number.isInteger(left.n) && Array.isArray(left.events) && Array.isArray(left.patches)
    return usable ? (left as unknown as Append) : undefined
  } catch {
    return undefined
  }
}

export const left = {
  put: (page: string, { events, ...rest }: Append): void =>
    trying((storage) => storage.setItem(PREFIX + page, JSON.stringify({ ...rest, events: events.slice(-MOST) })), undefined),
  /** Whatever pages have left, by key. */
  all: (): [key: string, left: Append | undefined][] =>
    trying((storage) => keys(storage).map((key) => [key, parsed(storage.getItem(key))]), []),
  drop: (...dropped: string[]): void => trying((storage) => dropped.forEach((key) => storage.removeItem(key)), undefined),
  clear: (): void => left.drop(...trying(keys, [])),
  key: (page: string): string => PREFIX + page,
}
