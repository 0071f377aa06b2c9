// Reads what sites have of their items already: a Google Merchant feed as XML or CSV, RSS, Atom.

import { parse } from 'csv-parse/sync'
import { XMLParser } from 'fast-xml-parser'
import { isObject } from '../lib/own.js'

/** An item as a source has it. */
export interface Found {
  id?: string
  url?: string
  title?: string
  image?: string
  price?: string
  tags: string[]
  /** It cannot be had now. */
  out?: boolean
}

type Node = { [name: string]: unknown }

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined || value === null || value === '' ? [] : [value])

/** The words of an element, whether it has attributes or not. */
export const words = (value: unknown): string => {
  const [first] = list(value)
  const text = isObject(first) ? (first['#text'] ?? first['@_term'] ?? '') : (first ?? '')
  return typeof text === 'string' || typeof text === 'number' ? `${text}`.trim().replace(/\s+/g, ' ') : ''
}

/** "Home > Shoes > Trail" is about shoes and about trail; the first step of many is the shop itself. */
export const steps = (path: string): string[] => {
  const all = path.split(/\s*[>›]\s*/).map((step) => step.trim()).filter(Boolean)
  return all.length > 1 && /^(home|in[ií]cio|shop|loja)$/i.test(all[0] as string) ? all.slice(1) : all
}

const isOut = (said: string): boolean => /out[ _-]?of[ _-]?stock|soldout|sold out|discontinued|esgotado/i.test(said)

const found = (fields: Found): Found => ({ ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '' && value !== false)), tags: [...new Set(fields.tags.filter(Boolean))] })

/** A row of a Merchant feed, its names without "g:". */
const merchant = (row: (name: string) => string): Found =>
  found({
    id: row('id'),
    url: row('link'),
    title: row('title'),
    image: row('image_link') || row('image link'),
    price: row('sale_price') || row('sale price') || row('price'),
    tags: [...steps(row('product_type') || row('product type') || row('google_product_category') || row('google product category')), row('brand')],
    out: isOut(row('availability')),
  })

/** Of the links of an Atom entry the one that leads to it; of RSS the only one. */
const linkOf = (value: unknown): string => {
  const links = list(value)
  const alternate = links.find((link) => isObject(link) && (link['@_rel'] ?? 'alternate') === 'alternate')
  return isObject(alternate) ? words(alternate['@_href'] ?? alternate['#text']) : words(links[0])
}

function entry(node: Node): Found {
  if (node['g:id'] !== undefined) return merchant((name) => words(node[`g:${name}`]) || (name === 'link' ? linkOf(node.link) : words(node[name])))
  const pictures = [...list(node.enclosure), ...list(node['media:content']), ...list(node['media:thumbnail'])].filter(isObject)
  const picture = pictures.find((one) => /^image/.test(words(one['@_type']) || 'image'))
  return found({ url: linkOf(node.link) || words(node.guid), title: words(node.title), image: words(picture?.['@_url']), tags: list(node.category).map(words) })
}

/** RSS 2.0, RSS 1.0 or Atom, with the fields of Google Merchant or without. Throws where there are no items. */
export function fromXml(text: string): Found[] {
  const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false, parseAttributeValue: false, htmlEntities: true })
  const root = parser.parse(text) as Node
  const [rss, rdf, feed] = [root.rss, root['rdf:RDF'], root.feed].map((one) => (isObject(one) ? one : {})) as [Node, Node, Node]
  const channel = (isObject(rss.channel) ? rss.channel : {}) as Node
  const items = [...list(channel.item), ...list(rdf.item), ...list(feed.entry)].filter(isObject)
  if (items.length === 0) throw new Error('it has no <item> and no <entry>')
  return items.map(entry)
}

/** A Merchant feed, or any table whose columns have such names. Throws where none of them is known. */
export function fromCsv(text: string, tabs: boolean): Found[] {
  const rows = parse(text, { columns: (names: string[]) => names.map((name) => name.trim().toLowerCase()), delimiter: tabs ? '\t' : [',', ';'], bom: true, quote: tabs ? null : '"', relax_quotes: true, relax_column_count: true, skip_empty_lines: true, skip_records_with_error: true }) as { [column: string]: string }[]
  const names = Object.keys(rows[0] ?? {})
  if (!names.some((name) => ['id', 'link', 'url', 'key'].includes(name))) throw new Error(`none of its columns is "id" or "link"; it has ${names.join(', ') || 'none'}`)
  return rows.map((row) => {
    const read = (name: string): string => (row[name] ?? '').trim()
    const known = merchant((name) => read(name) || (name === 'link' ? read('url') : name === 'id' ? read('key') : name === 'image_link' ? read('image') : ''))
    return { ...known, tags: [...new Set([...known.tags, ...read('tags').split(/[,|]/), ...steps(read('category'))].map((one) => one.trim()).filter(Boolean))] }
  })
}
