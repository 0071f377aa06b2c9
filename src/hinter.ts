// Leaves the hint for the next page, while and after this one is read. A page fetches this file only where the bootstrap
// is there to read it.

import type { Viewer } from './decide/decide.js'
import { foresee } from './decide/foresee.js'
import { DAY, utcDay } from './lib/day.js'
import { own } from './lib/own.js'
import { signalled } from './lib/signalled.js'
import { VISIT_IDLE } from './lib/visit.js'
import { type Foreseen, putHint, readHint } from './remember/hint.js'
import { wishing } from './remember/left.js'
import { isPersonal } from './show/alike.js'
import type { Consent, Context, Decision, Experience, Profile, Props, Rule, Ruleset, Stages } from './types.js'

/** ms between two hints, while much happens. */
const PAUSE = 200

/** ms. What was said so long ago is not shown before somebody has looked. */
const OLDEST = 30 * DAY

/** What a rule can see besides behaviour. */
interface Facts {
  traits: Props
  context: Context
}

export interface HinterOptions {
  ruleset: Ruleset
  decider: {
    until?(rule: Rule, now: number, facts: Facts): number
    decide(slot: string, viewer: Viewer, facts: Facts): Decision
    state?(): unknown
    /** What keeps experiences away, where the ruleset can say that. */
    terms?: Map<Experience, { limits: { rule: Rule }[] }> | undefined
  }
  memory: { profile(): Profile; seed(): string }
  /** Somebody looks ahead: by what is only previewed nothing can be foreseen. */
  previewing?: unknown
  /** What may be kept, and until when at most; and whether requests may depend on the visitor. */
  consenting: { mode(): string; lapses(): number; measures(): boolean | undefined; state(): Pick<Consent, 'paused'> }
  now: () => number
  on<K extends keyof Stages>(stage: K, listener: (value: Stages[K]) => void): () => void
  facts(): Facts
  viewer(): Viewer
}

export interface Hinter {
  write(): void
  stop(): void
}

/** What an experience's place in its slot depends on. */
const rulesOf = ({ when, split }: Experience, limits: { rule: Rule }[] = []): Rule[] => [...(when === undefined ? [] : [when]), ...limits.map(({ rule }) => rule), ...(split?.by ?? []).map(({ segment }) => segment)]

export function createHinter({ ruleset, decider, memory, previewing, consenting, now, on, facts, viewer }: HinterOptions): Hinter {
  const { slots = {} } = ruleset
  const { profile, seed } = memory
  let well = false
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Whose hint has been there while this page was: where it is gone, they have been forgotten, perhaps in another tab. */
  let seen: string | undefined
  let last = ''

  const foreseen = (slot: string): Foreseen => {
    // As it would be decided for a page that began now.
    const decision = decider.decide(slot, { ...viewer(), view: undefined }, facts())
    const time = now()
    const prospect = { now: time, visitEnds: (profile().lastAt ?? 0) + VISIT_IDLE, rulesOf: (one: Experience) => rulesOf(one, decider.terms?.get(one)?.limits), until: (rule: Rule) => (previewing ? 0 : (decider.until?.(rule, time, facts()) ?? 0)) }
    const stands = Math.min(foresee(ruleset, decision, prospect), utcDay(time) * DAY + OLDEST, consenting.lapses())
    const data = own(own(slots, slot)?.variants, decision.variant)
    const simple = data === undefined || (Object.keys(data).join() === 'text' && !JSON.stringify(data).includes('{{'))
    // More than words, or words that are filled in, only the script can show; a template on the page it leaves alone.
    if (stands === 0 || !simple) return [0]
    return [stands, decision, data?.text ?? null, consenting.measures() || ruleset.consent?.requests === 'free' || !isPersonal(ruleset, slot)]
  }

  const write = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (consenting.state().paused || wishing()) {
      // Somebody else's, as long as it lasts, or with something in it that is to be forgotten; what follows is a beginning.
      seen = undefined
      putHint(undefined)
      return
    }
    // Nobody yet, or nobody any more.
    if (!well || consenting.mode() !== 'local' || profile().events === 0) return
    const of = seed()
    const standing = readHint()
    if (standing ? ![of, seen].includes(standing.of) : seen === of) return
    const foretold = Object.fromEntries(Object.keys(slots).map((slot) => [slot, foreseen(slot)]))
    const text = of + JSON.stringify(foretold)
    seen = of
    if (text === last && standing) return
    last = text
    putHint({ v: 1, of, signal: signalled(), slots: foretold })
  }
  const soon = (): void => {
    timer ??= setTimeout(write, PAUSE)
  }

  const undo = [
    on('health', ({ store }) => {
      // While the store fails, this page does not know who is there.
      well = store === 'device'
      const standing = readHint()
      // Of somebody who has been forgotten, by a page that had not heard of it.
      if (well && standing && standing.of !== seed()) putHint(undefined)
      write()
    }),
    on('segments', write),
    on('event', soon),
    on('consent', soon),
  ]

  return {
    write,
    stop: () => {
      clearTimeout(timer)
      for (const step of undo) step()
    },
  }
}
