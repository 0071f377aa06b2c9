// In the script tag's file, in place of fence.ts: by shape alone. What takes check digits or a look at its letters,
// language.js brings.

import type { IsPersonal } from '../lib/fenced.js'
import type { Ruleset } from '../types.js'
import { languages } from './whole.js'

/** E-mail; telephone with its country or area. */
const PERSONAL = /\S@\S+\.[a-z]|\+\d[\d ().-]{7}|\b\d\d\d?[) .-]+\d{3,5}[ .-]\d{4}\b/i
/** As many digits as a CPF or a card has, the signs of a CNPJ, UUIDs and the like. */
const CODE = /\b(\d{3}\.?){3}-?\d\d\b|\.\w{3}\.\w{3}\/|\b(\d{4}[ -]?){3}\d{3,4}\b|([\da-f]{4}-?){8}/i

const looksPersonal: IsPersonal = (text, name = '') => PERSONAL.test(text) || (!/item|product|variant|sku/i.test(name) && CODE.test(text))

export const fence = (ruleset: Ruleset): IsPersonal => languages.get(ruleset)?.isPersonal ?? looksPersonal
