// When a slot counts as reached, and as seen: by its start, which is the same for every variant.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Exposures, exposures } from '../../src/show/exposure.js'

let root: HTMLElement
let reached: string[]
let seen: string[]
let watching: Exposures

beforeEach(() => {
  root = document.createElement('main')
  root.style.margin = '0'
  document.body.append(root)
  reached = []
  seen = []
  watching = exposures(
    document,
    (slot) => reached.push(slot.id),
    (slot) => seen.push(slot.id),
  )
})
afterEach(() => {
  watching.stop()
  root.remove()
  scrollTo(0, 0)
})

const tall = (): number => innerHeight

/** Boxes one below the other: `[id, height]`; those with an id are slots. */
const lay = (...boxes: [id: string, height: number][]): { [id: string]: HTMLElement } =>
  Object.fromEntries(
    boxes.map(([id, height]) => {
      const box = document.createElement('section')
      box.id = id
      box.style.height = `${height}px`
      root.append(box)
      return [id, box]
    }),
  )
const after = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))
/** Long enough for observers to have spoken. */
const settled = () => after(150)
const scroll = async (to: number): Promise<void> => {
  scrollTo(0, to)
  await settled()
}

test('a slot that is on screen is reached at once, and seen after a second', async () => {
  const { hero } = lay(['hero', 200]) as { hero: HTMLElement }
  watching.watch(hero)
  await vi.waitFor(() => expect(reached).toEqual(['hero']), 4000)
  expect(seen).toEqual([])
  await after(700)
  expect(seen).toEqual([])
  await vi.waitFor(() => expect(seen).toEqual(['hero']), 2000)
  await after(1200)
  expect([reached, seen]).toEqual([['hero'], ['hero']])
})

test('a slot below the fold is reached when its start comes into view', async () => {
  const { slot } = lay(['', tall() + 300], ['slot', 400], ['', tall()]) as { slot: HTMLElement }
  watching.watch(slot)
  await settled()
  expect(reached).toEqual([])
  await scroll(290)
  expect(reached).toEqual([])
  await scroll(310)
  expect(reached).toEqual(['slot'])
})

test.each([
  ['short', 0.3],
  ['as tall as the screen', 1],
  ['taller than the screen', 3],
])('coming from below, a slot that is %s is reached when its start comes into view, and not by its end', async (_, height) => {
  const size = Math.round(tall() * height)
  const { slot } = lay(['', tall()], ['slot', size], ['', tall() * 2]) as { slot: HTMLElement }
  await scroll(tall() + size + 50)
  watching.watch(slot)
  await settled()
  expect(reached).toEqual([])
  // Its lower part is on screen, its start is not.
  await scroll(tall() + Math.round(size / 2))
  expect(reached).toEqual([])
  await scroll(tall() + 20)
  expect(reached).toEqual([])
  await scroll(tall() - 20)
  expect(reached).toEqual(['slot'])
})

test('a page opened in the midst of a slot has not reached it, and jumping past it does not either', async () => {
  const { slot } = lay(['', tall()], ['slot', tall() * 2], ['', tall() * 3]) as { slot: HTMLElement }
  await scroll(tall() * 2)
  watching.watch(slot)
  await scroll(tall() * 4)
  await scroll(tall() * 2)
  await scroll(tall() * 4)
  expect(reached).toEqual([])
  await scroll(0)
  await scroll(10)
  expect(reached).toEqual(['slot'])
})

test('a slot whose variant is empty is met like any other', async () => {
  const { slot } = lay(['', 40], ['slot', 0]) as { slot: HTMLElement }
  watching.watch(slot)
  await vi.waitFor(() => expect([reached, seen]).toEqual([['slot'], ['slot']]), 2500)
})

test('less than half of a slot in view is not seen, however long', async () => {
  const { slot } = lay(['', tall() - 80], ['slot', 300], ['', tall()]) as { slot: HTMLElement }
  watching.watch(slot)
  await after(1300)
  expect([reached, seen]).toEqual([['slot'], []])
  await scroll(120)
  await vi.waitFor(() => expect(seen).toEqual(['slot']), 2000)
})

test('a slot that is scrolled past within a second is not seen', async () => {
  const { slot } = lay(['slot', 200], ['', tall() * 3]) as { slot: HTMLElement }
  watching.watch(slot)
  await after(500)
  await scroll(tall() * 2)
  await after(1000)
  expect([reached, seen]).toEqual([['slot'], []])
})

test('of a slot that is taller than the screen, half a screen of it is seen', async () => {
  const { slot } = lay(['slot', tall() * 3]) as { slot: HTMLElement }
  watching.watch(slot)
  await vi.waitFor(() => expect(seen).toEqual(['slot']), 2500)
})

test('nobody has seen what was in view while the page was out of sight', async () => {
  const { slot } = lay(['slot', 200]) as { slot: HTMLElement }
  let state: DocumentVisibilityState = 'visible'
  vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => state)
  const turn = (to: DocumentVisibilityState): void => {
    state = to
    document.dispatchEvent(new Event('visibilitychange'))
  }
  watching.watch(slot)
  await after(500)
  turn('hidden')
  await after(1200)
  expect(seen).toEqual([])
  turn('visible')
  await after(500)
  expect(seen).toEqual([])
  await vi.waitFor(() => expect(seen).toEqual(['slot']), 2000)
  vi.restoreAllMocks()
})

test('no longer watched, a slot is neither reached nor seen; watched again, it is met anew', async () => {
  const { slot } = lay(['slot', 200]) as { slot: HTMLElement }
  watching.watch(slot)
  watching.unwatch(slot)
  await after(1300)
  expect([reached, seen]).toEqual([[], []])
  watching.watch(slot)
  await vi.waitFor(() => expect(seen).toEqual(['slot']), 2500)
  watching.watch(slot)
  await vi.waitFor(() => expect(seen).toEqual(['slot', 'slot']), 2500)
  expect(reached).toEqual(['slot', 'slot'])
  watching.watch(slot)
  await settled()
  watching.stop()
  await after(1300)
  expect(seen).toEqual(['slot', 'slot'])
})

test('watching adds nothing to the page', async () => {
  const { slot } = lay(['slot', 200]) as { slot: HTMLElement }
  const html = document.documentElement.outerHTML
  watching.watch(slot)
  await settled()
  expect(document.documentElement.outerHTML).toBe(html)
})
