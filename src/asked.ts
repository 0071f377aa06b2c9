// What is fetched when somebody asks: why something is so and, from one more file, what a visitor takes along and back.

import type { Decider } from './decide/decide.js'
import { type Asking, explain as explained } from './decide/explain.js'
import type { Portable, PortableOptions } from './portable.js'
import type { Site } from './site.js'
import type { Clause, Explanation, Exported, Imported, Ruleset } from './types.js'

export interface Known extends Omit<PortableOptions, 'decider'> {
  ruleset: Ruleset
  decider: Decider
  viewer(): Asking['viewer']
  decide: Site['decide']
}

export function explain({ ruleset, decider, viewer, facts, decide }: Known, asked: string | { segment: string }): Explanation | Clause | undefined {
  if (!ruleset) throw new Error('The ruleset could not be used, so that there is nothing to explain')
  const asking = (): Asking => ({ decider, viewer: viewer(), facts: facts() })
  return typeof asked === 'string' ? explained(ruleset, asked, asking, decide) : explained(ruleset, asked, asking)
}

const portable = async (known: Known) => (await import('./portable.js')).portable(known)

const takeOut = async (known: Known): Promise<Exported> => (await portable(known)).takeOut()
const takeIn = async (known: Known, data: unknown): Promise<Imported> => (await portable(known)).takeIn(data)
export const forget = async (known: Known, asked: Parameters<Portable['forget']>[0]): Promise<void> => (await portable(known)).forget(asked)

/** By the names that the site has for them. */
export { takeIn as import, takeOut as export }
