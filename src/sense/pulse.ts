// pulse(): tells each second that a page is in sight whether its visitor has done something in it.

import type { Guard } from '../lib/guard.js'
import { listen } from './listen.js'

/** What a visitor does who is there. Each of them only sets a flag. */
const ACTIVITY = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'scroll', 'touchmove']

/** Calls `beat` until it returns true, or is undone. Opening the page, and coming back to it, are activity. */
export function pulse(page: { view: Window; guard: Guard }, beat: (active: boolean) => boolean): () => void {
  const { document } = page.view
  let active = true
  let timer: ReturnType<typeof setInterval> | undefined

  const tick = page.guard(() => {
    const was = active
    active = false
    if (beat(was)) stop()
  })
  /** A tab that is out of sight wakes for nothing. */
  const look = (): void => {
    clearInterval(timer)
    active = true
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
