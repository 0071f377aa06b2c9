// slotwise catalogue: the file that recommendations are made of, from what a site has already.

import { mkdir, readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isObject } from '../lib/own.js'
import { type Found, fromCsv, fromXml } from './feeds.js'
import { itemOf, pagesIn, pagesOf } from './pages.js'
import { EXIT, printJson, refuse, writeText } from './terminal.js'

const FIELDS = ['key', 'title', 'tags', 'popularity', 'url', 'image', 'price'] as const
export type CatalogueItem = { key: string; title: string; tags: string[]; popularity: number; url: string; image: string; price: string }

/** The origin that most items are at: their addresses are written without it. */
function ownOrigin(found: Found[]): string {
  const counts = new Map<string, number>()
  for (const { url = '' } of found) if (URL.canParse(url)) counts.set(new URL(url).origin, (counts.get(new URL(url).origin) ?? 0) + 1)
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]?.[0] ?? 'https://site.invalid'
}

/** Without the site's own origin, and without what campaigns add. */
function local(address: string, origin: string): string {
  if (!URL.canParse(address, origin)) return ''
  const url = new URL(address, origin)
  for (const name of [...url.searchParams.keys()]) if (/^(utm_|gclid|fbclid|srsltid)/.test(name)) url.searchParams.delete(name)
  return url.origin === origin ? url.pathname + url.search : url.href
}

/** `before` is what the file has been: its items stay where they are, and new ones come behind them. */
export function catalogueOf(found: Found[], by: 'path' | 'id', before: CatalogueItem[] = []): { items: CatalogueItem[]; out: string[]; nameless: number } {
  const origin = ownOrigin(found)
  const items = new Map<string, CatalogueItem>()
  const out: string[] = []
  let nameless = 0
  for (const { id = '', url = '', title = '', image = '', price = '', tags, out: isOut } of found) {
    const address = url && local(url, origin)
    const key = by === 'id' ? id : address.replace(/[?#].*$/, '').replace(/(?!^)\/+$/, '')
    if (!key || !title) nameless++
    // Sizes and colours of one thing have one page: the first of them stands for all.
    else if (!items.has(key)) {
      items.set(key, { key, title, tags, popularity: 0, url: address, image: image && local(image, origin), price })
      if (isOut) out.push(key)
    }
  }
  const kept = before.flatMap(({ key, popularity }) => {
    const item = items.get(key)
    return item ? [{ ...item, popularity }] : []
  })
  const places = new Set(kept.map(({ key }) => key))
  return { items: [...kept, ...[...items.values()].filter(({ key }) => !places.has(key))], out, nameless }
}

/** One line an item, so that a change is a change of lines. */
export const catalogueText = (items: CatalogueItem[]): string => `{ "fields": ${JSON.stringify(FIELDS)}, "items": [\n${items.map((item) => JSON.stringify(FIELDS.map((field) => item[field]))).join(',\n')}\n] }\n`

const earlier = async (file: string): Promise<CatalogueItem[]> => {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return []
  const { fields, items } = JSON.parse(text) as { fields?: unknown; items?: unknown }
  if (!Array.isArray(items)) return []
  return items.map((one) => (Array.isArray(one) && Array.isArray(fields) ? Object.fromEntries(fields.map((name, i) => [name, one[i]])) : isObject(one) ? one : {})).map((one) => ({ ...one, popularity: Number(one.popularity) || 0 }) as CatalogueItem)
}

export interface CatalogueOptions {
  out: string
  key: 'path' | 'id'
  stock?: string
  most: number
  json?: boolean
}

/** Runs the command; gives what to exit with. */
export async function catalogue(source: string, { out, key: by, stock, most, json }: CatalogueOptions): Promise<number> {
  const missed: string[] = []
  const found: Found[] = []
  let pages = 0
  const take = (page: { url: string; html: string }): void => {
    pages++
    const item = itemOf(page)
    if (item) found.push(item)
  }
  try {
    if (/^https?:\/\//.test(source)) for (const page of await pagesOf(source, most, (url, error) => missed.push(`${url}: ${(error as Error).message}`))) take(page)
    else if ((await stat(source)).isDirectory()) for await (const page of pagesIn(source)) take(page)
    else {
      const text = await readFile(source, 'utf8')
      found.push(...(/^[\ufeff\s]*</.test(text) ? fromXml(text) : fromCsv(text, /\.tsv$/i.test(source) || (text.split('\n', 1)[0] as string).includes('\t'))))
    }
  } catch (error) {
    return refuse(`cannot read ${source}: ${(error as Error).message}`)
  }
  const before = await earlier(out).catch((error) => refuse(`${out} is there and no catalogue: ${error.message}`))
  const made = catalogueOf(found, by, before)
  if (made.items.length === 0) {
    console.error(`slotwise: no items were found in ${source}${pages ? `: none of its ${pages} pages has a product or an article in JSON-LD or Open Graph tags` : by === 'id' ? '; without ids leave out --key id' : ', or none has an address and a title'}`)
    return EXIT.findings
  }
  for (const [file, text] of [[out, catalogueText(made.items)], ...(stock ? [[stock, `${JSON.stringify(made.out)}\n`]] : [])] as [string, string][]) {
    await mkdir(dirname(file), { recursive: true }).catch((error) => refuse(`cannot write ${file}: ${error.message}`))
    await writeText(file, text)
  }
  const now = new Set(made.items.map(({ key }) => key))
  const report = { items: made.items.length, added: made.items.length - before.filter(({ key }) => now.has(key)).length, gone: before.filter(({ key }) => !now.has(key)).length, out: made.out.length, nameless: made.nameless, untagged: made.items.filter(({ tags }) => tags.length === 0).length, pages, missed }
  const { items, added, gone, nameless, untagged } = report
  if (json) {
    printJson(report)
    return EXIT.fine
  }
  console.log(
    [
      `${out}: ${items} items${before.length > 0 ? `, ${added} of them new; ${gone} are gone` : ''}${report.out ? `; ${report.out} are sold out` : ''}`,
      ...(nameless ? [`${nameless} have no ${by === 'id' ? 'id' : 'address'} or no title, and were left out`] : []),
      ...(untagged ? [`${untagged} say nothing of what they are about`] : []),
      ...missed.slice(0, 5).map((one) => `not read: ${one}`),
      ...(missed.length > 5 ? [`and ${missed.length - 5} more`] : []),
    ].join('\n'),
  )
  return EXIT.fine
}
