// Has the file of further signals fetched, once a page has something for it: the ruleset names an event of theirs, or an
// element of the page wants to be seen.

import type { Ruleset } from '../types.js'

/** A ruleset, as JSON, that may use one of SIGNALS. Never too narrow; the file that is fetched looks closer. */
export const MAY_USE = /"event":"((engaged|scroll|read|search|share|login|refund|purchase)"|(rage|outbound|file|form|video|view|select|add|remove|begin|sign|generate)_)|"(interests|sense)":/

/** Calls `load`, once. Gives what is to be called before each page view. */
export function further(document: Document, ruleset: Ruleset, load: () => void): () => void {
  const used = MAY_USE.test(JSON.stringify(ruleset))
  let fetched = false
  const look = (): void => {
    if (fetched || !(used || document.querySelector('[data-track-view]'))) return
    fetched = true
    load()
  }
  // The script may run before all of the page is there.
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', look, { once: true })
  return look
}
