// The page may be going away, or has come back: `visibilitychange` is the last reliable moment on phones,
// `pagehide` catches desktop navigations where Safari fires nothing else.

import { listen, together } from '../lib/listen.js'

/** `gone` says that the page is being left, and not only out of sight. */
export function onHidden(view: Window, hidden: (gone: boolean) => void, shown: () => void): () => void {
  const { document } = view
  return together([
    listen(document, 'visibilitychange', () => (document.visibilityState === 'hidden' ? hidden(false) : shown())),
    listen(view, 'pagehide', () => hidden(true)),
    listen(view, 'pageshow', (event: PageTransitionEvent) => event.persisted && shown()),
  ])
}
