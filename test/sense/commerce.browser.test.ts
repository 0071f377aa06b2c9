import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { pageFacts } from '../../src/sense/about.js'
import { type Commerce, commerce } from '../../src/sense/commerce.js'
import { LATER } from '../../src/sense/datalayer.js'
import type { Ruleset } from '../../src/types.js'

interface Shop extends Window {
  dataLayer?: unknown
  analytics?: unknown
}
const view = window as Shop
const home = location.href
let heard: [type: string, item?: unknown][]
let errors: unknown[]
let stop: Commerce | undefined

const listen = (ruleset: Partial<Ruleset> = {}, uses: (type: string) => boolean = () => true): Commerce => {
  stop = commerce({
    view,
    ruleset: { version: 1, ...ruleset },
    guard: (work) => (...args) => {
      try {
        work(...args)
      } catch (error) {
        errors.push(error)
      }
    },
    uses,
    note: (type, props) => void heard.push(props?.item_id === undefined ? [type] : [type, props.item_id]),
  })
  return stop
}
const item = (item_id: string) => ({ ecommerce: { items: [{ item_id }] } })
const says = (sku: string): void => {
  document.querySelector('[type="application/ld+json"]')?.remove()
  const block = document.createElement('script')
  block.type = 'application/ld+json'
  block.textContent = JSON.stringify({ '@type': 'Product', sku, name: sku })
  document.body.append(block)
}
const later = (ms = LATER + 200): Promise<void> => new Promise((done) => setTimeout(done, ms))

beforeEach(() => {
  heard = []
  errors = []
  view.dataLayer = []
})
afterEach(() => {
  stop?.stop()
  delete view.dataLayer
  delete view.analytics
  document.body.replaceChildren()
  history.replaceState(null, '', home)
})

const layer = (): unknown[] & { push(...entries: unknown[]): number } => view.dataLayer as unknown[]

test('what was pushed before and what is pushed after is heard once, and the list is the page’s own', () => {
  const before = { event: 'view_item', ...item('b1') }
  layer().push(before)
  listen()
  expect(layer().push({ event: 'add_to_cart', ...item('b1') }, { event: 'gtm.click' })).toBe(3)
  expect(heard).toEqual([['view_item', 'b1'], ['add_to_cart', 'b1']])
  expect(layer()[0]).toBe(before)
})

test('a tag manager that comes after us, or was there before, goes on hearing all; stopped, we are gone where we can be', () => {
  const manager = (): unknown[] => {
    const got: unknown[] = []
    const list = layer()
    const { push } = list
    list.push = (...entries: unknown[]) => {
      got.push(...entries)
      return push.apply(list, entries)
    }
    return got
  }
  const early = manager()
  const theirs = layer().push
  const { stop: end } = listen()
  layer().push({ event: 'login' })
  end()
  expect(layer().push).toBe(theirs)

  listen()
  const late = manager()
  const outer = layer().push
  layer().push({ event: 'sign_up' })
  stop?.stop()
  expect(layer().push).toBe(outer)
  layer().push({ event: 'share' })
  expect(early).toEqual([{ event: 'login' }, { event: 'sign_up' }, { event: 'share' }])
  expect(late).toEqual([{ event: 'sign_up' }, { event: 'share' }])
  expect(heard.map(([type]) => type)).toEqual(['login', 'login', 'sign_up'])
})

test('without a tag manager, push is the list’s own again after stop', () => {
  listen().stop()
  expect(Object.getOwnPropertyDescriptor(layer(), 'push')).toBeUndefined()
})

test('an entry that throws when it is read costs nothing, neither the page nor the next one', () => {
  listen()
  const bad = { get event(): string { throw new Error('mine') } }
  const worse = { event: 'purchase', ecommerce: { get items(): never { throw new Error('mine') } } }
  expect(() => layer().push(bad, worse, { event: 'login' })).not.toThrow()
  expect(heard).toEqual([['login']])
  expect(errors).toEqual([])
})

test('a push that the page has made to throw still throws, and only that', () => {
  layer().push = () => {
    throw new Error('full')
  }
  listen()
  expect(() => layer().push({ event: 'login' })).toThrow('full')
  expect(heard).toEqual([])
})

test('what is no list is left alone, and one that comes later is found', async () => {
  view.dataLayer = { push: 'no' }
  listen()
  view.dataLayer = [{ event: 'login' }]
  await later()
  layer().push({ event: 'share' })
  expect(heard).toEqual([['login'], ['share']])
})

test('calls of a customer data platform are heard, those of its snippet and those of what it is replaced by', async () => {
  const queue: unknown[] = [['track', 'Product Viewed', { product_id: 'b1' }]]
  view.analytics = Object.assign(queue, { track: (...args: unknown[]) => queue.push(['track', ...args]) })
  listen()
  const call = (name: string, properties: object): void => (view.analytics as { track(...args: unknown[]): void }).track(name, properties)
  call('Product Added', { product_id: 'b1' })
  const calls: unknown[][] = []
  view.analytics = { track: (...args: unknown[]) => void calls.push(args) }
  await later()
  call('Order Completed', { products: [{ product_id: 'b1' }] })
  expect(heard).toEqual([['view_item', 'b1'], ['add_to_cart', 'b1'], ['purchase', 'b1']])
  expect(calls).toHaveLength(1)
})

test('names of a site’s own are heard where the ruleset says so', () => {
  listen()
  layer().push({ event: 'club_joined' })
  stop?.stop()
  expect(heard).toEqual([])
  view.dataLayer = [{ event: 'club_joined' }]
  listen({ sense: { dataLayer: true } })
  expect(heard).toEqual([['club_joined']])
})

test('a product is told of by the page where the data layer is silent, once; and by the data layer alone where it is not', async () => {
  says('b1')
  listen()
  await later()
  expect(heard).toEqual([['view_item', 'b1']])
  stop?.leave()
  expect(heard).toHaveLength(1)
  // A data layer that tells of it late tells of the same; what it tells then is news.
  layer().push({ event: 'view_item', ...item('layer-b1') }, { event: 'view_item', ...item('layer-b2') })
  expect(heard).toEqual([['view_item', 'b1'], ['view_item', 'layer-b2']])
  stop?.stop()

  view.dataLayer = []
  heard = []
  listen()
  layer().push({ event: 'view_item', ...item('layer-b1') })
  await later()
  expect(heard).toEqual([['view_item', 'layer-b1']])
})

test('whoever leaves at once has viewed it all the same', () => {
  says('b1')
  listen().leave()
  expect(heard).toEqual([['view_item', 'b1']])
})

test('in a single page, what the document goes on saying is not said of the next page view', async () => {
  says('b1')
  listen()
  const about = pageFacts(view, { version: 1, segments: { seen: { event: 'page_view', same: ['item_id'] } } })
  about.turn()
  expect(about.facts()).toMatchObject({ item_id: 'b1' })
  history.pushState(null, '', '/somewhere')
  stop?.leave()
  stop?.turn()
  about.turn()
  expect(about.facts()).toEqual({})
  await later()
  expect(heard).toEqual([['view_item', 'b1']])
  says('b2')
  expect(about.facts()).toMatchObject({ item_id: 'b2' })
  // The data layer's own word is what its events are compared with.
  layer().push({ event: 'view_item', ecommerce: { items: [{ item_id: 'layer-b2', price: 7 }] } })
  expect(about.facts()).toMatchObject({ item_id: 'layer-b2', item_name: 'b2', price: 7 })
  // Back from the cache it is the same page view's page still.
  about.turn()
  expect(about.facts()).toMatchObject({ item_id: 'layer-b2' })
})

test('a list of products is not what a page is about, and nothing is read where no rule asks', () => {
  layer().push({ event: 'view_item', ecommerce: { items: [{ item_id: 'a' }, { item_id: 'b' }] } }, { event: 'view_item_list', ...item('c') })
  expect(pageFacts(view, { version: 1, segments: { seen: { event: 'view_item', same: ['item_id'] } } }).facts()).toEqual({})
  const spy = vi.spyOn(document, 'querySelectorAll')
  expect(pageFacts(view, { version: 1, segments: { a: { event: 'x' } } }).facts()).toEqual({})
  expect(spy).not.toHaveBeenCalled()
  spy.mockRestore()
})

test('site search is one event, whoever tells of it', () => {
  listen({ sense: { search: 'q' } })
  layer().push({ event: 'search', search_term: 'Boots' })
  expect(heard).toEqual([])
})

test('a platform that hands its events on to the tag manager, or a tag manager that tells it in turn, counts once', () => {
  const platform = { track: (event: string) => void layer().push({ event: event === 'Product Added' ? 'add_to_cart' : event, ...item('b1') }) }
  view.analytics = platform
  listen()
  platform.track('Product Added')
  // Told by the tag manager alone, it is believed.
  layer().push({ event: 'view_item', ...item('b2') })
  expect(heard.map(([type]) => type).sort()).toEqual(['add_to_cart', 'view_item'])
  platform.track('Product Added')
  expect(heard.filter(([type]) => type === 'add_to_cart')).toHaveLength(2)
})
