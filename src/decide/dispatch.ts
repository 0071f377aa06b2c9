// Takes an event to the streams that want it, and touches the leaves whose truth it could change.

import type { VisitorEvent } from '../types.js'
import type { Groups } from './conditions.js'
import { ANCHOR } from './mask.js'
import type { Leaf } from './network.js'
import { routes } from './route.js'
import type { Stream } from './stream.js'

export interface Dispatch {
  join(stream: Stream): void
  /** `began` tells that a visit begins with this event. */
  event(event: VisitorEvent, began: boolean): void
}

export function dispatch(groups: Groups, touched: (leaf: Leaf) => void): Dispatch {
  const routed = routes<Stream>(groups)
  const visits: Stream[] = []
  let met: Stream[] = []
  const meet = (stream: Stream, bit: number): void => {
    if (stream.mask === 0) met.push(stream)
    stream.mask |= bit
  }

  return {
    join: (stream) => {
      for (const { type, where, bit } of stream.patterns) routed.add({ type, where, of: stream, bit })
      if (stream.visits) visits.push(stream)
    },
    event: (event, began) => {
      met = []
      for (const stream of visits) {
        if (began) meet(stream, ANCHOR)
        // Whatever it is, a late event may show that the visit has not ended yet.
        else stream.leaves.forEach(touched)
      }
      routed.find(event, meet)
      for (const stream of met) {
        const { mask } = stream
        stream.mask = 0
        try {
          stream.take(event, mask)
        } catch {
          // What cannot even be read, such as a list nested many thousand times, counts for nothing.
        }
        for (const leaf of stream.leaves) if (leaf.truth !== leaf.lasting || stream.fickle) touched(leaf)
      }
    },
  }
}
