// Leaves alone what a framework is about to take over from the server's markup, until it has done so.

/** The page's own word: nothing in here is touched until it takes the attribute away. */
export const WAIT = 'data-slot-wait'

/** What Nuxt, Vue 2, Astro and Next.js leave in markup that they will hydrate … */
const TRACES = '#__nuxt,[data-server-rendered],astro-island[ssr],script[src*="/_next/"]'
/** … and the comments of React's Suspense, of Svelte and of Vue's fragments. */
const COMMENTS = 'boolean(//comment()[.="$" or .="["])'
const BOOLEAN = 3

export const hasTraces = (page: Document): boolean => !!(page.querySelector(TRACES) ?? page.evaluate?.(COMMENTS, page, null, BOOLEAN, null).booleanValue)

/**
 * May a slot be changed now? Where the markup shows traces of a framework, not before the page has loaded and then had
 * nothing to do; `over` is called at that time.
 */
export function hydration(page: Document, over: () => void): (slot: Element) => boolean {
  let waits: boolean | undefined
  const end = (): void => {
    waits = false
    over()
  }
  // Safari has no requestIdleCallback. In ms.
  const idle = (): unknown => (typeof requestIdleCallback === 'function' ? requestIdleCallback(end) : setTimeout(end, 200))

  /** Once, by the first slot: what will be hydrated begins before it. */
  const look = (): boolean => {
    waits = hasTraces(page)
    if (waits && page.readyState === 'complete') idle()
    else if (waits) page.defaultView?.addEventListener('load', idle, { once: true })
    return waits
  }
  return (slot) => !slot.closest(`[${WAIT}]`) && !(waits ?? look())
}
