// A slot is reached when its start is on screen, wherever the page is and however it got there.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { exposures } from '../../src/show/exposure.js'

let root: HTMLElement
let watching: ReturnType<typeof exposures>
let reached: string[]
let seen: string[]

beforeEach(() => {
  root = document.createElement('main')
  root.style.cssText = 'position:absolute;top:0;left:0;width:200px'
  document.body.append(root)
  reached = []
  seen = []
  watching = exposures(document, ({ id }) => reached.push(id), ({ id }) => seen.push(id))
  window.scrollTo(0, 0)
})
afterEach(() => {
  watching.stop()
  root.remove()
  window.scrollTo(0, 0)
})

const frames = async (count = 4): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise((next) => requestAnimationFrame(next))
  await new Promise((next) => setTimeout(next, 50))
}
/** Blocks from the top of the page down: `[id, height]`. */
const page = (...blocks: [id: string, height: string][]): void => {
  root.innerHTML = blocks.map(([id, height]) => `<div id="${id}" style="height:${height}"></div>`).join('')
}
const slot = (id: string): Element => document.getElementById(id) as Element

test('a slot at the very top of the page is reached by scrolling up to it', async () => {
  page(['a', '150vh'], ['rest', '300vh'])
  window.scrollTo(0, window.innerHeight / 2)
  await frames()
  watching.watch(slot('a'))
  await frames()
  expect(reached).toEqual([])
  window.scrollTo(0, 0)
  await vi.waitFor(() => expect(reached).toEqual(['a']), 4000)
})

test('a slot whose start lies a hair above the edge, as zoom makes it, is reached', async () => {
  root.style.top = '-0.4px'
  page(['a', '50vh'], ['rest', '300vh'])
  watching.watch(slot('a'))
  await vi.waitFor(() => expect(reached).toEqual(['a']), 4000)
})

test('a slot below is reached by scrolling down, one above by scrolling up, and not before its start is there', async () => {
  page(['before', '300vh'], ['a', '150vh'], ['rest', '300vh'])
  watching.watch(slot('a'))
  await frames()
  expect(reached).toEqual([])
  window.scrollTo(0, window.innerHeight * 3.5)
  await frames()
  expect(reached).toEqual([])
  window.scrollTo(0, window.innerHeight * 3.2)
  await frames()
  expect(reached).toEqual([])
  window.scrollTo(0, window.innerHeight * 2.9)
  await vi.waitFor(() => expect(reached).toEqual(['a']), 4000)
})

test('a slot that left upwards is reached when it comes back', async () => {
  page(['before', '100vh'], ['a', '50vh'], ['rest', '500vh'])
  window.scrollTo(0, window.innerHeight * 1.2)
  await frames()
  watching.watch(slot('a'))
  await frames()
  window.scrollTo(0, window.innerHeight * 4)
  await frames()
  expect(reached).toEqual([])
  window.scrollTo(0, window.innerHeight * 0.9)
  await vi.waitFor(() => expect(reached).toEqual(['a']), 4000)
})

test('where the start is decides, and not how tall the variant is', async () => {
  page(['before', '100vh'], ['rest', '1000vh'])
  slot('before').insertAdjacentHTML('afterend', '<div id="short" style="height:10vh;margin-bottom:-10vh"></div><div id="tall" style="height:300vh;margin-bottom:-300vh"></div>')
  window.scrollTo(0, window.innerHeight * 1.05)
  await frames()
  for (const id of ['short', 'tall']) watching.watch(slot(id))
  await frames()
  expect(reached).toEqual([])
  window.scrollTo(0, window.innerHeight * 0.5)
  await vi.waitFor(() => expect(reached.sort()).toEqual(['short', 'tall']))
})

test.each([3, 12, 30])('a slot %i times as tall as the screen is seen when it fills half of it for a second', async (times) => {
  page(['a', `${times * 100}vh`], ['rest', '300vh'])
  watching.watch(slot('a'))
  await vi.waitFor(() => expect(seen).toEqual(['a']), { timeout: 3000 })
})

test('a slot of no height is reached all the same, and one that is not shown is not', async () => {
  // Not on the very edge: WebKit may cut off what has no height there.
  page(['before', '2vh'], ['a', '0'], ['b', '10vh'], ['rest', '10vh'])
  ;(slot('b') as HTMLElement).style.display = 'none'
  watching.watch(slot('a'))
  watching.watch(slot('b'))
  await vi.waitFor(() => expect(reached).toEqual(['a']), 4000)
})

test('a slot that is looked at for less than a second is not seen', async () => {
  page(['before', '200vh'], ['a', '50vh'], ['rest', '300vh'])
  watching.watch(slot('a'))
  window.scrollTo(0, window.innerHeight * 1.8)
  await new Promise((later) => setTimeout(later, 500))
  window.scrollTo(0, 0)
  await new Promise((later) => setTimeout(later, 1000))
  expect(reached).toEqual(['a'])
  expect(seen).toEqual([])
})

test('a slot beside the screen, as menus wait there, keeps nobody busy', async () => {
  page(['a', '200vh'], ['rest', '300vh'])
  ;(slot('a') as HTMLElement).style.cssText += 'position:absolute;left:-200px;width:200px'
  window.scrollTo(0, window.innerHeight)
  await frames()
  const observe = vi.spyOn(IntersectionObserver.prototype, 'observe')
  watching.watch(slot('a'))
  await frames(20)
  expect(observe.mock.calls.length).toBeLessThan(6)
  observe.mockRestore()
})

test('nothing is noticed after the stop', async () => {
  page(['a', '50vh'], ['rest', '300vh'])
  watching.watch(slot('a'))
  watching.stop()
  await new Promise((later) => setTimeout(later, 1300))
  expect([reached, seen]).toEqual([[], []])
})
