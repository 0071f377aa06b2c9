// Notices when a slot is reached, and when it has been seen. Adds no node to the page: a marker would be met by the
// page's own `:first-child` and `* + *` styles, and by frameworks that take over what the server rendered.

import { listen, together } from '../lib/listen.js'

/** ms. So long half of a slot has to be in view. */
const SEEN_AFTER = 1000

/** The share of a slot that is half of it; finer steps notice a slot that is taller than the screen. */
const STEPS = [0, 0.1, 0.2, 0.3, 0.4, 0.5]

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
  const timers = new Map<Element, ReturnType<typeof setTimeout> | undefined>()

  const hold = (slot: Element): void => {
    clearTimeout(timers.get(slot))
    const look = (): void => {
      // Nobody looks at a page that is out of sight; the wait begins anew when it is back.
      if (document.visibilityState !== 'visible') return
      timers.delete(slot)
      half.unobserve(slot)
      seen(slot)
    }
    timers.set(slot, setTimeout(look, SEEN_AFTER))
  }
  const again = (): void => {
    for (const slot of timers.keys()) hold(slot)
  }

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
  const half = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting, intersectionRatio, intersectionRect, rootBounds } of entries) {
        // Of a slot that is taller than the screen half can never be in view: then it is half of the screen.
        const fills = rootBounds !== null && intersectionRect.height >= rootBounds.height / 2
        if (isIntersecting && (intersectionRatio >= 0.5 || fills)) {
          if (!timers.has(target)) hold(target)
        } else {
          clearTimeout(timers.get(target))
          timers.delete(target)
        }
      }
    },
    { threshold: STEPS },
  )

  const arrive = (slot: Element): void => {
    start.unobserve(slot)
    reached(slot)
  }

  const unlisten = together([
    listen(document, 'visibilitychange', again),
    // Capturing: what scrolls may be a box in the page.
    listen(document, 'scroll', scrolled, { capture: true, passive: true }),
  ])

  const unwatch = (slot: Element): void => {
    for (const observer of [start, half]) observer.unobserve(slot)
    across.delete(slot)
    clearTimeout(timers.get(slot))
    timers.delete(slot)
  }

  return {
    watch: (slot) => {
      unwatch(slot)
      start.observe(slot)
      half.observe(slot)
    },
    unwatch,
    stop: () => {
      for (const observer of [start, half]) observer.disconnect()
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
      unlisten()
    },
  }
}
