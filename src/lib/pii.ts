// isPersonal(): what looks like a person's own data. Where a shop's own numbers look alike it errs towards keeping: bare
// digits are refused only where check digits say what they are.

/** E-mail; telephone as people write it, with its country or area; IPv6. */
const PERSONAL = /\S@\S+\.[a-z]|\+\d[\d ().-]{7}|(\(\d\d\d?\) ?|\b\d\d[ -]9|\b\d{3}[.-])\d{3,5}[ .-]\d{4}\b|\b[\da-f]{3,4}:([\da-f]*:){2}/i
/** IPv4, but no browser's version; a long hexadecimal number, with the hyphens of a UUID or without. */
const OPAQUE = /(^|[^\w./-])([12]?\d?\d\.){3}[12]?\d?\d(?![\d.])|([\da-f]{4}-?){8}/i
/** CPF, CNPJ (since 2026 with letters) and cards, with their signs or without; and what is long enough for a token. */
const CODE = /\b((\d{3}\.?){3}-?\d\d|[\dA-Z]{2}(\.?[\dA-Z]{3}){2}\/?[\dA-Z]{4}-?\d\d|(\d{4,6}[ -]?){2,3}\d{2,7})\b|[\w+/=-]{32,}/g
/** Names under which a site has numbers of its own, some of which come out right by chance. */
const OF_THE_SITE = /item|product|variant|sku|version/i

/** From the right, each sign times its weight; a letter is worth what its character code says, as CNPJ has it. */
const weighed = (code: string, weight: (value: number, index: number) => number): number =>
  [...code].reverse().reduce((sum, sign, index) => sum + weight(sign.charCodeAt(0) - 48, index), 0)

const isCode = (found: string): boolean => {
  const code = found.replace(/\W/g, '')
  const { length } = code
  // Base64 of something random changes between small letters, capitals and digits more often than words do.
  if (length > 19) return found.replace(/([a-z]+|[A-Z]+|\d+)\W*/g, '.').length > found.length * 0.4
  // CPF and CNPJ: two check digits modulo 11, weighed by 2 up to 11, or up to 9 and over again.
  const isTaxNumber = [2, 1].every((end) => ((weighed(code.slice(0, -end), (value, i) => value * (2 + (i % (length > 11 ? 8 : 10)))) * 10) % 11) % 10 === Number(code[length - end]))
  if (length === 11 || (length === 14 && isTaxNumber)) return isTaxNumber
  // Luhn, behind the first digits that cards have.
  return /^(2[2-7]|[3-6])\d{13}/.test(code) && weighed(code, (value, i) => (i % 2 ? (value * 2) % 9 || value : value)) % 10 === 0
}

/** Does this look like e-mail, telephone, tax number, card, address on the internet, or token? `name` is what it goes by. */
export const isPersonal = (text: string, name = ''): boolean =>
  PERSONAL.test(text) || (!OF_THE_SITE.test(name) && (OPAQUE.test(text) || (text.match(CODE) ?? []).some(isCode)))
