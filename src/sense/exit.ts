// exit(): notices that a visitor is about to leave. With a mouse, it goes up and out of the page, on its way to tabs and
// address; on a touch screen, the page is flicked back up, to where the browser shows them again.

import type { Guard } from '../lib/guard.js'
import { listen } from './listen.js'

/** px from the upper edge: a pointer that moves fast is last seen a little below it. */
const NEAR = 20
/** A flick: px at least, and px per ms. */
const FLICK = { length: 60, speed: 1 }

interface Touched {
  at: number
  y: number
  /** How far the page is scrolled. */
  scrolled: number
}

export function exit(page: { view: Window; guard: Guard }, leaving: () => void): () => void {
  const { view } = page
  const { document } = view
  let down: Touched | undefined
  const touch = ({ timeStamp, changedTouches: [finger] }: TouchEvent): Touched => ({ at: timeStamp, y: finger?.clientY ?? 0, scrolled: view.scrollY })

  const undo = [
    listen<MouseEvent>(page, document, 'mouseout', ({ relatedTarget, buttons, clientY }) => {
      // Into another element, or dragging something along: that is no leaving.
      if (!relatedTarget && !buttons && clientY <= NEAR) leaving()
    }),
    listen<TouchEvent>(page, document, 'touchstart', (event) => {
      // Two fingers zoom.
      down = event.touches.length === 1 ? touch(event) : undefined
    }),
    listen<TouchEvent>(page, document, 'touchend', (event) => {
      if (!down) return
      const { at, y, scrolled } = touch(event)
      const length = y - down.y
      // Only where the page went along: the finger may have moved a map, or pulled the page down to load it anew.
      if (length >= FLICK.length && length / (at - down.at) >= FLICK.speed && scrolled < down.scrolled) leaving()
      down = undefined
    }),
  ]
  return () => {
    for (const step of undo) step()
  }
}
