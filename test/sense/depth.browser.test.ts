// How far down a page somebody has scrolled.

import { afterEach, expect, test, vi } from 'vitest'
import { depth } from '../../src/sense/depth.js'

let stop: () => void
let shares: number[]

const begin = (html: string): void => {
  document.body.replaceChildren(document.createRange().createContextualFragment(html))
  shares = []
  stop = depth({ view: window, guard: (work) => work }, (share) => void shares.push(share))
}
const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

afterEach(async () => {
  stop()
  document.body.replaceChildren()
  // A shorter page is scrolled back by the browser, and that is told later.
  await wait(50)
})

test('a page is scrolled to its end by and by, and looked at no more than a few times', async () => {
  begin('<div style="height: 4000px"></div>')
  await wait(400)
  expect(shares).toEqual([])
  for (let y = 0; y <= 900; y += 30) {
    scrollTo(0, y)
    await wait(10)
  }
  await vi.waitFor(() => expect(shares.length).toBeGreaterThan(0))
  expect(shares.length).toBeLessThan(8)
  await wait(400)
  const page = document.documentElement.scrollHeight
  expect(shares.at(-1)).toBeCloseTo((scrollY + innerHeight) / page, 1)
  scrollTo(0, page)
  await vi.waitFor(() => expect(shares.at(-1)).toBeCloseTo(1, 2))
})

test('a box that is scrolled is not the page', async () => {
  begin('<div id="box" style="height: 50px; overflow: auto"><p style="height: 900px">x</p></div><div style="height: 4000px"></div>')
  document.getElementById('box')?.scrollTo(0, 800)
  await wait(500)
  expect(shares).toEqual([])
})

test('a page that fits on the screen has no depth', async () => {
  begin('<div></div>')
  document.dispatchEvent(new Event('scroll'))
  await wait(500)
  expect(shares).toEqual([])
})

test('after the stop nothing is looked at', async () => {
  begin('<div style="height: 4000px"></div>')
  scrollTo(0, 900)
  await wait(50)
  stop()
  await wait(500)
  expect(shares).toEqual([])
})
