// Recommendations: the files that make them are fetched when a slot asks for some. Until they come, and where they cannot,
// the slot keeps the page's own content.

import { own } from '../lib/own.js'
import { later } from '../lib/later.js'
import type { Recommending, Ruleset, SlotRules } from '../types.js'

type Shows = ReturnType<(typeof import('../extras/recommender.js'))['recommender']>

/** The slots, with what experiences recommend by themselves as variants of their names. */
export const withRecommended = (slots: Ruleset['slots'] = {}): { [slot: string]: SlotRules } =>
  Object.fromEntries(
    Object.entries(slots).map(([slot, rules]) => {
      const named = (rules.experiences ?? []).flatMap(({ name, recommend }) => (recommend ? [[name, { recommend }]] : []))
      return [slot, named.length > 0 ? { ...rules, variants: { ...rules.variants, ...Object.fromEntries(named) } } : rules]
    }),
  )

export function recommended(ruleset: Ruleset, given: Recommending) {
  let coming: Promise<Shows> | undefined
  const fetched = (): Promise<Shows> => {
    coming ??= Promise.all([import('../extras/recommender.js'), import('../extras/recommend.js')]).then(([{ recommender }, ranking]) => recommender(given, ranking))
    coming.catch(() => {
      coming = undefined
    })
    return coming
  }
  /** Undefined where that variant recommends nothing. `nodes` of the undo are those that are shown, once they are. */
  return (element: Element, slot: string, variant: string, template?: HTMLTemplateElement): ((() => void) & { nodes: Node[] }) | undefined => {
    const rules = own(own(ruleset.slots, slot)?.variants, variant)?.recommend
    if (!rules) return undefined
    const nodes: Node[] = []
    const undo = later(
      fetched(),
      (show) => show(element, slot, rules, template, nodes),
      (error) => given.report(`Slot "${slot}" keeps its own content: recommend.js could not be loaded`, error),
    )
    return Object.assign(undo, { nodes })
  }
}
