// rank(): which items to recommend, in which order, and why: what belongs to the last things seen, mixed with what the
// visitor is fond of, worn down by what was shown in vain, and never all of one kind. Pure.

import type { Catalogue } from './catalogue.js'
import type { Neighbours } from './table.js'

/** What is known of the visitor. */
export interface Known {
  /** That of the page at hand, where it is one. */
  here?: number | undefined
  /** The last different items, newest first; that of the page at hand is the first. */
  seen: number[]
  /** How fond, from 0 to 1, by the number of a topic. */
  fond: Map<number, number>
  /** So often, faded, an item was shown and not chosen. */
  shown: Map<number, number>
  /** Those never to be recommended. */
  hidden: Set<number>
}

export interface Ranking {
  limit: number
  /** What relatedness and interests weigh. */
  mix?: { related?: number; interests?: number }
  /** 0 for the best alone, 1 for the most different. */
  diversity?: number
  /** How probable it is that the last place goes to an item that nothing speaks for. */
  explore?: number
  random?: () => number
  /** Only these. */
  among?: number[]
}

/** What speaks for an item, and by how much. */
export interface Term {
  because: 'here' | 'seen' | 'interest' | 'popular' | 'new'
  /** The item, or the topic, that it is because of. */
  of?: number
  adds: number
}

export interface Ranked {
  position: number
  /** The sum of what the terms add, times `fresh`. */
  score: number
  fresh: number
  /** The strongest first. */
  terms: Term[]
}

/** So many of the last items count, each half as much as the one after it. */
const LAST = 3
/** So many of each kind are looked at. */
const POOL = 40
/** Unclicked, an item keeps 80 % of its score each time, and at least a tenth. */
const WEAR = 0.8
const LEAST = 0.1

const overlap = (a: number[], b: number[]): number => {
  let both = 0
  for (const one of a) if (b.includes(one)) both++
  return both && both / (a.length + b.length - both)
}

/** `rowOf` gives the neighbours of an item, none where its row is not there. */
export function rank({ about, among: topics, popular }: Catalogue, rowOf: (position: number) => Neighbours, { here, seen, fond, shown, hidden }: Known, ranking: Ranking): Ranked[] {
  const { limit, mix = {}, diversity = 0.3, explore = 0, random = Math.random, among } = ranking
  const { related: byRelated = 0.7, interests: byInterest = 0.3 } = mix
  const allowed = (position: number): boolean => !hidden.has(position) && (!among || among.includes(position))

  const found = new Map<number, { sum: number; terms: Term[] }>()
  let most = 0
  seen.slice(0, LAST).forEach((item, k) => {
    for (const [position, weight] of rowOf(item)) {
      if (!allowed(position)) continue
      const adds = weight / 2 ** k
      const term: Term = { because: item === here ? 'here' : 'seen', of: item, adds }
      const one = found.get(position)
      if (one) {
        one.sum += adds
        one.terms.push(term)
      } else found.set(position, { sum: adds, terms: [term] })
      most = Math.max(most, one?.sum ?? adds)
    }
  })
  const candidates = new Set([...found].sort(([p, a], [q, b]) => b.sum - a.sum || p - q).slice(0, Math.max(POOL, limit)).map(([position]) => position))

  // An item is liked as much as the best of what it is about; several topics add a little.
  let fondest = 0
  const liking = (position: number): [topic: number, share: number] => {
    let best: [number, number] = [-1, 0]
    for (const one of about[position] as number[]) if ((fond.get(one) ?? 0) > best[1]) best = [one, fond.get(one) as number]
    return best
  }
  for (const [one, share] of fond) {
    fondest = Math.max(fondest, share)
    for (const position of (topics[one] ?? []).slice(0, byInterest ? POOL / 2 : 0)) if (allowed(position)) candidates.add(position)
  }
  // What many like fills up: as much of it as is needed for a choice.
  for (const position of among ?? popular) {
    if (!among && candidates.size >= Math.max(POOL, limit)) break
    if (allowed(position)) candidates.add(position)
  }

  const pool: Ranked[] = []
  for (const position of candidates) {
    const terms = found.get(position)?.terms ?? []
    for (const term of terms) term.adds *= byRelated / most
    const [one, share] = liking(position)
    if (share > 0 && byInterest > 0) terms.push({ because: 'interest', of: one, adds: (byInterest * share) / fondest })
    const fresh = Math.max(LEAST, WEAR ** (shown.get(position) ?? 0))
    // Where nothing else speaks, what many like comes first, however little that weighs.
    if (terms.length === 0) terms.push({ because: 'popular', adds: 1e-3 / (1 + pool.length) })
    if (terms.length > 1) terms.sort((a, b) => b.adds - a.adds)
    let sum = 0
    for (const { adds } of terms) sum += adds
    pool.push({ position, fresh, terms, score: fresh * sum })
  }
  pool.sort((a, b) => b.score - a.score || a.position - b.position)

  const chosen: Ranked[] = []
  const rest = pool.slice(0, Math.max(POOL, limit))
  // How alike each of the rest is to the most alike of the chosen; only the last chosen one is new each time.
  const alike = rest.map(() => 0)
  while (chosen.length < limit && rest.length > 0) {
    let best = 0
    let high = Number.NEGATIVE_INFINITY
    for (let i = 0; i < rest.length; i++) {
      const value = (1 - diversity) * (rest[i] as Ranked).score - diversity * (alike[i] as number)
      if (value > high) [best, high] = [i, value]
      if (!diversity) break
    }
    const [one] = rest.splice(best, 1) as [Ranked]
    alike.splice(best, 1)
    chosen.push(one)
    if (diversity) rest.forEach(({ position }, i) => (alike[i] = Math.max(alike[i] as number, overlap(about[position] as number[], about[one.position] as number[]))))
  }
  if (explore > 0 && chosen.length > 1 && !among && random() < explore) {
    const others = popular.filter((position) => allowed(position) && !chosen.some((one) => one.position === position))
    const position = others[Math.floor(random() * others.length)]
    if (position !== undefined) chosen[chosen.length - 1] = { position, fresh: 1, score: 0, terms: [{ because: 'new', adds: 0 }] }
  }
  return chosen
}
