// In the script tag's file, in place of show/finder.ts: slots by their attribute. Selectors are of the whole language.

import type { finder as all, Finder } from '../show/finder.js'
import { languages } from './whole.js'

const simple: Finder = { all: '[data-slot]', nameOf: (element) => element.getAttribute('data-slot') || undefined }

export const finder: typeof all = (ruleset, ...others) => languages.get(ruleset)?.finder(ruleset, ...others) ?? simple
