// Cards: the slot's template once for each item, filled with the item's own fields. A field is never read as HTML, and
// an address has to pass the allow-list.

import type { Recommending } from '../../types.js'

/** Fields of one item, `because` and `position` among them; '' for a field that only others have. */
export type Fields = (name: string) => string | undefined

const PLACE = /\{\{\s*([\w.-]+)\s*(?:\|([^{}]*))?\}\}/g
const WORDS = /^(alt|title|datetime|value|label|aria-(label|description|valuetext)|data-(?!slot).+)$/
const ADDRESS = /^(href|src|srcset)$/
/** What is loaded as soon as it is in the page. */
const LOADING = 'img,picture,iframe,object,embed,link,video,audio,image,[style*="url("]'

/** Marks each element of a card with its place in the list, from 0. */
export const CARD = 'data-slotwise-card'

function fillCard(card: DocumentFragment, fields: Fields, allows: Recommending['allows'], free: boolean): void {
  const put = (said: string): string => said.replace(PLACE, (place, name: string, fallback = '') => (fields(name) === undefined ? place : fields(name) || fallback))
  if (!free) for (const one of card.querySelectorAll(LOADING)) one.remove()
  for (const element of card.querySelectorAll('*')) {
    for (const { name, value } of [...element.attributes]) {
      if (!value.includes('{{')) continue
      const filled = put(value)
      if (WORDS.test(name)) element.setAttribute(name, filled)
      else if (!ADDRESS.test(name)) continue
      else if (filled && allows(element.localName, name, filled)) element.setAttribute(name, filled)
      else if (name === 'src') element.remove()
      else element.removeAttribute(name)
    }
    for (const node of element.localName === 'style' ? [] : element.childNodes) if (node.nodeType === 3) node.nodeValue = put(node.nodeValue as string)
  }
}

/** In the template's own document, where nothing is loaded: what an address was filled with decides that. */
export function cards(document: Document, template: HTMLTemplateElement | undefined, items: Fields[], { allows, fill }: Pick<Recommending, 'allows' | 'fill'>, free: boolean): DocumentFragment {
  const frame = template ? (template.content.cloneNode(true) as DocumentFragment) : plain(document)
  const each = frame.querySelector<HTMLTemplateElement>('template[data-each]')
  if (!each) throw new Error('its template has no <template data-each>, which stands for one item')
  each.replaceWith(
    ...items.map((fields, i) => {
      const card = each.content.cloneNode(true) as DocumentFragment
      fillCard(card, fields, allows, free)
      for (const element of card.children) element.setAttribute(CARD, `${i}`)
      return card
    }),
  )
  for (const script of frame.querySelectorAll('script')) script.remove()
  const content = document.importNode(frame, true)
  fill(content)
  return content
}

/** For a slot without a template: a list of links. */
function plain(document: Document): DocumentFragment {
  const each = document.createElement('template')
  const [item, link, why] = ['li', 'a', 'small'].map((tag) => each.content.ownerDocument.createElement(tag)) as [HTMLElement, HTMLElement, HTMLElement]
  each.dataset.each = ''
  link.setAttribute('href', '{{url}}')
  link.textContent = '{{title}}'
  why.textContent = '{{because}}'
  item.append(link, ' ', why)
  each.content.append(item)
  const list = document.createElement('ul')
  list.append(each)
  const frame = document.createDocumentFragment()
  frame.append(list)
  return frame
}
