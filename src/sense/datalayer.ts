// dataLayer(): hears what a page tells its tag manager or its customer data platform, before us and after. Listens
// beside whoever else does: nothing is taken away, held up or changed.

import type { Guard } from '../lib/guard.js'
import { wrap } from '../lib/wrap.js'
import type { Signal } from '../types.js'
import { entryReader } from './entry.js'

/** Objects that pages push to, or call `track` of. */
interface Sources extends Window {
  dataLayer?: unknown
  analytics?: unknown
  rudderanalytics?: unknown
}

/** ms after the page has loaded: what comes by itself has come by then. */
export const LATER = 1000

/**
 * What has been told by now and is told from now on, in its order. `heard` learns, too, whether that was `late`: after
 * the page had loaded, by something that happened there. Gives the undo.
 */
export function dataLayer(view: Sources, guard: Guard, heard: (signal: Signal, late: boolean) => void): () => void {
  const { document } = view
  const read = entryReader()
  /** Whoever was first to tell of a type of event: a platform that hands everything on to the tag manager tells it twice. */
  const tellers = new Map<string, unknown>()
  const take = (entry: unknown, teller: unknown, late: boolean): void => {
    let signal: Signal | undefined
    try {
      signal = read(entry)
    } catch {
      // The page's own getter has thrown: it is asked nothing more.
    }
    if (!signal) return
    if (!tellers.has(signal.type)) tellers.set(signal.type, teller)
    if (tellers.get(signal.type) === teller) heard(signal, late)
  }

  const known = new Set<unknown>()
  const undo: (() => void)[] = []
  const attach = (name: keyof Sources, method: string, entries: (args: unknown[]) => unknown[]): void => {
    const object = view[name] as unknown
    if (typeof object !== 'object' || object === null || known.has(object)) return
    if (typeof (object as { [key: string]: unknown })[method] !== 'function') return
    known.add(object)
    // What was pushed before us stands in it still.
    if (Array.isArray(object)) for (const entry of [...object]) take(entry, name, false)
    const told = guard((...args: unknown[]) => {
      for (const entry of entries(args)) take(entry, name, document.readyState === 'complete')
    })
    undo.push(wrap(object as { [key: string]: (...args: unknown[]) => unknown }, method, told))
  }
  // A tag manager may come later, and a platform puts its own object in place of the snippet's.
  const look = guard(() => {
    attach('dataLayer', 'push', (entries) => entries)
    for (const platform of ['analytics', 'rudderanalytics'] as const) attach(platform, 'track', ([event, properties]) => [['track', event, properties]])
  })

  look()
  let timer: ReturnType<typeof setTimeout> | undefined
  const loaded = (): void => {
    look()
    timer = setTimeout(look, LATER)
  }
  if (document.readyState === 'complete') loaded()
  else view.addEventListener('load', loaded, { once: true })
  return () => {
    view.removeEventListener('load', loaded)
    clearTimeout(timer)
    for (const step of undo) step()
  }
}
