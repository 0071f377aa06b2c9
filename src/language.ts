// The whole language: every check with its sentences, the engine that answers all of it, every kind of variant, and
// all that a page tells of itself, slots by selector. The script tag fetches this file from beside itself for a ruleset
// that asks for more than most do, or that is wrong.

import { breath } from './lib/breath.js'
import { parsed } from './sense/about.js'
import type { Ruleset } from './types.js'

export { createDecider } from './decide/decide.js'
export { isPersonal } from './lib/pii.js'
export { usableRuleset } from './ruleset.js'
export { contextReader } from './sense/context.js'
export { triggers } from './sense/triggers.js'
export { finder } from './show/finder.js'
export { renderer } from './variants.js'

/** Before anything is made of a ruleset: to check it has taken a while, and so will that. */
export const ready = (ruleset: Ruleset): Promise<unknown> => Promise.all([breath(), parsed(ruleset)])
