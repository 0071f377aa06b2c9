// Notices navigation inside a single page, and the return from the back-forward cache.

/** The few parts of the Navigation API that are used here. */
interface NavigationApi {
  addEventListener(type: 'currententrychange', listener: () => void): void
  removeEventListener(type: 'currententrychange', listener: () => void): void
}

export interface PageListeners {
  /** The address changed without a new document. */
  navigated(): void
  /** The same document, shown again from the back-forward cache. */
  restored(): void
}

export function pages(view: Window & { navigation?: NavigationApi }, { navigated, restored }: PageListeners): () => void {
  const { location, navigation } = view
  // A changed hash is a move inside the page, and many routers replace the address by itself.
  const address = (): string => location.pathname + location.search
  let current = address()
  const check = (): void => {
    if (address() === current) return
    current = address()
    navigated()
  }

  const shown = (event: PageTransitionEvent): void => {
    if (event.persisted) restored()
  }
  view.addEventListener('pageshow', shown)
  const undo = [() => view.removeEventListener('pageshow', shown)]

  if (navigation) {
    navigation.addEventListener('currententrychange', check)
    undo.push(() => navigation.removeEventListener('currententrychange', check))
  } else {
    // Safari before 26.2 and Firefox before 147 tell only of going back. But whoever goes on inside a page changes it, and
    // so `history` need not be touched: this is told before anything is painted, and before slots that came along.
    const observer = new MutationObserver(check)
    observer.observe(view.document, { childList: true, subtree: true })
    view.addEventListener('popstate', check)
    undo.push(
      () => observer.disconnect(),
      () => view.removeEventListener('popstate', check),
    )
  }
  return () => {
    for (const step of undo) step()
  }
}
