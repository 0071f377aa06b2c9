// hasRevealed(): a page may hold slots back by one CSS rule, for 300 ms. Which of them have shown themselves meanwhile?

/** The name of the rule's animation, which hides while it runs, and then no more. */
const PREHIDE = 'slotwise-prehide'

/** The rule applies to it, and hides it no longer: somebody may have begun to read. */
export function hasRevealed(element: Element): boolean {
  const { animationName, visibility }: { animationName?: string; visibility: string } = getComputedStyle(element)
  // What has no box has not been seen either.
  return animationName?.includes(PREHIDE) === true && visibility === 'visible' && element.getClientRects().length > 0
}
