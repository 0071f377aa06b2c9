// Rulesets that ask for more than the simple language, or are wrong: the file that knows all of it is fetched for them.

import type { Decider } from '../decide/decide.js'
import { deadline } from '../lib/deadline.js'
import { printOf } from '../lib/fingerprint.js'
import { WITHIN } from '../load.js'
import type { Problem } from '../ruleset.js'
import type { Ruleset } from '../types.js'

/** What decides by such a ruleset. */
export const deciders = new WeakMap<Ruleset, (ruleset: Ruleset) => Decider>()

/** The ruleset as the whole language has it, usable or explained. Rejects, too, where that file cannot be had. */
export async function whole(value: unknown, dropped: (problem: Problem) => void): Promise<Ruleset> {
  const language = deadline(import('../language.js'), WITHIN, 'language.js').catch((error) => {
    throw new Error(`The ruleset needs language.js, or something is wrong in it, and language.js could not be loaded from beside the script: ${error}`)
  })
  const { createDecider, usableRuleset } = await language
  const ruleset = usableRuleset(value, dropped)
  // Only this file has seen the text.
  deciders.set(ruleset, (given) => createDecider(given, () => printOf(ruleset)))
  return ruleset
}
