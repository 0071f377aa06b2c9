// Further signals, in a page whose ruleset asks for them: what is recorded, when, and what never is.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { advance, EMPTY, type Totals } from '../../src/remember/log.js'
import { type Sense, sense } from '../../src/sense/sense.js'
import type { Ruleset, VisitorEvent } from '../../src/types.js'

let events: VisitorEvent[]
let totals: Totals
let clock: number
let sensing: Sense | undefined
let heard: Map<string, number>
const home = location.href
const original = EventTarget.prototype.addEventListener

const open = (): Sense => {
  sensing = sense({
    root: document,
    now: () => clock,
    guard: (work) => work,
    keeping: () => true,
    clean: (props) => props,
    told: () => {},
    viewing: () => {},
    record: async (event) => {
      events.push(event)
      totals = advance(totals, event)
    },
    profile: () => ({ traits: {}, origins: {}, ...totals }),
    viewed: () => {},
    hidden: () => {},
    shown: () => {},
    report: (message, error) => {
      throw new Error(message, { cause: error })
    },
  })
  return sensing
}

const asks = (types: string[], more: Partial<Ruleset> = {}): Ruleset => ({
  version: 1,
  pages: { fixture: '/fixture/*' },
  segments: Object.fromEntries(types.map((event) => [event, { event }])),
  ...more,
})

/** A page whose ruleset asks for these events; resolves once they are listened to. */
const listen = async (types: string[], more?: Partial<Ruleset>): Promise<Sense> => {
  open().start(asks(types, more), clock)
  await import('../../src/sense/signals.js')
  await wait(20)
  return sensing as Sense
}

/** To another address without a new document, and something comes with it: where there is no Navigation API that tells. */
const go = (path: string): void => {
  history.pushState(null, '', path)
  document.body.append(' ')
}
const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))
const put = (html: string): void => document.body.replaceChildren(document.createRange().createContextualFragment(html))
const find = <T extends HTMLElement>(selector: string): T => document.querySelector(selector) as T
const noted = () => events.filter(({ type }) => type !== 'visit' && type !== 'page_view').map(({ type, props }) => [type, props])
const types = () => events.map(({ type }) => type)
const input = (selector: string) => find(selector).dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))
/** Firefox follows a submission that a script has made up. */
const stay = (event: Event): void => event.preventDefault()
const submit = (selector: string) => find(selector).dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true }))
const page = { page: 'fixture' }

beforeEach(() => {
  for (const type of ['submit', 'click']) addEventListener(type, stay)
  events = []
  totals = EMPTY
  clock = 10 * 86_400_000
  heard = new Map()
  history.replaceState(null, '', '/fixture/one')
  EventTarget.prototype.addEventListener = function (this: EventTarget, type: string, ...rest: never[]) {
    heard.set(type, (heard.get(type) ?? 0) + 1)
    return (original as (...all: unknown[]) => void).call(this, type, ...rest)
  }
})
afterEach(() => {
  EventTarget.prototype.addEventListener = original
  for (const type of ['submit', 'click']) removeEventListener(type, stay)
  sensing?.stop()
  history.replaceState(null, '', home)
  document.body.replaceChildren()
  vi.unstubAllGlobals()
})

test('nothing is listened to that the ruleset does not ask for', async () => {
  put('<form id="f"><input></form><a href="https://other.example/a.pdf">x</a>')
  await listen(['purchase'])
  const usual = new Map(heard)
  input('#f input')
  submit('#f')
  expect(noted()).toEqual([])
  sensing?.stop()

  heard.clear()
  await listen(['form_submit'])
  for (const type of ['input', 'submit']) expect([type, heard.get(type)]).toEqual([type, 1])
  for (const type of ['play', 'ended', 'scroll', 'mousemove', 'pointermove', 'keydown']) expect([type, heard.get(type) ?? 0]).toEqual([type, usual.get(type) ?? 0])
  expect(heard.get('click')).toBe(usual.get('click'))
  submit('#f')
  expect(noted()).toEqual([['form_submit', { ...page, form: 'f' }]])
})

test('after the stop nothing is noticed', async () => {
  put('<form id="f"><input></form><button>x</button>')
  await listen(['form_start', 'form_submit', 'form_abandon', 'rage_click', 'video_start'])
  input('#f input')
  const before = events.length
  sensing?.stop()
  submit('#f')
  for (let i = 0; i < 5; i++) find('button').dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 }))
  await wait(20)
  expect(events.length).toBe(before)
})

test('stopped before the file of signals has come, it does not begin', async () => {
  put('<form id="f"><input></form>')
  open().start(asks(['form_submit']), clock)
  sensing?.stop()
  await import('../../src/sense/signals.js')
  await wait(20)
  submit('#f')
  expect(noted()).toEqual([])
})

test('a form that was begun on one page of a single-page site is abandoned before the next is viewed', async () => {
  put('<form name="order"><input></form><form id="other"><input></form>')
  await listen(['form_start', 'form_abandon'])
  input('[name=order] input')
  input('[name=order] input')
  go('/fixture/two')
  await vi.waitFor(() => expect(types().filter((type) => type === 'page_view')).toHaveLength(2))
  expect(types()).toEqual(['visit', 'page_view', 'form_start', 'form_abandon', 'page_view'])
  expect(noted()[1]).toEqual(['form_abandon', { ...page, form: 'order' }])
  go('/elsewhere')
  await vi.waitFor(() => expect(types().filter((type) => type === 'page_view')).toHaveLength(3))
  expect(noted()).toHaveLength(2)
})

test('a form’s field named "name" or "id" does not stand for the form, and a field outside belongs to its form', async () => {
  put('<form name="order" id="f"><input name="name" value="Anna"><input name="id" value="7"></form><input id="far" form="f">')
  await listen(['form_start'])
  input('#far')
  expect(noted()).toEqual([['form_start', { ...page, form: 'order' }]])
  expect(JSON.stringify(events)).not.toContain('Anna')
})

test('what a site records by its own calls is not recorded twice, and what is switched off not at all', async () => {
  put('<form id="f"><input></form>')
  const site = await listen(['form_start', 'form_submit'], { sense: { off: ['form_submit'] } })
  input('#f input')
  submit('#f')
  void site.track('form_start', { mine: 1 })
  go('/fixture/two')
  await vi.waitFor(() => expect(types().filter((type) => type === 'page_view')).toHaveLength(2))
  input('#f input')
  expect(noted()).toEqual([
    ['form_start', { ...page, form: 'f' }],
    ['form_start', { mine: 1 }],
  ])
})

test('links are told by domain and kind, inside a shadow root too, and from wherever in the link the click came', async () => {
  put('<div id="host"></div><a id="script" href="javascript:void 0">x</a><a id="mail" href="mailto:anna@example.com">x</a>')
  const root = find('#host').attachShadow({ mode: 'open' })
  root.append(document.createRange().createContextualFragment('<a href="https://other.example/anna/report.PDF?token=1#x"><b>x</b></a>'))
  await listen(['outbound_click', 'file_download'])
  root.querySelector('b')?.click()
  find('#script').click()
  find('#mail').click()
  expect(noted()).toEqual([
    ['file_download', { ...page, extension: 'pdf' }],
    ['outbound_click', { ...page, domain: 'other.example' }],
  ])
})

test('clicks in a row are rage only where they are near one another, and not in a field', async () => {
  put('<button>x</button><input>')
  await listen(['rage_click'])
  const click = (selector: string, x: number, detail = 1): void => void find(selector).dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true, clientX: x, detail }))
  for (const x of [0, 40, 80, 120, 160]) click('button', x)
  for (let i = 0; i < 5; i++) click('input', 0)
  for (let i = 0; i < 5; i++) click('button', 300, 0)
  expect(noted()).toEqual([])
  for (let i = 0; i < 9; i++) click('button', 300 + i)
  expect(noted()).toEqual([['rage_click', page]])
})

test('what was searched for is told once per page view, cut and in small letters', async () => {
  history.replaceState(null, '', `/fixture/search?q=${encodeURIComponent(`  Red\n  Shoes ${'x'.repeat(200)}`)}&other=secret`)
  await listen(['search'], { sense: { search: 'q' } })
  expect(types()).toEqual(['visit', 'page_view', 'search'])
  const [[, props] = []] = noted()
  expect(props).toMatchObject(page)
  expect(String((props as { term: string }).term)).toMatch(/^red shoes x{50}$/)
  go('/fixture/search?q=boots')
  await vi.waitFor(() => expect(noted().slice(1)).toEqual([['search', { ...page, term: 'boots' }]]))
  expect(types().slice(-2)).toEqual(['page_view', 'search'])
  expect(JSON.stringify(events)).not.toContain('secret')
})

test('a video that plays by itself without a sound is decoration', async () => {
  put('<video id="loud"></video><video id="quiet" autoplay muted></video>')
  await listen(['video_start', 'video_complete'])
  for (const id of ['loud', 'quiet', 'loud']) for (const type of ['play', 'ended']) find(`#${id}`).dispatchEvent(new Event(type))
  expect(noted()).toEqual([
    ['video_start', { ...page, video: 'loud' }],
    ['video_complete', { ...page, video: 'loud' }],
  ])
})

test('what is marked to be seen is looked for when the page says so by its markup, once per page view, and later only where the ruleset says so', async () => {
  const box = (type: string): string => `<p data-track-view="${type}" data-track-item-id="7" style="height: 40px">x</p>`
  put(box('promo'))
  await listen([])
  await vi.waitFor(() => expect(noted()).toEqual([['promo', { item_id: '7' }]]), 3000)
  document.body.append(document.createRange().createContextualFragment(box('late')))
  await wait(1200)
  expect(noted()).toHaveLength(1)
  go('/fixture/two')
  await vi.waitFor(() => expect(noted().map(([type]) => type)).toEqual(['promo', 'promo', 'late']), 3000)
  sensing?.stop()

  events = []
  put('')
  await listen([], { sense: { views: true } })
  document.body.append(document.createRange().createContextualFragment(box('late')))
  await vi.waitFor(() => expect(noted()).toEqual([['late', { item_id: '7' }]]), 3000)
})

test('a click on what is marked to be seen does not tell of that mark', async () => {
  put('<button data-track="pick" data-track-view="promo" data-track-n="1">x</button>')
  await listen([])
  find('button').click()
  expect(noted()).toEqual([['pick', { n: '1' }]])
})

test('of automated browsers nothing is recorded where the ruleset says so; otherwise they count', async () => {
  vi.spyOn(navigator, 'webdriver', 'get').mockReturnValue(true)
  put('<form id="f"><input></form>')
  const site = await listen(['form_start'], { sense: { bots: false } })
  input('#f input')
  await site.track('signup')
  expect(events).toEqual([])
  sensing?.stop()
  await listen(['form_start'])
  expect(types()).toEqual(['visit', 'page_view'])
  sensing?.stop()
  vi.spyOn(navigator, 'webdriver', 'get').mockReturnValue(false)
  events = []
  totals = EMPTY
  await listen(['form_start'], { sense: { bots: false } })
  expect(types()).toEqual(['visit', 'page_view'])
})

test('a visit says how it came about, and that lasts as long as it does; how the first came about lasts for ever', async () => {
  history.replaceState(null, '', '/fixture/one?utm_source=news&gclid=secret&color=red&q=secret')
  const site = await listen([], { sense: { params: ['color'] } })
  const referrer = events[0]?.props.referrer as string
  expect(['direct', 'internal', 'other']).toContain(referrer)
  expect(events).toMatchObject([
    { type: 'visit', props: { utm: { source: 'news' }, click: 'google', landing: 'fixture' } },
    { type: 'page_view', props: { ...page, path: '/fixture/one', utm: { source: 'news' }, params: { color: 'red' } } },
  ])
  expect(JSON.stringify([events, site.context()])).not.toContain('secret')

  go('/elsewhere')
  await vi.waitFor(() => expect(site.context().path).toBe('/elsewhere'))
  expect(site.context()).toMatchObject({ click: 'google', landing: 'fixture', referrer, utm: { source: 'news' }, first: { utm: { source: 'news' } }, visit: 1, visitor: 'new', daysSinceFirst: 0 })
  expect(site.context().params).toBeUndefined()
  expect(site.context().daysSinceLast).toBeUndefined()

  // Two days later, in the same tab: nobody has led here.
  clock += 2.5 * 86_400_000
  go('/fixture/two?gclid=1')
  await vi.waitFor(() => expect(site.context().visit).toBe(2))
  expect(events.filter(({ type }) => type === 'visit')[1]?.props).toEqual({ referrer: 'direct', landing: 'fixture' })
  expect(site.context()).toMatchObject({ utm: {}, referrer: 'direct', first: { utm: { source: 'news' }, click: 'google' }, visitor: 'returning', daysSinceFirst: 2, daysSinceLast: 2 })
  expect(site.context().click).toBeUndefined()
})

test('a site whose rules ask for no time zone does not have it looked up', async () => {
  expect((await listen([])).context().timeZone).toBeUndefined()
})

test('the context tells of the browser and of the visitor’s clock', async () => {
  clock = new Date(2026, 10, 28, 21, 30).getTime()
  const context = (await listen([], { segments: { here: { context: { timeZone: 'Europe/Lisbon' } } } })).context()
  expect(context).toMatchObject({ hour: 21, weekday: 'sat', timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone })
  expect(['narrow', 'medium', 'wide']).toContain(context.viewport)
  expect(context.viewport).toBe(innerWidth < 600 ? 'narrow' : innerWidth < 1024 ? 'medium' : 'wide')
  expect(context.colorScheme).toBe(matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')
  for (const key of ['reducedMotion', 'saveData'] as const) expect(typeof context[key]).toBe('boolean')
})
