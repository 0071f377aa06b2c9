// Sticky random choice: the same seed and visitor always draw the same arm.

import type { Weights } from '../types.js'

const fnv32a = (text: string): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i)
    hash = Math.imul(hash, 0x01000193)
  }
  return hash >>> 0
}

/** A number from 0 to 0.9999, even and independent between seeds: GrowthBook's hash, version 2. */
export const hash = (seed: string, value: string): number => (fnv32a(`${fnv32a(seed + value)}`) % 10_000) / 10_000

export interface Draw {
  arm: string
  /** Of drawing this arm, 0 to 1. */
  probability: number
}

const positive = (weights: Weights): [arm: string, weight: number][] => Object.entries(weights).filter(([, weight]) => weight > 0)

/** The arm whose share of 0 to 1 holds `point`. */
export function draw(weights: Weights, point: number): Draw {
  const arms = positive(weights)
  const total = arms.reduce((sum, [, weight]) => sum + weight, 0)
  let edge = 0
  for (const [arm, weight] of arms) {
    edge += weight / total
    if (point < edge) return { arm, probability: weight / total }
  }
  // Rounding can leave the last edge a hair below 1.
  const [arm, weight] = arms[arms.length - 1] ?? ['default', total]
  return { arm, probability: weight / total || 1 }
}

/** The arm with the largest weight, the first of equals: what visitors get who are not measured. */
export function largest(weights: Weights): Draw {
  let best: [string, number] = ['default', 0]
  for (const entry of positive(weights)) if (entry[1] > best[1]) best = entry
  return { arm: best[0], probability: 1 }
}
