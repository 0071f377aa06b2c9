// Before measuring is granted: pictures are loaded for everybody, and it is they that are shown, taken back, and shown again.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Decision, HtmlNode, Props, Ruleset, VariantData } from '../../src/types.js'
import { renderer } from '../../src/variants.js'

let slot: HTMLElement
beforeEach(() => {
  slot = document.createElement('section')
  document.body.append(slot)
})
afterEach(() => slot.remove())

const PIXEL = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAA='
const PICTURE = { src: PIXEL, alt: 'New', width: 30, height: 20 }

const rendering = (ruleset: Partial<Ruleset> = {}, traits: Props = {}, free = true) =>
  renderer({ version: 1, ...ruleset }, { facts: () => ({ traits, context: {} }), free: () => free, kept: async () => {}, report: () => {} })
const decision = (variant: string): Decision => ({ slot: 'hero', variant, experience: 'x', arm: variant, probability: 1, held: false, weights: null, stratum: '*', measured: false, epoch: 0, reason: 'show', because: '' })

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
  expect(() => told.template(slot, frame as HTMLTemplateElement, 'hero')).toThrow('<iframe> waits for measure')
  expect(() => told.data(slot, { redirect: '/c' }, decision('c'))).toThrow('a redirect would tell the server')
  // For everybody alike, whoever they are: then nothing is told.
  const [template] = slot.querySelectorAll('template')
  rendering({ slots: { hero: { experiences: [{ name: 'x', show: 'a' }] } } }, {}, false).template(slot, frame as HTMLTemplateElement, 'hero')()
  open.template(slot, template as HTMLTemplateElement, 'hero')()
})
