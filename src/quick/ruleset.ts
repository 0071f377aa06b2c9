// In the script tag's file, in place of ruleset.ts: takes a simple ruleset at once, and has any other one looked at.

import { fetched, type Source } from '../load.js'
import type { Problem } from '../ruleset.js'
import type { Ruleset } from '../types.js'
import { isSimple } from './check.js'
import { whole } from './whole.js'

/** The script tag never gives a ruleset as an object; whoever does all the same gets the simple language. */
export function assertRuleset(value: unknown): Ruleset {
  if (!isSimple(value)) throw new Error('The ruleset is not simple')
  return value
}

/** A usable ruleset from its address, or from whatever loads it. Rejects with what is wrong, or when it takes too long. */
export async function loadRuleset(source: Source, fetch: typeof globalThis.fetch, dropped: (problem: Problem) => void): Promise<Ruleset> {
  const loaded = await fetched(source, fetch)
  return isSimple(loaded[0]) ? loaded[0] : whole(loaded, dropped)
}
