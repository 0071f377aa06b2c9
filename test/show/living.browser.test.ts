// Slots of a page that lives: it replaces, adds, takes away and moves what it pleases.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { guarded } from '../../src/lib/guard.js'
import { finder } from '../../src/show/finder.js'
import { show } from '../../src/show/show.js'
import type { Decision, SlotRules } from '../../src/types.js'
import { renderer } from '../../src/variants.js'

const rendering = renderer({ version: 1 }, { facts: () => ({ traits: {}, context: {} }), free: () => true, kept: async () => {}, report: () => {} })

let root: HTMLElement
let showing: ReturnType<typeof show>
let reports: string[]
let decided: Decision[]
let exposed: string[]
/** What is chosen for each slot now. */
let choice: { [slot: string]: string }
let stopped = false

beforeEach(() => {
  root = document.createElement('main')
  document.body.append(root)
  reports = []
  decided = []
  exposed = []
  choice = {}
  stopped = false
})
const stop = (): void => {
  if (!stopped) showing.stop()
  stopped = true
}
afterEach(() => {
  stop()
  root.remove()
})

function start(slots: { [slot: string]: SlotRules } = {}, where: HTMLElement | ShadowRoot = root): void {
  showing = show({
    root: where,
    guard: guarded((error) => reports.push(`internal: ${error}`)),
    decide: (slot) => ({
      slot, variant: choice[slot] ?? 'a', experience: choice[slot] === 'default' ? null : 'x', arm: choice[slot] ?? 'a', probability: 1, held: false,
      weights: null, stratum: '*', measured: false, epoch: 0, reason: 'show', because: '',
    }),
    finder: (page) => finder({ version: 1, slots }, page, (message) => reports.push(message)),
    slots: () => slots,
    variant: (slot, name) => slots[slot]?.variants?.[name],
    rendering: () => rendering,
    decided: (one) => decided.push(one),
    exposed: ({ slot, arm }, seen) => void (seen || exposed.push(`${slot} ${arm}`)),
    report: (message) => reports.push(message),
  })
  showing.view()
}

const HERO = '<section data-slot="hero"><template data-variant="a"><b>A</b><i>!</i></template><template data-variant="b">B</template><h1>own</h1><p>words</p></section>'
const fill = (html: string): void => {
  root.innerHTML = html
}
const one = (selector = '[data-slot]'): HTMLElement => root.querySelector(selector) as HTMLElement
const state = (element: Element): string | null => element.getAttribute('data-slot-state')
/** Observers have spoken. */
const turn = (): Promise<void> => new Promise((next) => setTimeout(next))
const soon = (check: () => void) => vi.waitFor(check, { timeout: 4000 })

test('what the page puts in the place of a variant becomes its default, and the variant is shown again, three times', async () => {
  fill('<p data-slot="hero">own</p>')
  start({ hero: { variants: { a: { text: { '': 'A' } } } } })
  for (const words of ['one', 'two', 'three']) {
    one().textContent = words
    await turn()
    expect([one().textContent, state(one())]).toEqual(['A', 'a'])
  }
  expect(reports).toEqual([])
  one().textContent = 'four'
  await turn()
  expect([one().textContent, state(one())]).toEqual(['four', 'default'])
  expect(reports.length).toBe(1)
  expect(reports[0]).toContain('"hero"')
  one().textContent = 'five'
  await turn()
  expect([one().textContent, reports.length]).toEqual(['five', 1])

  // Another page view has its patience anew.
  showing.view()
  expect(one().textContent).toBe('A')
  stop()
  expect(root.innerHTML).toBe('<p data-slot="hero">five</p>')
})

test('a page that answers every change with its own is not fought for ever', async () => {
  fill(HERO)
  let answers = 0
  const observer = new MutationObserver(() => {
    if (one().textContent === 'mine') return
    answers++
    one().textContent = 'mine'
  })
  observer.observe(root, { childList: true, subtree: true })
  start()
  await soon(() => expect([state(one()), one().textContent]).toEqual(['default', 'mine']))
  await turn()
  observer.disconnect()
  expect(answers).toBeLessThan(6)
  expect(reports.length).toBe(1)
})

test('what a visitor closes stays closed, and comes back with nothing', async () => {
  fill(HERO)
  const own = [...one().childNodes]
  start()
  one().querySelector('b')?.remove()
  await turn()
  expect(one().textContent).toBe('!')
  one().querySelector('i')?.remove()
  await turn()
  expect(one().textContent).toBe('')
  stop()
  expect([...one().childNodes]).toEqual(own)
})

test('a translator’s <font>, and a box around a variant, are no replacement, and go with the variant', async () => {
  fill('<section data-slot="hero"><template data-variant="a">Hello <b>you</b></template>own</section>')
  const html = root.innerHTML
  start()
  const words = one().firstChild as Text
  const font = document.createElement('font')
  font.append(Object.assign(document.createElement('font'), { textContent: 'Olá ' }))
  words.replaceWith(font)
  await turn()
  const box = document.createElement('div')
  one().querySelector('b')?.replaceWith(box)
  box.append(document.createElement('b'))
  expect(one().textContent).toBe('Olá ')
  await turn()
  stop()
  // What the page has put there of its own stays, in the end.
  expect(root.innerHTML).toBe(html.replace('</section>', '<div><b></b></div></section>'))
})

test('what a script wraps in a box is still the variant', async () => {
  fill(HERO)
  const html = root.innerHTML
  start()
  const box = document.createElement('div')
  one().querySelector('b')?.before(box)
  box.append(...one().querySelectorAll('b, i'))
  await turn()
  expect([one().innerHTML, state(one())]).toEqual(['<div><b>A</b><i>!</i></div>', 'a'])
  stop()
  expect(root.innerHTML).toBe(html)
})

test('calls that a framework makes with the nodes it knows reach them, and change what comes back', () => {
  fill(HERO)
  const [h1, p] = ['h1', 'p'].map((name) => one(name)) as [HTMLElement, HTMLElement]
  start()
  const slot = one()
  const made = (name: string) => document.createElement(name)
  expect(slot.removeChild(p)).toBe(p)
  slot.insertBefore(made('u'), h1)
  slot.appendChild(made('s'))
  slot.insertBefore(made('q'), null)
  slot.replaceChild(made('h2'), h1)
  expect(slot.innerHTML).toBe('<b>A</b><i>!</i>')
  // With nodes that are there they do what they always do.
  slot.insertBefore(made('em'), slot.querySelector('i'))
  slot.removeChild(slot.querySelector('em') as Element)
  expect(() => slot.removeChild(made('a'))).toThrow()
  stop()
  expect(slot.innerHTML.replace(/<template.*<\/template>/, '')).toBe('<u></u><h2></h2><s></s><q></q>')
  expect(Object.keys(slot)).toEqual([])
  slot.appendChild(made('hr'))
  expect(slot.lastElementChild?.localName).toBe('hr')
})

test('every element of a slot shows it, and one that has left is given back and not held', async () => {
  fill(HERO + HERO)
  const [first, second] = [...root.children] as [HTMLElement, HTMLElement]
  start()
  expect([...root.children].map(state)).toEqual(['a', 'a'])
  first.remove()
  await turn()
  expect(first.outerHTML).toBe(HERO)
  root.append(first)
  await turn()
  expect([state(first), state(second), decided.length]).toEqual(['a', 'a', 1])
})

test('a slot that is not live keeps its decision whatever happens, a live one follows', async () => {
  fill(HERO + HERO.replace('hero', 'live'))
  start({ live: { live: true } })
  choice = { hero: 'b', live: 'b' }
  showing.revise()
  expect([...root.children].map(state)).toEqual(['a', 'b'])
  expect(decided.map(({ slot, variant }) => `${slot} ${variant}`)).toEqual(['hero a', 'live a', 'live b'])
  await soon(() => expect([...exposed].sort()).toEqual(['hero a', 'live b']))
  choice = { live: 'a' }
  showing.revise()
  showing.revise()
  expect([...root.children].map(state)).toEqual(['a', 'a'])
  await soon(() => expect([...exposed].sort()).toEqual(['hero a', 'live a', 'live b']))
  // Each experience counts once in a page view, however often a slot goes to and fro.
  choice = { live: 'b' }
  showing.revise()
  await new Promise((next) => setTimeout(next, 200))
  expect(exposed.length).toBe(3)
  showing.begin()
  choice = { live: 'a' }
  showing.revise()
  expect(state(root.children[1] as Element)).toBe('b')
})

test('one slot can be decided anew in the midst of a page view', () => {
  fill(HERO + HERO.replace('hero', 'other'))
  start()
  choice = { hero: 'b', other: 'b' }
  showing.again('hero')
  showing.again('nowhere')
  expect([...root.children].map(state)).toEqual(['b', 'a'])
  expect(showing.decision('hero')?.variant).toBe('b')
})

test('a slot is found by a selector, too, where the element itself names none', async () => {
  fill('<h1 class="lead">own</h1><h2 class="lead" data-slot="named">own</h2>')
  const html = root.innerHTML
  const variants = { a: { text: { '': 'A' } }, b: { text: { '': 'B' } } }
  choice = { named: 'b' }
  start({ lead: { select: '.lead, h3', variants }, named: { variants }, wrong: { select: ':::' }, page: { select: 'body', variants } })
  expect([...root.children].map(({ textContent }) => textContent)).toEqual(['A', 'B'])
  expect(one('h1').hasAttribute('data-slot')).toBe(false)
  expect(state(one('h1'))).toBe('a')
  expect(reports).toEqual([expect.stringContaining('"wrong"')])
  root.insertAdjacentHTML('beforeend', '<h3>late</h3>')
  await turn()
  expect(one('h3').textContent).toBe('A')
  one('h3').remove()
  stop()
  expect(root.innerHTML).toBe(html)
})

test('a shadow root has slots of its own, as the root or given later', async () => {
  const host = document.createElement('div')
  root.append(host)
  const shadow = host.attachShadow({ mode: 'closed' })
  shadow.innerHTML = HERO
  const slot = (): Element => shadow.querySelector('[data-slot]') as Element
  start({}, shadow)
  expect(state(slot())).toBe('a')
  stop()
  expect(shadow.innerHTML).toBe(HERO)

  start()
  stopped = false
  expect(state(slot())).toBeNull()
  showing.watch(shadow)
  expect(state(slot())).toBe('a')
  shadow.innerHTML = `<p>${HERO}</p>`
  await turn()
  expect(state(slot())).toBe('a')
  await soon(() => expect(exposed).toEqual(['hero a']))
  // Its component leaves, and the slots go with it.
  host.remove()
  await turn()
  expect(state(slot())).toBeNull()
})

test('a slot that the page’s own code renders is decided and left alone, and counts once it says what it shows', async () => {
  fill('<section data-slot="hero" data-slot-by="page"><template data-variant="a">A</template>own</section>')
  const html = root.innerHTML
  start()
  expect(root.innerHTML).toBe(html)
  expect(decided.map(({ variant }) => variant)).toEqual(['a'])
  one().setAttribute('data-slot-state', 'default')
  await new Promise((next) => setTimeout(next, 150))
  expect(exposed).toEqual([])
  one().setAttribute('data-slot-state', 'a')
  await soon(() => expect(exposed).toEqual(['hero a']))
  stop()
  expect(state(one())).toBe('a')
})

test('a slot that waits is left alone until the page takes that back', async () => {
  fill(`<div data-slot-wait>${HERO}</div>${HERO}`)
  start()
  expect([...root.querySelectorAll('[data-slot]')].map(state)).toEqual([null, 'a'])
  showing.view()
  expect(state(one())).toBeNull()
  one('div').removeAttribute('data-slot-wait')
  await turn()
  expect(state(one())).toBe('a')
})

test.each(['<div id="__nuxt"></div>', '<!--[-->', '<!--$-->'])('a page with %s in its markup is hydrated first', async (trace) => {
  fill(trace + HERO)
  start()
  expect(state(one())).toBeNull()
  await soon(() => expect(state(one())).toBe('a'))
  // From then on there is nothing to wait for.
  root.insertAdjacentHTML('beforeend', HERO.replace('hero', 'late'))
  await turn()
  expect(state(one('[data-slot=late]'))).toBe('a')
})

test('stopped while it waits, a page is never touched', async () => {
  fill(`<!--[-->${HERO}`)
  const html = root.innerHTML
  start()
  stop()
  await new Promise((next) => setTimeout(next, 400))
  expect(root.innerHTML).toBe(html)
})

test('in a view transition the page’s own swap is seen with its variant, and nothing breaks', async () => {
  if (!('startViewTransition' in document)) return
  fill(HERO)
  start()
  const transition = document.startViewTransition(() => {
    fill(`<article>${HERO}</article>`)
  })
  await transition.updateCallbackDone
  // The new picture is taken after this.
  expect([state(one()), one().textContent]).toEqual(['a', 'A!'])
  await transition.finished
  expect(one().textContent).toBe('A!')
})
