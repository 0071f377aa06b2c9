// slotwise/react by itself: on a server, in strict mode, with a site that comes late.

import { act, createElement as h, StrictMode } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Slot, useDecision } from '../../src/extras/react.js'
import { memoryStore, personalize, type Ruleset, type Site } from '../../src/index.js'

const RULES: Ruleset = {
  version: 1,
  segments: { keen: { event: 'keen' } },
  slots: {
    hero: { live: true, experiences: [{ name: 'keen', when: 'keen', show: 'spring' }] },
    other: { experiences: [{ name: 'other', show: 'autumn' }] },
  },
}
let site: Site | undefined
let root: Root | undefined
let place: HTMLElement

beforeEach(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })
  place = document.createElement('div')
  document.body.append(place)
})
afterEach(() => {
  act(() => root?.unmount())
  site?.stop()
  site = undefined
  place.remove()
  delete (globalThis as { slotwise?: unknown }).slotwise
})
const start = (): Promise<void> => {
  site = personalize({ ruleset: RULES, storage: memoryStore() })
  return site.ready
}
const render = (element: ReturnType<typeof h>): Promise<void> =>
  act(async () => {
    root = createRoot(place)
    root.render(h(StrictMode, null, element))
  })
const hero = h(Slot, { name: 'hero', as: 'p', id: 'hero', variants: { spring: 'Spring' } }, 'own')

test('a server renders the default, and says nothing of what is shown', () => {
  expect(renderToString(hero)).toBe('<p id="hero" data-slot="hero" data-slot-by="page">own</p>')
})

test('a live slot follows what is decided, in strict mode too, and is left alone by Slotwise', async () => {
  await start()
  await render(hero)
  expect(place.innerHTML).toBe('<p id="hero" data-slot="hero" data-slot-by="page" data-slot-state="default">own</p>')
  await act(async () => void (await site?.track('keen')))
  expect(place.innerHTML).toBe('<p id="hero" data-slot="hero" data-slot-by="page" data-slot-state="spring">Spring</p>')
  await act(async () => void (await site?.forget()))
  expect(place.textContent).toBe('own')
})

test('a variant that the component does not have is its default, and says so', async () => {
  await start()
  await render(h(Slot, { name: 'other', variants: {} }, 'own'))
  expect(place.innerHTML).toBe('<div data-slot="other" data-slot-by="page" data-slot-state="default">own</div>')
})

test('a component that is there first hears of the site once the script tag has started it', async () => {
  const Words = () => h('i', null, useDecision('other').variant)
  await render(h(Words))
  expect(place.textContent).toBe('default')
  await start()
  const queue = (globalThis as unknown as { slotwise: ((site: Site) => void)[] }).slotwise
  await act(async () => {
    for (const work of queue) work(site as Site)
  })
  expect(place.textContent).toBe('autumn')
  // Gone, it listens no more.
  act(() => root?.unmount())
  await act(async () => void (await site?.track('keen')))
  expect(place.textContent).toBe('')
})
