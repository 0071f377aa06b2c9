// Cells as if they had been counted, for tests of what is made of them.

import { type Cell, type Counted, inOrder } from '../../../src/cli/counting/cell.js'

export interface Trials {
  experience?: string
  arm: string
  shown: number
  goals?: number
  held?: boolean
  weights?: number
  stratum?: string
  day: number
}

const cell = (metric: string, { experience = 'hero-test', arm, held = false, weights = 1, stratum = '*', day }: Trials, n: number): Cell => ({ metric, experience, arm, held, weights, stratum, day, value: 0, n })

export const cellsOf = (trials: Trials[]): Cell[] => trials.flatMap((one) => [cell('shown', one, one.shown), ...(one.goals ? [cell('goal', one, one.goals)] : [])])

export const counted = (cells: Cell[]): Counted => ({ cells: inOrder(cells), rows: cells.reduce((sum, { n }) => sum + n, 0), twice: 0, broken: 0, examples: [], engine: 'node' })

/** So many days alike. */
export const days = (from: number, many: number, make: (day: number) => Trials[]): Trials[] => Array.from({ length: many }, (_, i) => make(from + i)).flat()
