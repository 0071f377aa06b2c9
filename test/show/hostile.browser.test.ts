// Nothing hostile runs, stays, or asks for anything; and the detectors that say so are seen to notice.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { VariantData } from '../../src/types.js'
import { renderer } from '../../src/variants.js'
import { HTML, type Hostile, rawTree, REFUSED, TEXTS } from './hostile.js'

const rendering = renderer({ version: 1 }, { facts: () => ({ traits: {}, context: {} }), free: () => true, kept: async () => {}, report: () => {} })
const PARTS = '<h1>Welcome</h1><a href="/own">own</a><img alt="own"><p>text</p>'
/** What no variant may touch; a thousand sheets in one page would take it seconds. */
const UNTOUCHED = '<style></style><script type="text/plain"></script><svg><script type="text/plain"></script><style></style></svg>'

let frame: HTMLIFrameElement
let page: Document
let ran: Set<number>

beforeEach(() => {
  frame = document.createElement('iframe')
  document.body.append(frame)
  page = frame.contentDocument as Document
  ran = new Set()
  Object.assign(frame.contentWindow as Window, { xss: (id = 0) => ran.add(id) })
  performance.clearResourceTimings()
  performance.setResourceTimingBufferSize(5000)
})
afterEach(() => frame.remove())

/** Requests that the frame's page has made for what only a hostile variant names. */
const evil = (): number[] =>
  [...(frame.contentWindow as Window).performance.getEntriesByType('resource'), ...performance.getEntriesByType('resource')].flatMap(({ name }) => {
    const [, id] = /\/evil\/(\d+)/.exec(name) ?? []
    return id === undefined ? [] : [Number(id)]
  })
const noticed = (): Set<number> => new Set([...ran, ...evil()])
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

const ELEMENTS = /^(script|style|iframe|frame|object|embed|base|meta|link|template|form|input|select|textarea|video|audio|applet|portal|noscript|xmp|plaintext|title|svg|math|html|head|body|.*-.*)$/
const attributesOf = Object.getOwnPropertyDescriptor(Element.prototype, 'attributes')?.get as () => NamedNodeMap
/** Whatever in a tree could do harm, by a list of its own: not the one that is tested. */
function unsafe(root: Element): string[] {
  return [...root.querySelectorAll('*')].flatMap((element) => {
    const found: string[] = []
    if (element.namespaceURI !== 'http://www.w3.org/1999/xhtml' || ELEMENTS.test(element.localName)) found.push(`<${element.localName}>`)
    // A form's field may be called "attributes".
    for (const { name, value } of attributesOf.call(element)) {
      if (/^on|^(style|srcdoc|action|formaction|name|is|nonce|ping|data|form|background|usemap|popover.*|command.*|xlink:.*)$|^data-(slot|variant)/i.test(name)) found.push(name)
      // What could be the name of anything that a script looks up.
      if (name === 'id' && /^[\w$]*$/.test(value)) found.push(`id=${value}`)
      if (name === 'target' && value === '_blank' && !/noopener/.test(element.getAttribute('rel') ?? '')) found.push('opener')
      if (name === 'rel' && /(^| )opener/.test(value)) found.push('opener')
    }
    if ('protocol' in element && element.hasAttribute('href') && !/^(https?|mailto|tel):$/.test(element.protocol as string)) found.push(`href=${element.getAttribute('href')}`)
    if ('src' in element && element.hasAttribute('src') && !/^(https?:|data:image\/(png|jpeg|gif|webp|avif))/.test(element.src as string)) found.push(`src=${element.getAttribute('src')}`)
    if (/(java|vb)script:|data:text/i.test(element.getAttribute('srcset') ?? '')) found.push('srcset')
    return found
  })
}

const slot = (parts: string): HTMLElement => {
  const element = page.createElement('div')
  element.innerHTML = parts
  page.body.append(element)
  return element
}

/** Renders each in a slot of its own; those that are refused leave everything as it was. */
function show(all: { data: VariantData; name: string }[], parts = PARTS): { shown: { element: Element; undo: () => void; before: string; name: string }[]; refused: number } {
  const shown: { element: Element; undo: () => void; before: string; name: string }[] = []
  let refused = 0
  for (const { data, name } of all) {
    const element = slot(parts)
    const before = element.innerHTML
    try {
      shown.push({ element, undo: rendering.data(element, data), before, name })
    } catch {
      refused++
      expect(element.innerHTML, name).toBe(before)
    }
  }
  return { shown, refused }
}
const harmless = (element: Element, name: string): void => {
  expect(unsafe(element), name).toEqual([])
}

test('what runs when it is put into a page as it is, is noticed: the detectors work', async () => {
  const runs = HTML.filter((one) => one.runs)
  expect(runs.length).toBeGreaterThan(40)
  for (const { html } of runs) {
    const element = page.createElement('div')
    page.body.append(element)
    element.innerHTML = html
    if (!html.includes('title')) expect(unsafe(element), html).not.toEqual([])
    // A field takes the focus only where nothing else has it.
    ;(element.querySelector('[autofocus]') as HTMLElement | null)?.dispatchEvent(new FocusEvent('focus'))
  }
  const missed = (): Hostile[] => runs.filter(({ id }) => !noticed().has(id))
  await vi.waitFor(() => expect(missed().length).toBeLessThan(runs.length / 4), { timeout: 5000 }).catch(() => {})
  await pause(300)
  // Not every browser runs each of them, as of today; most it does, and of every kind.
  expect(missed().map(({ html }) => html).length, JSON.stringify(missed().map(({ html }) => html))).toBeLessThan(runs.length / 4)
})

test('more than four hundred hostile variants, in every form: nothing runs, nothing unsafe is left, nothing is asked for, and all is put back', async () => {
  const text = HTML.map(({ html, id }) => ({ data: { html }, name: `html ${id}: ${html.slice(0, 120)}` }))
  const trees = HTML.map(({ html, id }) => ({ data: { html: rawTree(html) }, name: `tree ${id}: ${html.slice(0, 120)}` }))
  expect(text.length + trees.length + REFUSED.length + TEXTS.length).toBeGreaterThan(800)
  const { shown, refused } = show([...text, ...trees, ...TEXTS.map((data) => ({ data, name: JSON.stringify(data) }))])
  expect(refused).toBeGreaterThan(200)
  // Safari reads no HTML from a text: there those are refused.
  expect(shown.length).toBeGreaterThan('parseHTML' in Document ? 400 : 150)
  for (const { element, name } of shown) harmless(element, name)
  for (const element of page.querySelectorAll<HTMLElement>('button, details, summary, p')) element.dispatchEvent(new MouseEvent('click'))
  await pause(500)
  expect([...noticed()]).toEqual([])
  expect(page.defaultView && 'slotwise' in page.defaultView).toBe(false)
  for (const { element, undo, before, name } of shown) {
    undo()
    expect(element.innerHTML, name).toBe(before)
  }
})

test('what is wrong as data is refused whole, in every kind', async () => {
  const all = REFUSED.map((data) => ({ data, name: JSON.stringify(data).slice(0, 200) }))
  const { shown } = show(all, PARTS + UNTOUCHED)
  expect(shown.map(({ name }) => name)).toEqual([])
  await pause(100)
  expect([...noticed()]).toEqual([])
})

test('texts that look like HTML are shown as texts', () => {
  const { shown } = show(TEXTS.map((data) => ({ data, name: JSON.stringify(data) })))
  expect(shown.length).toBe(TEXTS.length)
})

test('a slot may be an element that no variant touches: then it keeps what it has', () => {
  for (const tag of ['style', 'script', 'iframe', 'object', 'link', 'meta']) {
    const element = page.createElement(tag)
    page.body.append(element)
    for (const data of [{ text: { '': 'x' } }, { html: ['x'] }, { hide: [''] }, { class: { '': { add: 'x' } } }] as VariantData[]) expect(() => rendering.data(element, data), tag).toThrow()
    expect(element.childNodes.length + element.attributes.length).toBe(0)
  }
})
