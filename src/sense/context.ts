// contextReader(): all facts of a page view and its visit that rules can ask for. None of them is stored but what a
// visit says of how it came about, and parameters that the ruleset names.

import { VISIT_IDLE } from '../lib/visit.js'
import type { Context, Profile, Ruleset } from '../types.js'
import { pageFacts } from './about.js'
import { type ContextReader, readHere } from './here.js'
import { clickSource, referrerClass } from './referrer.js'

const DAY = 86_400_000
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const

/** Chromium alone tells of the connection. */
interface Connection {
  effectiveType?: NonNullable<Context['connection']>
  saveData?: boolean
}

/** What a query string has of the declared parameters, cut to 100 characters. */
function paramsOf(search: string, names: string[]): { [name: string]: string } {
  const query = new URLSearchParams(search)
  return Object.fromEntries(names.flatMap((name) => (query.get(name) ? [[name, (query.get(name) as string).slice(0, 100)]] : [])))
}

const timeZone = (): string | undefined => new Intl.DateTimeFormat().resolvedOptions().timeZone
/** The first who asks for it has the browser load all its tables: 10 ms in Chromium on a fast machine. */
const usesZone = (ruleset: Ruleset): boolean => /timeZone/.test(JSON.stringify(ruleset))

const days = (from: number, now: number): number => Math.max(0, Math.floor((now - from) / DAY))

/** Tells of the browser's own state. Asks by media queries alone: the width of a window would force a layout. */
function surroundings(view: Window, at: number, zoned: boolean): Context {
  const is = (query: string): boolean => view.matchMedia(query).matches
  const { effectiveType, saveData = false } = (view.navigator as { connection?: Connection }).connection ?? {}
  const date = new Date(at)
  const zone = zoned && timeZone()
  return {
    viewport: is('(max-width: 599.98px)') ? 'narrow' : is('(max-width: 1023.98px)') ? 'medium' : 'wide',
    ...(zone ? { timeZone: zone } : {}),
    hour: date.getHours(),
    weekday: WEEKDAYS[date.getDay()] as NonNullable<Context['weekday']>,
    colorScheme: is('(prefers-color-scheme: dark)') ? 'dark' : 'light',
    reducedMotion: is('(prefers-reduced-motion: reduce)'),
    saveData: saveData || is('(prefers-reduced-data: reduce)'),
    ...(effectiveType ? { connection: effectiveType } : {}),
  }
}

export function contextReader(view: Window, ruleset: Ruleset): ContextReader {
  const { pages, sense } = ruleset
  const about = pageFacts(view, ruleset)
  const zoned = usesZone(ruleset)
  const referrer = referrerClass(view.document.referrer, view.location.host)
  let here: Context = {}
  let openedAt: number | undefined
  return {
    deaf: sense?.bots === false && view.navigator.webdriver,
    here: (at) => {
      openedAt ??= at
      about.turn()
      const params = paramsOf(view.location.search, sense?.params ?? [])
      here = { ...readHere(view, pages), ...(Object.keys(params).length > 0 ? { params } : {}), ...surroundings(view, at, zoned) }
      return here
    },
    facts: about.facts,
    arrival: (at) => {
      const click = clickSource(view.location.search)
      // A later visit begins in a tab that was left open: nobody has led there.
      const led = at - (openedAt ?? at) <= VISIT_IDLE
      return { referrer: led ? referrer : 'direct', ...(led && click ? { click } : {}), ...(here.page === undefined ? {} : { landing: here.page }) }
    },
    visit: ({ visits, arrival = {}, first = {}, firstAt, previousAt = null }: Profile, now) => {
      const { utm: _, ...came } = arrival
      return {
        ...came,
        first,
        visitor: visits > 1 ? 'returning' : 'new',
        ...(firstAt === null ? {} : { daysSinceFirst: days(firstAt, now) }),
        ...(previousAt === null ? {} : { daysSinceLast: days(previousAt, now) }),
      }
    },
  }
}
