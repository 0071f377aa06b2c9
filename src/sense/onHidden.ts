// The page may be going away, or has come back: `visibilitychange` is the last reliable moment on phones,
// `pagehide` catches desktop navigations where Safari fires nothing else.

/** `gone` says that the page is being left, and not only out of sight. */
export function onHidden(view: Window, hidden: (gone: boolean) => void, shown: () => void): () => void {
  const { document } = view
  const change = (): void => (document.visibilityState === 'hidden' ? hidden(false) : shown())
  const gone = (): void => hidden(true)
  const back = (event: PageTransitionEvent): void => {
    if (event.persisted) shown()
  }
  document.addEventListener('visibilitychange', change)
  view.addEventListener('pagehide', gone)
  view.addEventListener('pageshow', back)
  return () => {
    document.removeEventListener('visibilitychange', change)
    view.removeEventListener('pagehide', gone)
    view.removeEventListener('pageshow', back)
  }
}
