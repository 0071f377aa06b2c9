// Consent: what the visitor allows. One record in localStorage, which can be read without a database and at once, so
// that it is read anew before every write and every send.

import { DAY, LASTS } from './lib/day.js'
import { listen } from './lib/listen.js'
import { isObject, own } from './lib/own.js'
import { signalled } from './lib/signalled.js'
import type { Choice, Consent, ConsentRules, Evidence, Permission, Told } from './types.js'

/** What may be kept: on the device, for this page, or nothing. */
export type Mode = NonNullable<ConsentRules['before']>

const KEY = 'slotwise:consent'

const PURPOSES = ['personalize', 'measure'] as const
const ANSWERS: unknown[] = ['granted', 'denied', 'unset'] satisfies Permission[]

/** An answer, as it is kept. */
export interface Answer extends Required<Told> {
  /** ms since 1970. */
  at: number
  revision: number
  /** Was the browser's signal on when it was given? Then it was given in spite of it. */
  signal?: boolean
  /** The consent managers that it comes from. */
  by?: string | undefined
  /** What each of them said last. */
  from?: { [source: string]: Answer } | undefined
  evidence?: Evidence | undefined
  /** Until the visitor says otherwise, or answers anew; a pause alone is an answer to nothing. */
  paused?: boolean | undefined
}

export interface ConsentOptions {
  now: () => number
  /** What holds is another than before: the visitor has answered, here or in another tab, or was forgotten. */
  changed(): void
  report(message: string, error?: unknown): void
}

export interface Consenting {
  /** Until it is known what the ruleset asks, nothing is granted. */
  ask(rules: ConsentRules | undefined, sends: boolean, elsewhere?: unknown): void
  state(): Consent
  mode(): Mode
  /** Until when the answer holds, in ms since 1970; Infinity while there is none. */
  lapses(): number
  /** May rows be made and sent? Undefined where they might, but for a pause: what is kept for that stays. */
  measures(): boolean | undefined
  /** The answer is committed when this returns. */
  choose(choice: Choice): void
  /** Nothing is recorded, sent or decided meanwhile, and nothing is lost; committed when this returns. */
  pause(paused: boolean): void
  forget(): void
  /** The last answer, whether it holds or not. */
  stored(): Answer | undefined
  /** Puts an answer in its place, or none. */
  put(answer: Answer | null): void
  /** Looks whether something else holds by now. */
  refresh(): void
  stop(): void
}

export function openConsent({ now, changed, report }: ConsentOptions): Consenting {
  let rules: ConsentRules | undefined
  let asks = false
  let sends = false
  let last = ''
  /** Where storage is denied, an answer holds for the page; null is an answer that was taken back. */
  let unkept: Answer | null | undefined

  const stored = (): Answer | undefined => {
    if (unkept !== undefined) return unkept ?? undefined
    try {
      // A record that makes no sense is no answer.
      const record: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null')
      const usable = isObject(record) && PURPOSES.every((purpose) => ANSWERS.includes(own(record, purpose))) && [record.at, record.revision].every(Number.isFinite)
      return usable ? (record as unknown as Answer) : undefined
    } catch {
      return undefined
    }
  }

  /** The answer that holds: to what is asked now, given not too long ago, and not in a future that a wrong clock made. */
  const answer = (): Answer | undefined => {
    const found = stored()
    if (!found || !rules) return undefined
    const age = now() - found.at
    return found.revision >= (rules.revision ?? 0) && age <= LASTS && age > -DAY ? found : undefined
  }

  const state = (): Consent => {
    const given = answer()
    // A signal that came after the answer is the newer word.
    const signal = !!rules && signalled() && !given?.signal
    const said = (purpose: (typeof PURPOSES)[number]): Permission => (signal ? 'denied' : (given?.[purpose] ?? 'unset'))
    return {
      personalize: said('personalize'),
      measure: said('measure'),
      by: signal ? 'signal' : given ? (given.by ?? 'visitor') : 'nobody',
      paused: stored()?.paused,
      notice: { ...rules, asks, sends },
    }
  }

  const refresh = (): void => {
    const { notice, ...said } = state()
    const holds = JSON.stringify(said)
    if (!rules || holds === last) return
    last = holds
    changed()
  }

  const put = (answer: Answer | null): void => {
    unkept = undefined
    try {
      // In one step: another tab may look at any moment, and take a gap for an answer that was taken back.
      if (answer) localStorage.setItem(KEY, JSON.stringify({ v: 1, ...answer }))
      else localStorage.removeItem(KEY)
    } catch (error) {
      unkept = answer
      if (answer) report('The answer holds for this page only', error)
      try {
        // A yes from before must not outlive a no that there is no room for.
        localStorage.removeItem(KEY)
      } catch {}
    }
    refresh()
  }

  // Only other tabs hear this event; a cleared storage has no key.
  const unlisten = listen(globalThis, 'storage', ({ key }: StorageEvent) => {
    if (key !== KEY && key !== null) return
    // What was said there is newer than what could not be kept here.
    unkept = undefined
    refresh()
  })

  const mode = (): Mode => {
    const { personalize } = state()
    return personalize === 'granted' ? 'local' : personalize === 'denied' ? 'off' : (rules?.before ?? 'local')
  }

  return {
    ask: (asked, canSend, elsewhere) => {
      rules = asked ?? {}
      asks = asked !== undefined && asked.banner !== false && !elsewhere
      sends = canSend
      refresh()
    },
    state,
    mode,
    lapses: () => (answer()?.at ?? Number.POSITIVE_INFINITY) + LASTS,
    measures: () => {
      const { measure, paused } = state()
      return measure === 'granted' && mode() === 'local' && (!paused || undefined)
    },
    choose: (choice) => {
      const chosen = PURPOSES.map((purpose) => [purpose, own(choice as { [purpose: string]: unknown }, purpose)] as const).filter(([, value]) => value !== undefined)
      if (!chosen[0] || chosen.some(([, value]) => value !== 'granted' && value !== 'denied')) {
        return report('consent() is ignored, unless it is "granted" or "denied"')
      }
      // Where the ruleset did not come, the rest of an earlier answer stands as it was.
      const { personalize = 'unset', measure = 'unset', revision = 0 }: Partial<Answer> = rules ? { ...state(), ...rules } : (stored() ?? {})
      put({ personalize, measure, revision, ...Object.fromEntries(chosen), at: now(), signal: !!rules && signalled(), evidence: choice.evidence, from: stored()?.from })
    },
    pause: (paused) => put({ personalize: 'unset', measure: 'unset', revision: -1, at: now(), ...stored(), paused }),
    forget: () => put(null),
    stored,
    put,
    refresh,
    stop: unlisten,
  }
}
