// The door of the wing: each slot shows what was decided for this page view, and can be given back as it was.

import type { Guard } from '../lib/guard.js'
import type { Decision, VariantData } from '../types.js'
import { renderData, renderTemplate, templateOf } from './render.js'
import { watchSlots } from './slots.js'

const STATE = 'data-slot-state'

export interface ShowOptions {
  /** Without one, as in Node, slots are decided and not shown. */
  root: Document | DocumentFragment | Element | undefined
  guard: Guard
  decide(slot: string): Decision
  /** The ruleset's own content for a variant. */
  variant(slot: string, name: string): VariantData | undefined
  decided(decision: Decision): void
  report(message: string, error: unknown): void
}

export interface Show {
  /** A page view: decides every slot, those included that come later. Nothing changes again until the next. */
  view(): void
  /** What was decided for this page view. */
  decision(slot: string): Decision
  /** Shows content of the caller's in every element of a slot; the undo shows the decision again. */
  render(slot: string, data: VariantData): () => void
  stop(): void
}

interface Shown {
  slot: string
  variant: string
  undo(): void
}

const asIs = (slot: string): Shown => ({ slot, variant: 'default', undo: () => {} })

export function show({ root, guard, decide, variant: dataOf, decided, report }: ShowOptions): Show {
  const shown = new Map<Element, Shown>()
  let decisions = new Map<string, Decision>()
  let unwatch: (() => void) | undefined

  const keep = (decision: Decision): Decision => {
    decisions.set(decision.slot, decision)
    decided(decision)
    return decision
  }

  const revert = (element: Element): void => {
    const { slot, undo } = shown.get(element) ?? asIs('')
    shown.set(element, asIs(slot))
    undo()
  }

  /** False, with a diagnostic, when the element cannot show it. */
  const put = (element: Element, slot: string, variant: string): boolean => {
    if (shown.get(element)?.variant === variant) return true
    revert(element)
    if (variant === 'default') return true
    const template = templateOf(element, variant)
    const data = dataOf(slot, variant)
    try {
      if (!template && !data) throw new Error('it has neither a <template data-variant> in the slot nor an entry in the ruleset')
      const undo = template ? renderTemplate(element, template) : renderData(element, data as VariantData)
      shown.set(element, { slot, variant, undo })
      return true
    } catch (error) {
      report(`Slot "${slot}" keeps its default, variant "${variant}" cannot be shown: ${(error as Error).message}`, error)
      return false
    }
  }

  const settle = (element: Element): void => {
    const slot = element.getAttribute('data-slot')
    if (!slot) return
    if (!shown.has(element)) shown.set(element, asIs(slot))
    const known = decisions.get(slot)
    const decision = known ?? decide(slot)
    const done = put(element, slot, decision.variant)
    if (!known) {
      keep(done ? decision : { ...decision, variant: 'default', reason: 'no-variant', because: `This page has no variant "${decision.variant}" for the slot.` })
    }
    element.setAttribute(STATE, shown.get(element)?.variant ?? 'default')
  }

  return {
    view: () => {
      decisions = new Map()
      for (const element of [...shown.keys()]) {
        if (element.isConnected) settle(element)
        else shown.delete(element)
      }
      unwatch ??= root && watchSlots(
        root,
        guard((element) => {
          // A slot inside another's default leaves the page together with it.
          if (element.isConnected && !shown.has(element)) settle(element)
        }),
      )
    },
    decision: (slot) => decisions.get(slot) ?? keep(decide(slot)),
    render: (slot, data) => {
      const elements = [...shown].filter(([element, state]) => state.slot === slot && element.isConnected).map(([element]) => element)
      for (const element of elements) {
        revert(element)
        try {
          shown.set(element, { slot, variant: '', undo: renderData(element, data) })
        } catch (error) {
          report(`Slot "${slot}" cannot show this content: ${(error as Error).message}`, error)
        }
      }
      return () => {
        for (const element of elements) if (shown.has(element)) settle(element)
      }
    },
    stop: () => {
      unwatch?.()
      for (const element of shown.keys()) {
        revert(element)
        element.removeAttribute(STATE)
      }
      shown.clear()
    },
  }
}
