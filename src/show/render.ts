// Puts a variant into a slot and gives back its undo: the page's own nodes are kept, so that a revert is exact.

import type { VariantData } from '../types.js'
import { swap } from './swap.js'

/** The slot's own `<template data-variant>` of that name. */
export const templateOf = (slot: Element, variant: string): HTMLTemplateElement | undefined =>
  // Not by `children`: a form's field of that name would stand in its place.
  [...slot.querySelectorAll<HTMLTemplateElement>(':scope > template[data-variant]')].find(
    (template) => template.getAttribute('data-variant') === variant,
  )

export function renderTemplate(slot: Element, template: HTMLTemplateElement): () => void {
  const content = slot.ownerDocument.importNode(template.content, true)
  // A script in a template is inert until it is cloned into the page; no variant runs script.
  for (const script of content.querySelectorAll('script')) script.remove()
  return swap(slot, [...content.childNodes])
}

/** All of it or, with an error that says why, nothing. */
export const renderData = (slot: Element, { text }: VariantData): (() => void) => renderText(slot, text)

export function renderText(slot: Element, text: { [selector: string]: string }): () => void {
  const targets = Object.entries(text).flatMap(([selector, words]) => {
    const elements = selector === '' ? [slot] : [...slot.querySelectorAll(selector)]
    if (elements.length === 0) throw new Error(`nothing in the slot matches "${selector}"`)
    return elements.map((element): [Element, string] => [element, words])
  })
  const undo = targets.map(([element, words]) => swap(element, [slot.ownerDocument.createTextNode(words)]))
  return () => {
    // The last first: one target may lie inside another.
    for (const step of undo.reverse()) step()
  }
}
