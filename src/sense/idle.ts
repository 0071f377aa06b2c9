// idle(): counts seconds in which the page is in sight and nothing is done; whatever is done begins them anew.

import type { Guard } from '../lib/guard.js'
import { pulse } from './pulse.js'

/** Calls `second` with how many there have been, until it returns true, or is undone. */
export function idle(page: { view: Window; guard: Guard }, second: (seconds: number) => boolean): () => void {
  let seconds = 0
  return pulse(page, (active) => {
    seconds = active ? 0 : seconds + 1
    return seconds > 0 && second(seconds)
  })
}
