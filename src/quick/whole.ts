// Rulesets that ask for more than the simple language, or are wrong: the file that knows all of it is fetched for them.

import { deadline } from '../lib/deadline.js'
import { type Loaded, WITHIN } from '../load.js'
import type { Problem } from '../ruleset.js'
import type { Ruleset } from '../types.js'

/** What was fetched for such a ruleset. */
export const languages = new WeakMap<Ruleset, typeof import('../language.js')>()

export const language = (): Promise<typeof import('../language.js')> =>
  deadline(import('../language.js'), WITHIN, 'language.js').catch((error) => {
    throw new Error(`language.js, which this needs beside the script, could not be loaded: ${error}`)
  })

/** The ruleset as the whole language has it, usable or explained. Rejects, too, where that file cannot be had. */
export async function whole(loaded: Loaded, dropped: (problem: Problem) => void): Promise<Ruleset> {
  const known = await language()
  const ruleset = known.usableRuleset(loaded, dropped)
  languages.set(ruleset, known)
  await known.ready(ruleset)
  return ruleset
}
