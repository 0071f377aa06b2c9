// Pictures of the ruleset's variants, loaded for everybody: each variant is made into templates, whose pictures alike.ts holds.

import type { HtmlNode, VariantData } from '../types.js'
import type { alike } from './alike.js'
import { attributes, build, pictureOf } from './patch.js'
import type { Change } from './plan.js'
import { find } from './render.js'

type Alike = ReturnType<typeof alike>

/** `take` and `hold` are alike's. */
export function ahead(take: Alike[1], hold: Alike[2]) {
  /** By the slot whose content it is or the image that it stands in for, and by the variant. */
  const made = new WeakMap<Element, WeakMap<VariantData, HTMLTemplateElement>>()

  /** The document of templates loads nothing. */
  const make = (element: Element, data: VariantData, nodes: (inert: Document) => Node[]): HTMLTemplateElement => {
    const of = made.get(element) ?? new WeakMap()
    const template = of.get(data) ?? element.ownerDocument.createElement('template')
    if (!of.has(data)) template.content.append(...nodes(template.content.ownerDocument))
    made.set(element, of.set(data, template))
    return template
  }
  const contentOf = (slot: Element, data: VariantData, nodes: HtmlNode[]): HTMLTemplateElement => make(slot, data, (inert) => nodes.map((node) => build(inert, node)))

  return {
    /** Starts to load all that a variant would show in a slot, by `isOwn` in its own content. */
    load: (slot: Element, data: VariantData, changes: Change[], isOwn: boolean): void => {
      for (const change of changes) {
        if ('nodes' in change) {
          hold(contentOf(slot, data, change.nodes))
          isOwn = false
        }
        if (!isOwn || !('set' in change && change.set.src)) continue
        for (const image of find(slot, change.at)) {
          const own = pictureOf(image)
          // A slot is not taken out of its page.
          if (own.contains(slot)) continue
          const standing = make(image, data, (inert) => {
            const copy = inert.importNode(own, true)
            attributes(copy.querySelector('img') ?? copy, change.set, change.on)
            return [copy]
          })
          hold(standing)
        }
      }
    },
    shows: (slot: Element, data: VariantData, nodes: HtmlNode[]): DocumentFragment => take(contentOf(slot, data, nodes), ''),
    /** The image that takes another's place. Throws where none has been loaded for everybody. */
    standIn: (image: Element, data: VariantData): Element => {
      const template = made.get(image)?.get(data)
      if (!template) throw new Error('its picture waits until measure is granted: it is in HTML, is the slot itself, or came into it late')
      return take(template, '').querySelector('img') as Element
    },
  }
}
