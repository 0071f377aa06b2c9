// Until the visitor allows measuring, nothing that a variant loads may tell of the profile: it is loaded for everybody, or not shown.

import { own } from '../lib/own.js'
import type { Ruleset } from '../types.js'
import { templates } from './render.js'

/** What loads as soon as it is in the page, and cannot be loaded beforehand for everybody. */
const LOADING = 'iframe,object,link,style,image,[src]:not(img,script),[background],[http-equiv],[style*=url],[style*=image-set]'
/** A shape that is drawn again, from this page. */
const isHere = (use: Element): boolean => (use.getAttribute('href') ?? use.getAttribute('xlink:href') ?? '#')[0] === '#'

export const loadsOf = (content: ParentNode): Element | undefined => content.querySelector(LOADING) ?? [...content.querySelectorAll('use')].find((use) => !isHere(use))

/** Each with the sources that it chooses from. */
const picturesIn = (content: ParentNode): Element[] => [...content.querySelectorAll('picture,img:not(picture *)')]
/** A lazy picture would wait until it is in sight, which is not everybody's. */
const hurry = (content: ParentNode): void => {
  for (const image of content.querySelectorAll<HTMLImageElement>('img[loading=lazy]')) image.loading = 'eager'
}
/** Does what is shown there depend on the visitor? Everybody's are experiences that ask for nothing but a time. */
export const isPersonal = ({ slots }: Pick<Ruleset, 'slots'>, slot: string): boolean => !!own(slots, slot)?.experiences?.some(({ name, show, goal, enabled, from, to, ...more }) => Object.keys(more)[0])

/** `free`: may requests depend on the profile? `personal`: does what is shown there? */
export function alike(free: () => boolean, personal: (slot: string) => unknown) {
  /** Would what a slot loads tell what the visitor did? */
  const tells = (slot: string): boolean => !free() && (personal(slot) as boolean)
  /** Of each template its pictures, loading or loaded, and the rest. It is they that are shown, each time: another node might ask for the same once more. */
  const held = new WeakMap<HTMLTemplateElement, [rest: Node, ...pictures: Element[]]>()

  const hold = (template: HTMLTemplateElement): void => {
    if (held.has(template)) return
    const rest = template.content.cloneNode(true) as DocumentFragment
    hurry(rest)
    // To clone them is what starts to load them.
    const pictures = picturesIn(rest).map((picture) => {
      picture.replaceWith(new Image())
      return template.ownerDocument.importNode(picture, true)
    })
    held.set(template, [rest, ...pictures])
  }
  /** Loads the pictures of all templates of a slot, and those of its default that wait to come near. */
  const meet = (element: Element, slot: string): void => {
    if (!tells(slot)) return
    hurry(element)
    templates(element).forEach(hold)
  }
  /** What a template shows, with the pictures that are held. Throws where showing it would tell. */
  const take = (template: HTMLTemplateElement, slot: string): DocumentFragment => {
    const loading = tells(slot) && loadsOf(template.content)
    if (loading) throw new Error(`<${loading.localName}> waits for measure`)
    const [rest, ...pictures] = held.get(template) ?? [template.content]
    const content = template.ownerDocument.importNode(rest, true) as DocumentFragment
    pictures.forEach((picture, i) => (picturesIn(content)[i] as Element).replaceWith(picture))
    return content
  }
  return [meet, take, hold, tells] as const
}
