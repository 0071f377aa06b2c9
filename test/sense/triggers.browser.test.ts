// What changes a slot in the midst of a page view, in a real document; seconds pass when the test says so.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Triggers, triggers } from '../../src/sense/triggers.js'
import type { Decision, Experience, Ruleset, Signal, Trigger } from '../../src/types.js'

let fired: string[]
let noted: Signal[]
let made: Triggers | undefined
let visible: DocumentVisibilityState
let focused: boolean

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  fired = []
  noted = []
  visible = 'visible'
  focused = true
  vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visible)
  vi.spyOn(document, 'hasFocus').mockImplementation(() => focused)
  document.body.style.height = '4000px'
  scrollTo(0, 0)
})
afterEach(() => {
  made?.stop()
  made = undefined
  vi.useRealTimers()
  vi.restoreAllMocks()
  document.body.removeAttribute('style')
  document.body.replaceChildren()
  scrollTo(0, 0)
})

const rulesOf = (waiting: { [slot: string]: Trigger[] }): Ruleset => ({
  version: 1,
  slots: Object.fromEntries(Object.entries(waiting).map(([slot, triggers]) => [slot, { experiences: triggers.map((on, i) => ({ name: `${slot}-${i}`, show: 'x', on })) }])),
})
const slotOf = (element: Element): string | undefined => element.getAttribute?.('data-slot') ?? undefined
const open = (ruleset: Ruleset, decision?: Partial<Decision>, root: Node | undefined = document.body): Triggers | undefined => {
  made = triggers(ruleset, root, (work) => work, { slotOf, decision: () => decision as Decision, again: (slot) => fired.push(slot) }, (signal) => noted.push(signal))
  made?.begin()
  return made
}
const start = (waiting: { [slot: string]: Trigger[] }): Triggers => open(rulesOf(waiting)) as Triggers
const seconds = (count: number, meanwhile = (): void => {}): void => {
  for (let i = 0; i < count; i++) {
    meanwhile()
    vi.advanceTimersByTime(1000)
  }
}
const move = (): void => void document.dispatchEvent(new PointerEvent('pointermove'))
const turn = (to: DocumentVisibilityState): void => {
  visible = to
  document.dispatchEvent(new Event('visibilitychange'))
}
const soon = <T>(check: () => T): Promise<T> => vi.waitFor(check, { timeout: 5000, interval: 20 })
const calm = (): Promise<void> => new Promise((next) => setTimeout(next, 600))

test('the share of the page that scrolling has brought into view', async () => {
  const half: Trigger = { scroll: 0.5 }
  const { fired: has } = start({ half: [half], end: [{ scroll: 1 }] })
  await calm()
  expect(fired).toEqual([])
  scrollTo(0, 2000)
  await soon(() => expect(fired).toEqual(['half']))
  expect([has(half), has({ scroll: 0.5 })]).toEqual([true, false])
  scrollTo(0, 300)
  await calm()
  scrollTo(0, 2000)
  await calm()
  expect(fired).toEqual(['half'])
  scrollTo(0, 4000)
  await soon(() => expect(fired).toEqual(['half', 'end']))
})

test('seconds in sight, in focus and in use', () => {
  start({ hero: [{ engaged: '15s' }] })
  seconds(5, move)
  focused = false
  seconds(30, move)
  focused = true
  seconds(5, move)
  turn('hidden')
  seconds(30, move)
  turn('visible')
  seconds(4, move)
  expect(fired).toEqual([])
  seconds(1, move)
  expect(fired).toEqual(['hero'])
})

test('who does nothing more is not engaged, after a while', () => {
  start({ hero: [{ engaged: '45s' }] })
  seconds(120)
  expect(fired).toEqual([])
  seconds(15, move)
  expect(fired).toEqual(['hero'])
})

test('nothing done for a while, in sight', () => {
  start({ hero: [{ idle: '10s' }] })
  seconds(9)
  move()
  seconds(9)
  turn('hidden')
  seconds(60)
  turn('visible')
  seconds(9)
  expect(fired).toEqual([])
  seconds(1)
  expect(fired).toEqual(['hero'])
})

const out = (clientY: number, init: MouseEventInit = {}): void => void document.body.dispatchEvent(new MouseEvent('mouseout', { bubbles: true, clientY, ...init }))

test('a mouse that leaves through the top, and not by a side, into an element, or dragging', () => {
  start({ hero: [{ exit: true }] })
  out(300)
  out(0, { relatedTarget: document.documentElement })
  out(0, { buttons: 1 })
  expect(fired).toEqual([])
  out(-1)
  out(-1)
  expect(fired).toEqual(['hero'])
})

/** Touch events as a phone makes them; not every engine here can make real ones. */
const touch = (type: string, y: number, timeStamp: number, fingers = 1): void => {
  const event = new Event(type, { bubbles: true })
  const finger = { clientY: y }
  Object.defineProperties(event, { timeStamp: { value: timeStamp }, touches: { value: Array(type === 'touchend' ? 0 : fingers).fill(finger) }, changedTouches: { value: [finger] } })
  document.body.dispatchEvent(event)
}
const flick = ({ from = 100, to = 300, within = 150, scrolled = -300, fingers = 1 } = {}): void => {
  scrollTo(0, 1000)
  touch('touchstart', from, 1000, fingers)
  scrollTo(0, 1000 + scrolled)
  touch('touchend', to, 1000 + within)
}

test('a page that is flicked back up on a touch screen', () => {
  start({ hero: [{ exit: true }] })
  flick({ to: 150, within: 10 })
  flick({ within: 900 })
  flick({ from: 300, to: 100, scrolled: 300 })
  flick({ fingers: 2 })
  // Something in the page has moved, or it was pulled down to reload.
  flick({ scrolled: 0 })
  touch('touchend', 900, 1100)
  expect(fired).toEqual([])
  flick()
  expect(fired).toEqual(['hero'])
})

test('an event that is recorded', () => {
  const { heard } = start({ hero: [{ event: 'search' }], next: [{ event: 'search' }, { event: 'buy' }] })
  heard('look')
  expect(fired).toEqual([])
  heard('search')
  heard('search')
  expect(fired).toEqual(['hero', 'next'])
  heard('buy')
  expect(fired).toEqual(['hero', 'next', 'next'])
})

test('each page view begins anew', () => {
  const on: Trigger = { engaged: '5s' }
  const { begin, fired: has } = start({ hero: [on] })
  seconds(4, move)
  begin()
  seconds(4, move)
  expect([fired, has(on)]).toEqual([[], false])
  seconds(1, move)
  expect([fired, has(on)]).toEqual([['hero'], true])
  begin()
  expect(has(on)).toBe(false)
  seconds(5, move)
  expect(fired).toEqual(['hero', 'hero'])
})

/** What is listened to, and how. */
function listening() {
  const live: { type: string; options: unknown }[] = []
  const { addEventListener, removeEventListener } = document
  document.addEventListener = (...args: Parameters<Document['addEventListener']>) => {
    live.push({ type: args[0], options: args[2] })
    addEventListener.apply(document, args)
  }
  document.removeEventListener = (...args: Parameters<Document['removeEventListener']>) => {
    live.splice(live.findIndex(({ type }) => type === args[0]), 1)
    removeEventListener.apply(document, args)
  }
  return {
    live,
    end: () => {
      delete (document as Partial<Document>).addEventListener
      delete (document as Partial<Document>).removeEventListener
    },
  }
}

test('only what the ruleset waits for is listened to, passively, until it has happened or all is stopped', () => {
  const { live, end } = listening()
  try {
    start({ hero: [{ event: 'search' }] })
    expect(open({ version: 1, slots: { hero: { experiences: [{ name: 'off', enabled: false, show: 'x', on: { exit: true } }] } } })).toBe(undefined)
    expect(open({ version: 1 })).toBe(undefined)
    expect([live, vi.getTimerCount()]).toEqual([[], 0])

    const one = start({ hero: [{ exit: true }] })
    expect(live.map(({ type }) => type)).toEqual(['mouseout', 'touchstart', 'touchend'])
    out(-1)
    expect(live).toEqual([])
    one.begin()
    expect(live.length).toBe(3)
    one.stop()
    expect(live).toEqual([])

    const all = start({ hero: [{ exit: true }, { scroll: 0.5 }, { engaged: '5s' }, { idle: '9s' }] })
    expect(live.length).toBeGreaterThan(6)
    for (const { options } of live) expect(options).toMatchObject({ passive: true })
    all.stop()
    expect([live, vi.getTimerCount()]).toEqual([[], 0])
    seconds(30, move)
    expect(fired).toEqual(['hero'])
  } finally {
    end()
  }
})

test('without a document there are only events', () => {
  const made = triggers(rulesOf({ hero: [{ event: 'x' }, { exit: true }] }), undefined, (work) => work, { slotOf, decision: () => undefined, again: (slot) => fired.push(slot) }, () => {})
  made?.begin()
  made?.heard('x')
  expect(fired).toEqual(['hero'])
})

test('a click on a dismiss button in a slot is a dismissal of what it shows, where that has a cooldown', () => {
  const decision = { slot: 'hero', experience: 'e0', variant: 'a', measured: false }
  document.body.innerHTML = '<div data-slot="outer"><section data-slot="hero"><button data-slotwise-dismiss><i>x</i></button><b>no</b></section></div><button data-slotwise-dismiss id="apart"></button>'
  const begin = (experiences: Partial<Experience>[], decision: Partial<Decision>) =>
    open({ version: 1, slots: { hero: { experiences: experiences.map((one, i) => ({ name: `e${i}`, show: 'a', ...one })) } } }, decision)
  const click = (selector: string): void => document.querySelector<HTMLElement>(selector)?.click()
  begin([{ cooldown: { for: '1d' } }, {}], decision)
  click('b')
  click('#apart')
  expect(made?.dismissed('hero')).toBe(false)
  click('i')
  expect([made?.dismissed('hero'), made?.dismissed('outer'), fired]).toEqual([true, false, ['hero']])
  expect(noted).toEqual([{ type: 'dismiss', props: { slot: 'hero', experience: 'e0', variant: 'a' } }])
  made?.begin()
  expect(made?.dismissed('hero')).toBe(false)

  for (const other of [{ ...decision, variant: 'default' }, { ...decision, experience: 'e1' }, { ...decision, experience: null }]) {
    made?.stop()
    begin([{ cooldown: { for: '1d' } }, {}], other)
    click('i')
    expect(made?.dismissed('hero')).toBe(false)
  }
})
