// Rage clicks: several in a row on the same spot, as by somebody for whom nothing happens.

import { around, listen } from './listen.js'
import type { Start } from './signals.js'

/** So many clicks within so many ms, none of them more than so many CSS pixels from the first. */
const CLICKS = 3
const WITHIN = 1000
const NEAR = 30

export const rageClicks: Start = (page) => {
  let first: MouseEvent | undefined
  let count = 0
  return listen<MouseEvent>(page, page.view.document, 'click', (event) => {
    // Clicks by keyboard have no detail; in a field, and to select a paragraph, people click several times.
    if (event.detail === 0 || around(event, 'input,textarea,select,[contenteditable]') || page.view.getSelection()?.type === 'Range') return
    const near = first && event.timeStamp - first.timeStamp <= WITHIN && Math.hypot(event.clientX - first.clientX, event.clientY - first.clientY) <= NEAR
    if (!near) {
      first = event
      count = 0
    }
    // Told of once, however long it goes on.
    if (++count === CLICKS) page.note('rage_click')
  })
}
