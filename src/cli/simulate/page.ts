// pageAt(): as much of a window as the code needs that reads the facts of a page view, for a page that is only imagined.

import type { ContextReader } from '../../sense/here.js'
import { contextReader } from '../../sense/context.js'
import type { Context, Ruleset } from '../../types.js'

const HOST = 'site.example'

/** Reads a page as the browser's own code does. `path` may have a query. */
export function pageAt(ruleset: Ruleset, path: string, referrer = ''): ContextReader {
  const { pathname, search, host, href } = new URL(path, `https://${HOST}`)
  const view = {
    location: { pathname, search, host, href },
    document: { referrer: referrer.replace(/^\/(?!\/)/, `https://${HOST}/`), querySelectorAll: () => [], querySelector: () => null },
    navigator: { language: 'en' },
    screen: { width: 1280, height: 800 },
    matchMedia: () => ({ matches: false }),
  }
  return contextReader(view as unknown as Window, { ...ruleset, sense: { ...ruleset.sense, bots: true } })
}

const WEEKDAYS = { Sun: 'sun', Mon: 'mon', Tue: 'tue', Wed: 'wed', Thu: 'thu', Fri: 'fri', Sat: 'sat' } as const

/** Hour and weekday on the visitor's clock, wherever this runs. */
export function clockAt(at: number, timeZone: string): Pick<Context, 'hour' | 'weekday' | 'timeZone'> {
  const parts = Object.fromEntries(new Intl.DateTimeFormat('en', { timeZone, hour: 'numeric', hourCycle: 'h23', weekday: 'short' }).formatToParts(at).map(({ type, value }) => [type, value]))
  return { timeZone, hour: Number(parts.hour), weekday: WEEKDAYS[parts.weekday as keyof typeof WEEKDAYS] }
}
