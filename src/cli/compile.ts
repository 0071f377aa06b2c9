// slotwise check --compile: makes node trees of the HTML in a ruleset, so that no browser has to read any.

import { type DefaultTreeAdapterTypes, html as html5, parseFragment } from 'parse5'
import { allowed, type Parsed } from '../show/allow.js'
import type { HtmlNode, Ruleset } from '../types.js'
import type { Found } from './finding.js'
import { variantsOf } from './lint/variants.js'

const inside = (nodes: DefaultTreeAdapterTypes.ChildNode[]): (Parsed | string)[] =>
  nodes.flatMap((node): (Parsed | string)[] => {
    if ('value' in node) return [node.value]
    if (!('tagName' in node)) return []
    return [
      {
        tag: node.tagName,
        isHtml: node.namespaceURI === html5.NS.HTML,
        attributes: () => node.attrs.map(({ prefix, name, value }) => [prefix ? `${prefix}:${name}` : name, value]),
        children: () => inside(node.childNodes),
      },
    ]
  })

/** White space at the edges, where it is the HTML's own layout, is nothing that is shown. */
const trimmed = (nodes: HtmlNode[]): HtmlNode[] => nodes.filter((node, i) => typeof node !== 'string' || node.trim() !== '' || (i > 0 && i < nodes.length - 1))

/** The tree of what is allowed; `dropped` is told of all else. Undefined where nothing is left. */
export function treeOf(html: string, dropped: (what: string) => void): HtmlNode[] | undefined {
  const nodes = trimmed(allowed(inside(parseFragment(html).childNodes), dropped))
  return nodes.some((node) => typeof node !== 'string' || node.trim() !== '') ? nodes : undefined
}

/** A copy of the ruleset with trees in place of HTML; says what of the HTML is not allowed, and to `html` that there is any. */
export function compile(ruleset: Ruleset, { lost, warn, html }: { lost: Found; warn: Found; html?: Found | undefined }): Ruleset {
  const copy = structuredClone(ruleset)
  for (const [path, data] of variantsOf(copy)) {
    if (typeof data.html !== 'string') continue
    const here = `${path}.html`
    const dropped = new Set<string>()
    const tree = treeOf(data.html, (what) => dropped.add(what))
    if (!tree) {
      lost(here, 'lost', `nothing of it is allowed${dropped.size > 0 ? `: ${[...dropped].join(', ')}` : ''}`, 'a <template> in the page may hold anything')
      continue
    }
    if (dropped.size > 0) warn(here, 'dropped', `is not allowed in a variant, and left out: ${[...dropped].join(', ')}`)
    html?.(here, 'html', 'is HTML, which no Safari has a safe way to read: there the default stays', 'make a tree of it: slotwise check FILE --compile')
    data.html = tree
  }
  return copy
}

const TREE = '\u0000tree'

/** As JSON, with each tree on one line. */
export const written = (ruleset: Ruleset): string =>
  `${JSON.stringify(ruleset, (key, value) => (key === 'html' && Array.isArray(value) ? TREE + JSON.stringify(value) : value), 2).replace(/"\\u0000tree((?:[^"\\]|\\.)*)"/g, (_, tree) => JSON.parse(`"${tree}"`))}\n`
