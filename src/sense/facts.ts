// factsOf(): what a page says it is about, in the names that GA4 has for items: from its JSON-LD, and where that says
// nothing from its Open Graph tags.

import { isObject, own } from '../lib/own.js'
import type { Json, Props } from '../types.js'
import { agreed } from './entry.js'

/** Of a list so many are kept, and so many characters of a text. */
const MOST = 20
const LONGEST = 100

type Thing = { [key: string]: unknown }

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : value == null ? [] : [value])

/** The words of a text, or of a thing that has a name. */
const textOf = (value: unknown): string | undefined => {
  const text = isObject(value) ? own(value, 'name') : value
  return typeof text === 'string' || typeof text === 'number' ? `${text}`.trim().slice(0, LONGEST) || undefined : undefined
}
const texts = (value: unknown): string[] => list(value).flatMap((one) => textOf(one) ?? []).slice(0, MOST)
const first = (...values: unknown[]): string | undefined => texts(values.flatMap(list))[0]
const number = (value: unknown): number | undefined => ((typeof value === 'string' && value !== '') || typeof value === 'number') && Number.isFinite(Number(value)) ? Number(value) : undefined

const isA = (thing: Thing, type: RegExp): boolean => list(thing['@type']).some((name) => typeof name === 'string' && type.test(name))

/** All things that stand for themselves, and not as part of a list of others. */
function thingsIn(value: unknown, depth = 0): Thing[] {
  if (Array.isArray(value)) return value.flatMap((one) => thingsIn(one, depth))
  if (!isObject(value) || depth > 4) return []
  return [value, ...[own(value, '@graph'), own(value, 'mainEntity')].flatMap((inner) => thingsIn(inner, depth + 1))]
}

const thingsOf = (document: Document): Thing[] =>
  [...document.querySelectorAll('script[type="application/ld+json"]')].flatMap((block) => {
    try {
      return thingsIn(JSON.parse(block.textContent ?? ''))
    } catch {
      // One that is broken says nothing, and the others still do.
      return []
    }
  })

const pathOf = (address: unknown, document: Document): string | undefined => {
  try {
    return typeof address === 'string' ? new URL(address, document.baseURI).pathname.replace(/\/$/, '') : undefined
  } catch {
    return undefined
  }
}

/** The one that the page is about: a page with several products is a list, unless one of them has its address. */
function main(things: Thing[], document: Document): Thing | undefined {
  if (things.length < 2) return things[0]
  const here = pathOf(document.URL, document)
  return things.find((thing) => ['url', '@id', 'mainEntityOfPage'].some((key) => pathOf(isObject(thing[key]) ? thing[key]['@id'] : thing[key], document) === here))
}

/** From the outermost to the innermost, less the home page and the page itself. */
function crumbs(things: Thing[], document: Document, name: string | undefined): string[] {
  const trail = things.find((thing) => isA(thing, /\bBreadcrumbList$/))
  const steps = list(trail?.itemListElement)
    .filter(isObject)
    .sort((a, b) => (number(a.position) ?? 0) - (number(b.position) ?? 0))
    .map((step) => {
      const item = isObject(step.item) ? step.item : { '@id': step.item }
      return { name: first(step.name, item.name), path: pathOf(item['@id'] ?? item.url, document) }
    })
  const here = pathOf(document.URL, document)
  return steps
    .filter((step, i) => step.name !== name && step.path !== here && !(i === 0 && (step.path === undefined ? /^(home|in[ií]cio|p[aá]gina inicial)/i.test(step.name ?? '') : /^(\/[a-z]{2}(-[a-z]{2})?)?$/i.test(step.path))))
    .flatMap((step) => step.name ?? [])
}

const categories = (names: string[]): Props => Object.fromEntries(names.slice(0, 5).map((name, i) => [`item_category${i ? i + 1 : ''}`, name]))

function productFacts(thing: Thing, trail: string[]): { [name: string]: Json | undefined } {
  const offers = list(thing.offers).filter(isObject)
  const variants = list(thing.hasVariant).filter(isObject)
  const prices = [...offers, ...variants.flatMap((variant) => list(variant.offers).filter(isObject))]
  const price = (offer: Thing): number | undefined => number(offer.price ?? offer.lowPrice ?? list(offer.priceSpecification).find(isObject)?.price)
  const said = first(thing.category)?.split(/\s*[>›]\s*/)
  return {
    item_id: first(thing.sku, thing.productID, thing.productGroupID, thing.mpn, thing.gtin, thing.gtin13),
    item_name: first(thing.name),
    item_brand: first(thing.brand),
    ...categories(trail.length > 0 ? trail : (said ?? [])),
    price: prices.map(price).find((one) => one !== undefined),
    currency: first(...prices.map((offer) => offer.priceCurrency)),
  }
}

const articleFacts = (thing: Thing): { [name: string]: Json | undefined } => {
  const words = texts(list(thing.keywords).flatMap((one) => (typeof one === 'string' ? one.split(',') : [one])))
  return { author: agreed(texts(thing.author)), section: agreed(texts(thing.articleSection)), tags: words.length > 0 ? words : undefined }
}

/** Open Graph: `product:` and `article:`, which pages write as `property`, and some as `name`. */
function graphFacts(document: Document): { [name: string]: Json | undefined } {
  const all = (name: string): string[] => texts([...document.querySelectorAll(`meta[property="${name}"],meta[name="${name}"]`)].map((meta) => meta.getAttribute('content')))
  const [id] = all('product:retailer_item_id')
  const tags = all('article:tag')
  return {
    item_id: id,
    item_name: id && all('og:title')[0],
    item_brand: all('product:brand')[0],
    ...categories(all('product:category')[0]?.split(/\s*[>›]\s*/) ?? []),
    price: number(all('product:price:amount')[0]),
    currency: all('product:price:currency')[0],
    // Facebook asks for an address there, and some pages have a name.
    author: agreed(all('article:author').filter((author) => !/^https?:/.test(author))),
    section: agreed(all('article:section')),
    tags: tags.length > 0 ? tags : undefined,
  }
}

const defined = (facts: { [name: string]: Json | undefined }): Props => Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as Props

/** `item_id`, `item_name`, `item_brand`, `item_category` and on, `price`, `currency`; `author`, `section`, `tags`. */
export function factsOf(document: Document): Props {
  const things = thingsOf(document)
  const product = main(things.filter((thing) => isA(thing, /\bProduct(Group|Model)?$/)), document)
  const article = main(things.filter((thing) => isA(thing, /(Article|BlogPosting)$/)), document)
  return {
    ...defined(graphFacts(document)),
    ...(product ? defined(productFacts(product, crumbs(things, document, first(product.name)))) : {}),
    ...(article ? defined(articleFacts(article)) : {}),
  }
}
