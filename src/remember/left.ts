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
const trying = <T>(work: (storage: Storage) => T): T | undefined => {
  try {
    return work(localStorage)
  } catch {
    return undefined
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

/** To forget one thing: noted at once when a visitor asks for it, and done by the page that finds it, ahead of reading anything. */
export interface Wish {
  fact: unknown
}

export interface Leftover {
  key: string
  text: string
  /** Undefined where it makes no sense. */
  append: Append | undefined
}

export const left = {
  /** True when it is kept. A wish goes by its time instead of a page, and has no events. */
  put: (page: string | number, { events, ...rest }: Pick<Append, 'events'> & (Append | Wish)): boolean | undefined =>
    trying((storage) => storage.setItem(PREFIX + page, JSON.stringify({ ...rest, events: events.slice(-MOST) })) === undefined),
  has: (page: string): boolean | undefined => trying((storage) => storage.getItem(PREFIX + page) !== null),
  drop: (page: string): void => trying((storage) => storage.removeItem(PREFIX + page)),

  /** What other pages than this one have left. */
  others: (page: string): Leftover[] =>
    trying((storage) =>
      Object.entries<string>(storage)
        .filter(([key]) => key.startsWith(PREFIX) && key !== PREFIX + page)
        .map(([key, text]) => ({ key, text, append: parsed(text) })),
    ) ?? [],
  /** A page that lives on may have left more in the meantime: that stays. */
  taken: (leftovers: Leftover[]): void => trying((storage) => leftovers.forEach(({ key, text }) => storage.getItem(key) === text && storage.removeItem(key))),

  /** Everything goes but the wish to be forgotten, which is noted as a seed. */
  forget: (seed: string): void => {
    left.clear()
    trying((storage) => storage.setItem(FORGOTTEN, seed))
  },
  forgotten: (): string | undefined => trying((storage) => storage.getItem(FORGOTTEN)) ?? undefined,
  erased: (): void => trying((storage) => storage.removeItem(FORGOTTEN)),
  /** The hint goes, too. A wish to be forgotten stays until it is done. */
  clear: (): void =>
    trying((storage) =>
      Object.keys(storage)
        .filter((key) => key.startsWith(PREFIX) || key === HINT)
        .forEach((key) => storage.removeItem(key)),
    ),
}

/** What is to be forgotten of the time before `before`, in ms since 1970: one trait, or the events that `goes` holds for. */
export interface Meant {
  trait?: string | undefined
  goes?: ((event: VisitorEvent) => boolean) | undefined
  before: number
}

/** Takes it out of what a page has left. */
export const strike = (append: Append, { trait, goes, before }: Meant): void => {
  append.events = append.events.filter((event) => !goes?.(event))
  for (const { traits, from } of append.patches) if (trait && from?.[1] < before) delete traits?.[trait]
}

/** Takes it out of what all pages have left. */
export const strikeLeft = (meant: Meant): void =>
  trying((storage) => {
    for (const [key, text] of Object.entries<string>(storage)) {
      const append = key.startsWith(PREFIX) && parsed(text)
      if (!append) continue
      strike(append, meant)
      storage.setItem(key, JSON.stringify(append))
    }
  })

/** The time of a wish is its name; pages have other names. */
const timeOf = (key: string): number => Number(key.split(PREFIX)[1])

/** The wish that a page has left; undefined where it is none. */
export const wishOf = ({ key, text }: Leftover): (Wish & { before: number }) | undefined =>
  trying(() => {
    const before = timeOf(key)
    return before > 0 ? { ...JSON.parse(text), before } : undefined
  })

/** It is done. */
export const fulfilled = (before: number): void => trying((storage) => storage.removeItem(PREFIX + before))

/** Is there one still to be fulfilled? */
export const wishing = (): boolean | undefined => trying((storage) => Object.keys(storage).some((key) => timeOf(key) > 0))
