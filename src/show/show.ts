// The door of the wing: each slot shows what was decided for this page view, and can be given back as it was.

import type { Guard } from '../lib/guard.js'
import { own } from '../lib/own.js'
import type { Decision, Early, SlotRules, VariantData, VariantFunction } from '../types.js'
import { elements } from './elements.js'
import { exposures } from './exposure.js'
import { hydration, WAIT } from './hydration.js'
import { hasRevealed } from './prehidden.js'
import type { Rendering } from './render.js'
import type { Finder } from './finder.js'
import { type Root, watchSlots } from './slots.js'

const STATE = 'data-slot-state'

export interface ShowOptions {
  /** Without one, as in Node, slots are decided and not shown. */
  root: Root | undefined
  guard: Guard
  /** What the bootstrap has shown before. */
  early?: Early | undefined
  /** What the bootstrap has decided, where that stands for this page view. */
  stands?(slot: string): Decision | undefined
  /** `late` for a slot that was held back in vain; `standing` is what was decided before, in the midst of a page view. */
  decide(slot: string, late?: boolean, standing?: Decision): Decision
  /** Asked at the first page view. */
  finder(page: Document): Finder
  /** The ruleset's slots; known at the first page view. */
  slots(): { [slot: string]: SlotRules }
  /** The content of a variant that no template in the slot holds. */
  variant(slot: string, name: string): VariantData | VariantFunction | undefined
  rendering(): Rendering
  decided(decision: Decision): void
  /** The start of a slot is on screen, once a page view; `seen` when half of it was in view for a second. */
  exposed(decision: Decision, seen: boolean): void
  report(message: string, error?: unknown): void
}

export interface Show {
  /** A page view is about to begin: the last one's decisions hold no longer. */
  begin(): void
  /** A page view: decides every slot, those included that come later. Nothing changes again until the next … */
  view(): void
  /** … but for slots that are live: what holds of the visitor may have changed. */
  revise(): void
  /** Decides one slot anew, in the midst of a page view: something has happened that it waited for. */
  again(slot: string): void
  /** The name of the slot that an element is, found by attribute or selector; undefined for other elements. */
  slotOf(element: Element): string | undefined
  /** What was decided for this page view; undefined while one is about to begin. */
  decision(slot: string): Decision | undefined
  /** After the first page view: looks for slots in one more root, such as a shadow root. */
  watch(root: Root): void
  /** Shows content of the caller's in every element of a slot; the undo shows the decision again. */
  render(slot: string, data: VariantData): () => void
  stop(): void
}

/** The start of a slot on screen, and half of it in view for a second. */
type Part = 'start' | 'half'

/** The page's own code shows what was decided, and says so by the state that it sets; here the slot is only watched. */
const isByPage = (element: Element): boolean => element.getAttribute('data-slot-by') === 'page'

export function show({ root, guard, early, stands, decide, finder, slots, variant, rendering, decided, exposed, report }: ShowOptions): Show {
  const page = root && (root.ownerDocument ?? (root as Document))
  let decisions = new Map<string, Decision>()
  /** What has been met of each experience in this page view. */
  let met = new Map<string, Set<Part>>()
  let deciding = false
  let isLate = hasRevealed
  /** From the first page view on. */
  let find: Finder | undefined
  let watching: ReturnType<typeof watchSlots> | undefined

  const meet = (part: Part) =>
    guard((element: Element): void => {
      const decision = decisions.get(shown.get(element)?.slot ?? '')
      if (!decision) return
      const key = [decision.slot, decision.experience, decision.arm].join()
      const parts = met.get(key) ?? new Set()
      if (parts.has(part)) return
      met.set(key, parts.add(part))
      if (part === 'start') exposed(decision, false)
      // Half of a tall slot may be in view before its start is; and nothing counts before that.
      if (parts.size === 2) exposed(decision, true)
    })
  const exposing = page && typeof IntersectionObserver !== 'undefined' ? exposures(page, meet('start'), meet('half')) : undefined

  const keep = (decision: Decision): Decision => {
    decisions.set(decision.slot, decision)
    decided(decision)
    return decision
  }

  /** What the bootstrap has said holds once: whoever decides anew in this page view, for whatever reason, decides. */
  const choose = (slot: string, revealed = false): Decision => {
    const before = stands?.(slot)
    early?.decisions.delete(slot)
    const late = early?.late.delete(slot)
    return before ?? decide(slot, late || revealed)
  }

  const adopt = (element: Element): void => {
    const one = early?.shown.get(element)
    if (one) shown.set(element, one)
    early?.shown.delete(element)
  }

  const settle = guard((element: Element, fresh?: Decision): void => {
    const slot = find?.nameOf(element)
    const byPage = isByPage(element)
    if (!slot || !deciding || !(byPage || isFree?.(element))) return
    adopt(element)
    const known = decisions.get(slot)
    // An element without the variant does not speak for the next one of the same slot.
    const decision = known?.reason === 'no-variant' ? { ...known, variant: known.arm } : (known ?? fresh ?? choose(slot, isLate(element)))
    rendering().meet(element, slot)
    const because = put(element, byPage ? { ...decision, variant: 'default' } : decision)
    if (!known) keep(because ? { ...decision, variant: 'default', reason: 'no-variant', because } : decision)
    if (!byPage) element.setAttribute(STATE, shown.get(element)?.variant ?? 'default')
    // The page's own content is no experience, unless one has chosen it.
    const counts = decision.experience !== null && (!byPage || element.getAttribute(STATE) === decision.variant)
    exposing?.[counts ? 'watch' : 'unwatch'](element)
  })
  const isFree = page && hydration(page, () => find && root?.querySelectorAll(find.all).forEach(found))
  const { shown, put, changed, drop, begin } = elements({ variant, rendering, reached: meet('start'), lost: settle, report })

  /** Gives an element back as it was. */
  const release = (element: Element): void => {
    exposing?.unwatch(element)
    drop(element)
    if (!isByPage(element)) element.removeAttribute(STATE)
  }

  /** Slots that have left the page take nothing of ours along, and are not held: their page may put them back. */
  const sweep = (): void => {
    for (const element of shown.keys()) if (!element.isConnected) release(element)
  }
  const moved = guard((changes: MutationRecord[]): void => {
    sweep()
    for (const { target } of changes) changed(target)
  })

  const found = (element: Element): void => {
    // A slot inside another's default leaves the page together with it.
    if (element.isConnected && (!shown.has(element) || isByPage(element))) settle(element)
  }
  const of = (slot: string): Element[] => [...shown.keys()].filter((element) => shown.get(element)?.slot === slot && element.isConnected)

  const again = (slot: string): void => {
    const standing = decisions.get(slot)
    const fresh = standing && decide(slot, false, standing)
    if (!fresh || (fresh.experience === standing.experience && fresh.arm === standing.arm && fresh.held === standing.held)) return
    decisions.delete(slot)
    for (const element of of(slot)) settle(element, fresh)
    // It may be rendered by code alone.
    if (!decisions.has(slot)) keep(fresh)
  }

  return {
    begin: () => {
      decisions = new Map()
      deciding = false
      // What was said for the document's own page view is said of no other.
      if (find) early?.decisions.clear()
    },
    view: () => {
      decisions = new Map()
      met = new Map()
      begin()
      deciding = true
      early?.take()
      early?.shown.forEach((_, element) => adopt(element))
      sweep()
      const starts = page && !find
      if (starts) {
        find = finder(page)
        watching = watchSlots(page, find.all, [STATE, WAIT], found, moved)
      }
      for (const element of [...shown.keys()]) settle(element)
      if (!starts) return
      // All of them are looked at before any is changed: between changes each look would lay out the page anew.
      const late = new Set([...root.querySelectorAll((find as Finder).all)].filter(hasRevealed))
      isLate = (element) => late.has(element)
      watching?.[0](root)
      isLate = hasRevealed
    },
    revise: () => {
      for (const slot of [...decisions.keys()]) if (own(slots(), slot)?.live) again(slot)
    },
    again,
    slotOf: (element) => shown.get(element)?.slot,
    decision: (slot) => (deciding ? (decisions.get(slot) ?? keep(choose(slot))) : undefined),
    watch: (where) => watching?.[0](where),
    render: (slot, data) => {
      const ours = of(slot).map((element) => [element, put(element, { slot, variant: '' }, data) === undefined && shown.get(element)] as const)
      for (const [element, one] of ours) if (!one) settle(element)
      return () => {
        // Only while it is still there: a later one, or another page view, may have taken its place.
        for (const [element, one] of ours.splice(0)) if (one && shown.get(element) === one) settle(element)
      }
    },
    stop: () => {
      deciding = false
      watching?.[1]()
      early?.stop()
      exposing?.stop()
      for (const element of [...shown.keys()]) release(element)
    },
  }
}
