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

/** From now on `printOf` knows the fingerprint of the text that this came from. */
export const notePrint = (value: object, text: string): void => void prints.set(value, fingerprint(text))

/** The fingerprint of the text that was noted for an object; of any other, of the text that it would be written as. */
export const printOf = (value: object): number => prints.get(value) ?? fingerprint(JSON.stringify(value))
