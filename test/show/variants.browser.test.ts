// Every kind of variant: what it shows, all or nothing, and how it is taken back.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Decision, HtmlNode, Props, Ruleset, VariantData, VariantFunction } from '../../src/types.js'
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

const rendering = (ruleset: Partial<Ruleset> = {}, traits: Props = {}, free = true) =>
  renderer({ version: 1, ...ruleset }, { facts: () => ({ traits, context: { utm: { source: 'news' }, visit: 3 } }), free: () => free, kept: async () => {}, report: (message) => reports.push(message) })
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

const PERSONAL: Partial<Ruleset> = {
  slots: { hero: { experiences: [{ name: 'x', when: 'y', show: 'a' }], variants: { a: { html: [['p', ['img', { src: '/a.png?tree', alt: '', loading: 'lazy' }]]] }, b: { image: { img: { ...PICTURE, src: '/b.png?image' } } }, c: { redirect: '/c' } } } },
}
const TEMPLATES = '<template data-variant="t"><img src="/t.png?template" loading="lazy"></template><template data-variant="f"><iframe src="/frame.txt"></iframe></template><img src="data:," sizes="10px">'
const asked = (): string[] => performance.getEntriesByType('resource').flatMap(({ name }) => /\?(tree|image|template)$/.exec(name)?.[1] ?? []).sort()

/** A slot of which each variant may be shown and taken back, before measuring is granted. */
const guarded = (html: string, variants: { [name: string]: VariantData } = {}, traits: Props = {}) => {
  slot.innerHTML = html
  const ruleset: Partial<Ruleset> = { fill: ['trait.name'], slots: { hero: { experiences: [{ name: 'x', when: 'y', show: 'a' }], variants } } }
  const ours = rendering(ruleset, traits, false)
  ours.meet(slot, 'hero')
  const html0 = slot.innerHTML
  return {
    meet: () => ours.meet(slot, 'hero'),
    show: (name: string): (() => void) => {
      const template = [...slot.querySelectorAll('template')].find((one) => one.dataset.variant === name)
      return template ? ours.template(slot, template, 'hero') : ours.data(slot, variants[name] as VariantData, decision(name))
    },
    /** As it was when it was met. */
    isBack: () => expect(slot.innerHTML).toBe(html0),
    images: (): HTMLImageElement[] => [...slot.querySelectorAll('img')],
  }
}

test('the pictures that were loaded beforehand are those that are shown, and shown again, in content that is new each time', () => {
  const { show, isBack, images, meet } = guarded('<template data-variant="a"><p>A<button>x</button></p><picture><source srcset="data:,a"><img alt="1" loading="lazy"></picture><img alt="2"></template><h1>own</h1>')
  const own = [...slot.childNodes]
  let back = show('a')
  const first = images()
  expect(slot.innerHTML).toBe('<p>A<button>x</button></p><picture><source srcset="data:,a"><img alt="1" loading="eager"></picture><img alt="2">')
  // What a visitor closes is there again, the next time.
  slot.querySelector('button')?.remove()
  back()
  isBack()
  meet()
  back = show('a')
  expect(images()).toEqual(first)
  expect(images().every((image, i) => image === first[i])).toBe(true)
  expect(slot.querySelector('button')).not.toBeNull()
  back()
  isBack()
  expect([...slot.childNodes].every((node, i) => node === own[i])).toBe(true)
})

test('each element of a slot has pictures of its own', () => {
  slot.innerHTML = '<i></i><b></b>'
  const [one, other] = slot.children as unknown as [Element, Element]
  const data: VariantData = { html: [['img', { src: PIXEL, alt: 'x' }]] }
  const ours = rendering({ slots: { hero: { experiences: [{ name: 'x', when: 'y', show: 'a' }], variants: { a: data } } } }, {}, false)
  for (const element of [one, other]) ours.meet(element, 'hero')
  for (const element of [one, other]) ours.data(element, data, decision('a'))
  expect(slot.innerHTML).toBe(`<i><img src="${PIXEL}" alt="x"></i><b><img src="${PIXEL}" alt="x"></b>`)
})

test('a lazy picture of the page’s own is loaded for everybody, and comes back itself', () => {
  const { show, isBack, images } = guarded('<template data-variant="a">A</template><img src="data:," alt="own" loading="lazy">')
  const [own] = images()
  expect(own?.loading).toBe('eager')
  show('a')()
  isBack()
  expect(images()[0]).toBe(own)
  slot = document.body.appendChild(Object.assign(document.createElement('img'), { loading: 'lazy' }))
  guarded('')
  expect((slot as HTMLImageElement).loading).toBe('eager')
})

test('another picture in the place of the page’s own is an image of its own; all else that is changed is changed there, and its own comes back untouched', () => {
  const variants: { [name: string]: VariantData } = {
    a: { text: { h1: 'A' }, attributes: { img: { title: 'T', 'data-x': 'x' } }, image: { img: PICTURE, '#alone': { ...PICTURE, alt: '{{trait.name|you}}' } }, class: { img: { add: 'big' } }, hide: ['#alone'] },
    b: { image: { img: { ...PICTURE, alt: 'B' } } },
  }
  const traits: Props = { name: 'Ann' }
  const { show, isBack, images, meet } = guarded('<h1>own</h1><picture><source srcset="data:,s"><img id="in" src="data:," alt="Own" class="c"></picture><p><img id="alone" src="data:,2" alt="2"></p>', variants, traits)
  const own = images()
  let clicks = 0
  own[0]?.addEventListener('click', () => clicks++)
  const once = (name: string): HTMLImageElement[] => {
    const back = show(name)
    const shown = images()
    expect(shown.length).toBe(2)
    expect(shown.some((image) => own.includes(image))).toBe(false)
    expect(shown.map(({ src }) => src)).toEqual([PIXEL, PIXEL])
    if (name === 'a') {
      expect(shown[0]?.outerHTML).toBe(`<img id="in" src="${PIXEL}" alt="New" class="c big" width="30" height="20" srcset="" title="T" data-x="x">`)
      expect(slot.querySelector('source')?.srcset).toBe(PIXEL)
      expect(getComputedStyle(shown[1] as Element).display).toBe('none')
    }
    back()
    isBack()
    expect(images().every((image, i) => image === own[i])).toBe(true)
    return shown
  }
  const first = once('a')
  const other = once('b')
  expect(other.some((image) => first.includes(image))).toBe(false)
  meet()
  expect(once('a').every((image, i) => image === first[i])).toBe(true)
  own[0]?.click()
  expect(clicks).toBe(1)
})

test('what a framework takes from around a replaced picture, or puts there, it finds', () => {
  const { show } = guarded('<p><img src="data:," alt="own"><b>words</b></p>', { a: { image: { img: PICTURE } } })
  const [p, own, words] = [slot.firstElementChild, slot.querySelector('img'), slot.querySelector('b')] as [Element, Element, Element]
  let back = show('a')
  p.appendChild(document.createElement('i'))
  p.insertBefore(document.createElement('u'), own)
  p.removeChild(words)
  expect(p.lastChild?.nodeName).toBe('I')
  back()
  expect([...p.children].map(({ localName }) => localName)).toEqual(['u', 'img', 'i'])
  expect(p.children[1]).toBe(own)
  back = show('a')
  p.removeChild(own)
  back()
  expect([...p.children].map(({ localName }) => localName)).toEqual(['u', 'i'])
})

test('words are filled into a held picture anew each time', () => {
  const traits: Props = { name: 'Ann' }
  const { show, images } = guarded('<template data-variant="a"><img alt="For {{trait.name}}"></template>own', {}, traits)
  show('a')()
  traits.name = 'Bea'
  show('a')
  expect(images()[0]?.alt).toBe('For Bea')
})

test.each([
  ['the slot itself is a picture', '', (): HTMLElement => document.createElement('img')],
  ['a picture is in the HTML of the same variant', 'img', undefined],
  ['a picture came into the slot later', 'img', undefined],
])('where %s, another one waits until measuring is granted', (kind, at, make) => {
  if (make) slot = document.body.appendChild(make())
  const html = kind.includes('HTML') ? { html: [['img', { src: PIXEL, alt: '' }]] as HtmlNode[] } : {}
  const { show, isBack } = guarded('', { a: { ...html, image: { [at]: PICTURE } } })
  if (kind.includes('later')) slot.append(document.createElement('img'))
  const before = slot.outerHTML
  expect(() => show('a')).toThrow('waits until measure is granted')
  expect(slot.outerHTML).toBe(before)
  if (!kind.includes('later')) isBack()
})

test('before measuring is granted, pictures of every variant are loaded for everybody, and what cannot be is not shown', async () => {
  performance.clearResourceTimings()
  slot.innerHTML = TEMPLATES
  const [, frame] = slot.querySelectorAll('template')
  const open = rendering(PERSONAL, {}, true)
  open.meet(slot, 'hero')
  await new Promise((done) => setTimeout(done, 200))
  expect(asked()).toEqual([])
  const told = rendering(PERSONAL, {}, false)
  told.meet(slot, 'hero')
  await vi.waitFor(() => expect([...new Set(asked())]).toEqual(['image', 'template', 'tree']), { timeout: 5000 })
  expect(() => told.template(slot, frame as HTMLTemplateElement, 'hero')).toThrow('<iframe> waits until measure is granted')
  expect(() => told.data(slot, { redirect: '/c' }, decision('c'))).toThrow('a redirect would tell the server')
  // For everybody alike, whoever they are: then nothing is told.
  const [template] = slot.querySelectorAll('template')
  rendering({ slots: { hero: { experiences: [{ name: 'x', show: 'a' }] } } }, {}, false).template(slot, frame as HTMLTemplateElement, 'hero')()
  open.template(slot, template as HTMLTemplateElement, 'hero')()
})
