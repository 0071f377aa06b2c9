// Other people's banners: joins what consent managers say to one answer. Fetched only by pages that have one.

import type { Answer, Consenting } from './consent.js'
import { LASTS } from './lib/day.js'
import { guarded } from './lib/guard.js'
import { listen, together } from './lib/listen.js'
import { isObject, own } from './lib/own.js'
import { signalled } from './lib/signalled.js'
import type { ConsentRules, ConsentSource, Permission, Told } from './types.js'

type Report = (code: string, message: string, error?: unknown) => void

const CONTROL = '[data-slotwise-consent]'

/** Anything but a plain yes or no is none. */
const word = (told: unknown, purpose: string): Permission => {
  const said = isObject(told) ? own(told, purpose) : undefined
  return said === 'granted' || said === 'denied' ? said : 'unset'
}
const words = (told: unknown): Required<Told> => ({ personalize: word(told, 'personalize'), measure: word(told, 'measure') })

const joined = (answers: Answer[], purpose: keyof Told): Permission => {
  const said = answers.map((answer) => word(answer, purpose))
  return said.includes('denied') ? 'denied' : said.includes('granted') ? 'granted' : 'unset'
}

/** Listens to all of them, and opens the first that can be opened for who clicks the page's control. Gives the undo. */
export function follow(sources: ConsentSource[], rules: ConsentRules | undefined, consenting: Consenting, now: () => number, report: Report): () => void {
  const revision = rules?.revision ?? 0
  const names = sources.map(({ name }) => name)

  const holds = (answer: unknown): answer is Answer => isObject(answer) && (answer.revision as number) >= revision && now() - (answer.at as number) <= LASTS

  const join = (from: { [source: string]: Answer }): Answer | null => {
    const kept = names.filter((name) => own(from, name))
    if (kept.length === 0) return null
    const speaking = kept.filter((name) => holds(from[name]))
    const answers = speaking.map((name) => from[name] as Answer)
    return {
      personalize: joined(answers, 'personalize'),
      measure: joined(answers, 'measure'),
      // It holds no longer than the first of them to lapse or to be asked anew, and not at all where none holds any more.
      at: Math.min(now(), ...answers.map(({ at }) => at)),
      revision: speaking[0] ? Math.min(...answers.map((answer) => answer.revision)) : -1,
      signal: answers.every(({ signal }) => signal === true),
      by: speaking.join(' '),
      from: Object.fromEntries(kept.map((name) => [name, from[name] as Answer])),
    }
  }

  const subscribed = (source: ConsentSource): (() => void) => {
    const { name } = source
    let spoken = false
    let broken = false
    const failed = (error: unknown): void => {
      if (!broken) report('consent', `The consent source "${name}" failed; what was answered last stands`, error)
      broken = true
    }
    const heard = (told: Told): void => {
      const said = words(told)
      const held = consenting.stored()
      const from = { ...(isObject(held?.from) ? held.from : {}) }
      const before = own(from, name)
      const [was, is] = [words(before), said].map(({ personalize, measure }) => `${personalize} ${measure}`)
      const inThisPage = spoken
      spoken = true
      const silent = is === 'unset unset'
      // Who repeats an answer has said nothing new, other than that it stands still.
      if (was === is && (silent || consenting.state().by !== 'nobody')) return
      if (silent) delete from[name]
      else if (was === is && before) from[name] = { ...before, at: now() }
      else {
        // A signal is overruled only by a word that is known to be newer: managers tell on every page what was answered long ago.
        from[name] = { ...said, at: now(), revision, signal: inThisPage ? signalled() : before?.signal === true }
      }
      const joint = join(from)
      // A pause is the visitor's own word, whatever a manager repeats on every page.
      consenting.put(held?.paused ? { personalize: 'unset', measure: 'unset', at: now(), revision: -1, ...joint, paused: true } : joint)
    }
    let undo: (() => void) | undefined
    guarded(failed)(() => {
      undo = source.subscribe(guarded(failed)(heard), failed)
    })()
    return () => guarded(failed)(() => undo?.())()
  }

  const clicked = (event: Event): void => {
    const source = sources.find(({ open }) => open)
    if (!source || !event.composedPath().some((target) => (target as Element).matches?.(CONTROL))) return
    // It may be a link to the policy, for when there is no script.
    event.preventDefault()
    guarded((error) => report('consent', `The dialog of "${source.name}" could not be opened`, error))(() => source.open?.())()
  }

  return together([...sources.map(subscribed), listen(globalThis, 'click', clicked)])
}
