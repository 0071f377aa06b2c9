// Makes the changes of a plan in a slot; undone, everything is as it was, but for what the page itself has changed since.

import type { HtmlNode } from '../types.js'
import { hideSheet } from './hide.js'
import type { Change } from './plan.js'
import { find, place, wording } from './render.js'
import { replace, swap } from './swap.js'

const write = (element: Element, name: string, value: string | null): void => {
  if (value === null) element.removeAttribute(name)
  else element.setAttribute(name, value)
}

function attribute(element: Element, name: string, value: string): () => void {
  const before = element.getAttribute(name)
  write(element, name, value)
  return () => {
    if (element.getAttribute(name) === value) write(element, name, before)
  }
}

const inTurn = (undo: (() => void)[]) => (): void => {
  for (const step of undo.reverse()) step()
}

export function attributes(element: Element, set: { [name: string]: string }, on: string[]): () => void {
  const undo = Object.entries(set).map(([name, value]) => attribute(element, name, value))
  const { parentElement } = element
  if (on.includes('img') && set.src && parentElement?.localName === 'picture') {
    // The sources of a <picture> would win over its image.
    for (const source of parentElement.querySelectorAll('source')) undo.push(attribute(source, 'srcset', set.srcset || set.src))
  }
  return inTurn(undo)
}

function classes(element: Element, add: string[], remove: string[]): () => void {
  const { classList } = element
  const before = element.getAttribute('class')
  const added = add.filter((name) => !classList.contains(name))
  const removed = remove.filter((name) => classList.contains(name))
  classList.add(...added)
  classList.remove(...removed)
  const made = element.getAttribute('class')
  return () => {
    if (element.getAttribute('class') === made) write(element, 'class', before)
    else {
      classList.remove(...added)
      classList.add(...removed)
    }
  }
}

/** An image has its sources around it. */
export const pictureOf = (image: Element): Element => image.closest('picture') ?? image

/** Node by node, out of what the allow-list has passed: nothing is parsed, so there is nothing to be misread. */
export function build(document: Document, node: HtmlNode): Node {
  if (typeof node === 'string') return document.createTextNode(node)
  const [tag, ...rest] = node
  const element = document.createElement(tag)
  for (const part of rest) {
    if (typeof part === 'string' || Array.isArray(part)) element.append(build(document, part))
    else for (const [name, value] of Object.entries(part ?? {})) element.setAttribute(name, value)
  }
  return element
}

const changer = (change: Exclude<Change, { nodes: HtmlNode[] }>) => (element: Element): (() => void) => {
  if ('text' in change) return wording(change.text)(element)
  if ('add' in change) return classes(element, change.add, change.remove)
  return attributes(element, change.set, change.on)
}

/**
 * All of it, or with an error that says why nothing. `content` makes what is put there in place of all; `standIn` takes
 * the place of an image, of which another address would be asked for again, and its own on the way back.
 */
export function apply(slot: Element, changes: Change[], content: (nodes: HtmlNode[]) => DocumentFragment, standIn?: (image: Element) => Element): () => void {
  const undo: (() => void)[] = []
  const back = inTurn(undo)
  try {
    const others: Parameters<typeof place>[1] = []
    /** What is changed in their place. */
    const instead = new Map<Element, Element>()
    for (const change of changes) {
      if ('nodes' in change) {
        undo.push(place(slot, [['', (element) => swap(element, [...content(change.nodes).childNodes])]]))
        continue
      }
      const { at } = change
      const on = 'on' in change ? change.on : []
      if (on.length > 0 && !find(slot, at).every(({ localName }) => on.includes(localName))) throw new Error(`"${at}" matches what is no <${on.join('> or <')}>`)
      const other = 'set' in change && change.set.src ? standIn : undefined
      if (other) for (const image of find(slot, at)) instead.set(image, other(image))
      others.push([at, (element) => {
        const shown = instead.get(element) ?? element
        return other ? replace(pictureOf(element), pictureOf(shown)) : changer(change)(shown)
      }])
    }
    undo.push(place(slot, others))
    if (changes.some((change) => 'set' in change && change.set.hidden)) undo.push(hideSheet(slot))
  } catch (error) {
    back()
    throw error
  }
  return back
}
