// Every kind of variant: what it shows, all or nothing, and how it is taken back.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Decision, Props, Ruleset, VariantData, VariantFunction } from '../../src/types.js'
import { renderer } from '../../src/variants.js'

let slot: HTMLElement
let reports: string[]
beforeEach(() => {
  slot = document.createElement('section')
  document.body.append(slot)
  reports = []
})
afterEach(() => slot.remove())

const PIXEL = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA='
const PICTURE = { src: PIXEL, alt: 'New', width: 30, height: 20 }

const rendering = (ruleset: Partial<Ruleset> = {}, traits: Props = {}) =>
  renderer({ version: 1, ...ruleset }, { facts: () => ({ traits, context: { utm: { source: 'news' }, visit: 3 } }), free: () => true, kept: async () => {}, report: (message) => reports.push(message) })
const put = (html: string, data: VariantData, traits: Props = {}, fill = ['utm.source', 'visit', 'trait.name', 'trait.none']): (() => void) => {
  slot.innerHTML = html
  return rendering({ fill }, traits).data(slot, data)
}
const decision = (variant: string): Decision => ({ slot: 'hero', variant, experience: 'x', arm: variant, probability: 1, held: false, weights: null, stratum: '*', measured: false, epoch: 0, reason: 'show', because: '' })

const PAGE = '<h1 class="big  old" title="Page">Welcome <em>you</em></h1><a class="cta" href="/own" target="_blank" rel="nofollow">Go</a><picture><source srcset="/wide.avif" type="image/avif"><img src="/own.png" srcset="/own2.png 2x" alt="Own"></picture><p>one</p><p hidden="until-found">two</p>'

test.each([
  ['text', { text: { h1: 'Spring' } }, () => expect(slot.querySelector('h1')?.innerHTML).toBe('Spring')],
  ['attributes', { attributes: { '.cta': { href: '/spring?a=1#b', title: 'Spring', 'aria-label': 'Spring', 'data-track': 'cta' } } }, () => expect(slot.querySelector('a')?.outerHTML).toContain('href="/spring?a=1#b"')],
  [
    'a link that opens a new page',
    { attributes: { '.cta': { target: '_blank', rel: 'nofollow' } } },
    () => expect(slot.querySelector('a')?.rel).toBe('nofollow noopener'),
  ],
  [
    'image',
    { image: { img: PICTURE } },
    () => {
      expect(slot.querySelector('img')?.outerHTML).toBe(`<img src="${PIXEL}" srcset="" alt="New" width="30" height="20">`)
      expect(slot.querySelector('source')?.srcset).toBe(PIXEL)
    },
  ],
  ['class', { class: { h1: { add: 'new big', remove: 'old' } } }, () => expect([...(slot.querySelector('h1')?.classList ?? [])]).toEqual(['big', 'new'])],
  ['hide', { hide: ['p', 'h1'] }, () => expect([...slot.querySelectorAll('p, h1')].map((one) => getComputedStyle(one).display)).toEqual(['none', 'none', 'none'])],
  ['html as a tree', { html: [['h2', { class: 'x', id: 'a-b' }, 'Spring ', ['b', 'now']], 'tail', ['a', { href: '/x', target: '_blank' }, 'x'], ['button', 'b']] }, () => expect(slot.innerHTML).toBe('<h2 class="x" id="a-b">Spring <b>now</b></h2>tail<a href="/x" target="_blank" rel="noopener">x</a><button type="button">b</button>')],
  ['all at once', { text: { em: 'me' }, attributes: { h1: { title: 'T' } }, class: { h1: { add: 'x' }, '': { add: 'slot' } }, hide: ['.cta'], image: { img: PICTURE } }, () => expect([slot.className, slot.querySelector('em')?.textContent, slot.querySelector('h1')?.title]).toEqual(['slot', 'me', 'T'])],
  ['two selectors for one element', { attributes: { h1: { title: 'one' }, '.big': { title: 'two' } }, class: { h1: { add: 'a' }, '.big': { remove: 'big' } } }, () => expect(slot.querySelector('h1')?.title).toBe('two')],
  ['html, and what is in it', { html: [['h2', 'x']], text: { h2: 'y' } }, () => expect(slot.innerHTML).toBe('<h2>y</h2>')],
] as [string, VariantData, () => void][])('%s is shown, and taken back leaves the page as it was, node for node', (_, data, shown) => {
  // Styles of the page that would win over a plain `hidden`.
  const style = document.createElement('style')
  style.textContent = 'section h1, section p { display: flex }'
  document.head.append(style)
  const sheets = document.adoptedStyleSheets.length
  slot.innerHTML = PAGE
  const outer = slot.outerHTML
  const nodes = [...slot.querySelectorAll('*')]
  const undo = rendering().data(slot, data)
  shown()
  undo()
  expect(slot.outerHTML).toBe(outer)
  expect([...slot.querySelectorAll('*')].every((node, i) => node === nodes[i])).toBe(true)
  expect(document.adoptedStyleSheets.length).toBe(sheets)
  style.remove()
})

test('what the page changes while a variant is shown stays as the page has it', () => {
  const undo = put(PAGE, { class: { h1: { add: 'new', remove: 'old' } }, attributes: { '.cta': { href: '/spring', title: 'Spring' } } })
  const [h1, a] = [slot.querySelector('h1') as HTMLElement, slot.querySelector('a') as HTMLAnchorElement]
  h1.classList.add('by-page')
  a.href = '/page'
  undo()
  expect(h1.className.split(' ').sort()).toEqual(['big', 'by-page', 'old'])
  expect([a.getAttribute('href'), a.hasAttribute('title')]).toEqual(['/page', false])
})

test.each([
  ['a selector that finds nothing', { text: { h1: 'x' }, class: { h6: { add: 'x' } } }],
  ['more than fifty elements', { hide: ['i'] }],
  ['an element that no such attribute belongs to', { text: { h1: 'x' }, attributes: { h1: { href: '/x' } } }],
  ['a picture on what is none', { image: { h1: PICTURE } }],
  ['html that is fine, and a selector that finds nothing in it', { html: [['p', 'x']], text: { h1: 'x' } }],
  ['one element of many that is not allowed', { html: [['p', 'x'], ['p', ['iframe']]] }],
  ['one attribute that is not allowed', { html: [['p', { class: 'x', onclick: 'x' }]] }],
  ['a bare element in place of a list', { html: ['h1', 'Spring'] }],
  ['an unknown key', { htlm: 'x' }],
] as [string, VariantData][])('%s costs the whole variant, and changes nothing', (_, data) => {
  const html = `${PAGE}${'<i></i>'.repeat(51)}`
  expect(() => put(html, data)).toThrow(/./)
  const expected = document.createElement('section')
  expected.innerHTML = html
  expect(slot.innerHTML).toBe(expected.innerHTML)
})

test('HTML as a text is shown where the browser can read it safely, and elsewhere refused with the mend', () => {
  const data = { html: '<h2 class="x" onclick="alert(1)">Spring <b data-track="b" aria-label="l">now</b></h2><img src="/x.png" alt=""><script>alert(1)</script>' }
  if (!('parseHTML' in Document)) return expect(() => put(PAGE, data)).toThrow('--compile')
  put(PAGE, data)
  expect(slot.innerHTML).toBe('<h2 class="x">Spring <b data-track="b" aria-label="l">now</b></h2><img src="/x.png" alt="">')
  expect(() => put(PAGE, { html: '<script>alert(1)</script>' })).toThrow('nothing of its HTML is allowed')
})

test('a browser without a sanitizer shows no HTML from a text, and names the mend', () => {
  vi.stubGlobal('Document', class {})
  expect(() => put(PAGE, { html: '<p>x</p>' })).toThrow('slotwise check FILE --compile')
  vi.unstubAllGlobals()
})

test('known facts are filled into texts, harmless attributes and the path of links', () => {
  const data: VariantData = {
    text: { h1: 'Hi {{trait.name|friend}}, from {{utm.source}}, visit {{visit}}{{trait.none}}' },
    attributes: { '.cta': { title: '{{trait.name}}', href: '/for/{{trait.name}}?from={{utm.source|direct}}' } },
  }
  put(PAGE, data, { name: '<b>Ann & Co/../</b>' })
  expect(slot.querySelector('h1')?.textContent).toBe('Hi <b>Ann & Co/../</b>, from news, visit 3')
  expect(slot.querySelector('b')).toBeNull()
  expect(slot.querySelector('a')?.getAttribute('href')).toBe('/for/%3Cb%3EAnn%20%26%20Co%2F..%2F%3C%2Fb%3E?from=news')
})

test('in a template, too; and names that are not listed are left to whoever knows them', () => {
  slot.innerHTML = '<template data-variant="a"><h1 title="{{trait.name|you}}" class="{{trait.name}}">Hi {{ trait.name | you }}{{other}}</h1><img src="data:,{{trait.name}}"><a href="/x?n={{trait.name|a b}}"></a><style>{{trait.name}}</style></template>own'
  const template = slot.querySelector('template') as HTMLTemplateElement
  rendering({ fill: ['trait.name'] }, { name: 'Ann' }).template(slot, template, 'hero')
  expect(slot.innerHTML).toBe('<h1 title="Ann" class="{{trait.name}}">Hi Ann{{other}}</h1><img src="data:,{{trait.name}}"><a href="/x?n=Ann"></a><style>{{trait.name}}</style>')
})

test('a site’s own function shows itself, and is undone; one that throws costs only itself', () => {
  slot.innerHTML = 'own'
  const work: VariantFunction = (element, { variant }) => {
    element.append(variant)
    return () => element.lastChild?.remove()
  }
  const undo = rendering().data(slot, work, decision('made'))
  expect(slot.textContent).toBe('ownmade')
  undo()
  expect(slot.textContent).toBe('own')
  const broken: VariantFunction = (element) => {
    element.textContent = 'half'
    throw new Error('broken')
  }
  const before = slot.firstChild
  expect(() => rendering().data(slot, broken, decision('made'))).toThrow('broken')
  expect(slot.firstChild).toBe(before)
  rendering().data(slot, () => () => { throw new Error('undo') }, decision('made'))()
  expect(reports).toEqual(['Slot "hero": the undo of variant "made" threw'])
})
