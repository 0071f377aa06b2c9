// Leaves that compare two counts, or tell of a decayed affinity.

import type { Props } from '../types.js'
import type { Affinity } from './interest.js'
import { answer, fits } from './leaf.js'
import { type Leaf, leafOf, type Look } from './network.js'
import type { Question } from './question.js'
import type { Timed } from './stream.js'
import type { Span } from './span.js'

export function moreThanLeaf(sides: [stream: Timed, span: Span][], { read }: Pick<Question, 'read'>, facts: () => Props | undefined): Leaf {
  const counts = (now: number, until: (at: number) => void): number[] => sides.map(([stream, span]) => answer(stream, { read }, span, facts(), now, until) as number)
  const leaf = leafOf(undefined, (now, until) => {
    const [one, other] = counts(now, until)
    return (one as number) > (other as number)
  })
  return Object.assign(leaf, { look: (now: number): Look => ({ got: counts(now, () => {}), last: null }) })
}

/** `unit` is the share that the condition's numbers are multiples of; undefined where there is none to compare with. */
export function interestLeaf({ share, crosses }: Affinity, value: string, condition: unknown, levels: number[], unit: number | undefined): Leaf {
  const leaf = leafOf(undefined, (now, until) => {
    if (unit === undefined) return fits(condition, null, {})
    for (const level of levels) {
      const at = crosses(value, level * unit)
      // A moment early, as both ways of calculating round: it is asked again until it is so.
      if (at > now - 2) until(Math.max(now + 1, Math.floor(at) - 1))
    }
    return fits(condition, share(value, now) / unit, {})
  })
  return Object.assign(leaf, { look: (now: number): Look => ({ got: unit === undefined ? null : share(value, now) / unit, last: null }) })
}
