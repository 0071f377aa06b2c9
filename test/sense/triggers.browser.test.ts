// What changes a slot in the midst of a page view, in a real page.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { guarded } from '../../src/lib/guard.js'
import { type Triggers, triggers } from '../../src/sense/triggers.js'
import type { Decision, Experience, Signal, Trigger } from '../../src/types.js'

const guard = guarded((error) => {
  throw error
})
let watching: Triggers | undefined
let again: string[] = []
let noted: Signal[] = []

const begin = (experiences: Partial<Experience>[], decision?: Partial<Decision>): void => {
  const slots = { hero: { experiences: experiences.map((one, i) => ({ name: `e${i}`, show: 'a', ...one })) } }
  watching = triggers({ version: 1, slots }, document, guard, { decision: () => decision as Decision, again: (slot) => again.push(slot) }, (signal) => noted.push(signal))
  watching?.begin()
}
const wait = (on: Trigger): Trigger => {
  begin([{ on }])
  return on
}
const soon = (check: () => void) => vi.waitFor(check, { timeout: 8000, interval: 30 })
const out = (clientY: number, rest: MouseEventInit = {}) => document.body.dispatchEvent(new MouseEvent('mouseout', { bubbles: true, clientY, relatedTarget: null, ...rest }))

beforeEach(() => {
  document.body.innerHTML = '<div style="height: 5000px">tall</div>'
  scrollTo(0, 0)
  again = []
  noted = []
})
afterEach(() => {
  watching?.stop()
  document.body.innerHTML = ''
})

test('a pointer that leaves through the top is an exit, once a page view; by a side, into an element or dragging it is none', () => {
  const on = wait({ exit: true })
  out(300)
  out(0, { buttons: 1 })
  out(0, { relatedTarget: document.body })
  expect(watching?.fired(on)).toBe(false)
  out(-3)
  out(-3)
  expect([watching?.fired(on), again]).toEqual([true, ['hero']])
  watching?.begin()
  expect(watching?.fired(on)).toBe(false)
  out(0)
  expect(again).toEqual(['hero', 'hero'])
})

const touch = (type: string, clientY: number, timeStamp: number): void => {
  const event = new Event(type, { bubbles: true })
  const touches = [{ clientY }]
  Object.defineProperties(event, { timeStamp: { value: timeStamp }, touches: { value: type === 'touchstart' ? touches : [] }, changedTouches: { value: touches } })
  document.body.dispatchEvent(event)
}

test('on a touch screen a quick flick back up the page is an exit; a slow one, one down, or one at the top is none', () => {
  const on = wait({ exit: true })
  const flick = (from: number, to: number, ms: number): boolean | undefined => {
    touch('touchstart', from, 1000)
    touch('touchend', to, 1000 + ms)
    return watching?.fired(on)
  }
  expect(flick(100, 400, 100)).toBe(false)
  scrollTo(0, 2000)
  expect([flick(100, 400, 2000), flick(400, 100, 100), flick(100, 140, 10), flick(100, 400, 100)]).toEqual([false, false, false, true])
})

test('a share of the page is reached by scrolling that far, and not before', async () => {
  const on = wait({ scroll: 0.5 })
  const height = document.documentElement.scrollHeight
  scrollTo(0, height * 0.5 - innerHeight - 100)
  await new Promise((done) => setTimeout(done, 200))
  expect(watching?.fired(on)).toBe(false)
  scrollTo(0, height * 0.5 - innerHeight + 20)
  await soon(() => expect(watching?.fired(on)).toBe(true))
})

test('who does nothing is idle, and who does something is not', async () => {
  const on = wait({ idle: '2s' })
  const moving = setInterval(() => document.body.dispatchEvent(new MouseEvent('pointermove', { bubbles: true })), 100)
  await new Promise((done) => setTimeout(done, 2600))
  expect(watching?.fired(on)).toBe(false)
  clearInterval(moving)
  await soon(() => expect(watching?.fired(on)).toBe(true))
})

test('who has the page in sight and in focus for so long is engaged; without the focus nobody is', async () => {
  const focus = vi.spyOn(document, 'hasFocus').mockReturnValue(false)
  const on = wait({ engaged: '1s' })
  await new Promise((done) => setTimeout(done, 2200))
  expect(watching?.fired(on)).toBe(false)
  focus.mockReturnValue(true)
  await soon(() => expect(watching?.fired(on)).toBe(true))
  focus.mockRestore()
})

test('an event of that name is one', () => {
  const on = wait({ event: 'cart_add' })
  watching?.heard('cart')
  expect(watching?.fired(on)).toBe(false)
  watching?.heard('cart_add')
  expect(watching?.fired(on)).toBe(true)
})

test('a ruleset that waits for nothing listens to nothing, and one that waits has stopped listening when it is stopped, or when all has happened', () => {
  // The test runner gives the window methods of its own.
  const spies = (name: 'addEventListener' | 'removeEventListener') => [window, EventTarget.prototype].map((target) => vi.spyOn(target, name))
  const [added, removed] = [spies('addEventListener'), spies('removeEventListener')]
  const calls = (list: typeof added): number => list.reduce((sum, { mock }) => sum + mock.calls.length, 0)
  const listening = (): number => calls(added) - calls(removed)
  begin([{}])
  begin([{ on: { exit: true }, enabled: false }])
  expect([watching, listening()]).toEqual([undefined, 0])
  begin([{ on: { exit: true } }])
  expect(listening()).toBe(3)
  out(0)
  expect(listening()).toBe(0)
  begin([{ on: { exit: true } }, { on: { scroll: 0.5 } }, { on: { engaged: '1m' } }, { cooldown: { for: '1d' } }])
  expect(listening()).toBeGreaterThan(9)
  watching?.stop()
  expect(listening()).toBe(0)
  out(0)
  expect(again).toEqual(['hero'])
  for (const spy of [...added, ...removed]) spy.mockRestore()
})

test('a click on a dismiss button in a slot is a dismissal of what it shows, where that has a cooldown', () => {
  const decision = { slot: 'hero', experience: 'e0', variant: 'a', measured: false }
  document.body.innerHTML = '<div data-slot="outer"><section data-slot="hero"><button data-slotwise-dismiss><i>x</i></button><b>no</b></section></div><button data-slotwise-dismiss id="apart"></button>'
  const click = (selector: string): void => document.querySelector<HTMLElement>(selector)?.click()
  begin([{ cooldown: { for: '1d' } }, {}], decision)
  click('b')
  click('#apart')
  expect(watching?.dismissed('hero')).toBe(false)
  click('i')
  expect([watching?.dismissed('hero'), watching?.dismissed('outer'), again]).toEqual([true, false, ['hero']])
  expect(noted).toEqual([{ type: 'dismiss', props: { slot: 'hero', experience: 'e0', variant: 'a' } }])
  watching?.begin()
  expect(watching?.dismissed('hero')).toBe(false)

  for (const other of [{ ...decision, variant: 'default' }, { ...decision, experience: 'e1' }, { ...decision, experience: null }]) {
    watching?.stop()
    begin([{ cooldown: { for: '1d' } }, {}], other)
    click('i')
    expect(watching?.dismissed('hero')).toBe(false)
  }
})
