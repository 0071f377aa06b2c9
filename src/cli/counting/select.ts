// The one select that counts rows. It is the same text on every engine; only what stands after `from` differs.

import { BROKEN, type Cell, type Counted, inOrder, wordsOf } from './cell.js'

const COLUMNS = 'metric, experience, arm, held, weights, stratum, day, value'

/** `n` counts each id once, for delivery is at least once; `total` tells how many arrived. */
export const select = (source: string): string => `select ${COLUMNS}, count(distinct id) as n, count(*) as total from ${source} group by ${COLUMNS}`

/** As an engine gives them; numbers may be texts. */
export type Selected = { [column: string]: unknown }

/** Without the lines that are broken, which stand beside. */
export function gather(selected: Selected[], engine: Counted['engine']): Omit<Counted, 'examples'> {
  const cells = new Map<string, Cell>()
  let rows = 0
  let broken = 0
  for (const one of selected) {
    const [metric, total] = [`${one.metric}`, Number(one.total)]
    if (metric === BROKEN) {
      broken += total
      continue
    }
    rows += total
    const cell = {
      metric,
      experience: `${one.experience}`,
      arm: metric === 'count' ? wordsOf(`${one.arm}`) : `${one.arm}`,
      held: `${one.held}` === 'true' || `${one.held}` === '1',
      weights: Number(one.weights),
      stratum: `${one.stratum}`,
      day: Number(one.day),
      value: Number(one.value),
      n: Number(one.n),
    }
    // Words that were written in another order are the same.
    const key = JSON.stringify({ ...cell, n: 0 })
    const known = cells.get(key)
    if (known) known.n += cell.n
    else cells.set(key, cell)
  }
  const counted = [...cells.values()]
  return { cells: inOrder(counted), rows, twice: rows - counted.reduce((sum, { n }) => sum + n, 0), broken, engine }
}
