// Finds slots, those included that the page adds later, and never before all of a slot has been parsed.

import { listen, together } from '../lib/listen.js'

const ELEMENT = 1

export type Root = Document | DocumentFragment | Element

/** While a page streams in, an element is complete once the parser has put something behind it. */
export function isComplete(element: Element): boolean {
  if (element.ownerDocument.readyState !== 'loading') return true
  for (let node: Node | null = element; node; node = node.parentNode) if (node.nextSibling) return true
  return false
}

/**
 * `found` may hear of the same element twice, when the page moves it, or changes one of these attributes on or around it.
 * `changed` hears first of all that has changed. Returns what adds a root, and what stops.
 */
export function watchSlots(page: Document, all: string, attributeFilter: string[], found: (slot: Element) => void, changed: (changes: MutationRecord[]) => void): [watch: (root: Root) => void, stop: () => void] {
  let parsing = new Set<Element>()

  const within = (node: Node): Element[] => {
    // By its type and not by `instanceof`: a node may have been made in another frame.
    if (node.nodeType !== ELEMENT) return []
    const element = node as Element
    return [element, ...element.querySelectorAll(all)].filter((one) => one.matches(all))
  }
  const offer = (slots: Iterable<Element>): void => {
    for (const slot of slots) {
      if (isComplete(slot)) found(slot)
      else parsing.add(slot)
    }
  }
  const again = (): void => {
    const before = parsing
    parsing = new Set()
    offer(before)
  }

  const observer = new MutationObserver((changes) => {
    again()
    changed(changes)
    for (const { type, target, addedNodes } of changes) {
      for (const node of type === 'attributes' ? [target] : addedNodes) offer(within(node))
    }
  })

  return [
    (root) => {
      observer.observe(root, { childList: true, subtree: true, attributeFilter })
      offer(root.querySelectorAll(all))
    },
    together([() => observer.disconnect(), listen(page, 'DOMContentLoaded', again)]),
  ]
}
