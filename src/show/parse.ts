// Makes a tree of HTML where the browser has a sanitizer of its own: nowhere else is HTML ever read.

import type { HtmlNode } from '../types.js'
import { allowed, attributesOf, elements, type Parsed } from './allow.js'

interface Sanitizing {
  /** Chrome 146, Firefox 148; not in Safari. Runs nothing, loads nothing, and needs no Trusted Types policy. */
  parseHTML?(html: string, options: { sanitizer: object }): Document
}

const ARIA = 'atomic busy controls current describedby details expanded haspopup hidden label labelledby level live owns pressed roledescription selected sort valuemax valuemin valuenow valuetext'
// The same list as ours, without which pictures and classes would be dropped. Not the browser's own list of what is unsafe,
// `{}`: by that one Chromium 156 crashes its tab over `<p onbeforematch>`.
const SANITIZER = {
  // The document around it is sanitized, too.
  elements: ['html', 'body', ...elements],
  attributes: [...new Set(elements.flatMap(attributesOf)), ...ARIA.split(' ').map((name) => `aria-${name}`)],
  dataAttributes: true,
}

const inside = ({ childNodes }: Node): (Parsed | string)[] =>
  [...childNodes].flatMap((node): (Parsed | string)[] => {
    if (node.nodeType === Node.TEXT_NODE) return [node.nodeValue ?? '']
    if (node.nodeType !== Node.ELEMENT_NODE) return []
    const { localName, namespaceURI } = node as Element
    return [
      {
        tag: localName,
        isHtml: namespaceURI === 'http://www.w3.org/1999/xhtml',
        // A form, which is not allowed, could have a field named "attributes" here.
        attributes: () => [...(node as Element).attributes].map(({ name, value }) => [name, value]),
        children: () => inside(node),
      },
    ]
  })

/** Throws where there is no safe way, or where nothing is left. */
export function parse(html: string): HtmlNode[] {
  const { parseHTML } = (typeof Document === 'undefined' ? {} : Document) as Sanitizing
  if (!parseHTML) throw new Error('this browser has no safe way to read HTML from a text; make a tree of it: slotwise check FILE --compile')
  const { body } = parseHTML.call(Document, html, { sanitizer: SANITIZER })
  const nodes = allowed(inside(body), () => {})
  if (html.trim() && !nodes.some((node) => typeof node !== 'string' || node.trim())) throw new Error('nothing of its HTML is allowed; slotwise check says what is')
  return nodes
}
