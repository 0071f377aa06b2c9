// Puts a variant into a slot and gives back its undo: the page's own nodes are kept, so that a revert is exact.

import type { Decision, VariantData, VariantFunction } from '../types.js'
import { swap } from './swap.js'

/** How variants get into slots. Whatever cannot be shown is thrown, with an error that says why, before anything is changed. */
export interface Rendering {
  /** Before a slot is decided: pictures that not everybody will see are loaded for everybody. */
  meet(element: Element, slot: string): void
  template(element: Element, template: HTMLTemplateElement, slot: string): () => void
  /** `reached` makes the exposure known, for a variant that leaves the page. */
  data(element: Element, data: VariantData | VariantFunction, decision?: Decision, reached?: () => void): () => void
}

const MOST_MATCHES = 50
const UNTOUCHED = 'iframe,object,embed,link,script,style,base,meta,head,html'

export const templates = (slot: Element): HTMLTemplateElement[] =>
  // Not by `children`: a form's field of that name would stand in its place.
  [...slot.querySelectorAll<HTMLTemplateElement>(':scope > template[data-variant]')]

/** The slot's own `<template data-variant>` of that name. */
export const templateOf = (slot: Element, variant: string): HTMLTemplateElement | undefined => templates(slot).find((template) => template.getAttribute('data-variant') === variant)

/** Shows what has been cloned from a template. */
export function renderContent(slot: Element, content: DocumentFragment): () => void {
  // A script in a template is inert until it is cloned into the page; no variant runs script.
  for (const script of content.querySelectorAll('script')) script.remove()
  return swap(slot, [...content.childNodes])
}

/** What a change is made on: some elements, and not too many. */
export function find(slot: Element, selector: string): Element[] {
  const found = selector === '' ? [slot] : [...slot.querySelectorAll(selector)]
  if (!found[0] || found[MOST_MATCHES] || found.some((element) => element.matches(UNTOUCHED))) throw new Error(`"${selector}" matches ${found.length} elements, or what is not to be touched`)
  return found
}

/** Makes changes by selector: all of them or, with an error that says why, none. */
export function place(slot: Element, changes: [selector: string, change: (element: Element) => () => void][]): () => void {
  const found = changes.flatMap(([selector, change]) => find(slot, selector).map((element) => () => change(element)))
  const undo = found.map((change) => change())
  return () => {
    // The last first: one target may lie inside another.
    for (const step of undo.reverse()) step()
  }
}

/** Words in place of all that is in an element. */
export const wording = (words: string) => (element: Element): (() => void) => swap(element, [element.ownerDocument.createTextNode(words)])

export const renderText = (slot: Element, text: { [selector: string]: string }): (() => void) =>
  place(
    slot,
    Object.entries(text).map(([selector, words]) => [selector, wording(words)]),
  )
