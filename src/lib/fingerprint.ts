// A fingerprint of a text, to tell whether it is still the same: 32 bits, four characters at a time.

export function fingerprint(text: string): number {
  let print = 0x811c9dc5
  for (let i = 0; i < text.length; i += 4) {
    print ^= text.charCodeAt(i) ^ (text.charCodeAt(i + 1) << 8) ^ (text.charCodeAt(i + 2) << 16) ^ (text.charCodeAt(i + 3) << 24)
    print = Math.imul(print ^ (print >>> 15), 0x01000193)
  }
  return print >>> 0
}

/** The texts that objects were parsed from. */
const texts = new WeakMap<object, string>()

/** JSON, and remembers the text for `printOf`. */
export function parsed(text: string): unknown {
  const value = JSON.parse(text)
  if (typeof value === 'object' && value !== null) texts.set(value, text)
  return value
}

/** The fingerprint of the text that an object came from; of any other, of the text that it would be written as. */
export const printOf = (value: object): number => fingerprint(texts.get(value) ?? JSON.stringify(value))
