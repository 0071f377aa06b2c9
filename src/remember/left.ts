// What a page could not yet do when it went away, left for the next page. In localStorage, since nothing else is kept
// that is written at that moment: WebKit throws away IndexedDB requests made while a page is being left.

import { isObject } from '../lib/own.js'
import { HINT } from './hint.js'
import type { VisitorEvent } from '../types.js'
import type { Append } from './log.js'

const PREFIX = 'slotwise:left:'
/** Set from the moment a visitor asks to be forgotten until it is done, so that leaving the page cannot undo it. */
const FORGOTTEN = 'slotwise:forgotten'
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

const parsed = (text: string): Append | undefined => {
  try {
    const left: unknown = JSON.parse(text)
    const usable = isObject(left) && typeof left.seed === 'string' && Number.isInteger(left.n) && Array.isArray(left.events) && Array.isArray(left.patches) && left.patches.every(isObject)
    return usable ? (left as unknown as Append) : undefined
  } catch {
    return undefined
  }
}

export interface Leftover {
  key: string
  text: string
  /** Undefined where it makes no sense. */
  append: Append | undefined
}

export const left = {
  /** True when it is kept. */
  put: (page: string, { events, ...rest }: Append): boolean =>
    trying((storage) => {
      storage.setItem(PREFIX + page, JSON.stringify({ ...rest, events: events.slice(-MOST) }))
      return true
    }, false),
  has: (page: string): boolean => trying((storage) => storage.getItem(PREFIX + page) !== null, false),
  drop: (page: string): void => trying((storage) => storage.removeItem(PREFIX + page), undefined),

  /** What other pages than this one have left. */
  others: (page: string): Leftover[] =>
    trying(
      (storage) =>
        Object.entries<string>(storage)
          .filter(([key]) => key.startsWith(PREFIX) && key !== PREFIX + page)
          .map(([key, text]) => ({ key, text, append: parsed(text) })),
      [],
    ),
  /** A page that lives on may have left more in the meantime: that stays. */
  taken: (leftovers: Leftover[]): void =>
    trying((storage) => leftovers.forEach(({ key, text }) => storage.getItem(key) === text && storage.removeItem(key)), undefined),

  /** Everything goes but the wish to be forgotten, which is noted as a seed. */
  forget: (seed: string): void => {
    left.clear()
    trying((storage) => storage.setItem(FORGOTTEN, seed), undefined)
  },
  forgotten: (): string | undefined => trying((storage) => storage.getItem(FORGOTTEN) ?? undefined, undefined),
  erased: (): void => trying((storage) => storage.removeItem(FORGOTTEN), undefined),
  /** The hint goes, too. A wish to be forgotten stays until it is done. */
  clear: (): void =>
    trying(
      (storage) =>
        Object.keys(storage)
          .filter((key) => key.startsWith(PREFIX) || key === HINT)
          .forEach((key) => storage.removeItem(key)),
      undefined,
    ),
}

/** Takes events out of what pages have left, too. */
export const strikeLeft = (goes: (event: VisitorEvent) => boolean): void =>
  trying((storage) => {
    for (const [key, text] of Object.entries<string>(storage)) {
      const append = key.startsWith(PREFIX) && parsed(text)
      if (append && append.events.filter(goes).length > 0) storage.setItem(key, JSON.stringify({ ...append, events: append.events.filter((event) => !goes(event)) }))
    }
  }, undefined)
