// Seconds of attention: only those in which a page is in front of somebody who does something.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { engagement } from '../../src/sense/engagement.js'

let seconds: number
let still: number
let stop: () => void

const begin = (): void => {
  stop = engagement({ view: window as unknown as Window, guard: (work) => work }, (engaged, idle) => {
    seconds = engaged
    still = idle
  })
}
const pass = (count: number): void => void vi.advanceTimersByTime(count * 1000)
const act = (type = 'pointermove'): boolean => document.dispatchEvent(new Event(type))
const show = (state: DocumentVisibilityState): void => {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state)
  document.dispatchEvent(new Event('visibilitychange'))
}

beforeEach(() => {
  vi.useFakeTimers()
  seconds = 0
  still = 0
  vi.spyOn(document, 'hasFocus').mockReturnValue(true)
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('visible')
})
afterEach(() => {
  stop()
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test('somebody who opens a page reads for a while without a movement, and no longer than that', () => {
  begin()
  pass(10)
  expect(seconds).toBe(10)
  pass(60)
  expect([seconds, still]).toEqual([30, 70])
})

test.each(['pointermove', 'keydown', 'scroll', 'wheel', 'touchmove'])('%s says that somebody is there again', (type) => {
  begin()
  pass(100)
  act(type)
  pass(3)
  expect([seconds, still]).toEqual([33, 3])
})

test('a hidden tab is not read, and wakes for nothing', () => {
  begin()
  pass(2)
  show('hidden')
  expect(vi.getTimerCount()).toBe(0)
  act()
  pass(30)
  expect(seconds).toBe(2)
  show('visible')
  pass(2)
  // Who comes back to it has just done something.
  expect([seconds, still]).toEqual([4, 2])
})

test('a page that is opened out of sight begins to count when it is shown', () => {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
  begin()
  expect(vi.getTimerCount()).toBe(0)
  show('visible')
  pass(1)
  expect(seconds).toBe(1)
})

test('a window without the focus is not read', () => {
  begin()
  vi.spyOn(document, 'hasFocus').mockReturnValue(false)
  act()
  pass(5)
  expect(seconds).toBe(0)
  vi.spyOn(document, 'hasFocus').mockReturnValue(true)
  pass(1)
  expect(seconds).toBe(1)
})

test('once it is stopped nothing is counted any more', () => {
  begin()
  pass(1)
  stop()
  expect(vi.getTimerCount()).toBe(0)
  show('visible')
  act()
  pass(10)
  expect(seconds).toBe(1)
})
