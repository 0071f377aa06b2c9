// In the script tag's file, in place of sense/context.ts: tells what simple rulesets may ask for, and passes on all others.

import { type ContextReader, readHere } from '../sense/here.js'
import type { Ruleset } from '../types.js'
import { languages } from './whole.js'

export const contextReader = (view: Window, ruleset: Ruleset): ContextReader =>
  languages.get(ruleset)?.contextReader(view, ruleset) ?? { here: () => readHere(view, ruleset.pages) }
