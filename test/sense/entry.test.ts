import fc from 'fast-check'
import { expect, test } from 'vitest'
import { entryReader } from '../../src/sense/entry.js'
import type { Signal } from '../../src/types.js'

const BOOTS = { item_id: 'b1', item_name: 'Boots', item_brand: 'Trail', item_category: 'shoes', item_category2: 'boots', price: 90, quantity: 1 }
const SOCKS = { item_id: 's1', item_name: 'Socks', item_brand: 'Trail', item_category: 'clothes', price: '9.90', quantity: 2 }

const reading = (...entries: unknown[]): (Signal | undefined)[] => entries.map(entryReader())
const heard = (...entries: unknown[]): Signal | undefined => reading(...entries).at(-1)
/** As gtag() pushes it. */
function gtag(..._: unknown[]): unknown {
  // biome-ignore lint/complexity/noArguments: that is what the snippet does
  return arguments
}

test('a product that is viewed has its own fields, as rules ask for them', () => {
  const expected = { type: 'view_item', props: { item_id: 'b1', item_name: 'Boots', item_brand: 'Trail', item_category: 'shoes', item_category2: 'boots', price: 90, quantity: 1, value: 90, currency: 'BRL' } }
  const ecommerce = { currency: 'BRL', value: 90, items: [BOOTS] }
  expect(heard({ event: 'view_item', ecommerce })).toEqual(expected)
  expect(heard(gtag('event', 'view_item', ecommerce))).toEqual(expected)
  expect(heard(['event', 'view_item', ecommerce])).toEqual(expected)
  // Some put the fields beside the event.
  expect(heard({ event: 'view_item', ...ecommerce })).toEqual(expected)
  // And some tell of the product first, and of the event later.
  expect(heard({ ecommerce }, { event: 'view_item' })).toEqual(expected)
})

test('a purchase of several items is one event, with its value once', () => {
  const { type, props } = heard({ event: 'purchase', ecommerce: { transaction_id: 'T1', value: '109.80', tax: 3, shipping: 0, currency: 'BRL', coupon: 'FIRST', items: [BOOTS, SOCKS] } }) as Signal
  expect(type).toBe('purchase')
  expect(props).toEqual({
    value: 109.8, tax: 3, shipping: 0, currency: 'BRL', coupon: 'FIRST', quantity: 3, price: [90, 9.9],
    item_id: ['b1', 's1'], item_name: ['Boots', 'Socks'], item_brand: 'Trail', item_category: ['shoes', 'clothes'], item_category2: 'boots',
  })
})

test('what was told of items is forgotten when the page says so, and never told of events that have none', () => {
  const ecommerce = { items: [BOOTS] }
  expect(heard({ event: 'view_item', ecommerce }, { ecommerce: null }, { event: 'add_to_cart' })).toEqual({ type: 'add_to_cart', props: {} })
  expect(heard({ event: 'view_item', ecommerce }, { event: 'login', method: 'google' })).toEqual({ type: 'login', props: { method: 'google' } })
  expect(heard({ event: 'view_item', ecommerce }, { event: 'add_to_cart', ecommerce: { items: [SOCKS] } })?.props).toMatchObject({ item_id: 's1' })
})

test('nothing is kept that says who, or which order, or where', () => {
  const who = { user_id: 'u1', email: 'anna@example.com', user_data: { email: 'x' }, transaction_id: 'T1', page_location: 'https://x/', client_id: '1.2', affiliation: 'x', name: 'Anna', phone: '1' }
  for (const entry of [{ event: 'purchase', ...who, ecommerce: { ...who, items: [{ ...who, item_id: 'b1' }] } }, gtag('event', 'purchase', { ...who, items: [{ ...who, item_id: 'b1' }] }), ['track', 'Order Completed', { ...who, order_id: 'T1', products: [{ ...who, product_id: 'b1' }] }]]) {
    const { props = {} } = heard(entry) as Signal
    expect(Object.keys(props).filter((name) => !['item_id', 'item_name'].includes(name))).toEqual([])
    expect(props.item_id).toBe('b1')
  }
})

test('Segment’s names are those of GA4', () => {
  const product = { product_id: 'b1', sku: 'x', name: 'Boots', brand: 'Trail', category: 'shoes', price: 90, quantity: 1 }
  const props = { item_id: 'b1', item_name: 'Boots', item_brand: 'Trail', item_category: 'shoes', price: 90, quantity: 1 }
  expect(heard(['track', 'Product Viewed', { ...product, currency: 'BRL', value: 90 }])).toEqual({ type: 'view_item', props: { ...props, currency: 'BRL', value: 90 } })
  expect(heard(['track', 'Order Completed', { order_id: '1', total: 100, revenue: 90, products: [product] }])).toEqual({ type: 'purchase', props: { ...props, value: 100 } })
  expect(heard(['track', 'Products Searched', { query: 'boots' }])).toEqual({ type: 'search', props: { search_term: 'boots' } })
  expect(heard(['track', 'Newsletter Joined', { plan: 'x' }])).toEqual({ type: 'Newsletter Joined', props: {} })
  expect(reading(['identify', 'u1', { email: 'x' }], ['page', 'Home'])).toEqual([undefined, undefined])
})

test('what is no event says nothing', () => {
  expect(reading(null, 1, 'event', undefined, {}, [], gtag('config', 'G-1'), gtag('js', new Date()), { event: '' }, { event: 3 }, () => {}, { ecommerce: 7 }, { event: null }).filter(Boolean)).toEqual([])
})

test('values of another kind, and numbers that are none, are left out', () => {
  expect(heard({ event: 'view_item', ecommerce: { value: 'free', currency: { code: 'BRL' }, items: [{ item_id: ['x'], item_name: null, price: '', item_brand: Number.NaN, quantity: '2' }, null, 'x'] } })).toEqual({ type: 'view_item', props: { quantity: 2 } })
  expect(heard({ event: 'view_item', ecommerce: { items: { 0: BOOTS } } })?.props).toMatchObject({ item_id: 'b1' })
  expect(heard({ event: 'view_item', ecommerce: { items: [{ item_id: 42, price: '7' }] } })?.props).toEqual({ item_id: '42', price: 7 })
})

test('of a long list twenty values are kept', () => {
  const items = Array.from({ length: 300 }, (_, i) => ({ item_id: `i${i}`, item_list_name: 'Shoes' }))
  const { props } = heard({ event: 'view_item_list', ecommerce: { items } }) as Signal
  expect(props?.item_list_name).toBe('Shoes')
  expect(props?.item_id).toHaveLength(20)
})

test('whatever a page pushes, it is never changed, and nothing but plain values comes of it', () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withObjectString: true }), fc.anything(), (part, other) => {
      const freeze = (value: unknown): unknown => {
        if (typeof value === 'object' && value !== null && !Object.isFrozen(value) && !ArrayBuffer.isView(value)) {
          Object.freeze(value)
          Object.values(value).forEach(freeze)
        }
        return value
      }
      for (const signal of reading(...[{ event: 'purchase', ecommerce: part }, { event: 'purchase', ecommerce: { items: part, value: other } }, gtag('event', 'purchase', part), ['track', 'Order Completed', part], part].map(freeze))) {
        for (const value of Object.values(signal?.props ?? {}).flat()) expect(['string', 'number']).toContain(typeof value)
      }
    }),
    { numRuns: 2000, examples: [['', { toString: '' }], [{ value: { toString: '' } }, { toString: '' }]] },
  )
})
