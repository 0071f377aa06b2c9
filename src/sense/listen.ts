// listen(): one listener for the whole document, that can neither hold up the page nor throw into it; gives its undo.

import type { Guard } from '../lib/guard.js'
import { listen as hear } from '../lib/listen.js'

/** Capturing: a page's own handler may stop an event before it bubbles, and media events do not bubble at all. */
const HOW = { capture: true, passive: true } as const

export function listen<E extends Event>({ guard }: { guard: Guard }, target: EventTarget, type: string, heard: (event: E) => void): () => void {
  return hear(target, type, guard(heard), HOW)
}

/** The nearest element around an event that a selector fits. Reaches into open shadow roots, where the target alone would be the host. */
export const around = <T extends Element>(event: Event, selector: string): T | undefined =>
  event.composedPath().find((target): target is T => (target as Element).matches?.(selector))

/** What its author has called an element. Nothing that a visitor wrote. */
export const declaredName = (element: Element): string | undefined => element.getAttribute('name') || element.id || undefined
