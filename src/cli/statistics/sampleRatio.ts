// sampleRatio(): did the arms get the visitors they should have? A chi-square test over groups, each with odds of its own.

import { chiSquareAbove } from './special.js'

/** Visitors counted at the same odds: one version of the weights, one stratum, one day. */
export interface Shares {
  counts: number[]
  /** What share each should have had; together 1. */
  expected: number[]
}

export interface SampleRatio {
  chiSquare: number
  degrees: number
  p: number
}

/** Solves `matrix` x = `right`, both of which it uses up; undefined where there is no one answer. */
function solve(matrix: number[][], right: number[]): number[] | undefined {
  const n = right.length
  const cell = (i: number, j: number): number => (matrix[i] as number[])[j] as number
  for (let column = 0; column < n; column++) {
    let pivot = column
    for (let i = column + 1; i < n; i++) if (Math.abs(cell(i, column)) > Math.abs(cell(pivot, column))) pivot = i
    if (Math.abs(cell(pivot, column)) < 1e-12) return undefined
    for (const list of [matrix, right] as unknown[][]) [list[column], list[pivot]] = [list[pivot], list[column]]
    for (let i = column + 1; i < n; i++) {
      const factor = cell(i, column) / cell(column, column)
      for (let j = column; j < n; j++) (matrix[i] as number[])[j] = cell(i, j) - factor * cell(column, j)
      right[i] = (right[i] as number) - factor * (right[column] as number)
    }
  }
  const x = new Array<number>(n).fill(0)
  for (let i = n - 1; i >= 0; i--) {
    let sum = right[i] as number
    for (let j = i + 1; j < n; j++) sum -= cell(i, j) * (x[j] as number)
    x[i] = sum / cell(i, i)
  }
  return x
}

/**
 * d = Σ (n - N p), V = Σ N (diag p - p p'), chi-square = d' V⁻¹ d with one arm left out, for its count follows from the
 * others'. With one group it is Pearson's test. Arms that could get nobody are left out.
 */
export function sampleRatio(groups: Shares[]): SampleRatio {
  const arms = groups[0]?.counts.length ?? 0
  const possible = Array.from({ length: arms }, (_, k) => k).filter((k) => groups.some(({ expected }) => (expected[k] as number) > 0))
  const kept = possible.slice(1)
  const d = kept.map(() => 0)
  const v = kept.map(() => kept.map(() => 0))
  for (const { counts, expected } of groups) {
    const total = counts.reduce((sum, n) => sum + n, 0)
    for (const [i, k] of kept.entries()) {
      const p = expected[k] as number
      d[i] = (d[i] as number) + (counts[k] as number) - total * p
      for (const [j, other] of kept.entries()) {
        const row = v[i] as number[]
        row[j] = (row[j] as number) + total * ((i === j ? p : 0) - p * (expected[other] as number))
      }
    }
  }
  const x = solve(v, [...d])
  if (!x) return { chiSquare: 0, degrees: 0, p: 1 }
  const chiSquare = d.reduce((sum, one, i) => sum + one * (x[i] as number), 0)
  return { chiSquare, degrees: kept.length, p: chiSquareAbove(chiSquare, kept.length) }
}
