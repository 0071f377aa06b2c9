// The hint: what the page before knew of each slot, kept where the next page can read it before anything is painted.

import { isObject, own } from '../lib/own.js'
import { signalled } from '../lib/signalled.js'
import type { Decision } from '../types.js'

export const HINT = 'slotwise:hint'

/** Characters. What is longer has been written by somebody else. */
const LARGEST = 50_000

/**
 * A slot's decision, and the ruleset's own texts for its variant, until a time in ms since 1970; or only 0, where the next
 * page has to decide. `free`: what it loads may depend on the visitor.
 */
export type Foreseen = [until: number, decision?: Decision, text?: { [selector: string]: string } | null | undefined, free?: boolean]

export interface Hint {
  v: 1
  /** Whose: the visitor's seed, so that nobody is shown what another was. */
  of: string
  /** Was the browser's signal on when it was written? Then the visitor has allowed it in spite of that. */
  signal: boolean
  slots: { [slot: string]: Foreseen }
}

/** A decision's fields, and the first letter of what each is; 0 for null. */
const FIELDS = 'slot variant arm stratum reason because experience probability epoch weights held measured'.split(' ')
const TYPES = /^s{6}[s0]nn[n0]bb$/

/** Read as a stranger's: any script of the site can write there. */
const isDecision = (value: unknown, slot: string): value is Decision =>
  own(value as { slot?: unknown }, 'slot') === slot &&
  TYPES.test(
    FIELDS.map((field) => {
      const found = own(value as { [field: string]: unknown }, field)
      return found === null ? 0 : (typeof found)[0]
    }).join(''),
  )

/** The hint that stands there, if it makes sense and the browser has not said no since; storage may be denied. */
export function readHint(): Hint | undefined {
  try {
    const text = localStorage.getItem(HINT) ?? ''
    const hint: unknown = text.length < LARGEST && JSON.parse(text)
    return isObject(hint) && hint.v === 1 && typeof hint.of === 'string' && (hint.signal === true || !signalled()) ? (hint as unknown as Hint) : undefined
  } catch {
    return undefined
  }
}

/** Undefined takes away what stands there; where there is no room, that must not go on speaking either. */
export function putHint(hint: Hint | undefined): void {
  try {
    const text = hint && JSON.stringify(hint)
    if (text && text.length < LARGEST) {
      localStorage.setItem(HINT, text)
      return
    }
  } catch {
    // Full.
  }
  try {
    localStorage.removeItem(HINT)
  } catch {
    // Denied: nothing stands there.
  }
}

/** What a hint says of a slot; undefined where it says nothing that can be used. */
export function foreseenIn(hint: Hint, slot: string): Foreseen | undefined {
  const found: unknown = own(hint.slots, slot)
  if (!Array.isArray(found) || !Number.isFinite(found[0])) return undefined
  const [until, decision, text, free] = found
  const usable = isDecision(decision, slot) && (text == null || (isObject(text) && Object.values(text).every((words) => typeof words === 'string')))
  return usable ? [until, decision, text as Foreseen[2], free] : [0]
}
