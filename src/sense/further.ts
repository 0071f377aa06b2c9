// Has the file of further signals fetched, once a page has something for it: the ruleset names an event of theirs, or an
// element of the page wants to be seen.

import type { SignalPage, Signals } from './signals.js'

/** A ruleset, as JSON, that may use one of SIGNALS. Never too narrow; the file that is fetched looks closer. */
export const MAY_USE = /"event":"((engaged|scroll|read|search)"|rage_|outbound_|file_|form_|video_|view_|select_|add_|remove_|begin_|purchase|refund|sign_up|login|generate_|share)|"(interests|sense)":/

/** Gives what is to be called before each page view. */
export function further(page: SignalPage, opened: (signals: Signals) => void, failed: (error: unknown) => void): () => void {
  const { document } = page.view
  const used = MAY_USE.test(JSON.stringify(page.ruleset))
  let fetched = false
  const look = (): void => {
    if (fetched || !(used || document.querySelector('[data-track-view]'))) return
    fetched = true
    import('./signals.js').then(({ signals }) => opened(signals(page)), failed)
  }
  // The script may run before all of the page is there.
  document.addEventListener('DOMContentLoaded', look)
  return look
}
