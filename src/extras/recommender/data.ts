// The files behind a recommendation: catalogue, related rows and what is sold out, each fetched once in a page view.
// Before requests may depend on the visitor, only what the page's own address asks for.

import { deadline } from '../../lib/deadline.js'
import type { Recommend, Recommending } from '../../types.js'
import type { Catalogue, Neighbours, Table } from '../recommend.js'

/** ms. What comes later finds a page that is being read; without its rows the catalogue can still be ranked. */
export const PATIENCE = 2000
const ROWS = 1500
/** Letters of one file. */
const LARGEST = 4_000_000

/** The file that ranks. */
export type Ranking = typeof import('../recommend.js')

export interface Data {
  catalogue: Catalogue
  rowOf(position: number): Neighbours
  nextOf(position: number): Neighbours
  gone: number[]
}

export function loader({ fetch, free, report }: Pick<Recommending, 'fetch' | 'free' | 'report'>, { readCatalogue, decodeRow, isOf, shardOf }: Ranking, document: Document) {
  const files = new Map<string, Promise<unknown>>()
  const catalogues = new Map<string, Promise<Catalogue>>()

  const file = (address: string): Promise<unknown> => {
    let coming = files.get(address)
    if (!coming) {
      coming = fetch(address).then(async (response) => {
        if (!response.ok) throw new Error(`HTTP ${response.status}`)
        const text = await response.text()
        if (text.length > LARGEST) throw new Error(`more than ${LARGEST} bytes`)
        return JSON.parse(text)
      })
      files.set(address, coming)
      // What could not be had may be there in the next page view.
      coming.catch(() => files.delete(address))
    }
    return coming
  }
  /** Undefined, with a diagnostic, for what is not there in time. */
  const maybe = async <T>(address: string, read: (data: unknown) => T): Promise<T | undefined> => {
    try {
      return read(await deadline(file(address), ROWS, 'it'))
    } catch (error) {
      report(`${address} is not used: ${error}`, error)
    }
  }

  return async ({ items, related, shards = 1, availability }: Recommend, fields: string[], path: string, seen: (catalogue: Catalogue) => number[]): Promise<Data> => {
    const key = JSON.stringify([items, fields])
    let coming = catalogues.get(key)
    if (!coming) {
      coming = file(items).then((data) => readCatalogue(data, fields))
      catalogues.set(key, coming)
      coming.catch(() => catalogues.delete(key))
    }
    const addressOf = (of: string): string => (related as string).replace('{shard}', `${shardOf(of, shards)}`)
    const out = availability === undefined ? undefined : maybe(availability, (data) => (Array.isArray(data) ? data : (data as { out: unknown[] }).out).map(String))
    const inline = document.querySelector('script[type="application/json"][data-slotwise-related]')
    let here: unknown
    try {
      here = inline && JSON.parse(inline.textContent ?? '')
    } catch (error) {
      report('The related rows in the page are not used', error)
    }
    const tables = [here, related && maybe(addressOf(path), (data) => data)]
    const catalogue = await coming
    if (related?.includes('{shard}') && free()) tables.push(...seen(catalogue).flatMap((position) => (catalogue.paths[position] ? maybe(addressOf(catalogue.paths[position] as string), (data) => data) : [])))
    const good = (await Promise.all(tables)).filter((table): table is Table => {
      if (!table) return false
      const right = isOf(table, catalogue)
      if (!right) report(`A related table is not used: it is none, or of another catalogue than ${items}; run slotwise related again`, table)
      return right
    })
    const decoded = new Map<string, Neighbours>()
    const find = (kind: 'rows' | 'next') => (position: number): Neighbours => {
      const name = kind + position
      if (!decoded.has(name)) {
        const table = good.find((one) => one[kind]?.[position])
        decoded.set(name, table ? decodeRow(table[kind]?.[position], table.of[0]) : [])
      }
      return decoded.get(name) as Neighbours
    }
    return { catalogue, rowOf: find('rows'), nextOf: find('next'), gone: ((await out) ?? []).flatMap((key) => catalogue.at.get(key) ?? []) }
  }
}
