// readHere(): the facts of a page view that most rulesets ask for: page group, campaign, device and language.

import { pageGroup, readable } from '../lib/pattern.js'
import type { Arrival, Context, Profile, Props, Ruleset } from '../types.js'

/** Tells of the page view at hand, and of the visit. */
export interface ContextReader {
  /** Whoever is there is not to be recorded. */
  deaf?: boolean
  /** As of a page view that begins at this time, in ms since 1970. */
  here(at: number): Context
  /** What the page view is about, for `same`. */
  facts?(): Props
  /** How a visit comes about that begins at this time, but for its campaign. */
  arrival?(at: number): Omit<Arrival, 'utm'>
  /** What is known of this visit and of those before it. */
  visit?(profile: Profile, now: number): Context
}

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
export function readHere(view: Window, pages: Ruleset['pages']): Context {
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
