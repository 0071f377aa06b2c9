// rounded(): a value as one of few amounts, drawn so that sums over many visitors stay right.

/**
 * Between two edges the upper one with the share of the way that is gone, (x - lo) / (hi - lo), else the lower one, and
 * so on average `value` itself. The lowest edge is 0; what is above the last counts as that. Undefined for what is no
 * number, or less than 0. `random` is from 0 up to 1.
 */
export function rounded(value: unknown, edges: number[], random: number): number | undefined {
  // Markup has texts only.
  const amount = typeof value === 'string' && value.trim() ? Number(value) : value
  if (!((amount as number) >= 0) || typeof amount !== 'number') return undefined
  let low = 0
  for (const high of edges) {
    if (amount < high) return random * (high - low) < amount - low ? high : low
    low = high
  }
  return low
}
