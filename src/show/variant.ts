// Every kind of variant: what is put into a slot, what leads away from it, and a developer's own function.

import { at, own } from '../lib/own.js'
import type { Context, Decision, Props, Recalled, Recommend, Recommending, Ruleset, VariantData, VariantFunction } from '../types.js'
import { ahead } from './ahead.js'
import { alike, isPersonal } from './alike.js'
import { wrongAttribute } from './allow.js'
import { filler } from './fill.js'
import { parse } from './parse.js'
import { apply } from './patch.js'
import { type Change, plan } from './plan.js'
import { leave } from './redirect.js'
import { recommended } from './recommended.js'
import { type Rendering, renderContent } from './render.js'
import { swap } from './swap.js'

export interface RenderOptions {
  facts(): { traits: Props; context: Context }
  /** May requests depend on the profile? */
  free(): boolean
  /** Resolves when the exposures so far are kept. */
  kept(): Promise<unknown>
  report(message: string, error: unknown): void
  /** For recommendations: whose page it is, and what is kept of them. */
  site?: Recommending['site']
  fetch?: typeof globalThis.fetch
  random?(): number
  now?(): number
  decider?: { recall?(rules: Recommend, now: number, facts: { traits: Props; context: Context }): { [name: string]: unknown } }
}

/** `check` says what is wrong with a variant. */
export function createRendering(ruleset: Ruleset, check: (data: VariantData) => string | undefined, { facts, free, kept, report, site, now = () => 0, decider, ...network }: RenderOptions): Rendering {
  const names = ruleset.fill ?? []
  const known = (name: string): unknown => {
    const { traits, context } = facts()
    return name.startsWith('trait.') ? at(traits, name.slice(6)) : at(context, name)
  }
  const fill = filler(known, names)
  const filled = names.length > 0 ? fill.tree : undefined

  /** Throws for the first thing that is wrong: a variant is shown whole or not at all. */
  const changesOf = (data: VariantData): Change[] => {
    const wrong = check(data)
    if (wrong !== undefined) throw new Error(wrong)
    return plan(data, '', names, () => {}, parse).map((change): Change => {
      if ('text' in change) return { ...change, text: fill.text(change.text) }
      if (!('set' in change)) return change
      return { ...change, set: Object.fromEntries(Object.entries(change.set).map(([name, value]) => [name, fill.attribute(name, value)])) }
    })
  }
  const [meet, take, hold, tells] = alike(free, (slot) => isPersonal(ruleset, slot))
  const { load, shows, standIn } = ahead(take, hold)
  const recommends = recommended(ruleset, {
    ...(network as Required<typeof network>),
    site: site as Recommending['site'],
    recall: (rules) => decider?.recall?.(rules, now(), facts()) as Recalled,
    context: () => facts().context,
    free,
    allows: (element, attribute, value) => wrongAttribute(element, attribute, value) === undefined,
    swap,
    fill: (content) => filled?.(content),
    report,
  })

  /** Words are filled in anew each time, into pictures too. */
  const put = (content: DocumentFragment): DocumentFragment => {
    filled?.(content)
    return content
  }

  const run = (element: Element, work: VariantFunction, decision: Decision): (() => void) => {
    const own = [...element.childNodes]
    let undo: ReturnType<VariantFunction>
    try {
      undo = work(element, decision)
    } catch (error) {
      element.replaceChildren(...own)
      throw error
    }
    return () => {
      try {
        undo?.()
      } catch (error) {
        report(`Slot "${decision.slot}": the undo of variant "${decision.variant}" threw`, error)
      }
    }
  }

  return {
    meet: (element, slot) => {
      meet(element, slot)
      if (!tells(slot)) return
      if (element.matches('img[loading=lazy]')) (element as HTMLImageElement).loading = 'eager'
      const isOwn = /^(default)?$/.test(element.getAttribute('data-slot-state') ?? '')
      for (const data of Object.values(own(ruleset.slots, slot)?.variants ?? {})) {
        try {
          load(element, data, changesOf(data), isOwn)
        } catch {
          // It cannot be shown either, and is told of then.
        }
      }
    },
    template: (element, template, slot) => {
      const content = take(template, slot)
      const recommending = recommends(element, slot, template.getAttribute('data-variant') as string, template)
      if (recommending) return recommending
      return renderContent(element, put(content))
    },
    data: (element, data, decision, reached) => {
      if (typeof data === 'function') return run(element, data, decision as Decision)
      const recommending = decision && recommends(element, decision.slot, decision.variant)
      if (recommending) return recommending
      if (data.recommend) throw new Error('recommendations stand in the ruleset')
      const changes = changesOf(data)
      const guarded = decision && tells(decision.slot)
      if (data.redirect === undefined) return apply(element, changes, (nodes) => put(shows(element, data, nodes)), guarded ? (image) => standIn(image, data) : undefined)
      if (guarded) throw new Error('a redirect would tell the server what the visitor did: it waits until measure is granted, or for "requests": "free"')
      return leave(element.ownerDocument, data.redirect, async () => {
        reached?.()
        await kept()
      })
    },
  }
}
