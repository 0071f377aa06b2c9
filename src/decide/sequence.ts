// Steps in order: keeps, of all ways in which events could serve the steps, those that could still win.

import { ANCHOR, HIT, WITHOUT } from './mask.js'
import type { Pattern, Timed } from './stream.js'
import type { Tally } from './tally.js'
import type { Span } from './span.js'

/** So many of the newest events, or twice as many, are kept by themselves, so that one that comes late finds its place. */
const LATE = 64

type Moment = [at: number, mask: number]

/** Chains of steps by where they begin and end; `best` is where the newest complete chain begins. */
interface Chains {
  best: number
  /** By how many steps are done, less one. */
  partial: [start: number, end: number][][]
}

export function stepped(count: number, gap: number, { anchor, after, dates: [from, to] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] }: Span, patterns: Pattern[]): Timed {
  const fresh = (): Chains => ({ best: Number.NEGATIVE_INFINITY, partial: Array.from({ length: count }, () => []) })

  /** Of all chains that an event at `at` could carry on, the one that began last outlives the others. */
  const latest = (list: [start: number, end: number][], at: number): number => {
    let start = Number.NEGATIVE_INFINITY
    for (const [begun, end] of list) if (begun > start && at - end <= gap) start = begun
    return start
  }
  const advance = (chains: Chains, at: number, mask: number): void => {
    if (mask & ANCHOR) {
      Object.assign(chains, fresh())
      if (after) return
    }
    const before = chains.partial
    // Whoever uses this very event as a step is not ended by it.
    if (mask & WITHOUT) chains.partial = fresh().partial
    // The last step first, so that one event never serves two.
    for (let step = count - 1; step >= 0; step--) {
      if (!(mask & (HIT << step))) continue
      const start = step > 0 ? latest(before[step - 1] as [number, number][], at) : at
      if (step === count - 1) chains.best = Math.max(chains.best, start)
      else if (start > Number.NEGATIVE_INFINITY) {
        const others = chains.partial[step] as [number, number][]
        // Without a limit between neighbours only the latest beginning counts.
        if (gap < Number.POSITIVE_INFINITY) chains.partial[step] = [...others.filter(([begun, end]) => begun > start && at - end <= gap), [start, at]]
        else if (latest(others, at) < start) chains.partial[step] = [[start, at]]
      }
    }
  }

  let settled = fresh()
  let settledAt = Number.NEGATIVE_INFINITY
  let recent: Moment[] = []
  let chains = fresh()
  let begun = false

  const replay = (): void => {
    chains = { best: settled.best, partial: settled.partial.map((list) => [...list]) }
    for (const [at, mask] of recent) advance(chains, at, mask)
  }

  const self: Timed = {
    patterns,
    visits: anchor === 'visit',
    leaves: [],
    mask: 0,
    fickle: false,
    begun: () => !anchor || begun,
    steps: () => (chains.best > Number.NEGATIVE_INFINITY ? count : chains.partial.reduce((most, { length }, step) => (length > 0 ? step + 1 : most), 0)),
    // The one time that matters is when the newest complete chain began.
    entries: () => ({ times: chains.best > Number.NEGATIVE_INFINITY ? [chains.best] : [] }) as unknown as Tally,

    take: ({ at }, mask) => {
      if (mask & ANCHOR) begun = true
      // Older than all that is kept by itself: where it belongs is no longer known.
      if (at < settledAt || at < from || at >= to) return
      let index = recent.length
      while (index > 0 && (recent[index - 1] as Moment)[0] > at) index--
      if (index === recent.length) {
        recent.push([at, mask])
        advance(chains, at, mask)
      } else {
        recent.splice(index, 0, [at, mask])
        replay()
      }
      // Taken off in one go now and then.
      if (recent.length <= 2 * LATE) return
      for (const [oldest, its] of recent.splice(0, LATE)) {
        advance(settled, oldest, its)
        settledAt = oldest
      }
    },

    fits: (saved) => Array.isArray(saved) && [1, 3].every((i) => Array.isArray(saved[i]) && (saved[i] as unknown[]).every(Array.isArray)),

    load: (saved) => {
      // JSON has no infinity.
      const [best, partial, at, list, anchored] = (self.fits(saved) ? saved : []) as [number | null, Chains['partial'], number | null, Moment[], boolean]
      settled = { best: best ?? Number.NEGATIVE_INFINITY, partial: partial ?? fresh().partial }
      settledAt = at ?? Number.NEGATIVE_INFINITY
      recent = [...(list ?? [])]
      begun = anchored ?? false
      replay()
    },

    save: () => [settled.best, settled.partial, settledAt, recent.slice(), begun],
  }
  return self
}
