// unpacked(): what an export from another device holds, read as a stranger's: any file may be given for one.

import { DAY } from './lib/day.js'
import { isObject, own } from './lib/own.js'
import type { Json, Props, VisitorEvent } from './types.js'

export const SCHEMA = 'slotwise-export/1'

/** So many events at most; and characters of one's properties, or of a trait. */
const MOST = 100_000
const LONGEST = 20_000

type Told = [name: string, value: Json, source: string, at: number]

export interface Parcel {
  events: Omit<VisitorEvent, 'id'>[]
  traits: Told[]
}

const isName = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= 200
/** After 1970, and no more than a day ahead of this device's clock. */
const isTime = (value: unknown, now: number): value is number => Number.isFinite(value) && (value as number) > 0 && (value as number) <= now + DAY
const isShort = (value: unknown): boolean => (JSON.stringify(value) ?? '').length <= LONGEST
/** Names that would reach a prototype where a careless reader looks them up. */
const isSafe = (name: string): boolean => !['__proto__', 'constructor', 'prototype'].includes(name)

/** The parcel, or a sentence that says what is wrong with it, with its path. */
export function unpacked(given: unknown, now: number): Parcel | string {
  let data = given
  try {
    if (typeof given === 'string') data = JSON.parse(given)
  } catch (error) {
    return `it is no JSON: ${(error as Error).message}`
  }
  if (!isObject(data) || own(data, 'schema') !== SCHEMA) return `schema: expected "${SCHEMA}", as export() writes it`
  const events = own(data, 'events')
  if (!Array.isArray(events) || events.length > MOST) return `events: expected a list of at most ${MOST}`
  for (const [i, event] of events.entries()) {
    const path = `events[${i}]`
    if (!isObject(event)) return `${path}: expected an object`
    if (!isName(own(event, 'type'))) return `${path}.type: expected a name`
    if (!isTime(own(event, 'at'), now)) return `${path}.at: expected a time in ms since 1970 that is not in the future`
    if (!isObject(own(event, 'props')) || !isShort(event.props)) return `${path}.props: expected an object, not too long`
  }
  const traits = own(data, 'traits') ?? {}
  if (!isObject(traits)) return 'traits: expected an object'
  const told: Told[] = []
  for (const [name, trait] of Object.entries(traits)) {
    const path = `traits.${name}`
    if (!isName(name) || !isSafe(name)) return `${path}: this name is not allowed`
    if (!isObject(trait) || !isName(own(trait, 'source')) || !isTime(own(trait, 'at'), now)) return `${path}: expected { value, source, at }`
    const value = own(trait, 'value')
    if (value === undefined || value === null || !isShort(value)) return `${path}.value: expected a value, not too long`
    told.push([name, value as Json, trait.source as string, trait.at as number])
  }
  return { events: events.map(({ type, at, props }) => ({ type, at, props: props as Props })), traits: told }
}

/** The same for what is the same, in whichever order properties stand. */
export const sameness = ({ type, at, props }: Omit<VisitorEvent, 'id'>): string =>
  JSON.stringify([type, at, props], (_, value) => (isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value))

/** Those of `events` that are not there yet: of several that are the same, as many as are there are left out. */
export function news(events: Parcel['events'], there: VisitorEvent[]): Parcel['events'] {
  const counts = new Map<string, number>()
  for (const event of there) counts.set(sameness(event), (counts.get(sameness(event)) ?? 0) + 1)
  return events.filter((event) => {
    const key = sameness(event)
    const left = counts.get(key) ?? 0
    counts.set(key, left - 1)
    return left <= 0
  })
}
