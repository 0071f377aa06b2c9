// engagement(): counts seconds of attention: the page is visible, it has the focus, and its visitor has lately done something.

import type { Guard } from '../lib/guard.js'
import { listen } from './listen.js'

/** Seconds. So long somebody reads on who does nothing. */
const ATTENTION = 30

/** What a visitor does who is there. Each of them only sets a number. */
const ACTIVITY = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'scroll', 'touchmove']

/**
 * Calls `told` each second that the page is in sight, with how many seconds the visitor has been engaged, and for how
 * many they have done nothing. Opening the page, and coming back to it, is doing something.
 */
export function engagement(page: { view: Window; guard: Guard }, told: (engaged: number, idle: number) => void): () => void {
  const { document } = page.view
  let [engaged, idle] = [0, 0]
  let timer: ReturnType<typeof setInterval> | undefined

  const active = (): void => {
    idle = 0
  }
  const tick = page.guard(() => {
    idle++
    if (idle <= ATTENTION && document.hasFocus()) engaged++
    told(engaged, idle)
  })
  /** A tab that is out of sight wakes for nothing. */
  const look = (): void => {
    active()
    clearInterval(timer)
    timer = document.visibilityState === 'visible' ? setInterval(tick, 1000) : undefined
  }
  const undo = [listen(page, document, 'visibilitychange', look), ...ACTIVITY.map((type) => listen(page, document, type, active))]
  look()
  return () => {
    clearInterval(timer)
    for (const step of undo) step()
  }
}
