// valuesOf(): what visitors were worth, from rows that each say the edge of a bucket: rounded at random on the device, so
// that their sum is unbiased.

import type { Cell } from '../counting/cell.js'
import { Z95 } from '../statistics/special.js'
import type { Sized } from './judge.js'

interface Worth {
  of: number
  sum: number
  squares: number
}

/**
 * The mean value of a trial of each class, those without a goal included, with its interval at 95 %; standardized over
 * days and versions of the weights. Undefined where no row tells a value.
 */
export function valuesOf(cells: Cell[], classes: number, classOf: (cell: Cell) => number): (Sized | undefined)[] | undefined {
  if (!cells.some(({ metric }) => metric === 'value')) return undefined
  const groups = new Map<string, Worth[]>()
  for (const cell of cells) {
    const k = classOf(cell)
    if (k < 0 || (cell.metric !== 'shown' && cell.metric !== 'value')) continue
    // A value tells no stratum: its trial is found in all of them.
    const key = `${cell.day} ${cell.weights}`
    const group = groups.get(key) ?? Array.from({ length: classes }, () => ({ of: 0, sum: 0, squares: 0 }))
    groups.set(key, group)
    const worth = group[k] as Worth
    if (cell.metric === 'shown') worth.of += cell.n
    else {
      worth.sum += cell.n * cell.value
      worth.squares += cell.n * cell.value ** 2
    }
  }
  const used = [...groups.values()].filter((group) => group.every(({ of }) => of > 1))
  const sizeOf = (group: Worth[]): number => group.reduce((sum, { of }) => sum + of, 0)
  const all = used.reduce((sum, group) => sum + sizeOf(group), 0)
  if (all === 0) return undefined
  return Array.from({ length: classes }, (_, k) => {
    let value = 0
    let variance = 0
    for (const group of used) {
      const share = sizeOf(group) / all
      const { of, sum, squares } = group[k] as Worth
      value += (share * sum) / of
      variance += (share * share * Math.max(0, squares / of - (sum / of) ** 2)) / of
    }
    const half = Z95 * Math.sqrt(variance)
    return { value, low: value - half, high: value + half }
  })
}
