// Notices when a slot is reached, and when it has been seen. Adds no node to the page: a marker would be met by the
// page's own `:first-child` and `* + *` styles, and by frameworks that take over what the server rendered.

import { inView } from '../lib/inView.js'
import { listen } from '../lib/listen.js'

/** Below the upper edge; a hair of it may be cut off where zoom or a fractional layout has put it. */
const isBelow = ({ top }: DOMRectReadOnly): boolean => top > -1

export interface Exposures {
  /** Watches a slot for this page view. */
  watch(slot: Element): void
  unwatch(slot: Element): void
  stop(): void
}

/** Both may be told of the same slot again, after `watch`. */
export function exposures(document: Document, reached: (slot: Element) => void, seen: (slot: Element) => void): Exposures {
  const half = inView(document, seen)

  // The start of a slot is on screen when some of the slot is, and none of it lies across the upper edge. So it is the
  // same place for every variant, however tall.
  const start = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting, boundingClientRect } of entries) {
      across.delete(target)
      if (!isIntersecting) continue
      if (isBelow(boundingClientRect)) arrive(target)
      else across.add(target)
    }
  })
  const across = new Set<Element>()
  /** No observer tells when the start of a slot comes down to the very edge: it touched that edge before. */
  const scrolled = (): void => {
    for (const slot of across) {
      if (!isBelow(slot.getBoundingClientRect())) continue
      // It may have gone right through, out of view below: that is for the observer to say.
      start.unobserve(slot)
      start.observe(slot)
    }
  }
  const arrive = (slot: Element): void => {
    start.unobserve(slot)
    reached(slot)
  }

  // Capturing: what scrolls may be a box in the page.
  const unlisten = listen(document, 'scroll', scrolled, { capture: true, passive: true })

  const unwatch = (slot: Element): void => {
    start.unobserve(slot)
    half.unwatch(slot)
    across.delete(slot)
  }

  return {
    watch: (slot) => {
      unwatch(slot)
      start.observe(slot)
      half.watch(slot)
    },
    unwatch,
    stop: () => {
      start.disconnect()
      half.stop()
      unlisten()
    },
  }
}
