// The catalogue: what can be recommended, read as a stranger and made ready for ranking. Pure.

import { isObject } from '../../lib/own.js'
import { readable } from '../../lib/pattern.js'
import { print } from './table.js'

/** An item's own fields, for {{field}} in templates. */
export type Item = { [field: string]: unknown }

export interface Catalogue {
  items: Item[]
  keys: string[]
  /** Pages by their paths, less a slash at the end; '' where an item has none. */
  paths: string[]
  at: Map<string, number>
  byPath: Map<string, number>
  /** What each item is about, as numbers; and the items about each, most popular first. */
  about: number[][]
  topics: Map<string, number>
  names: string[]
  among: number[][]
  /** Positions, most popular first. */
  popular: number[]
  /** All names of fields that items have. */
  fields: Set<string>
  /** The print of the first so many keys. */
  printOf(count: number): number
}

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? `${value}` : '')

/** Of an address, as people write it, less a slash at the end; '' for what is none, such as a key of the site's own. */
export const pathOf = (address: string): string => {
  try {
    return !/^(\/|https?:)/i.test(address) ? '' : readable(new URL(address, 'https://site.invalid').pathname).replace(/(?!^)\/+$/, '')
  } catch {
    return ''
  }
}

/** How a topic is written in `topics`: what an item is about by a field, such as `tags` or `category`. */
export const topic = (field: string, value: unknown): string => `${field}\n${value}`

/**
 * `{ "fields": ["key", "title", …], "items": [["/a", "A", …], …] }`, or `items` as a list of objects. `fields` names
 * those that say what an item is about. Throws for what is no catalogue; an item without key and address is left out.
 */
export function readCatalogue(data: unknown, fields: string[]): Catalogue {
  const { fields: columns, items: given } = (isObject(data) ? data : { items: data }) as { fields?: unknown; items?: unknown }
  if (!Array.isArray(given)) throw new Error('it has no list of items')
  const [at, byPath, topics] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()]
  const all: Catalogue = { items: [], keys: [], paths: [], at, byPath, about: [], topics, names: [], among: [], popular: [], fields: new Set(fields), printOf: (count) => all.keys.slice(0, count).reduce((hash, key) => print(`${key}\n`, hash), print('')) }
  for (const one of given) {
    const item: Item = Array.isArray(one) && Array.isArray(columns) ? Object.fromEntries(columns.map((name, i) => [text(name), one[i]])) : isObject(one) ? one : {}
    const key = text(item.key) || pathOf(text(item.url))
    if (!key || at.has(key)) continue
    const url = text(item.url) || (key[0] === '/' ? key : '')
    const n = all.keys.push(key) - 1
    const path = url && pathOf(url)
    all.items.push({ ...item, key, url })
    for (const name of [...Object.keys(item), 'key', 'url']) all.fields.add(name)
    all.paths.push(path)
    at.set(key, n)
    if (path && !byPath.has(path)) byPath.set(path, n)
    all.about.push(
      fields.flatMap((field) =>
        [item[field]].flat().flatMap((value) => {
          const name = topic(field, value)
          if (!text(value)) return []
          if (!topics.has(name)) topics.set(name, all.names.push(text(value)) - 1)
          return topics.get(name) as number
        }),
      ),
    )
  }
  const weight = all.items.map(({ popularity }) => Number(popularity) || 0)
  all.popular = all.keys.map((_, n) => n).sort((a, b) => (weight[b] as number) - (weight[a] as number) || a - b)
  all.among = all.names.map(() => [])
  for (const n of all.popular) for (const one of all.about[n] as number[]) all.among[one]?.push(n)
  return all
}

/** Where an item stands that an event names: by the path of its page, or by its key; -1 for an unknown one. */
export const positionOf = ({ at, byPath }: Catalogue, name: string): number => at.get(name) ?? byPath.get(pathOf(name)) ?? -1
