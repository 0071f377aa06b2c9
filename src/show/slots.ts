// Finds slots, those included that the page adds later, and never before all of a slot has been parsed.

const SLOT = '[data-slot]'

const within = (node: Node): Element[] => {
  // By its type and not by `instanceof`: a node may have been made in another frame.
  if (node.nodeType !== Node.ELEMENT_NODE) return []
  const element = node as Element
  return [...(element.matches(SLOT) ? [element] : []), ...element.querySelectorAll(SLOT)]
}

/** While a page streams in, an element is complete once the parser has put something behind it. */
function isComplete(element: Element): boolean {
  if (element.ownerDocument.readyState !== 'loading') return true
  for (let node: Node | null = element; node; node = node.parentNode) if (node.nextSibling) return true
  return false
}

/** `found` may hear of the same element twice, when the page moves it. */
export function watchSlots(root: Document | DocumentFragment | Element, found: (slot: Element) => void): () => void {
  const document = root.ownerDocument ?? (root as Document)
  let parsing = new Set<Element>()

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
    if (parsing.size > 0) again()
    for (const { addedNodes } of changes) for (const node of addedNodes) offer(within(node))
  })
  observer.observe(root, { childList: true, subtree: true })
  document.addEventListener('DOMContentLoaded', again)
  offer(root.querySelectorAll(SLOT))

  return () => {
    observer.disconnect()
    document.removeEventListener('DOMContentLoaded', again)
  }
}
