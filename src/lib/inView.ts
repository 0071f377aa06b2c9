// inView(): notices when half of an element has been in view for a second, on a page that somebody looks at.

import { listen } from './listen.js'

/** ms. So long half of an element has to be in view. */
const SEEN_AFTER = 1000

/** The share of an element that is half of it; finer steps notice one that is taller than the screen. */
const STEPS = [0, 0.1, 0.2, 0.3, 0.4, 0.5]

export interface InView {
  /** Watches an element until it has been seen. */
  watch(element: Element): void
  unwatch(element: Element): void
  stop(): void
}

export function inView(page: Document, seen: (element: Element) => void): InView {
  const timers = new Map<Element, ReturnType<typeof setTimeout>>()

  const drop = (element: Element): void => {
    clearTimeout(timers.get(element))
    timers.delete(element)
  }
  const unwatch = (element: Element): void => {
    half.unobserve(element)
    drop(element)
  }
  const hold = (element: Element): void => {
    clearTimeout(timers.get(element))
    const look = (): void => {
      // Nobody looks at a page that is out of sight; the wait begins anew when it is back.
      if (page.visibilityState !== 'visible') return
      unwatch(element)
      seen(element)
    }
    timers.set(element, setTimeout(look, SEEN_AFTER))
  }
  const half = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting, intersectionRatio, intersectionRect, rootBounds } of entries) {
        // Of an element that is taller than the screen half can never be in view: then it is half of the screen.
        const fills = rootBounds !== null && intersectionRect.height >= rootBounds.height / 2
        if (!isIntersecting || (intersectionRatio < 0.5 && !fills)) drop(target)
        else if (!timers.has(target)) hold(target)
      }
    },
    { threshold: STEPS },
  )
  const unlisten = listen(page, 'visibilitychange', () => [...timers.keys()].forEach(hold))

  return {
    watch: (element) => half.observe(element),
    unwatch,
    stop: () => {
      half.disconnect()
      for (const element of timers.keys()) drop(element)
      unlisten()
    },
  }
}
