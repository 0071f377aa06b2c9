// Puts elements that are in the page already into another order, each into the place of one of them; undone, all stand
// where they stood.

const put = (places: Element[], order: Element[]): void => {
  // What stands between them stays where it is.
  const marks = places.map((element) => {
    const mark = element.ownerDocument.createComment('')
    element.replaceWith(mark)
    return mark
  })
  marks.forEach((mark, i) => mark.replaceWith(order[i] as Element))
}

export function reorder(elements: Element[], order: Element[]): () => void {
  put(elements, order)
  return () => {
    // Those that the page has taken away since are its own; the others share the places that are left.
    const left = order.filter((element) => element.parentNode)
    put(left, elements.filter((element) => left.includes(element)))
  }
}
