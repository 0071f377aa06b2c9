// engagement(): counts seconds of attention: the page is visible, it has the focus, and its visitor has just done something.

import type { Guard } from '../lib/guard.js'
import { pulse } from './pulse.js'

/** Seconds. So long somebody reads on who does nothing. */
const STILL = 15

/** Calls `second` with how many there have been, until it returns true, or is undone. */
export function engagement(page: { view: Window; guard: Guard }, second: (seconds: number) => boolean): () => void {
  let still = 0
  let seconds = 0
  return pulse(page, (active) => {
    still = active ? 0 : still + 1
    return still < STILL && page.view.document.hasFocus() && second(++seconds)
  })
}
