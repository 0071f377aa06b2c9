// Scroll depth in quarters of the page, each once per page view.

import { depth } from './depth.js'
import type { Start } from './signals.js'

export const scroll: Start = (page) => {
  let quarters = 0
  const stop = depth(page, (share) => {
    // A hair may be missing where the page is zoomed.
    for (const reached = Math.floor(share * 4 + 0.01); quarters < reached; ) page.note('scroll', { percent: ++quarters * 25 })
  })
  return stop
}
