// hash(): the same seed and visitor always give the same number, even and independent between seeds.

const fnv32a = (text: string): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i)
    hash = Math.imul(hash, 0x01000193)
  }
  return hash >>> 0
}

/** From 0 up to 2^32. */
export const twice = (seed: string, value: string): number => fnv32a(`${fnv32a(seed + value)}`)

/** A number from 0 to 0.9999: GrowthBook's hash, version 2. */
export const hash = (seed: string, value: string): number => (twice(seed, value) % 10_000) / 10_000
