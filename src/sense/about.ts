// pageFacts(): what the page view at hand is about, for `same` and for what page views carry: as the data layer says it,
// since its events are what such facts are compared with, else as the document does.

import type { Props, Ruleset } from '../types.js'
import { entryReader } from './entry.js'
import { factsOf } from './facts.js'

export interface PageFacts {
  /** A page view begins. */
  turn(): void
  facts(): Props
}

/** A ruleset, as JSON, that may use such facts. */
const MAY_USE = /"same":|"(item_\w+|price|currency|author|section|tags)":/
const usesFacts = (ruleset: Ruleset): boolean => MAY_USE.test(JSON.stringify(ruleset))

const SOURCES = 'script[type="application/ld+json"],meta[property^="product:"],meta[property^="article:"],meta[name^="product:"],meta[name^="article:"]'
const OF_ITEM = /^(item_(?!list)|price$|currency$)/

/** The page has been parsed, where the ruleset may ask for what stands in it; not for longer than a moment. */
export const parsed = async (ruleset: Ruleset): Promise<void> => {
  if (document.readyState !== 'loading' || !usesFacts(ruleset)) return
  await new Promise<unknown>((done) => {
    document.addEventListener('DOMContentLoaded', done, { once: true })
    setTimeout(done, 1000)
  })
}

export function pageFacts(view: Window & { dataLayer?: unknown }, ruleset: Ruleset): PageFacts {
  const { document, location } = view
  if (!usesFacts(ruleset)) return { turn: () => {}, facts: () => ({}) }

  const read = entryReader()
  let heard = 0
  let item: Props = {}
  const listen = (): void => {
    const layer = Array.isArray(view.dataLayer) ? view.dataLayer : []
    // A tag manager drops the oldest entries of a long list.
    for (heard = Math.min(heard, layer.length); heard < layer.length; heard++) {
      try {
        const { type, props = {} } = read(layer[heard]) ?? {}
        // A list of products is not what a page is about.
        if (type === 'view_item' && !Array.isArray(props.item_id)) item = Object.fromEntries(Object.entries(props).filter(([name]) => OF_ITEM.test(name)))
      } catch {
        // The page's own getter has thrown.
      }
    }
  }

  const said = (): string => [...document.querySelectorAll<HTMLScriptElement & HTMLMetaElement>(SOURCES)].map((element) => element.textContent || element.content).join('\n')
  let source: string | undefined
  let known: Props = {}
  /** What the document said in the page view before: in a single page it may still say it. */
  let stale: string | undefined
  let address: string | undefined
  return {
    turn: () => {
      const next = location.pathname + location.search
      // Back from the cache, it is the same page still.
      if (address !== undefined && next !== address) {
        listen()
        item = {}
        stale = said()
      }
      address = next
    },
    facts: () => {
      listen()
      const now = said()
      if (now !== source) known = factsOf(document)
      source = now
      return { ...(now === stale ? {} : known), ...item }
    },
  }
}
