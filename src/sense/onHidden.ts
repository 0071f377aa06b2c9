// The page may be going away, or has come back: `visibilitychange` is the last reliable moment on phones,
// `pagehide` catches desktop navigations where Safari fires nothing else.

export function onHidden(view: Window, hidden: () => void, shown: () => void): () => void {
  const { document } = view
  const change = (): void => (document.visibilityState === 'hidden' ? hidden() : shown())
  const back = (event: PageTransitionEvent): void => {
    if (event.persisted) shown()
  }
  document.addEventListener('visibilitychange', change)
  view.addEventListener('pagehide', hidden)
  view.addEventListener('pageshow', back)
  return () => {
    document.removeEventListener('visibilitychange', change)
    view.removeEventListener('pagehide', hidden)
    view.removeEventListener('pageshow', back)
  }
}
