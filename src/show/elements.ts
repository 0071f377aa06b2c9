// The elements of slots: what each one shows, put there and given back, and put there again where the page interferes.

import type { Decision, Shown, VariantData, VariantFunction } from '../types.js'
import { type Rendering, templateOf } from './render.js'

/** So often in one page view a variant is put back where the page has put something else. */
const PATIENCE = 3

export interface Elements {
  /** Those that are a slot's, with what they show; changed from here, but for what the bootstrap has shown before. */
  shown: Map<Element, Shown>
  /** Shows what was decided, or content of the caller's. Why, with a diagnostic and the default, when the element cannot. */
  put(element: Element, decision: Pick<Decision, 'slot' | 'variant'>, own?: VariantData): string | undefined
  /** The children of some node have changed: has the page replaced what was shown there? */
  changed(node: Node): void
  /** Gives an element back as it was. */
  drop(element: Element): void
  /** A page view begins: patience is new. */
  begin(): void
}

/** What comes later lists its nodes by itself. */
type Undo = (() => void) & { nodes?: Node[] }

const asIs = (slot: string): Shown => ({ slot, variant: 'default', nodes: [], undo: () => {} })

export interface ElementsOptions {
  /** The content of a variant that no template in the slot holds. */
  variant(slot: string, name: string): VariantData | VariantFunction | undefined
  rendering(): Rendering
  /** The element is about to be left with all of its page: that counts as having reached it. */
  reached(element: Element): void
  /** The element shows its default now, because the page has replaced what it showed. */
  lost(element: Element): void
  report(message: string, error?: unknown): void
}

export function elements({ variant: contentOf, rendering, reached, lost, report }: ElementsOptions): Elements {
  const shown = new Map<Element, Shown>()
  let replaced = new WeakMap<Element, number>()
  const times = (element: Element): number => replaced.get(element) ?? 0

  const revert = (element: Element, slot: string): void => {
    const one = shown.get(element)
    shown.set(element, asIs(slot))
    one?.undo()
  }

  return {
    shown,
    put: (element, decision, own) => {
      const { slot, variant } = decision
      if (!own && shown.get(element)?.variant === variant) return
      revert(element, slot)
      if (variant === 'default' || times(element) > PATIENCE) return
      try {
        const template = own ? undefined : templateOf(element, variant)
        const content = own ?? contentOf(slot, variant)
        if (!template && !content) throw new Error('there is no such variant')
        const undo: Undo = template
          ? rendering().template(element, template, slot)
          : rendering().data(element, content as VariantData, own ? undefined : (decision as Decision), () => reached(element))
        shown.set(element, { slot, variant, nodes: undo.nodes ?? [...element.childNodes], undo })
      } catch (error) {
        const because = `Slot "${slot}" keeps its default, not "${variant}": ${(error as Error).message}`
        report(because, error)
        return because
      }
    },
    changed: (node) => {
      const element = node as Element
      const { slot, variant, nodes } = shown.get(element) ?? asIs('')
      // Nothing is lost where something was only taken away, as a visitor closes a notice; where a translator has put a
      // <font> in the place of a text; and where a script has put a box around what it improves.
      const isOurs = (child: Node): boolean => child.nodeName === 'FONT' || nodes.some((one) => child.contains(one))
      if (nodes.every((one) => element.contains(one)) || [...element.childNodes].every(isOurs)) return
      replaced.set(element, times(element) + 1)
      revert(element, slot)
      if (times(element) > PATIENCE) report(`Slot "${slot}" is left to the page, which replaces "${variant}": see data-slot-by`)
      lost(element)
    },
    drop: (element) => {
      revert(element, '')
      shown.delete(element)
    },
    begin: () => {
      replaced = new WeakMap()
    },
  }
}
