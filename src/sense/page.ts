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
  const { history, location, navigation } = view
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
    view.addEventListener('popstate', check)
    undo.push(() => view.removeEventListener('popstate', check), wrap(history, 'pushState', check), wrap(history, 'replaceState', check))
  }
  return () => {
    for (const step of undo) step()
  }
}

/** Without the Navigation API (Safari before 26.2) nothing tells of `pushState` but the call itself. */
function wrap(history: History, name: 'pushState' | 'replaceState', after: () => void): () => void {
  const had = Object.getOwnPropertyDescriptor(history, name)
  const original = history[name]
  let live = true
  const wrapper = function (this: History, ...args: Parameters<History['pushState']>): void {
    original.apply(this, args)
    if (live) after()
  }
  history[name] = wrapper
  return () => {
    live = false
    // Somebody may have wrapped it after us: then theirs stays, and ours only passes the call on.
    if (history[name] !== wrapper) return
    if (had) history[name] = original
    else delete (history as Partial<History>)[name]
  }
}
