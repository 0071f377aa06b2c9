// Pages of React, Vue and Svelte, rendered on a server and hydrated, with slots in what they render.

import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import type { Serving } from '../../src/cli/serve.js'
import { FRAMEWORKS, frameworkPage } from '../fixtures/build.js'
import { startSite } from './site.js'
import { type Tab, type Visitor, visitor } from './visitor.js'

const soon = <T>(check: () => Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 15_000, interval: 50 })

let site: Serving
let played: Visitor
beforeAll(async () => {
  const files = Object.assign({}, ...(await Promise.all(FRAMEWORKS.map(frameworkPage))))
  site = await startSite('script tag', files, "default-src 'self'")
  played = await visitor(inject('engine'))
})
afterAll(async () => {
  await played?.leave()
  await site?.close()
})

const open = async (name: string): Promise<Tab> => {
  const tab = await played.tab()
  await tab.open(`${site.url}/${name}.html`)
  await soon(async () => expect(await tab.run('return typeof window.set')).toBe('function'))
  return tab
}
/** Changes the state of the page’s own code, and waits until it has rendered. */
const set = (tab: Tab, patch: object) => tab.run('set(args[0]); await new Promise((next) => setTimeout(next, 60))', patch)
const untroubled = async (tab: Tab) => expect(await tab.run('return [...trouble, ...consoleErrors, ...mended]')).toEqual([])
const text = (tab: Tab, slot: string) => tab.text(`[data-slot=${slot}]`)
const shown = (tab: Tab) =>
  soon(async () => expect([await text(tab, 'hero'), await text(tab, 'title')], await tab.run('return document.body.innerHTML')).toEqual(['SpringFlowers', expect.stringContaining('Spring is here')]))

describe.each(FRAMEWORKS.filter((name) => name !== 'binding'))('on a page of %s, which knows nothing of Slotwise', (name) => {
  test('slots are left alone until it has hydrated, and it goes on with what it rendered while a variant is shown', async () => {
    const tab = await open(name)
    expect(await tab.run('return touched')).toBe(false)
    await shown(tab)
    await untroubled(tab)

    // What changes in the page's own content is for it to know: the variant stays, and nothing is thrown.
    await set(tab, { count: 1, news: true, title: 'Hello' })
    await set(tab, { count: 2 })
    await set(tab, { news: false })
    await set(tab, { count: 0 })
    await set(tab, { count: 3, news: true })
    expect(await text(tab, 'hero')).toBe('SpringFlowers')
    expect(await tab.text('#count')).toBe('Count 3')
    await untroubled(tab)

    // The slot goes with what it showed, and comes anew.
    await set(tab, { slot: false })
    expect(await text(tab, 'hero')).toBeNull()
    await set(tab, { slot: true })
    await shown(tab)
    await untroubled(tab)

    // Given back, it is what the framework has by now, and goes on as if nothing had been.
    await set(tab, { title: 'Hi' })
    await tab.run('site.stop()')
    expect((await text(tab, 'hero'))?.replace(/\s+/g, ' ').trim()).toMatch(/^News ?Hi ?Counted 3$/)
    await set(tab, { news: false, count: 4, title: 'Bye' })
    expect((await text(tab, 'hero'))?.replace(/\s+/g, ' ').trim()).toMatch(/^Bye ?Counted 4$/)
    expect(await text(tab, 'title')).toMatch(/^Bye\s*4$/)
    await untroubled(tab)
    await tab.close()
  })
})

describe('with slotwise/react', () => {
  test('a slot survives hydration, shows what was decided before anything else is painted, and counts once it is reached', async () => {
    const tab = await open('binding')
    await soon(async () => expect(await text(tab, 'hero')).toBe('Spring 0'))
    expect(await tab.run('return document.querySelector(".hero").getAttribute("data-slot-state")')).toBe('spring')
    await soon(async () => expect(await tab.run('return exposures')).toEqual(['hero spring']))
    expect(await tab.run('return frames.length > 0 && frames.every((words) => words === "Spring 0")')).toBe(true)
    await untroubled(tab)

    await set(tab, { count: 5 })
    expect(await text(tab, 'hero')).toBe('Spring 5')
    await set(tab, { slot: false })
    await set(tab, { slot: true })
    expect(await text(tab, 'hero')).toBe('Spring 5')
    expect(await tab.run('return exposures')).toEqual(['hero spring'])
    await untroubled(tab)
    await tab.close()
  })

  test('another page view decides anew, and being forgotten shows the default', async () => {
    const tab = await open('binding')
    expect(await tab.text('#plain')).toBe('plain: default')
    await tab.run('await site.track("keen"); await new Promise((next) => setTimeout(next, 60))')
    expect(await tab.text('#plain')).toBe('plain: default')
    await tab.run('history.pushState(null, "", "/elsewhere"); document.body.append(" "); await new Promise((next) => setTimeout(next, 60))')
    expect(await tab.text('#plain')).toBe('plain: spring')
    await soon(async () => expect(await tab.run('return exposures')).toContain('plain spring'))
    await tab.run('await site.forget(); await new Promise((next) => setTimeout(next, 60))')
    expect(await tab.text('#plain')).toBe('plain: default')
    await untroubled(tab)
    await tab.close()
  })
})
