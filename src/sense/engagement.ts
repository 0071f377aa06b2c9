// engagement(): counts seconds of attention: the page is visible, it has the focus, and its visitor has just done something.

import type { Guard } from '../lib/guard.js'
import { listen } from './listen.js'

/** Seconds. So long somebody reads on who does nothing. */
const STILL = 15

/** What a visitor does who is there. Each of them only sets a flag. */
const ACTIVITY = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'scroll', 'touchmove']

/** Calls `second` with how many there have been, until it returns true, or is undone. Opening the page is the first activity. */
export function engagement(page: { view: Window; guard: Guard }, second: (seconds: number) => boolean): () => void {
  const { document } = page.view
  let active = true
  let still = 0
  let seconds = 0
  let timer: ReturnType<typeof setInterval> | undefined

  const tick = page.guard(() => {
    still = active ? 0 : still + 1
    active = false
    if (still < STILL && document.hasFocus() && second(++seconds)) stop()
  })
  /** A tab that is out of sight wakes for nothing. */
  const look = (): void => {
    clearInterval(timer)
    timer = document.visibilityState === 'visible' ? setInterval(tick, 1000) : undefined
  }
  const undo = [
    listen(page, document, 'visibilitychange', look),
    ...ACTIVITY.map((type) =>
      listen(page, document, type, () => {
        active = true
      }),
    ),
  ]
  const stop = (): void => {
    clearInterval(timer)
    for (const step of undo) step()
  }
  look()
  return stop
}
