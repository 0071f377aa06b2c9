// Notices navigation inside a single page, and the return from the back-forward cache.

import { listen, together } from '../lib/listen.js'

export interface PageListeners {
  /** The address changed without a new document. */
  navigated(): void
  /** The same document, shown again from the back-forward cache. */
  restored(): void
}

export function pages(view: Window & { navigation?: EventTarget }, { navigated, restored }: PageListeners): () => void {
  const { location, navigation } = view
  // A changed hash is a move inside the page, and many routers replace the address by itself.
  const address = (): string => location.pathname + location.search
  let current = address()
  const check = (): void => {
    if (address() === current) return
    current = address()
    navigated()
  }

  const undo = [listen(view, 'pageshow', (event: PageTransitionEvent) => event.persisted && restored())]

  if (navigation) undo.push(listen(navigation, 'currententrychange', check))
  else {
    // Safari before 26.2 and Firefox before 147 tell only of going back. But whoever goes on inside a page changes it, and
    // so `history` need not be touched: this is told before anything is painted, and before slots that came along.
    const observer = new MutationObserver(check)
    observer.observe(view.document, { childList: true, subtree: true })
    undo.push(() => observer.disconnect(), listen(view, 'popstate', check))
  }
  return together(undo)
}
