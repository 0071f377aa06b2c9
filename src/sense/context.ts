// readContext(): the facts of this page view: page group, campaign, device and language.

import { pageGroup, readable } from '../lib/pattern.js'
import type { Context, Ruleset } from '../types.js'

const UTM = ['source', 'medium', 'campaign', 'term', 'content']

/** Campaign parameters of an address. The rest of a query string is never looked at. */
function utmOf(search: string): { [name: string]: string } {
  const query = new URLSearchParams(search)
  return Object.fromEntries(UTM.map((name) => [name, query.get(`utm_${name}`)?.slice(0, 100)] as const).filter((found): found is [string, string] => !!found[1]))
}

function deviceOf(view: Window): NonNullable<Context['device']> {
  if (!view.matchMedia('(pointer: coarse)').matches) return 'desktop'
  // The shorter side: a phone held sideways is still a phone.
  return Math.min(view.screen.width, view.screen.height) < 600 ? 'phone' : 'tablet'
}

/** `utm` holds only what this very address carries. */
export function readContext(view: Window, pages: Ruleset['pages']): Context {
  const { pathname, search } = view.location
  const path = readable(pathname)
  const page = pageGroup(pages, path)
  return {
    ...(page === undefined ? {} : { page }),
    path,
    utm: utmOf(search),
    device: deviceOf(view),
    language: view.navigator.language,
  }
}
