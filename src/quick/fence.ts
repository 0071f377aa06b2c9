// In the script tag's file, in place of fence.ts: by shape alone. What takes check digits or a look at its letters,
// language.js brings.

import type { IsPersonal } from '../lib/fenced.js'
import type { Ruleset } from '../types.js'
import { languages } from './whole.js'

/** E-mail; telephone as people write it, with its country or area. */
const PERSONAL = /\S@\S+\.[a-z]|\+\d[\d ().-]{7}|(\(\d\d\d?\) ?|\b\d\d[ -]9|\b\d{3}[.-])\d{3,5}[ .-]\d{4}\b/i
/** As many digits as CPF, CNPJ or a card has, and their signs; UUIDs and the like. */
const CODE = /\b((\d{3}\.?){3}-?\d\d|\d{14}|[\dA-Z]{2}(\.[\dA-Z]{3}){2}\/.*|(\d{4}[ -]?){3}\d{3,4})\b|([\da-f]{4}-?){8}/i

const looksPersonal: IsPersonal = (text, name = '') => PERSONAL.test(text) || (!/item|product|variant|sku/i.test(name) && CODE.test(text))

export const fence = (ruleset: Ruleset): IsPersonal => languages.get(ruleset)?.isPersonal ?? looksPersonal
