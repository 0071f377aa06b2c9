// Clicks on [data-slotwise-dismiss] inside a slot: the visitor wants away what is shown there.

/** `dismissed` hears of the innermost slot around the button; by keyboard it works as any button does. */
export function dismissals(root: Node, slotOf: (element: Element) => string | undefined, dismissed: (slot: string) => void): () => void {
  const clicked = (event: Event): void => {
    const path = event.composedPath() as Element[]
    const button = path.findIndex((target) => target.hasAttribute?.('data-slotwise-dismiss'))
    const slot = button < 0 ? undefined : path.slice(button).map(slotOf).find((name) => name !== undefined)
    if (slot) dismissed(slot)
  }
  root.addEventListener('click', clicked, { capture: true, passive: true })
  return () => root.removeEventListener('click', clicked, { capture: true })
}
