// Lets a visitor stay in for a while after the rule of a segment has ceased to hold.

import { isObject } from '../lib/own.js'
import { type Leaf, leafOf, type Network, type Node } from './network.js'

type Kept = [held: boolean, until: number]

export interface Staying {
  /** The node of a segment is true for `length` ms longer than its rule. */
  add(name: string, length: number, node: Node): void
  load(saved: unknown): void
  save(): { [name: string]: Kept }
}

export function staying(net: Network): Staying {
  const stays: Leaf[] = []
  let kept = new Map<string, Kept>()

  return {
    add: (name, length, node) => {
      const { test } = node
      const until = (): number => kept.get(name)?.[1] ?? 0
      const stay = leafOf(undefined, (now, tell) => {
        if (now >= until()) return false
        tell(until())
        return true
      })
      stay.users.push(node)
      node.leaves.push(stay)
      stays.push(stay)
      net.touch(stay)
      node.test = () => {
        const holds = test()
        if (!holds && kept.get(name)?.[0]) net.touch(stay)
        kept.set(name, [holds, !holds && kept.get(name)?.[0] ? net.clock() + length : until()])
        return holds || net.clock() < until()
      }
    },
    load: (saved) => {
      kept = new Map(Object.entries(isObject(saved) ? saved : {}) as [string, Kept][])
      stays.forEach(net.touch)
    },
    save: () => Object.fromEntries(kept),
  }
}
