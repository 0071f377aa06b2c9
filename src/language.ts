// The whole language: every check with its sentences, the engine that answers all of it, every kind of variant, and
// all that a page tells of itself, slots by selector. The script tag fetches this file from beside itself for a ruleset
// that asks for more than most do, or that is wrong.

export { createDecider } from './decide/decide.js'
export { isPersonal } from './lib/pii.js'
export { usableRuleset } from './ruleset.js'
export { parsed as ready } from './sense/about.js'
export { contextReader } from './sense/context.js'
export { triggers } from './sense/triggers.js'
export { finder } from './show/finder.js'
export { renderer } from './variants.js'
