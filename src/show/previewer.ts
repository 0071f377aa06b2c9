// The preview itself: slots show what was asked for, segments have everybody in, a note says so, and nothing is counted.
// A page fetches this file only where somebody asks.

import type { Decision, RuleObject, Ruleset, Segment } from '../types.js'
import { previewNote } from './previewNote.js'

export interface Previewer {
  /** The ruleset by which a previewing page decides: its own object, changed. */
  apply(ruleset: Ruleset): void
  decide(decision: Decision): Decision
  stop(): void
}

const KEY = 'slotwise-preview'

/** Holds for everybody; beside it the rule itself, so that what is kept of the visitor's past stays whole. */
const everybody = (segment: Segment): Segment => {
  const { keep, ...rule } = typeof segment === 'string' ? { segment } : (segment as RuleObject & { keep?: unknown })
  return { any: [{ event: 'page_view', count: { $gte: 0 } }, rule as RuleObject] }
}

/** `asked` is `slot:variant` or `segment:name`, several by comma; nothing, or `off`, ends an earlier one. */
export function previewer(view: Window, asked: string): Previewer | undefined {
  const { sessionStorage, location } = view
  if (asked === '' || asked === 'off') {
    sessionStorage.removeItem(KEY)
    return undefined
  }
  sessionStorage.setItem(KEY, asked)
  const pairs = asked.split(',').map((pair): [string, string] => {
    const [name = '', ...value] = pair.trim().split(':')
    return [name, value.join(':')]
  })
  const segments = pairs.flatMap(([name, value]) => (name === 'segment' ? [value] : []))
  const variants = new Map(pairs.filter(([name]) => name !== 'segment'))

  const end = (): void => {
    sessionStorage.removeItem(KEY)
    const url = new URL(location.href)
    url.searchParams.delete(KEY)
    if (url.search === location.search) location.reload()
    else location.replace(url)
  }
  const says = [...[...variants].map(([slot, variant]) => `${slot} shows ${variant}`), ...segments.map((name) => `in segment ${name}`)]
  const remove = previewNote(view.document, says, end)

  return {
    apply: (ruleset) => {
      const all = Object.entries(ruleset.segments ?? {})
      ruleset.segments = Object.fromEntries(all.map(([name, segment]) => [name, segments.includes(name) ? everybody(segment) : segment]))
    },
    // What has no experience is no exposure: it opens no trial, makes no row and uses up no cap.
    decide: (decision) => {
      const { slot, experience, held, arm, because } = decision
      const variant = variants.get(slot)
      const kept = { experience: null, held: false, measured: false, reason: 'preview' as const }
      if (variant !== undefined) return { ...decision, ...kept, variant, arm: variant, because: `Previewed: "${variant}" was asked for.` }
      return experience === null ? decision : { ...decision, ...kept, variant: held ? arm : decision.variant, because: `Previewed: ${because}` }
    },
    stop: remove,
  }
}
