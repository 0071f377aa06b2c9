// In the script tag's file, in place of sense/triggers.ts: only rulesets of the whole language wait for anything.

import type { triggers as all } from '../sense/triggers.js'
import { languages } from './whole.js'

export const triggers: typeof all = (ruleset, ...others) => languages.get(ruleset)?.triggers(ruleset, ...others)
