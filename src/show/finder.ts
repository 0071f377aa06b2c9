// finder(): which elements are slots, and of which name.

import type { Ruleset } from '../types.js'

/** Never a slot, whatever a selector says: what is in there is not content. */
const NEVER = 'html,head *,body,script,style,iframe'

export interface Finder {
  /** A selector for every slot. */
  all: string
  /** Which slot an element is. What the element itself says counts first. */
  nameOf(element: Element): string | undefined
}

/** By `data-slot`, and by the selectors of the ruleset; `refused` hears of a selector that is none. */
export function finder({ slots = {} }: Ruleset, page: Document, refused: (message: string, error: unknown) => void): Finder {
  const selected = Object.entries(slots).filter(([slot, { select }]) => {
    try {
      return select && !page.createDocumentFragment().querySelector(select)
    } catch (error) {
      refused(`Slot "${slot}" cannot be selected: ${(error as Error).message}`, error)
      return false
    }
  })
  return {
    all: ['[data-slot]', ...selected.map(([, { select }]) => select)].join(),
    nameOf: (element) => element.getAttribute('data-slot') || selected.find(([, { select }]) => element.matches(select as string) && !element.matches(NEVER))?.[0],
  }
}
