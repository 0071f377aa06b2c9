// Pages that are likely to come next are fetched ahead: by speculation rules, or by links where the page's policy
// forbids rules that a script adds. Never what does something when it is fetched. A page loads this file only once
// measuring is granted, and something is likely enough.

import { matchesPath } from '../lib/pattern.js'

/** So many at most. */
const MOST = 2

/** Pages that do something, or that are another visitor's own, wherever a site has them. */
const EFFECTS = /(log|sign)-?(out|off|in)|cart|carrinho|basket|checkout|add|remove|delete|unsubscribe|\?/i

/** Those of an address of this site; not the page at hand. */
export const fetchable = (address: string, { origin, pathname }: Location, never: string[]): boolean => {
  try {
    const url = new URL(address, origin)
    return url.origin === origin && url.pathname !== pathname && !EFFECTS.test(url.pathname + url.search) && !never.some((pattern) => matchesPath(pattern, url.pathname))
  } catch {
    return false
  }
}

/** May a script add rules? Chromium says that it knows them even where the page's policy refuses: what is asked is the policy. */
async function mayAddRules(document: Document, fetch: typeof globalThis.fetch): Promise<boolean> {
  if (!HTMLScriptElement.supports?.('speculationrules') || document.querySelector('meta[http-equiv="content-security-policy" i]')) return false
  const { headers, ok } = await fetch(document.location.href, { method: 'HEAD', cache: 'force-cache' })
  const policy = `${headers.get('content-security-policy') ?? ''} ${headers.get('content-security-policy-report-only') ?? ''}`
  return ok && !/require-trusted-types-for/.test(policy) && (!/(script|default)-src/.test(policy) || /'inline-speculation-rules'/.test(policy))
}

/** Returns its undo. */
export function anticipate(document: Document, likely: string[], never: string[], fetch: typeof globalThis.fetch): () => void {
  const urls = likely.filter((url) => fetchable(url, document.location, never)).slice(0, MOST)
  if (urls.length === 0) return () => {}
  const made: Element[] = []
  let ended = false
  const add = (element: Element): void => {
    if (ended) return
    document.head.append(element)
    made.push(element)
  }
  void mayAddRules(document, fetch)
    .catch(() => false)
    .then((rules) => {
      if (rules) return add(Object.assign(document.createElement('script'), { type: 'speculationrules', textContent: JSON.stringify({ prefetch: [{ urls, eagerness: 'moderate' }] }) }))
      for (const href of urls) add(Object.assign(document.createElement('link'), { rel: 'prefetch', href }))
    })
  return () => {
    ended = true
    for (const element of made) element.remove()
  }
}
