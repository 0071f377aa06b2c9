// swap() and replace(): other nodes take the place of an element's own; undone, the very same nodes are back in their order.

const FRAGMENT = 11
const METHODS = ['appendChild', 'insertBefore', 'replaceChild', 'removeChild'] as const
type Method = (node: Node, other?: Node | null) => Node

/**
 * A framework goes on working with the nodes it once made, through its element: React's `removeChild` of a node that is
 * not there throws, and takes the whole application down. So these calls reach the nodes where they are kept, and what
 * the framework changes meanwhile is there when they come back. Only this element's own methods, and only so long.
 * `end` is where it appends.
 */
function redirect(element: Element, end: Node): () => void {
  const methods = element as unknown as { [name in (typeof METHODS)[number]]?: Method }
  for (const name of METHODS) {
    const method = methods[name] as Method
    methods[name] = (node, other) => {
      const place = name === 'removeChild' ? node : other
      const parent = place?.parentNode
      return method.call(!place ? end : parent?.nodeType === FRAGMENT ? parent : element, node, other)
    }
  }
  return () => {
    for (const name of METHODS) delete methods[name]
  }
}

export function swap(element: Element, nodes: Node[]): () => void {
  const words = nodes.map(({ nodeValue }) => nodeValue)
  const kept = element.ownerDocument.createDocumentFragment()
  kept.append(...element.childNodes)
  element.append(...nodes)
  const direct = redirect(element, kept)
  return () => {
    direct()
    // A text that the page has written into is the page's now. Translators put a <font> in the place of a text, and
    // scripts a box around what they improve: those go with it.
    const ours = [...element.childNodes].filter(
      (child) => child.nodeName === 'FONT' || nodes.some((node, i) => child.contains(node) && node.nodeValue === words[i]),
    )
    for (const child of ours) child.remove()
    // Where the page has put other content in the place of all of it, that is its own. Else what it added stays, behind.
    if (ours[0] || !nodes[0] || !element.firstChild) element.prepend(kept)
  }
}

/** The same with one node among others. */
export function replace(own: Element, other: Element): () => void {
  const parent = own.parentElement
  if (!parent) return () => {}
  const kept = own.ownerDocument.createDocumentFragment()
  own.replaceWith(other)
  kept.append(own)
  const direct = redirect(parent, parent)
  return () => {
    direct()
    other.replaceWith(kept)
  }
}
