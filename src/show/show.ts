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
  /** A page view is about to begin: the last one's decisions hold no longer. */
  begin(): void
  /** A page view: decides every slot, those included that come later. Nothing changes again until the next. */
  view(): void
  /** What was decided for this page view; undefined while one is about to begin. */
  decision(slot: string): Decision | undefined
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
  let deciding = false
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
    try {
      const template = templateOf(element, variant)
      const data = dataOf(slot, variant)
      if (!template && !data) throw new Error('it has neither a <template data-variant> in the slot nor an entry in the ruleset')
      const undo = template ? renderTemplate(element, template) : renderData(element, data as VariantData)
      shown.set(element, { slot, variant, undo })
      return true
    } catch (error) {
      report(`Slot "${slot}" keeps its default, variant "${variant}" cannot be shown: ${(error as Error).message}`, error)
      return false
    }
  }

  const settle = guard((element: Element): void => {
    const slot = element.getAttribute('data-slot')
    if (!slot) return
    if (!shown.has(element)) shown.set(element, asIs(slot))
    const known = decisions.get(slot)
    // An element without the variant does not speak for the next one of the same slot.
    const decision = known?.reason === 'no-variant' ? { ...known, variant: known.arm } : (known ?? decide(slot))
    const done = put(element, slot, decision.variant)
    if (!known) keep(done ? decision : { ...decision, variant: 'default', reason: 'no-variant', because: `This page has no variant "${decision.variant}" for the slot.` })
    element.setAttribute(STATE, shown.get(element)?.variant ?? 'default')
  })

  /** Gives an element back as it was. */
  const release = (element: Element): void => {
    revert(element)
    element.removeAttribute(STATE)
    shown.delete(element)
  }

  /** Slots that have left the page take nothing of ours along: their page may put them back. */
  const sweep = (): void => {
    for (const element of [...shown.keys()]) if (!element.isConnected) release(element)
  }

  return {
    begin: () => {
      decisions = new Map()
      deciding = false
    },
    view: () => {
      decisions = new Map()
      deciding = true
      sweep()
      for (const element of [...shown.keys()]) settle(element)
      unwatch ??=
        root &&
        watchSlots(
          root,
          guard((element) => {
            // A slot inside another's default leaves the page together with it.
            if (!element.isConnected || shown.has(element)) return
            sweep()
            settle(element)
          }),
        )
    },
    decision: (slot) => (deciding ? (decisions.get(slot) ?? keep(decide(slot))) : undefined),
    render: (slot, data) => {
      const undo: (() => void)[] = []
      for (const [element, state] of [...shown]) {
        if (state.slot !== slot || !element.isConnected) continue
        revert(element)
        try {
          const own = { slot, variant: '', undo: renderData(element, data) }
          shown.set(element, own)
          // Only while it is still there: a later one, or another page view, may have taken its place.
          undo.push(() => shown.get(element) === own && settle(element))
        } catch (error) {
          report(`Slot "${slot}" cannot show this content: ${(error as Error).message}`, error)
          settle(element)
        }
      }
      return () => {
        for (const step of undo.splice(0)) step()
      }
    },
    stop: () => {
      unwatch?.()
      for (const element of [...shown.keys()]) release(element)
    },
  }
}
