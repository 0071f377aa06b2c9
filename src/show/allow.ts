// The allow-list: elements, attributes and addresses that a variant made of data may hold. What is not here is refused.

import { own } from '../lib/own.js'
import type { HtmlNode } from '../types.js'

/** Nodes of one variant, letters of its `html`, elements in one another. */
export const MOST_NODES = 2000
export const LONGEST = 65_536
const DEEPEST = 64

const PLAIN = `abbr address article aside b bdi bdo br caption cite code dd dfn div dl dt em figcaption figure footer h1 h2 h3
  h4 h5 h6 header hgroup hr i kbd main mark menu nav p picture pre rp rt ruby s samp search section small span strong sub
  summary sup table tbody tfoot thead tr u ul var wbr`
/** Elements with attributes of their own. No forms, media, frames, styles, SVG or MathML: a template may hold those. */
const ELEMENTS: { [tag: string]: string } = {
  ...Object.fromEntries(PLAIN.split(/\s+/).map((tag) => [tag, ''])),
  a: 'href hreflang rel target',
  blockquote: 'cite',
  button: 'type',
  col: 'span',
  colgroup: 'span',
  data: 'value',
  del: 'cite datetime',
  details: 'open',
  img: 'alt decoding fetchpriority height loading sizes src srcset width',
  ins: 'cite datetime',
  li: 'value',
  meter: 'high low max min optimum value',
  ol: 'reversed start type',
  progress: 'max value',
  q: 'cite',
  source: 'height media sizes srcset type width',
  td: 'colspan headers rowspan',
  th: 'abbr colspan headers rowspan scope',
  time: 'datetime',
}
const ANYWHERE = 'class dir hidden id lang role tabindex title translate'.split(' ')
/** What changes a page's own element from within. Not `class`, `hidden` and pictures: those are kinds of their own. */
const CHANGES: { [name: string]: string[] } = {
  ...Object.fromEntries('dir lang role tabindex title translate'.split(' ').map((name) => [name, []])),
  alt: ['img', 'area'],
  datetime: ['time', 'del', 'ins'],
  href: ['a', 'area'],
  hreflang: ['a'],
  label: ['optgroup', 'option', 'track'],
  open: ['details'],
  placeholder: ['input', 'textarea'],
  rel: ['a', 'area'],
  target: ['a', 'area'],
  value: ['data', 'li', 'meter', 'progress'],
}

/** `data-slot` would have a variant shown inside itself. */
const isFamily = (name: string): boolean => /^(aria|data)-[a-z][a-z0-9_.-]*$/.test(name) && !/^data-(slot$|slot-|variant)/.test(name)

/** Where an address leads is asked of the same parser that follows it: no pattern knows `java&Tab;script:`. */
function schemeOf(address: string): string {
  try {
    const { protocol, href } = new URL(address, 'https://site.invalid/')
    return /^data:image\/(png|jpeg|gif|webp|avif)[;,]/.test(href) ? 'picture' : protocol
  } catch {
    return ''
  }
}
const isOne = (address: string, ...schemes: string[]): boolean => ['https:', 'http:', ...schemes].includes(schemeOf(address))

/** By attribute; what is not named may have any value. */
const VALUES: { [name: string]: (value: string) => boolean } = {
  href: (value) => isOne(value, 'mailto:', 'tel:'),
  cite: (value) => isOne(value),
  src: (value) => isOne(value, 'picture'),
  // Descriptors such as `2x` are harmless relative addresses to the parser.
  srcset: (value) => value.split(/[\s,]+/).every((part) => isOne(part)),
  // A name of its own could be looked up as `window.name`; `opener` gives the new page a hand on this one.
  target: (value) => value === '_blank' || value === '_self',
  rel: (value) => !/(^|\s)opener(\s|$)/i.test(value),
  type: (value) => /^(button|submit|1|a|A|i|I|image\/(png|jpeg|gif|webp|avif))$/.test(value),
  // No identifier has a hyphen, so that no script finds such an element in place of something of its own.
  id: (value) => /^[a-z]\w*(-\w+)+$/i.test(value),
}

/** What is wrong with it; undefined when it may stand there. */
export type Wrong = 'element' | 'attribute' | 'address' | 'value' | undefined

const wrongValue = (name: string, value: string): Wrong => ((own(VALUES, name) ?? (() => true))(value) ? undefined : /^(href|cite|src|srcset)$/.test(name) ? 'address' : 'value')

export const elements = Object.keys(ELEMENTS)
export const attributesOf = (tag: string): string[] => [...(own(ELEMENTS, tag) ?? '').split(' ').filter(Boolean), ...ANYWHERE]
export const changeable = Object.keys(CHANGES)

export const wrongElement = (tag: string): Wrong => (own(ELEMENTS, tag) === undefined ? 'element' : undefined)
export const wrongAttribute = (tag: string, name: string, value: string): Wrong => (attributesOf(tag).includes(name) || isFamily(name) ? wrongValue(name, value) : 'attribute')
/** An attribute that is set on an element of the page. */
export const wrongChange = (name: string, value: string): Wrong => (own(CHANGES, name) || isFamily(name) ? wrongValue(name, value) : 'attribute')
/** The elements that such an attribute may be set on; empty for all. */
export const changesOnly = (name: string): string[] => own(CHANGES, name) ?? []

/** Attributes as they are written: what opens a new page never gives it a hand on this one, and a button sends nothing. */
export function safely(tag: string, attributes: { [name: string]: string }): { [name: string]: string } {
  if (tag === 'button') return { type: 'button', ...attributes }
  return attributes.target === '_blank' ? { ...attributes, rel: [...new Set([...(attributes.rel ?? '').split(/\s+/), 'noopener'])].filter(Boolean).join(' ') } : attributes
}

/** The picture formats and addresses of `image`. */
export const isPicture = (name: 'src' | 'srcset', value: string): boolean => wrongValue(name, value) === undefined

const isAttributes = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((one) => typeof one === 'string')
const isNode = (node: unknown, depth: number): boolean =>
  typeof node === 'string' ||
  (Array.isArray(node) && depth < DEEPEST && typeof node[0] === 'string' && node.slice(1).every((part, i) => (i === 0 && isAttributes(part)) || isNode(part, depth + 1)))

/** Has it the form of a tree? What may be in it is another question. */
export const isTree = (value: unknown): value is HtmlNode[] => Array.isArray(value) && value.length > 0 && value.every((node) => isNode(node, 0))

/** An element, whichever parser has made it. */
export interface Parsed {
  tag: string
  isHtml: boolean
  attributes(): [name: string, value: string][]
  children(): (Parsed | string)[]
}

/** A tree of all that may stay; what is not on the list goes with all that is in it, and `dropped` is told. */
export const allowed = (nodes: (Parsed | string)[], dropped: (what: string) => void, depth = 0): HtmlNode[] =>
  nodes.flatMap((node): HtmlNode[] => {
    if (typeof node === 'string') return [node]
    const { tag, isHtml } = node
    if (!isHtml || depth >= DEEPEST || wrongElement(tag)) {
      dropped(`<${tag}>`)
      return []
    }
    const kept = node.attributes().filter(([name, value]) => {
      const wrong = wrongAttribute(tag, name, value)
      if (wrong) dropped(`${name}="${value.slice(0, 60)}" of <${tag}>`)
      return !wrong
    })
    const inside = allowed(node.children(), dropped, depth + 1)
    return [kept.length > 0 ? [tag, Object.fromEntries(kept), ...inside] : [tag, ...inside]]
  })
