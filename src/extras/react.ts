// For React: a slot that survives server rendering and hydration, and what was decided for code that renders by itself.

import { createElement, type ElementType, type ReactNode, useEffect, useLayoutEffect, useMemo, useReducer, useSyncExternalStore } from 'react'
import type { Decision, Site } from '../index.js'

const SHARED = Symbol.for('slotwise')

/** What the server says, what hydration begins with, and what holds until Slotwise is there. */
const pending = (slot: string): Decision => ({
  slot,
  variant: 'default',
  experience: null,
  arm: 'default',
  probability: 1,
  held: false,
  weights: null,
  stratum: '*',
  measured: false,
  epoch: 0,
  reason: 'not-ready',
  because: 'The ruleset or the past is still being read.',
})

/** The page's site, now or as soon as the script tag has started it; returns what takes the question back. */
function withSite(site: Site | undefined, work: (site: Site) => () => void): () => void {
  let undo: (() => void) | undefined
  let asked = true
  const start = (found: Site): void => {
    if (asked) undo = work(found)
  }
  const page = globalThis as { [SHARED]?: { site: Site }; slotwise?: { push(work: (site: Site) => void): unknown } }
  const known = site ?? page[SHARED]?.site
  if (known) start(known)
  else {
    page.slotwise ??= []
    page.slotwise.push(start)
  }
  return () => {
    asked = false
    undo?.()
  }
}

/** What React asks again and again has to be the same until it changes. */
function decisions(slot: string, site: Site | undefined) {
  const first = pending(slot)
  let current = first
  return {
    server: () => first,
    get: () => current,
    subscribe: (changed: () => void) =>
      withSite(site, (found) => {
        const look = (): void => {
          const decision = found.decide(slot)
          // Between two page views nothing is decided: what is on screen stays until there is something new.
          if (decision === current || decision.reason === 'not-ready') return
          current = decision
          changed()
        }
        // The profile is told of first; what follows from it, a new page view included, is decided right after.
        const stop = found.on('profile', () => queueMicrotask(look))
        look()
        return stop
      }),
  }
}

/** On a server there is no layout, and React 18 warns of an effect that waits for it. */
const useBeforePaint = typeof document === 'undefined' ? useEffect : useLayoutEffect

/**
 * What a slot shows in this page view, and why. `default` on the server and while hydrating; what is decided by then
 * comes right after, before the first paint. Give `site` where it is not the one that the page has started.
 */
export function useDecision(slot: string, site?: Site): Decision {
  const store = useMemo(() => decisions(slot, site), [slot, site])
  const [, again] = useReducer((count: number) => count + 1, 0)
  const decision = useSyncExternalStore(store.subscribe, store.get, store.server)
  // React itself subscribes only after the paint.
  useBeforePaint(() => store.subscribe(again), [store])
  return decision
}

export interface SlotProps {
  name: string
  /** What each variant shows. One that is missing here is the default. */
  variants: { [variant: string]: ReactNode }
  /** The default. */
  children?: ReactNode
  /** The element; `div` by default. */
  as?: ElementType
  site?: Site
  /** Whatever else the element takes, such as `className`. */
  [attribute: string]: unknown
}

/** Renders one slot. Slotwise leaves its content to React, and counts when it is reached. */
export function Slot({ name, variants, children, as = 'div', site, ...rest }: SlotProps): ReactNode {
  const { variant, reason } = useDecision(name, site)
  const shown = Object.hasOwn(variants, variant) ? variant : 'default'
  return createElement(
    as,
    { ...rest, 'data-slot': name, 'data-slot-by': 'page', 'data-slot-state': reason === 'not-ready' ? undefined : shown },
    shown === 'default' ? children : variants[shown],
  )
}
