// Clicks on [data-slotwise-dismiss] inside a slot: the visitor wants away what is shown there.

/** `dismissed` hears of the innermost slot around the button; by keyboard it works as any button does. */
export function dismissals(root: Node, dismissed: (slot: string) => void): () => void {
  const clicked = (event: Event): void => {
    const path = event.composedPath() as Element[]
    const button = path.findIndex((target) => target.hasAttribute?.('data-slotwise-dismiss'))
    const slot = button < 0 ? null : path.slice(button).find((target) => target.hasAttribute?.('data-slot'))?.getAttribute('data-slot')
    if (slot) dismissed(slot)
  }
  root.addEventListener('click', clicked, { capture: true, passive: true })
  return () => root.removeEventListener('click', clicked, { capture: true })
}
