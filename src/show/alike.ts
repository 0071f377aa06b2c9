// Until the visitor allows measuring, nothing that a variant loads may tell of the profile: it is loaded for everybody, or not shown.

import { own } from '../lib/own.js'
import type { Ruleset } from '../types.js'
import { templates } from './render.js'

/** What loads as soon as it is in the page, and cannot be loaded beforehand for everybody. */
const LOADING = 'iframe,object,embed,link,style,image,[src]:not(img,script),[background],[http-equiv],[style*=url],[style*=image-set]'
/** A shape that is drawn again, from this page. */
const isHere = (use: Element): boolean => (use.getAttribute('href') ?? use.getAttribute('xlink:href') ?? '#')[0] === '#'

export const loadsOf = (content: ParentNode): Element | undefined => content.querySelector(LOADING) ?? [...content.querySelectorAll('use')].find((use) => !isHere(use))

/** Starts to load the pictures of content that is in no page yet: those of the same markup are then there already. */
export function preload(content: ParentNode): void {
  // A lazy picture would wait until it is in the page.
  for (const picture of content.querySelectorAll('img')) picture.loading = 'eager'
}

/** Does what is shown there depend on the visitor? Everybody's are experiences that ask for nothing but a time. */
export const isPersonal = ({ slots }: Pick<Ruleset, 'slots'>, slot: string): boolean => !!own(slots, slot)?.experiences?.some(({ name, show, goal, enabled, from, to, ...more }) => Object.keys(more)[0])

/** `free`: may requests depend on the profile? `personal`: does what is shown there? */
export function alike(free: () => boolean, personal: (slot: string) => unknown) {
  /** Would what a slot loads tell what the visitor did? */
  const tells = (slot: string): boolean => !free() && !!personal(slot)
  /** Pictures that nobody holds could be asked for once more when they are shown. */
  const held: Node[] = []
  return {
    tells,
    /** Loads the pictures of all templates of a slot, and those of its default that wait to come near. Cloning is what starts it. */
    meet: (element: Element, slot: string): void => {
      if (!tells(slot)) return
      for (const { content } of [{ content: element }, ...templates(element)]) {
        for (const picture of content.querySelectorAll('img')) {
          const copy = element.ownerDocument.importNode(picture.closest('picture') ?? picture, true)
          ;((copy.querySelector('img') ?? copy) as HTMLImageElement).loading = 'eager'
          held.push(copy)
        }
      }
    },
    /** Throws where showing a template would tell. */
    refuse: (slot: string, { content }: HTMLTemplateElement): void => {
      const loading = tells(slot) && loadsOf(content)
      if (loading) throw new Error(`<${loading.localName}> waits until measure is granted`)
    },
  }
}
