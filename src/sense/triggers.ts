// triggers(): notices what changes a slot in the midst of a page view: what its experiences wait for, and a dismissal.
// Listens to nothing that no experience asks for, and only until all has happened that they wait for.

import { dismissal } from '../lib/exposure.js'
import type { Guard } from '../lib/guard.js'
import { happened } from '../lib/happened.js'
import type { Decision, Ruleset, Signal, Trigger } from '../types.js'
import { depth } from './depth.js'
import { dismissals } from './dismiss.js'
import { engagement } from './engagement.js'
import { exit } from './exit.js'

export interface Triggers {
  /** A page view begins: nothing has fired in it. */
  begin(): void
  /** An event of this type has been recorded. */
  heard(type: string): void
  fired(trigger: Trigger): boolean
  /** Has the visitor dismissed what the slot showed? */
  dismissed(slot: string): boolean
  stop(): void
}

type Page = { view: Window; guard: Guard }

/** A hair may be missing at the end of a page that is zoomed. */
const HAIR = 0.0025

/** How each kind is noticed. */
const LISTEN: { [kind: string]: (page: Page, happen: (fact: Trigger) => void) => () => void } = {
  exit: (page, happen) => exit(page, () => happen({ exit: true })),
  scroll: (page, happen) => depth(page, (share) => happen({ scroll: share + HAIR })),
  engaged: (page, happen) => engagement(page, (engaged) => happen({ engaged: `${engaged}s` })),
  idle: (page, happen) => engagement(page, (_, idle) => happen({ idle: `${idle}s` })),
}

/** What is shown, and what can be done about it. */
export interface Stage {
  /** The name of the slot that an element is; undefined for other elements. */
  slotOf(element: Element): string | undefined
  decision(slot: string): Decision | undefined
  /** Decides a slot again. */
  again(slot: string): void
}

/** Undefined where no experience waits for anything, or can be dismissed. */
export function triggers({ slots = {} }: Ruleset, root: Node | undefined, guard: Guard, stage: Stage, note: (signal: Signal) => void): Triggers | undefined {
  const all = Object.entries(slots).flatMap(([slot, { experiences = [] }]) => experiences.map((one) => ({ ...one, slot })))
  const wanted = all.flatMap(({ on, enabled, slot }): [Trigger, string][] => (on && enabled !== false ? [[on, slot]] : []))
  const dismissible = all.flatMap(({ cooldown, name }) => (cooldown ? [name] : []))
  if (wanted.length + dismissible.length === 0) return undefined
  const document = root && (root.ownerDocument ?? (root as Document))
  const view = document?.defaultView
  let past = new Set<Trigger>()
  let closed = new Set<string>()
  let undo: (() => void)[] = []

  const rest = (): void => {
    for (const step of undo) step()
    undo = []
  }
  const happen = (fact: Trigger): void => {
    const met = wanted.filter(([trigger]) => !past.has(trigger) && happened(trigger, fact))
    for (const [trigger] of met) past.add(trigger)
    for (const slot of new Set(met.map(([, slot]) => slot))) stage.again(slot)
  }

  const dismissed = guard((slot: string): void => {
    const decision = stage.decision(slot)
    if (!decision || decision.variant === 'default' || !dismissible.includes(decision.experience ?? '')) return
    closed.add(slot)
    note(dismissal(decision))
    stage.again(slot)
  })
  const unlisten = document && dismissible.length > 0 ? dismissals(document, stage.slotOf, dismissed) : undefined

  return {
    begin: () => {
      rest()
      past = new Set()
      closed = new Set()
      for (const [kind, listen] of Object.entries(LISTEN)) {
        const waits = (): boolean => wanted.some(([trigger]) => kind in trigger && !past.has(trigger))
        if (!view || !waits()) continue
        const end = listen({ view, guard }, (fact) => {
          happen(fact)
          if (!waits()) end()
        })
        undo.push(end)
      }
    },
    heard: guard((type: string) => happen({ event: type })),
    fired: (trigger) => past.has(trigger),
    dismissed: (slot) => closed.has(slot),
    stop: () => {
      rest()
      unlisten?.()
    },
  }
}
