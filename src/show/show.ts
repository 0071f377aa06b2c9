// The door of the wing: each slot shows what was decided for this page view, and can be given back as it was.

import type { Guard } from '../lib/guard.js'
import type { Decision, VariantData, VariantFunction } from '../types.js'
import { exposures } from './exposure.js'
import { type Rendering, templateOf } from './render.js'
import { watchSlots } from './slots.js'

const STATE = 'data-slot-state'

export interface ShowOptions {
  /** Without one, as in Node, slots are decided and not shown. */
  root: Document | DocumentFragment | Element | undefined
  guard: Guard
  decide(slot: string): Decision
  /** The content of a variant that no template in the slot holds. */
  variant(slot: string, name: string): VariantData | VariantFunction | undefined
  rendering(): Rendering
  decided(decision: Decision): void
  /** The start of a slot is on screen, once a page view; `seen` when half of it was in view for a second. */
  exposed(decision: Decision, seen: boolean): void
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

/** The start of a slot on screen, and half of it in view for a second. */
type Part = 'start' | 'half'

interface Shown {
  slot: string
  variant: string
  undo(): void
}

const asIs = (slot: string): Shown => ({ slot, variant: 'default', undo: () => {} })

export function show({ root, guard, decide, variant: dataOf, rendering, decided, exposed, report }: ShowOptions): Show {
  const shown = new Map<Element, Shown>()
  let decisions = new Map<string, Decision>()
  /** What has been met of each slot in this page view. */
  let met = new Map<string, Set<Part>>()
  let deciding = false
  let unwatch: (() => void) | undefined

  const meet = (part: Part) =>
    guard((element: Element): void => {
      const { slot } = shown.get(element) ?? asIs('')
      const decision = decisions.get(slot)
      const parts = met.get(slot) ?? new Set()
      if (!decision || parts.has(part)) return
      met.set(slot, parts.add(part))
      if (part === 'start') exposed(decision, false)
      // Half of a tall slot may be in view before its start is; and nothing counts before that.
      if (parts.size === 2) exposed(decision, true)
    })
  const page = root && (root.ownerDocument ?? (root as Document))
  const exposing = page && typeof IntersectionObserver !== 'undefined' ? exposures(page, meet('start'), meet('half')) : undefined

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

  /** Why, with a diagnostic, the element cannot show it; undefined when it does. */
  const put = (element: Element, decision: Decision): string | undefined => {
    const { slot, variant } = decision
    if (shown.get(element)?.variant === variant) return
    revert(element)
    if (variant === 'default') return
    try {
      const template = templateOf(element, variant)
      const data = dataOf(slot, variant)
      if (!template && !data) throw new Error('it has neither a <template data-variant> in the slot nor an entry in the ruleset')
      const undo = template ? rendering().template(element, template, slot) : rendering().data(element, data as VariantData, decision, () => meet('start')(element))
      shown.set(element, { slot, variant, undo })
    } catch (error) {
      const because = `Slot "${slot}" keeps its default, variant "${variant}" cannot be shown: ${(error as Error).message}`
      report(because, error)
      return because
    }
  }

  const settle = guard((element: Element): void => {
    const slot = element.getAttribute('data-slot')
    if (!slot) return
    if (!shown.has(element)) shown.set(element, asIs(slot))
    const known = decisions.get(slot)
    // An element without the variant does not speak for the next one of the same slot.
    const decision = known?.reason === 'no-variant' ? { ...known, variant: known.arm } : (known ?? decide(slot))
    rendering().meet(element, slot)
    const because = put(element, decision)
    if (!known) keep(because ? { ...decision, variant: 'default', reason: 'no-variant', because } : decision)
    element.setAttribute(STATE, shown.get(element)?.variant ?? 'default')
    // The page's own content is no experience, unless one has chosen it.
    if (decision.experience === null) exposing?.unwatch(element)
    else exposing?.watch(element)
  })

  /** Gives an element back as it was. */
  const release = (element: Element): void => {
    exposing?.unwatch(element)
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
      met = new Map()
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
          const own = { slot, variant: '', undo: rendering().data(element, data) }
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
      exposing?.stop()
      for (const element of [...shown.keys()]) release(element)
    },
  }
}
