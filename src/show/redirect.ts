// Sends the visitor to another page of the site: never to the one at hand, and never twice in a row.

import { isPath } from './plan.js'

/** ms. So long the page waits for its exposure to be kept; what is queued then is kept when the page is left. */
const PATIENCE = 500

interface Navigating {
  /** How this page was come by: Chrome 123, Safari 26.2, Firefox 147. */
  activation?: { navigationType: string } | null
}

/**
 * Was this page reached by a redirect such as ours? Nothing is written down to know it: the browser tells that the
 * page has replaced another. A browser that does not tell may have come from anywhere on this site.
 */
function isRedirected({ location, referrer, defaultView }: Document): boolean {
  const { activation } = (defaultView as { navigation?: Navigating } | null)?.navigation ?? {}
  if (activation) return activation.navigationType === 'replace'
  return !referrer || new URL(referrer).origin === location.origin
}

/**
 * Leaves for `path` as soon as `kept` has kept what is to outlive the page. Throws where nobody is to be sent there; the
 * undo stays here, while there is time.
 */
export function leave(document: Document, path: string, kept: () => Promise<unknown>): () => void {
  const { location } = document
  const { origin, pathname, search, href } = new URL(path, location.origin)
  if (!isPath(path) || origin !== location.origin) throw new Error(`"${path}" is no path of this site`)
  if (pathname === location.pathname && search === location.search) throw new Error(`"${path}" is the page at hand`)
  if (isRedirected(document)) throw new Error('this page may have been reached by a redirect already, and nobody is sent on twice')
  let stays = false
  const go = (): void => {
    if (!stays) location.replace(href)
  }
  // First the decision is made known, then what follows from it.
  void Promise.resolve()
    .then(() => Promise.race([kept(), new Promise((late) => setTimeout(late, PATIENCE))]))
    .then(go, go)
  return () => {
    stays = true
  }
}
