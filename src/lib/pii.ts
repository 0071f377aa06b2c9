// The fence: what looks like a person's own data is not kept, by whatever name it comes. Where a shop's own numbers look
// alike it errs towards keeping: bare digits are refused only where check digits say what they are.

import type { Props } from '../types.js'

/** Characters that are kept of a text; of one with spaces in it, which somebody may have typed, fewer. */
const LONGEST = 512
const LONGEST_FREE = 100

/** E-mail, JSON Web Token, telephone as people write it, IPv6. */
const PERSONAL =
  /[^\s@]{1,64}(@|%40)[^\s@]+\.[a-z]{2}|eyJ[\w-]{9,}\.|\+\d[\d ().-]{6,16}\d|\(\d\d\d?\) ?\d{3,5}[ -]?\d{4}|\b(\d\d[ -]9\d{4}|\d{3}[.-]\d{3})[ .-]?\d{4}\b|\b[\da-f]{3,4}:([\da-f]{0,4}:){2}/i
/** IPv4, but no browser's version; a long hexadecimal number, with the hyphens of a UUID or without. */
const OPAQUE = /(^|[^\w./-])([12]?\d?\d\.){3}[12]?\d?\d(?![\d.])|[\da-f]{8}(-?[\da-f]{4}){3}-?[\da-f]{12}/i
/** CPF, CNPJ (since 2026 with letters) and cards, with their signs or without; and what is long enough for a token. */
const CODE = /\b((\d{3}\.?){3}-?\d\d|[\dA-Z]{2}(\.?[\dA-Z]{3}){2}\/?[\dA-Z]{4}-?\d\d|(\d{4,6}[ -]?){2,3}\d{2,7})\b|[\w+/=-]{32,}/g
/** Names under which a site has numbers of its own, some of which come out right by chance. */
const OF_THE_SITE = /item|product|variant|sku|gtin|version|article|post|content/i

/** From the right, each digit times its weight; a letter is worth what its character code says, as CNPJ has it. */
const weighed = (code: string, weight: (value: number, index: number) => number): number =>
  [...code].reverse().reduce((sum, sign, index) => sum + weight(sign.charCodeAt(0) - 48, index), 0)

/** Two check digits modulo 11, weighed by 2 up to 11 or 9 and over again; 10 is written as 0. */
const isTaxNumber = (code: string): boolean =>
  !/^(.)\1+$/.test(code) &&
  [code, code.slice(0, -1)].every((part) => {
    const rest = weighed(part, (value, i) => value * (i && 2 + ((i - 1) % (code.length > 11 ? 8 : 10)) || 1)) % 11
    return rest === 0 || (rest === 1 && part.endsWith('0'))
  })

/** Luhn, and the first digits that there are. */
const isCard = (code: string): boolean =>
  /^(2[2-7]|[3-6])\d{13}/.test(code) && weighed(code, (value, i) => (i % 2 ? value * 2 - (value > 4 ? 9 : 0) : value)) % 10 === 0

const isCode = (found: string): boolean => {
  const code = found.replace(/\W/g, '')
  if (code.length > 19) {
    // Base64 of something random changes between small letters, capitals and digits more often than words do.
    return found.replace(/([a-z]+|[A-Z]+|\d+)\W*/g, '.').length > found.length * 0.4
  }
  return ((code.length === 11 || code.length === 14) && isTaxNumber(code)) || isCard(code)
}

/** Does this look like e-mail, telephone, tax number, card, address on the internet, or token? `name` is what it goes by. */
export const isPersonal = (text: string, name = ''): boolean =>
  PERSONAL.test(text) || (!OF_THE_SITE.test(name) && (OPAQUE.test(text) || (text.match(CODE) ?? []).some(isCode)))

/**
 * A copy of what JSON can hold, without what looks personal: `refused` hears the name of each. Long texts are cut. In a
 * list null stands in its place.
 */
export function fenced(props: Props, refused: (name: string) => void): Props {
  let name = ''
  const keep = (key: string, value: unknown): unknown => {
    // The elements of a list go by its name.
    if (!/^\d+$/.test(key)) name = key
    const text = typeof value === 'string' || Number.isInteger(value) ? `${value}`.slice(0, 2 * LONGEST) : ''
    if (isPersonal(`${key}\n${text}`, name)) return void refused(name)
    return typeof value === 'string' ? text.slice(0, /\s/.test(text) ? LONGEST_FREE : LONGEST) : value
  }
  return JSON.parse(JSON.stringify(props, keep)) as Props
}
