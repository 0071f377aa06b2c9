import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { factsOf } from '../../src/sense/facts.js'

afterEach(() => {
  document.head.replaceChildren()
  document.body.replaceChildren()
})

const block = (text: string): void => {
  const script = document.createElement('script')
  script.type = 'application/ld+json'
  script.textContent = text
  document.body.append(script)
}
const says = (...things: unknown[]): ReturnType<typeof factsOf> => {
  for (const thing of things) block(JSON.stringify(thing))
  return factsOf(document)
}
const meta = (property: string, content: string, name = 'property'): void => {
  const element = document.createElement('meta')
  element.setAttribute(name, property)
  element.content = content
  document.head.append(element)
}

const PRODUCT = {
  '@context': 'https://schema.org',
  '@type': 'Product',
  name: 'Trail boots',
  sku: 'b1',
  brand: { '@type': 'Brand', name: 'Trail' },
  offers: { '@type': 'Offer', price: '90.00', priceCurrency: 'BRL' },
}
const crumb = (position: number, name: string, item?: string) => ({ '@type': 'ListItem', position, name, ...(item ? { item } : {}) })
const TRAIL = { '@type': 'BreadcrumbList', itemListElement: [crumb(2, 'Shoes', '/shoes'), crumb(1, 'Home', '/'), crumb(3, 'Boots', '/shoes/boots'), crumb(4, 'Trail boots')] }
const FACTS = { item_id: 'b1', item_name: 'Trail boots', item_brand: 'Trail', price: 90, currency: 'BRL' }

test('a product says which it is, whose, and what it costs', () => {
  expect(says(PRODUCT)).toEqual(FACTS)
})

test('its categories are those of the breadcrumbs, from the outside in, without the home page and itself', () => {
  expect(says(PRODUCT, TRAIL)).toEqual({ ...FACTS, item_category: 'Shoes', item_category2: 'Boots' })
})

test('or those it names itself', () => {
  expect(says({ ...PRODUCT, category: 'Shoes > Boots' })).toEqual({ ...FACTS, item_category: 'Shoes', item_category2: 'Boots' })
})

test.each([
  ['a graph', { '@context': 'https://schema.org', '@graph': [{ '@type': 'WebSite', name: 'Shop' }, PRODUCT, TRAIL] }],
  ['a list', [TRAIL, PRODUCT]],
  ['the main entity of a page', { '@type': 'ItemPage', mainEntity: PRODUCT, breadcrumb: TRAIL }],
  ['a type by its address, among others', { ...PRODUCT, '@type': ['Thing', 'http://schema.org/Product'] }],
])('a product is found in %s', (_, thing) => {
  expect(says(thing)).toMatchObject(FACTS)
})

test.each([
  ['several offers', { ...PRODUCT, offers: [{ price: 90, priceCurrency: 'BRL' }, { price: 100 }] }],
  ['an aggregate', { ...PRODUCT, offers: { '@type': 'AggregateOffer', lowPrice: '90', highPrice: '100', priceCurrency: 'BRL' } }],
  ['a specification', { ...PRODUCT, offers: { priceSpecification: [{ price: 90 }], priceCurrency: 'BRL' } }],
  ['variants', { ...PRODUCT, '@type': 'ProductGroup', sku: undefined, productGroupID: 'b1', offers: undefined, hasVariant: [{ '@type': 'Product', sku: 'b1-42', offers: PRODUCT.offers }] }],
  ['a brand as a text', { ...PRODUCT, brand: 'Trail' }],
])('with %s', (_, thing) => {
  expect(says(thing)).toEqual(FACTS)
})

test('a page with several products is a list, unless one of them has its address', () => {
  const others = ['b2', 'b3'].map((sku) => ({ ...PRODUCT, sku, url: `/p/${sku}` }))
  expect(says(others)).toEqual({})
  block(JSON.stringify({ ...PRODUCT, url: document.URL }))
  expect(factsOf(document)).toEqual(FACTS)
})

test('the products that a list refers to are not what the page is about', () => {
  expect(says({ '@type': 'ItemList', itemListElement: [{ '@type': 'ListItem', item: PRODUCT }] })).toEqual({})
  expect(says({ '@type': 'CollectionPage', hasPart: [PRODUCT] })).toEqual({})
})

test('an article says who wrote it, where it stands and what it is about', () => {
  expect(says({ '@type': 'NewsArticle', author: [{ name: 'Ana' }, { name: 'Rui' }], articleSection: 'Trails', keywords: 'boots, winter ,,trail', headline: 'x' })).toEqual({ author: ['Ana', 'Rui'], section: 'Trails', tags: ['boots', 'winter', 'trail'] })
  document.body.replaceChildren()
  expect(says({ '@type': 'BlogPosting', author: 'Ana', keywords: ['boots'] })).toEqual({ author: 'Ana', tags: ['boots'] })
})

test('Open Graph tags say it where JSON-LD does not', () => {
  for (const [name, content] of [['product:retailer_item_id', 'b9'], ['og:title', 'Other'], ['product:brand', 'Peak'], ['product:price:amount', '12.5'], ['product:price:currency', 'EUR'], ['product:category', 'Shoes > Boots'], ['article:section', 'News'], ['article:tag', 'a'], ['article:tag', 'b'], ['article:author', 'https://example.com/ana']] as const) meta(name, content)
  expect(factsOf(document)).toEqual({ item_id: 'b9', item_name: 'Other', item_brand: 'Peak', item_category: 'Shoes', item_category2: 'Boots', price: 12.5, currency: 'EUR', section: 'News', tags: ['a', 'b'] })
  expect(says(PRODUCT)).toMatchObject({ ...FACTS, item_category: 'Shoes', section: 'News' })
  meta('article:author', 'Ana', 'name')
  expect(factsOf(document).author).toBe('Ana')
})

test('a block that is broken says nothing, and the others still do', () => {
  block('{ "@type": "Product", "sku": "x", }')
  block('')
  block('null')
  block('"Product"')
  expect(says(PRODUCT)).toEqual(FACTS)
})

test('whatever stands there, it is read in peace and gives nothing but texts, numbers and lists of texts', () => {
  const key = fc.constantFrom('@type', '@graph', 'mainEntity', 'name', 'sku', 'brand', 'offers', 'price', 'category', 'itemListElement', 'item', 'author', 'keywords', 'url', 'position', 'hasVariant')
  const word = fc.constantFrom<unknown>('Product', 'BreadcrumbList', 'Article', 'x', '', 'http://[', 7, null, true, [], {}, { toString: '' })
  const { thing } = fc.letrec((tie) => ({ thing: fc.oneof({ maxDepth: 4 }, word, fc.array(tie('thing'), { maxLength: 3 }), fc.dictionary(key, tie('thing'), { maxKeys: 6 })) }))
  fc.assert(
    fc.property(fc.array(thing, { maxLength: 3 }), (things) => {
      document.body.replaceChildren()
      const facts = says(...things)
      for (const value of Object.values(facts)) {
        for (const one of [value].flat()) expect(typeof one === 'string' ? one.length > 0 && one.length <= 100 : Number.isFinite(one)).toBe(true)
      }
    }),
    { numRuns: 500 },
  )
})
