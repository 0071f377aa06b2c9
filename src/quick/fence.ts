// In the script tag's file, in place of fence.ts: by shape alone. What takes check digits or a look at its letters,
// language.js brings.

import type { IsPersonal } from '../lib/fenced.js'
import type { Ruleset } from '../types.js'
import { languages } from './whole.js'

/** E-mail; telephone with its country or area. */
const PERSONAL = /\S@\S+\.[a-z]|\+\d[\d ().-]{7}|\b\d\d\d?[) .-]+\d{3,5}[ .-]\d{4}\b/i
/** As many digits as a CPF or a card has, a CNPJ by its signs or its length, UUIDs, IPv4 but no browser's version, and tokens. */
const CODE = /\b(\d{3}\.?){3}-?\d\d\b|\.\w{3}\.\w{3}\/|\b(?=(\w*\d){8})[\dA-Z]{12}\d\d\b|\b(\d{4}[ -]?){3}\d{3,4}\b|([\da-f]{4}-?){8}|(^|[^\w./-])(\d{1,3}\.){3}\d{1,3}(?![\d.])|[^\W_]{32}|\beyJ\w/i

const looksPersonal: IsPersonal = (text, name = '') => PERSONAL.test(text) || (!/item|product|variant|sku/i.test(name) && CODE.test(text))

export const fence = (ruleset: Ruleset): IsPersonal => languages.get(ruleset)?.isPersonal ?? looksPersonal
