// Reads a site's own pages: what their JSON-LD and Open Graph tags say of the one item that each is about.

import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { XMLParser } from 'fast-xml-parser'
import { type DefaultTreeAdapterTypes, parse } from 'parse5'
import { isObject } from '../lib/own.js'
import { type Found, steps, words } from './feeds.js'

/** A page's address and HTML. */
export interface Page {
  url: string
  html: string
}

type Thing = { [key: string]: unknown }
type Tree = DefaultTreeAdapterTypes.ChildNode | DefaultTreeAdapterTypes.Document

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value])
const named = (value: unknown): string => words(isObject(value) ? (value.name ?? value.url ?? value['@id']) : value)
const isA = (thing: Thing, type: RegExp): boolean => list(thing['@type']).some((name) => type.test(`${name}`))

function* elements(node: Tree): Generator<DefaultTreeAdapterTypes.Element> {
  if ('tagName' in node) yield node
  if ('childNodes' in node) for (const child of node.childNodes) yield* elements(child)
}

const things = (value: unknown, depth = 0): Thing[] =>
  Array.isArray(value) ? value.flatMap((one) => things(one, depth)) : isObject(value) && depth < 5 ? [value, ...things(value['@graph'], depth + 1), ...things(value.mainEntity, depth + 1)] : []

/** Undefined for a page that is about no item. */
export function itemOf({ url, html }: Page): Found | undefined {
  const meta = new Map<string, string[]>()
  const said: Thing[] = []
  for (const { tagName, attrs, childNodes } of elements(parse(html))) {
    const of = (name: string): string => attrs.find((one) => one.name === name)?.value ?? ''
    if (tagName === 'meta') {
      const name = of('property') || of('name')
      meta.set(name, [...(meta.get(name) ?? []), of('content')])
    }
    if (tagName !== 'script' || !/^application\/ld\+json$/i.test(of('type').trim())) continue
    try {
      said.push(...things(JSON.parse(childNodes.map((child) => ('value' in child ? child.value : '')).join(''))))
    } catch {
      // One that is broken says nothing, and the others still do.
    }
  }
  const products = said.filter((thing) => isA(thing, /\bProduct(Group|Model)?$/))
  const articles = said.filter((thing) => isA(thing, /(Article|BlogPosting|Recipe|Course|Event)$/))
  // A page with several products is a list.
  const thing = products.length === 1 ? products[0] : products.length === 0 && articles.length === 1 ? articles[0] : undefined
  const graph = (name: string): string => meta.get(name)?.[0] ?? ''
  if (!thing && !/^(article|product)/.test(graph('og:type'))) return undefined
  const offer = list(thing?.offers).find(isObject)
  const price = words(offer?.price ?? offer?.lowPrice) || graph('product:price:amount')
  const currency = words(offer?.priceCurrency) || graph('product:price:currency')
  const trail = said.filter((one) => isA(one, /BreadcrumbList$/)).flatMap(({ itemListElement }) => list(itemListElement).map((step) => named(isObject(step) ? (step.name ?? step.item) : step)))
  const title = words(thing?.name ?? thing?.headline) || graph('og:title')
  const keywords = list(thing?.keywords).flatMap((one) => words(isObject(one) ? one.name : one).split(','))
  const tags = [...steps(words(thing?.category) || graph('product:category')), ...(trail.length > 2 ? trail.slice(1, -1) : []), named(thing?.brand), ...list(thing?.articleSection).map(words), ...keywords, ...(meta.get('article:tag') ?? []), graph('article:section')]
  const picture = list(thing?.image)[0]
  return {
    url,
    tags: [...new Set(tags.map((tag) => tag.trim()).filter((tag) => tag && tag !== title))],
    ...Object.fromEntries(
      Object.entries({
        id: words(thing?.sku ?? thing?.productID ?? thing?.mpn) || graph('product:retailer_item_id'),
        title,
        image: words(isObject(picture) ? (picture.url ?? picture.contentUrl) : picture) || graph('og:image'),
        price: [price, currency].filter(Boolean).join(' '),
      }).filter(([, value]) => value !== ''),
    ),
    ...(/outofstock|soldout|discontinued/i.test(words(offer?.availability)) ? { out: true } : {}),
  }
}

/** Pages of a built site, by the addresses that a server of static files gives them. */
export async function* pagesIn(directory: string): AsyncGenerator<Page> {
  const names = (await readdir(directory, { recursive: true, encoding: 'utf8' })).filter((name) => /\.html?$/i.test(name)).sort()
  for (const name of names) {
    const path = relative(directory, join(directory, name)).split(sep).map(encodeURIComponent).join('/')
    yield { url: `/${path.replace(/(^|\/)index\.html?$/i, '$1')}`, html: await readFile(join(directory, name), 'utf8') }
  }
}

/** The addresses of a sitemap; those of an index lead on to others. */
export function addressesIn(sitemap: string): { pages: string[]; sitemaps: string[] } {
  const root = new XMLParser({ parseTagValue: false }).parse(sitemap) as { urlset?: { url?: unknown }; sitemapindex?: { sitemap?: unknown } }
  const locations = (value: unknown): string[] => list(value).filter(isObject).map(({ loc }) => words(loc)).filter(Boolean)
  return { pages: locations(root.urlset?.url), sitemaps: locations(root.sitemapindex?.sitemap) }
}

/** So many at a time, and so long for each, in ms: a site is not to feel it. */
const AT_ONCE = 4
const PATIENCE = 10_000

/** Pages of a sitemap at an address; `missed` hears of those that cannot be had. Only those of the same site. */
export async function pagesOf(sitemap: string, most: number, missed: (url: string, error: unknown) => void): Promise<Page[]> {
  const { origin } = new URL(sitemap)
  const get = async (url: string): Promise<string> => {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) })
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    return response.text()
  }
  const isOwn = (url: string): boolean => URL.canParse(url) && new URL(url).origin === origin
  const urls = new Set<string>()
  // A set also gives what is added on the way.
  const sitemaps = new Set([sitemap])
  for (const one of sitemaps) {
    try {
      const found = addressesIn(await get(one))
      for (const url of found.sitemaps.filter(isOwn)) if (sitemaps.size < 100) sitemaps.add(url)
      for (const url of found.pages.filter(isOwn)) if (urls.size < most) urls.add(url)
    } catch (error) {
      if (one === sitemap) throw error
      missed(one, error)
    }
  }
  const all = [...urls]
  const pages: (Page | undefined)[] = all.map(() => undefined)
  let next = 0
  const work = async (): Promise<void> => {
    while (next < all.length) {
      const i = next++
      const url = all[i] as string
      try {
        pages[i] = { url, html: await get(url) }
      } catch (error) {
        missed(url, error)
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return pages.filter((page) => page !== undefined)
}
