// Attention: how many seconds a page has had of it, and whether its text was read to the end.

import { duration } from '../lib/duration.js'
import { engagement } from './engagement.js'
import type { Start } from './signals.js'

const THRESHOLDS = ['10s', '30s', '60s', '120s']

/** Seconds. Whoever jumps to the end in less has not read it. */
const LEAST = 3

/** Watches for the end of a text: it is on screen, or above, while nothing of the text lies below the screen. */
function ending(text: Element): { text: Element; reached(): boolean; stop(): void } {
  let reached = false
  const below = new IntersectionObserver(
    ([entry]) => {
      reached = !!entry?.rootBounds && !entry.isIntersecting && entry.boundingClientRect.bottom <= entry.rootBounds.top
    },
    // From a little below the screen, since what only touches counts, as far down as pages go.
    { rootMargin: '-101% 0px 1000000px 0px' },
  )
  below.observe(text)
  return { text, reached: () => reached, stop: () => below.disconnect() }
}

export const attention: Start = ({ ruleset, uses, note, view, guard }) => {
  let thresholds = uses('engaged') ? (ruleset.sense?.engaged ?? THRESHOLDS).map((text) => duration(text) / 1000) : []
  let unread = uses('read')
  let end: ReturnType<typeof ending> | undefined

  /** A page, or the next page of a single-page site, may bring its text late. */
  const follow = (): void => {
    if (end?.text.isConnected) return
    end?.stop()
    const text = view.document.querySelector(ruleset.sense?.content ?? 'article,main')
    end = text ? ending(text) : undefined
  }
  const told = (engaged: number): void => {
    for (const seconds of thresholds) if (seconds <= engaged) note('engaged', { seconds })
    thresholds = thresholds.filter((seconds) => seconds > engaged)
    if (unread) follow()
    if (unread && engaged >= LEAST && end?.reached()) {
      unread = false
      note('read')
    }
    if (thresholds.length === 0 && !unread) stop()
  }
  const stop = engagement({ view, guard }, told)
  return () => {
    stop()
    end?.stop()
  }
}
