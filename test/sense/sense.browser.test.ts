import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fenced } from '../../src/lib/fenced.js'
import { isPersonal } from '../../src/lib/pii.js'
import { advance, EMPTY, type Totals } from '../../src/remember/log.js'
import { type Sense, sense } from '../../src/sense/sense.js'
import type { VisitorEvent } from '../../src/types.js'

const pages = { product: '/p/*', pricing: '/pricing' }
let events: VisitorEvent[]
let totals: Totals
let views: number
let clock: number
let sensing: Sense
const home = location.href

const listen = (): Sense => {
  sensing = sense({
    root: document,
    now: () => clock,
    guard: (work) => work,
    keeping: () => true,
    clean: (props) => fenced(props, isPersonal, () => {}),
    told: () => {},
    viewing: () => {},
    record: async (event) => {
      events.push(event)
      totals = advance(totals, event)
    },
    profile: () => ({ traits: {}, origins: {}, ...totals }),
    viewed: () => views++,
    hidden: () => {},
    shown: () => {},
    report: () => {},
  })
  return sensing
}

beforeEach(() => {
  events = []
  totals = EMPTY
  views = 0
  clock = 1_000_000
})
afterEach(() => {
  sensing.stop()
  history.replaceState(null, '', home)
  document.body.replaceChildren()
})

/** To another address without a new document, and what is there comes with it. */
const go = (path: string, how = history.pushState): void => {
  how.call(history, { mine: 1 }, '', path)
  document.body.append(path)
}
const seen = () => events.map(({ type, props }) => [type, props.page ?? props.path])

test('the first page view begins a visit, and is recorded as of the start', async () => {
  history.replaceState(null, '', '/p/boots?utm_source=news&secret=1')
  await listen().start({ version: 1, pages }, 500)
  expect(events).toMatchObject([
    { type: 'visit', at: 500, props: { utm: { source: 'news' } } },
    { type: 'page_view', at: 500, props: { page: 'product', path: '/p/boots', utm: { source: 'news' } } },
  ])
  expect(JSON.stringify(events)).not.toContain('secret')
  expect(views).toBe(1)
})

test('the context tells page, campaign, device, language and visit', async () => {
  history.replaceState(null, '', '/pricing?utm_source=news&utm_campaign=spring')
  await listen().start({ version: 1, pages }, 500)
  const context = sensing.context()
  expect(context).toMatchObject({ page: 'pricing', path: '/pricing', utm: { source: 'news', campaign: 'spring' }, language: navigator.language, visit: 1 })
  expect(['phone', 'tablet', 'desktop']).toContain(context.device)
  // The campaign lasts for the visit, the page does not.
  go('/about')
  return vi.waitFor(() => {
    expect(sensing.context()).toMatchObject({ path: '/about', utm: { source: 'news' } })
    expect(sensing.context().page).toBeUndefined()
  })
})

test('navigation inside a single page is a page view; a hash, or the same address again, is none', async () => {
  await listen().start({ version: 1, pages }, 500)
  const before = events.length
  go('/p/boots')
  await vi.waitFor(() => expect(seen().slice(before)).toEqual([['page_view', 'product']]))
  go('/p/boots', history.replaceState)
  go('/p/boots#sizes')
  await new Promise((resolve) => setTimeout(resolve, 30))
  go('/pricing')
  await vi.waitFor(() => expect(seen().slice(before)).toEqual([['page_view', 'product'], ['page_view', 'pricing']]))
  history.back()
  await vi.waitFor(() => expect(seen().slice(before).at(-1)).toEqual(['page_view', 'product']))
  expect(views).toBe(events.filter(({ type }) => type === 'page_view').length)
})

test('without the Navigation API, going on inside a page is noticed by what changes in it', async () => {
  vi.stubGlobal('navigation', undefined)
  await listen().start({ version: 1, pages }, 500)
  const before = events.length
  history.pushState(null, '', '/pricing')
  document.body.append('the page behind it')
  await Promise.resolve()
  expect(seen().slice(before)).toEqual([['page_view', 'pricing']])
  document.body.append('more of it')
  history.pushState(null, '', '/p/boots')
  history.back()
  await vi.waitFor(() => expect(location.pathname).toBe('/pricing'))
  await new Promise((resolve) => setTimeout(resolve, 30))
  sensing.stop()
  const after = events.length
  history.pushState(null, '', '/p/x')
  document.body.append('nobody listens')
  await Promise.resolve()
  expect(events.length).toBe(after)
  vi.unstubAllGlobals()
})

test('history is not touched', async () => {
  const original = history.pushState
  await listen().start({ version: 1, pages }, 500)
  expect(history.pushState).toBe(original)
  sensing.stop()
  vi.stubGlobal('navigation', undefined)
  await listen().start({ version: 1, pages }, 500)
  expect(history.pushState).toBe(original)
  vi.unstubAllGlobals()
})

test('a page shown again from the back-forward cache is a page view, and keeps its decisions', async () => {
  await listen().start({ version: 1, pages }, 500)
  const before = events.length
  window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }))
  expect(events.length).toBe(before)
  window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
  expect(seen().slice(before).map(([type]) => type)).toEqual(['page_view'])
  expect(views).toBe(1)
})

test('what looks like somebody’s own data in an address is not kept, and the page view is all the same', async () => {
  history.replaceState(null, '', '/p/anna@example.com?utm_source=529.982.247-25&utm_campaign=spring')
  await listen().start({ version: 1, pages }, 500)
  expect(events.at(-1)).toMatchObject({ type: 'page_view', props: { page: 'product', utm: { campaign: 'spring' } } })
  sensing.again()
  // The same campaign still, by what is kept of it.
  expect(events.map(({ type }) => type)).toEqual(['visit', 'page_view', 'page_view'])
  expect(JSON.stringify(events)).not.toMatch(/anna|529/)
})

test('a visit ends after thirty idle minutes, and a new campaign begins another', async () => {
  await listen().start({ version: 1, pages }, clock)
  clock += 30 * 60_000
  await sensing.track('look')
  clock += 30 * 60_000 + 1
  await sensing.track('look')
  go('/?utm_source=ads')
  await vi.waitFor(() => expect(events.map(({ type }) => type)).toEqual(['visit', 'page_view', 'look', 'visit', 'look', 'visit', 'page_view']))
})

test('a click on [data-track] is an event with its properties, from inside, through a shadow root, and though the page stops it', async () => {
  await listen().start({ version: 1, pages }, 500)
  document.body.innerHTML = `<button data-track="cart_add" data-track-item-id="b7" data-track-price="90"><span id="inside">Add</span></button>
    <div data-track=""><i id="nameless">x</i></div><p id="plain">x</p><div id="host"></div>`
  document.body.addEventListener('click', (event) => event.stopPropagation(), { once: true, capture: true })
  const shadow = (document.querySelector('#host') as Element).attachShadow({ mode: 'open' })
  const inner = document.createElement('button')
  inner.setAttribute('data-track', 'inner')
  shadow.append(inner)

  const before = events.length
  ;(document.querySelector('#inside') as HTMLElement).click()
  ;(document.querySelector('#nameless') as HTMLElement).click()
  ;(document.querySelector('#plain') as HTMLElement).click()
  inner.click()
  expect(events.slice(before)).toMatchObject([
    { type: 'cart_add', at: clock, props: { item_id: 'b7', price: '90' } },
    { type: 'inner', props: {} },
  ])
  sensing.stop()
  inner.click()
  expect(events.length).toBe(before + 2)
})

test('a click on the words of a tracked label is one event, as is one on its box', async () => {
  await listen().start({ version: 1, pages }, 500)
  document.body.innerHTML = '<label data-track="opt_in"><input type="checkbox"> <span>Subscribe</span></label>'
  const before = events.length
  ;(document.querySelector('span') as HTMLElement).click()
  expect(seen().slice(before).map(([type]) => type)).toEqual(['opt_in'])
  ;(document.querySelector('input') as HTMLElement).click()
  expect(seen().slice(before).map(([type]) => type)).toEqual(['opt_in', 'opt_in'])
})

test('what is tracked before the past is known is recorded when the page is left at once', () => {
  listen()
  void sensing.track('early')
  window.dispatchEvent(new PageTransitionEvent('pagehide'))
  expect(events.map(({ type }) => type)).toEqual(['visit', 'early'])
})

test('what is tracked before the past is known is kept, in order and with its own time', async () => {
  listen()
  const tracked = sensing.track('early', { n: 1 })
  clock += 100
  void sensing.track('later')
  expect(events).toEqual([])
  await sensing.start({ version: 1, pages }, 900_000)
  await tracked
  expect(events.map(({ type, at }) => [type, at])).toEqual([['visit', 900_000], ['page_view', 900_000], ['early', 1_000_000], ['later', 1_000_100]])
})

test('properties are copied, so that the page may go on with its object', async () => {
  await listen().start({ version: 1, pages }, 500)
  const props = { list: [1], drop: undefined as never }
  await sensing.track('x', props)
  props.list.push(2)
  expect(events.at(-1)?.props).toEqual({ list: [1] })
})
