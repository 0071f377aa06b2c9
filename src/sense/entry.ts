// entryReader(): what an entry of a page's data layer says, in the words of GA4. It only ever reads, and keeps nothing
// but the fields named here: never who it was, which order, or which address.

import { COMMERCE } from '../lib/automatic.js'
import { isObject, own } from '../lib/own.js'
import type { Json, Props, Signal } from '../types.js'
import { segmentEvent } from './segment.js'

/** Those of them that speak of items: one without items of its own means those that were told last, as with GTM. */
const OF_ITEMS: readonly string[] = COMMERCE.slice(0, COMMERCE.indexOf('search'))

const NUMBERS = ['value', 'price', 'quantity', 'discount', 'tax', 'shipping']
const EVENT_FIELDS = ['value', 'tax', 'shipping', 'currency', 'coupon', 'payment_type', 'shipping_tier', 'promotion_id', 'promotion_name', 'creative_name', 'search_term', 'method', 'content_type', 'content_id']
const ITEM_FIELDS = ['item_id', 'item_name', 'item_brand', 'item_category', 'item_category2', 'item_category3', 'item_category4', 'item_category5', 'item_variant', 'item_list_id', 'item_list_name', 'price', 'discount']
/** Of a list with many items so many different values are kept. */
const MOST = 20

/** A number where numbers belong, though it was written as a text; else a text, though it was a number: 42 and "42" are one product. */
function scalar(from: unknown, field: string): string | number | undefined {
  const value = own(from as Props, field)
  if ((typeof value !== 'string' || value === '') && !Number.isFinite(value)) return undefined
  if (!NUMBERS.includes(field)) return `${value}`
  return Number.isFinite(Number(value)) ? Number(value) : undefined
}

/** One value if all agree, else a list of the different ones; undefined where there is none. */
export function agreed(values: (Json | undefined)[]): Json | undefined {
  const different = [...new Set(values.filter((value) => value !== undefined))].slice(0, MOST) as Json[]
  return different.length > 1 ? different : different[0]
}

/**
 * Properties of an event with its items: one event however many items there are, so that it counts once and its `value`
 * is there once. A field of an item is one value where all items agree, else the list of values; `quantity` is the sum.
 */
export function itemProps(event: unknown, items: unknown[]): Props {
  const props: { [name: string]: Json | undefined } = {}
  for (const field of ITEM_FIELDS) props[field] = agreed([event, ...items].map((from) => scalar(from, field)))
  for (const field of EVENT_FIELDS) props[field] = scalar(event, field) ?? agreed(items.map((item) => scalar(item, field)))
  const amounts = items.flatMap((item) => scalar(item, 'quantity') ?? [])
  props.quantity = amounts.length > 0 ? (amounts as number[]).reduce((sum, amount) => sum + amount, 0) : scalar(event, 'quantity')
  return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined)) as Props
}

const listed = (items: unknown): unknown[] => (Array.isArray(items) ? items : isObject(items) ? Object.values(items) : [])

/** Some pages put the fields beside `event`, and not into `ecommerce`. */
const fieldsOf = (entry: object): object => Object.fromEntries([...EVENT_FIELDS, ...ITEM_FIELDS, 'items'].flatMap((key) => (own(entry as Props, key) === undefined ? [] : [[key, own(entry as Props, key)]])))

/** Reads entries in their order. Gives a signal for what is an event; throws what a page's own getter throws. */
export function entryReader(): (entry: unknown) => Signal | undefined {
  /** What `{ ecommerce }` has told so far, until a page sets it to null. */
  let told: object = {}

  const signal = (type: unknown, params: unknown): Signal | undefined =>
    typeof type === 'string' && type ? { type, props: itemProps(params, listed(own(params as { items?: unknown }, 'items'))) } : undefined

  return (entry) => {
    if (typeof entry !== 'object' || entry === null) return undefined
    // What gtag() pushes are its `arguments`.
    const { 0: command, 1: name, 2: params, event, ecommerce } = entry as { [key: string]: unknown }
    if (command === 'event') return signal(name, params)
    if (command === 'track') {
      const { type, props } = segmentEvent(name, params)
      return signal(type, props)
    }
    if (ecommerce === null) told = {}
    if (isObject(ecommerce)) told = { ...told, ...ecommerce }
    return signal(event, OF_ITEMS.includes(event as string) ? { ...told, ...fieldsOf(entry) } : entry)
  }
}
