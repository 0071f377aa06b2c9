// What a page gives off beyond page views and clicks on [data-track]. The script tag fetches this file from beside
// itself, and only for a ruleset that uses something of it.

import type { Guard } from '../lib/guard.js'
import type { Ruleset, Signal } from '../types.js'

/** What a signal gets to see, and where it puts what it has noticed. */
export interface SignalPage {
  view: Window
  /** The document. */
  root: Node
  ruleset: Ruleset
  /** Does the ruleset ask for events of this type, and are they left to Slotwise to record? */
  uses(type: string): boolean
  put(signal: Signal): void
  /** Whatever the browser calls runs inside it. */
  guard: Guard
  /** ms since 1970. */
  now(): number
  /** Calls `begin` for the page view at hand and for each later one, and what it gave when that page view ends. */
  views(begin: () => () => void): () => void
}

/** Starts to listen; gives the undo. */
export type Start = (page: SignalPage) => () => void

/** A signal, and the types of event that it puts: it is started where one of them is used. */
type Entry = [types: string[], start: Start]

/** Those that go on while the document is there. */
const LASTING: Entry[] = []

/** Those that begin anew with each page view. Their undo may still put a signal: it belongs to the page view that ends. */
const PER_VIEW: Entry[] = []

export function signals(page: SignalPage): () => void {
  const open = (entries: Entry[]): (() => void) => {
    const undo = entries.filter(([types]) => types.some(page.uses)).map(([, start]) => start(page))
    return () => {
      for (const step of undo) page.guard(step)()
    }
  }
  const undo = [open(LASTING), page.views(() => open(PER_VIEW))]
  return () => {
    for (const step of undo) step()
  }
}
