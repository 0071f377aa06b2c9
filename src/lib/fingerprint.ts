// A fingerprint of a text, to tell whether it is still the same: 32 bits.

/** Four bytes at a time, as most of a page's first calls run without being optimized: each step counts. */
export function fingerprint(text: string): number {
  const { buffer, byteOffset, length } = new TextEncoder().encode(`${text}   `)
  const words = new Uint32Array(buffer, byteOffset, length >> 2)
  let print = 0x811c9dc5
  for (let i = 0; i < words.length; i++) print = Math.imul(print ^ (print >>> 15) ^ (words[i] as number), 0x01000193)
  return print >>> 0
}

const prints = new WeakMap<object, number>()

/** What JSON holds; of an object, `printOf` then knows the fingerprint of its text. */
export function parsed(text: string): unknown {
  const value: unknown = JSON.parse(text)
  if (typeof value === 'object' && value !== null) prints.set(value, fingerprint(text))
  return value
}

/** The fingerprint of the text that an object came from; of any other, of the text that it would be written as. */
export const printOf = (value: object): number => prints.get(value) ?? fingerprint(JSON.stringify(value))
