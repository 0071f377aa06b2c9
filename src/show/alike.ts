// Until the visitor allows measuring, nothing that a variant loads may tell of the profile: it is loaded for everybody, or not shown.

import { own } from '../lib/own.js'
import type { Ruleset } from '../types.js'
import { templates } from './render.js'

/** What loads as soon as it is in the page, and cannot be loaded beforehand for everybody. */
const LOADING = 'iframe,object,embed,link,video,audio,image,[style*="url("]'

/** Starts to load the pictures of content that is in no page yet: those of the same markup are then there already. */
export function preload(content: ParentNode): void {
  // A lazy picture would wait until it is in the page.
  for (const picture of content.querySelectorAll('img')) picture.loading = 'eager'
}

/** Does what is shown there depend on the visitor? */
export const isPersonal = ({ slots }: Ruleset, slot: string): boolean => !!own(slots, slot)?.experiences?.some(({ when, split }) => when ?? split)

/** `free`: may requests depend on the profile? */
export function alike(ruleset: Ruleset, free: () => boolean) {
  /** Would what a slot loads tell what the visitor did? */
  const tells = (slot: string): boolean => !free() && isPersonal(ruleset, slot)
  return {
    tells,
    /** Loads the pictures of all templates of a slot. Cloning is what starts it. */
    meet: (element: Element, slot: string): void => {
      if (tells(slot)) for (const { content } of templates(element)) if (content.querySelector('img')) preload(element.ownerDocument.importNode(content, true))
    },
    /** Throws where showing a template would tell. */
    refuse: (slot: string, { content }: HTMLTemplateElement): void => {
      const loading = tells(slot) && content.querySelector(LOADING)
      if (loading) throw new Error(`<${loading.localName}> waits until measure is granted`)
    },
  }
}
