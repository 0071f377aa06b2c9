// Leaves, what depends on them, and the time: asks only what an event or an expiry has touched, and passes on only
// what has changed.

import { heap } from '../lib/heap.js'

/** A question with its answer, and how long that holds when no event comes. */
export interface Leaf {
  truth: boolean
  /** Later than the `now` it was asked at. */
  until: number
  ask(now: number): boolean
  /** The truth that only time can end, and no event. */
  lasting: boolean | undefined
  users: Node[]
  /** The earliest time at which it will be asked again. */
  due: number
  waiting: boolean
  /** What the answer is read from, for those who want to know why. */
  look?(now: number): Look
}

export interface Look {
  /** A count, a sum, a value, the steps that are done; null where there is none. */
  got: unknown
  /** When the newest event came that counts, in ms since 1970. */
  last: number | null
}

/** A rule over leaves and other nodes. */
export interface Node {
  test(): boolean
  value: boolean
  /** What the test looks at. */
  leaves: Leaf[]
  parts: Node[]
  users: Node[]
  waiting: boolean
  /** Above all nodes that it looks at: those are tested before it. */
  level: number
}

export interface Network {
  clock(): number
  /** Begins, or begins anew, at this time. */
  start(at: number): void
  touch(leaf: Leaf): void
  /** Will be tested next, for the first time. */
  add(node: Node): void
  /** Asks what was touched, as of the clock. */
  flush(): void
  /** Lets time pass until `to`; `exactly` stops wherever something could change. A step back asks everything again. */
  run(to: number, exactly: boolean): void
  /** The next time at which something could change by itself. */
  next(): number
}

const NEVER = Number.POSITIVE_INFINITY

export function leafOf(lasting: boolean | undefined, ask: (now: number, until: (at: number) => void) => boolean): Leaf {
  const sooner = (at: number): void => {
    if (at < leaf.until) leaf.until = at
  }
  const leaf: Leaf = {
    truth: false,
    until: NEVER,
    lasting,
    users: [],
    due: NEVER,
    waiting: false,
    ask: (now) => {
      leaf.until = NEVER
      return ask(now, sooner)
    },
  }
  return leaf
}

/** The next time at which the value of a node could change by itself. */
export function untilOf(node: Node): number {
  const below = new Set([node])
  let soonest = NEVER
  // A set also gives what is added on the way; what several rules share is looked at once.
  for (const { leaves, parts } of below) {
    for (const { until } of leaves) soonest = Math.min(soonest, until)
    for (const part of parts) below.add(part)
  }
  return soonest
}

export function network(changed: (node: Node) => void): Network {
  const leaves = new Set<Leaf>()
  const queue = heap<Leaf>()
  let clock = 0
  let touched: Leaf[] = []
  const tests = heap<Node>()

  const touch = (leaf: Leaf): void => {
    if (leaf.waiting) return
    leaf.waiting = true
    touched.push(leaf)
  }
  const test = (node: Node): void => {
    if (node.waiting) return
    node.waiting = true
    tests.push(node.level, node)
  }

  const flush = (): void => {
    const asked = touched
    touched = []
    for (const leaf of asked) {
      leaf.waiting = false
      leaves.add(leaf)
      const truth = leaf.ask(clock)
      if (leaf.until < leaf.due) {
        leaf.due = leaf.until
        queue.push(leaf.due, leaf)
      }
      if (truth === leaf.truth) continue
      leaf.truth = truth
      leaf.users.forEach(test)
    }
    while (tests.top() < NEVER) {
      const node = tests.pop() as Node
      node.waiting = false
      const value = node.test()
      if (value === node.value) continue
      node.value = value
      node.users.forEach(test)
      changed(node)
    }
    // The test of a rule may have set an alarm.
    if (touched.length > 0) flush()
  }

  return {
    clock: () => clock,
    start: (at) => {
      clock = at
    },
    touch,
    add: test,
    flush,
    run: (to, exactly) => {
      if (to < clock) leaves.forEach(touch)
      while (queue.top() <= to) {
        clock = exactly ? Math.max(clock, queue.top()) : to
        while (queue.top() <= clock) {
          const due = queue.top()
          const leaf = queue.pop() as Leaf
          // Under an earlier time it stands further up.
          if (leaf.due !== due) continue
          leaf.due = NEVER
          touch(leaf)
        }
        flush()
      }
      clock = to
      flush()
    },
    next: queue.top,
  }
}
