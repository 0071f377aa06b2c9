// Calendar days and wall-clock dates in one time zone: the visitor's own, or one by name.

import { ISO } from './date.js'
import { DAY } from './day.js'

export interface Zone {
  /** Its name, such as `America/Sao_Paulo`. */
  id: string
  /** The calendar day that `at` falls in, counted from 1970. */
  day(at: number): number
  /** The first instant of a day. */
  start(day: number): number
  /** An ISO date or date-time as an instant; local where it names no zone. NaN for anything else. */
  instant(text: string): number
}

const HOUR = 3_600_000

/** Throws a RangeError for a zone that the platform does not know. */
export function zone(name?: string): Zone {
  const format = new Intl.DateTimeFormat('en', {
    ...(name ? { timeZone: name } : {}),
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })

  /** How far local clocks are ahead of UTC; asked once per quarter of an hour, where it cannot change. */
  let [asked, known] = [Number.NaN, 0]
  const ahead = (at: number): number => {
    const quarter = Math.floor((at * 4) / HOUR)
    if (quarter !== asked) {
      const [month, day, year, hour, minute] = (format.format((quarter * HOUR) / 4).match(/\d+/g) ?? []).map(Number) as [number, number, number, number, number]
      ;[asked, known] = [quarter, Date.UTC(year, month - 1, day, hour, minute) - (quarter * HOUR) / 4]
    }
    return known
  }

  const day = (at: number): number => Math.floor((at + ahead(at)) / DAY)
  /** The instants that local clocks could mean by `wall`: one, two when they are put back, none when put forward. */
  const instantsOf = (wall: number): number[] => [wall - ahead(wall - DAY), wall - ahead(wall + DAY)].sort((a, b) => a - b)

  return {
    id: name ?? format.resolvedOptions().timeZone,
    day,
    // Where a day begins at one o'clock, midnight by the old clock is that very instant.
    start: (wanted) => {
      const [first, second] = instantsOf(wanted * DAY) as [number, number]
      return day(first) === wanted ? first : second
    },
    instant: (text) => {
      const [whole, time, , , own] = ISO.exec(text) ?? []
      // Without a time, and with a zone, the text is what Date takes it for.
      const wall = whole ? Date.parse(time && !own ? `${text}Z` : text) : Number.NaN
      if (own || Number.isNaN(wall)) return wall
      const [first, second] = instantsOf(wall) as [number, number]
      return first + ahead(first) === wall ? first : second
    },
  }
}
