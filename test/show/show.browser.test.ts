import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { finder } from '../../src/show/finder.js'
import { show } from '../../src/show/show.js'
import type { Decision, VariantData } from '../../src/types.js'
import { renderer } from '../../src/variants.js'

const rendering = renderer({ version: 1 }, { facts: () => ({ traits: {}, context: {} }), free: () => true, kept: async () => {}, report: () => {} })

let root: HTMLElement
let stop: (() => void) | undefined
let reports: string[]
let decided: Decision[]

beforeEach(() => {
  root = document.createElement('main')
  document.body.append(root)
  reports = []
  decided = []
})
afterEach(() => {
  stop?.()
  stop = undefined
  root.remove()
})

const decision = (slot: string, variant: string): Decision => ({
  slot,
  variant,
  experience: 'x',
  arm: variant,
  probability: 1,
  held: false,
  weights: null,
  stratum: '*',
  measured: false,
  epoch: 0,
  reason: 'show',
  because: '',
})

/** Shows what `choose` says for each slot; call the answer again for a new page view. */
function start(choose: (slot: string) => string, data: { [variant: string]: VariantData } = {}) {
  const showing = show({
    root,
    guard: (work) => work,
    decide: (slot) => decision(slot, choose(slot)),
    finder: (page) => finder({ version: 1 }, page, (message) => reports.push(message)),
    slots: () => ({ hero: { variants: data } }),
    variant: (_, name) => data[name],
    rendering: () => rendering,
    decided: (one) => decided.push(one),
    exposed: () => {},
    report: (message) => reports.push(message),
  })
  stop = showing.stop
  showing.view()
  return showing
}

const hero = (): HTMLElement => root.querySelector('[data-slot]') as HTMLElement
const fill = (html: string): void => {
  root.innerHTML = html
}

const PAGE = `<section data-slot="hero">
  <template data-variant="returning"><h1>Welcome back</h1><p>again</p></template>
  <h1>Welcome</h1><!-- a comment -->
  <button>Go</button>
</section>`

test('a template’s content takes the place of the page’s own', () => {
  fill(PAGE)
  start(() => 'returning')
  expect(hero().textContent).toBe('Welcome backagain')
  expect(hero().getAttribute('data-slot-state')).toBe('returning')
  expect(decided).toMatchObject([{ slot: 'hero', variant: 'returning' }])
})

test('a slot that keeps its default is marked as decided, and otherwise untouched', () => {
  fill(PAGE)
  const before = [...hero().childNodes]
  start(() => 'default')
  expect([...hero().childNodes]).toEqual(before)
  expect(hero().getAttribute('data-slot-state')).toBe('default')
})

test('stopped, the page is what it was, node for node, and listeners live', () => {
  fill(PAGE)
  const html = root.innerHTML
  const before = [...hero().childNodes]
  let clicks = 0
  hero().querySelector('button')?.addEventListener('click', () => clicks++)
  start(() => 'returning')
  expect(hero().querySelector('button')).toBeNull()
  stop?.()
  expect(root.innerHTML).toBe(html)
  expect([...hero().childNodes].every((node, i) => node === before[i])).toBe(true)
  hero().querySelector('button')?.click()
  expect(clicks).toBe(1)
})

test('a new page view shows another variant, the same one without a touch, or the default again', () => {
  fill(`<div data-slot="hero"><template data-variant="a">A</template><template data-variant="b">B</template>own</div>`)
  const html = root.innerHTML
  let variant = 'a'
  const { view } = start(() => variant)
  const text = hero().firstChild
  expect(hero().textContent).toBe('A')
  view()
  expect(hero().firstChild).toBe(text)
  variant = 'b'
  view()
  expect(hero().textContent).toBe('B')
  variant = 'default'
  view()
  hero().removeAttribute('data-slot-state')
  expect(root.innerHTML).toBe(html)
})

test('a decision holds for the page view, for slots too that appear later', async () => {
  fill('')
  let variant = 'a'
  start(() => variant)
  root.insertAdjacentHTML('beforeend', `<div><p data-slot="late"><template data-variant="a">A</template>own</p></div>`)
  await vi.waitFor(() => expect(hero().textContent).toBe('A'))
  variant = 'default'
  root.insertAdjacentHTML('beforeend', `<p id="second" data-slot="late"><template data-variant="a">A</template>own</p>`)
  await vi.waitFor(() => expect(root.querySelector('#second')?.textContent).toBe('A'))
  expect(decided.length).toBe(1)
})

test('a slot that is moved keeps its variant, and its own nodes', async () => {
  fill(`<div id="there"></div>${PAGE}`)
  const own = [...hero().childNodes]
  start(() => 'returning')
  const slot = hero()
  root.querySelector('#there')?.append(slot)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(slot.textContent).toBe('Welcome backagain')
  stop?.()
  expect([...slot.childNodes].every((node, i) => node === own[i])).toBe(true)
})

test('a text variant changes words inside the default, and gives back the very nodes', () => {
  fill(`<div data-slot="hero"><h1>Spring <em>soon</em></h1><p class="x">1</p><p class="x">2</p></div>`)
  const html = root.innerHTML
  const em = root.querySelector('em')
  start(() => 'spring', { spring: { text: { h1: 'Spring is <b>here</b>', '.x': 'same' } } })
  expect(hero().querySelector('h1')?.textContent).toBe('Spring is <b>here</b>')
  expect(hero().querySelector('b')).toBeNull()
  expect([...hero().querySelectorAll('.x')].map((p) => p.textContent)).toEqual(['same', 'same'])
  stop?.()
  expect(root.innerHTML).toBe(html)
  expect(root.querySelector('em')).toBe(em)
})

test('two selectors that find the same element leave its very nodes behind', () => {
  fill(`<div data-slot="hero"><h1 class="title">Spring <em>soon</em></h1></div>`)
  const html = root.innerHTML
  start(() => 'both', { both: { text: { h1: 'one', '.title': 'two', '': 'three' } } })
  expect(hero().textContent).toBe('three')
  stop?.()
  expect(root.innerHTML).toBe(html)
})

test('the empty selector is the slot itself', () => {
  fill(PAGE)
  const html = root.innerHTML
  start(() => 'words', { words: { text: { '': 'Only words' } } })
  expect(hero().innerHTML).toBe('Only words')
  stop?.()
  expect(root.innerHTML).toBe(html)
})

test.each([
  ['has no such content', {}],
  ['names what is not there', { gone: { text: { h2: 'x' } } }],
  ['has a selector that is none', { gone: { text: { ':::': 'x' } } }],
  ['fails half-way', { gone: { text: { h1: 'x', h2: 'y' } } }],
] as [string, { [variant: string]: VariantData }][])('a variant that %s leaves the whole default, with a word about it', (_, data) => {
  fill(PAGE)
  const before = [...hero().childNodes]
  start(() => 'gone', data)
  expect([...hero().childNodes]).toEqual(before)
  expect(hero().querySelector('h1')?.textContent).toBe('Welcome')
  expect(hero().getAttribute('data-slot-state')).toBe('default')
  expect(decided).toMatchObject([{ variant: 'default', arm: 'gone', reason: 'no-variant' }])
  expect(reports.length).toBe(1)
  expect(reports[0]).toContain('"hero"')
})

test('a script in a template never runs', async () => {
  fill(`<div data-slot="hero"><template data-variant="a"><p>A</p><script>window.ran = true</script><div><script>window.ran = true</script></div></template>own</div>`)
  start(() => 'a')
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(hero().textContent).toBe('A')
  expect('ran' in window).toBe(false)
})

test('a slot inside another’s variant is decided, and leaves with it', async () => {
  fill(`<div data-slot="outer"><template data-variant="a"><p data-slot="inner"><template data-variant="a">in</template>own</p></template>out</div>`)
  const html = root.innerHTML
  start(() => 'a')
  await vi.waitFor(() => expect(root.querySelector('p')?.textContent).toBe('in'))
  stop?.()
  expect(root.innerHTML).toBe(html)
})

test('a slot inside another’s default is decided only when that default is shown', async () => {
  fill(`<div data-slot="outer"><template data-variant="a">out</template><p data-slot="inner">own</p></div>`)
  let variant = 'a'
  const { view } = start(() => variant)
  expect(decided.map(({ slot }) => slot)).toEqual(['outer'])
  variant = 'default'
  view()
  await vi.waitFor(() => expect(decided.map(({ slot }) => slot)).toEqual(['outer', 'outer', 'inner']))
})

test('what the page adds to a slot while a variant is shown stays its own', () => {
  fill(PAGE)
  start(() => 'returning')
  const added = document.createElement('aside')
  hero().append(added)
  const taken = hero().querySelector('p') as Element
  root.append(taken)
  stop?.()
  expect(hero().lastChild).toBe(added)
  expect(taken.parentNode).toBe(root)
  expect(hero().querySelector('h1')?.textContent).toBe('Welcome')
})

test('code can show content of its own in a slot, and take it back', () => {
  fill(PAGE)
  const { render } = start(() => 'returning')
  const undo = render('hero', { text: { h1: 'Hello' } })
  expect(hero().querySelector('h1')?.textContent).toBe('Hello')
  undo()
  expect(hero().textContent).toBe('Welcome backagain')
  render('hero', { text: { h6: 'nowhere' } })
  expect(reports.length).toBe(1)
})

test('while a page streams in, a slot is left alone until all of it is there', async () => {
  const frame = document.createElement('iframe')
  root.append(frame)
  const page = frame.contentDocument as Document
  page.open()
  page.write(`<!doctype html><body><main><div data-slot="hero"><template data-variant="a">A</template>fir`)
  expect(page.readyState).toBe('loading')
  const showing = show({
    root: page,
    guard: (work) => work,
    decide: (slot) => decision(slot, 'a'),
    finder: (page) => finder({ version: 1 }, page, () => {}),
    slots: () => ({}),
    variant: () => undefined,
    rendering: () => rendering,
    decided: () => {}, exposed: () => {},
    report: () => {},
  })
  stop = showing.stop
  showing.view()
  const slot = page.querySelector('[data-slot]') as Element
  page.write('st<b>second</b>')
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(slot.hasAttribute('data-slot-state')).toBe(false)
  page.write('</div><p>behind</p>')
  await vi.waitFor(() => expect(slot.textContent).toBe('A'))
  page.write('<div data-slot="last"><template data-variant="a">A</template>own</div></main>')
  page.close()
  await vi.waitFor(() => expect(page.querySelector('[data-slot=last]')?.textContent).toBe('A'))
  showing.stop()
  expect(slot.innerHTML).toBe('<template data-variant="a">A</template>first<b>second</b>')
})

test('a slot inside another’s default is given back too when the outer one shows a variant', () => {
  fill('<section data-slot="outer"><template data-variant="o">O</template><div data-slot="inner"><template data-variant="i">I</template>own</div></section>')
  const html = root.innerHTML
  let outer = 'default'
  const { view } = start((slot) => (slot === 'inner' ? 'i' : outer))
  expect(root.textContent).toContain('I')
  outer = 'o'
  view()
  expect(root.textContent).toBe('O')
  stop?.()
  expect(root.innerHTML).toBe(html)
})

test('a slot that a router takes out and puts back later is the page’s own in between', async () => {
  fill('<section data-slot="hero"><template data-variant="a">A</template>own</section>')
  const html = root.innerHTML
  const slot = hero()
  let variant = 'a'
  const { view } = start(() => variant)
  slot.remove()
  view()
  expect(slot.outerHTML).toBe(html)
  variant = 'default'
  view()
  root.append(slot)
  await vi.waitFor(() => expect(slot.getAttribute('data-slot-state')).toBe('default'))
  expect(slot.textContent).toBe('own')
})

test('a form with a field named “children” can be a slot', () => {
  fill('<form data-slot="booking"><template data-variant="a"><p>A</p></template><input name="adults"><input name="children"></form>')
  start(() => 'a')
  expect(reports).toEqual([])
  expect(hero().textContent).toBe('A')
})

test('of two elements of a slot, the one without the variant does not cost the other its own', () => {
  fill('<p data-slot="hero">one</p><p data-slot="hero"><template data-variant="a">A</template>two</p>')
  start(() => 'a')
  expect([...root.children].map((p) => p.textContent)).toEqual(['one', 'A'])
  expect([...root.children].map((p) => p.getAttribute('data-slot-state'))).toEqual(['default', 'a'])
})

test('content that cannot be shown leaves what was decided, and undoing one content leaves a later one', () => {
  fill(PAGE)
  const { render } = start(() => 'returning')
  render('hero', { text: { h7: 'x' } })
  expect(hero().textContent).toBe('Welcome backagain')
  const undo = render('hero', { text: { h1: 'one' } })
  const later = render('hero', { text: { h1: 'two' } })
  undo()
  expect(hero().querySelector('h1')?.textContent).toBe('two')
  later()
  expect(hero().textContent).toBe('Welcome backagain')
})

test('between two page views nothing is decided', () => {
  fill(PAGE)
  const { begin, view, decision } = start(() => 'returning')
  expect(decision('hero')?.variant).toBe('returning')
  begin()
  expect(decision('hero')).toBeUndefined()
  view()
  expect(decision('hero')?.variant).toBe('returning')
})
