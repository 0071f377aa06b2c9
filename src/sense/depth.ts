// depth(): how far down a page somebody has scrolled, from 0 to 1.

import type { Guard } from '../lib/guard.js'
import { listen } from './listen.js'

/** ms. While somebody scrolls, it is looked up no more often than this. */
const LOOK_AFTER = 200

/** Calls `reached` after each stretch of scrolling. A page that fits on the screen has no depth. */
export function depth(page: { view: Window; guard: Guard }, reached: (share: number) => void): () => void {
  const { document } = page.view
  let timer: ReturnType<typeof setTimeout> | undefined

  // Observers are called right after layout, so that reading sizes there forces none.
  const afterLayout = new IntersectionObserver(
    page.guard(() => {
      afterLayout.disconnect()
      const { scrollTop, clientHeight, scrollHeight } = document.scrollingElement ?? document.documentElement
      if (scrollHeight > clientHeight) reached((scrollTop + clientHeight) / scrollHeight)
    }),
  )
  const look = (): void => {
    timer = undefined
    afterLayout.observe(document.documentElement)
  }
  const unlisten = listen(page, document, 'scroll', ({ target }) => {
    // What scrolls may be a box in the page.
    if (target === document) timer ??= setTimeout(look, LOOK_AFTER)
  })
  return () => {
    unlisten()
    clearTimeout(timer)
    afterLayout.disconnect()
  }
}
