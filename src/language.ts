// The whole language: every check with its sentences, the engine that answers all of it, every kind of variant, and
// slots by selector. The script tag fetches this file from beside itself for a ruleset that asks for more than most do,
// or that is wrong.

export { createDecider } from './decide/decide.js'
export { usableRuleset } from './ruleset.js'
export { triggers } from './sense/triggers.js'
export { finder } from './show/finder.js'
export { renderer } from './variants.js'
