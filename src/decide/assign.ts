// Sticky random choice: the same seed and visitor always draw the same arm.

import { twice } from '../lib/hash.js'
import type { Weights } from '../types.js'

export { hash } from '../lib/hash.js'

export interface Draw {
  arm: string
  /** Of drawing this arm, 0 to 1. */
  probability: number
}

const positive = (weights: Weights): [arm: string, weight: number][] => Object.entries(weights).filter(([, weight]) => weight > 0)

/**
 * Each arm waits for every visitor by a clock of its own, the faster the greater its weight, and the first to ring has
 * them. So a weight that rises only takes visitors, one that falls only gives them away, and a new arm moves nobody
 * between the others (weighted rendezvous hashing).
 */
export function draw(weights: Weights, seed: string, visitor: string): Draw {
  const arms = positive(weights)
  const total = arms.reduce((sum, [, weight]) => sum + weight, 0)
  // All of the hash's bits and never quite 0 or 1, so that no two ring at once.
  const [first] = arms
    .map(([arm, weight]) => ({ arm, weight, rings: -Math.log((twice(`${seed}:${arm}:`, visitor) + 0.5) / 2 ** 32) / weight }))
    .sort((a, b) => a.rings - b.rings)
  return first ? { arm: first.arm, probability: first.weight / total } : { arm: 'default', probability: 1 }
}

/** The arm with the largest weight, the first of equals: what visitors get who are not measured. */
export function largest(weights: Weights): Draw {
  let best: [string, number] = ['default', 0]
  for (const entry of positive(weights)) if (entry[1] > best[1]) best = entry
  return { arm: best[0], probability: 1 }
}
