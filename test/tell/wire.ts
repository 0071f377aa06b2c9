// What goes over the wire, as somebody sees it who means no good: bodies, their parts, and who can be found again by them.

interface OtlpRecord {
  timeUnixNano: string
  eventName: string
  attributes: { key: string; value: { [kind: string]: unknown } }[]
}

export const recordsOf = (body: string): OtlpRecord[] =>
  (JSON.parse(body) as { resourceLogs: { scopeLogs: { logRecords: OtlpRecord[] }[] }[] }).resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords))

export const idOf = (body: string): string => recordsOf(body)[0]?.attributes.find(({ key }) => key === 'slotwise.row')?.value.stringValue as string

/** Every value that a body holds, at whatever depth, as text. */
export function leaves(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(leaves)
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [String(value)]
}

/** What a body can be known by: all of its values, and each of its records as a whole but for the id. */
export const tokens = (body: string): Set<string> =>
  new Set([...leaves(JSON.parse(body)), ...recordsOf(body).map(({ eventName, attributes }) => JSON.stringify([eventName, attributes.filter(({ key }) => key !== 'slotwise.row')]))])

export interface Caught {
  /** Whose it is: what the adversary is after. */
  who: number
  body: string
}

/**
 * The share of later messages that the adversary may expect to ascribe to the right visitor: each to the most similar
 * earlier one, by the Jaccard index of their tokens, rare ones weighing more (by the logarithm of how rare), and by lot
 * among equals.
 */
export function linked(before: Caught[], after: Caught[]): number {
  const sets = new Map<string, Set<string>>()
  const of = ({ body }: Caught): Set<string> => sets.get(body) ?? (sets.set(body, tokens(body)).get(body) as Set<string>)
  const frequency = new Map<string, number>()
  for (const one of [...before, ...after]) for (const token of of(one)) frequency.set(token, (frequency.get(token) ?? 0) + 1)
  const total = before.length + after.length
  const weigh = (token: string): number => Math.log(total / (frequency.get(token) as number))
  // What stands in one message only makes it like no other; all that are alike but for that are judged as one.
  const classes = new Map<string, { shared: string[]; before: number[] }>()
  const classOf = (one: Caught): { shared: string[]; before: number[] } => {
    const shared = [...of(one)].filter((token) => (frequency.get(token) as number) > 1).sort()
    const key = shared.join('\n')
    return classes.get(key) ?? (classes.set(key, { shared, before: [] }).get(key) as { shared: string[]; before: number[] })
  }
  for (const one of before) classOf(one).before.push(one.who)
  const known = [...classes.values()].filter(({ before }) => before.length > 0)
  const best = new Map<object, number[]>()
  const candidates = (one: Caught): number[] => {
    const own = classOf(one)
    const found = best.get(own)
    if (found) return found
    const mine = new Set(own.shared)
    let [highest, who]: [number, number[]] = [-1, []]
    for (const { shared, before } of known) {
      let [both, either] = [0, own.shared.reduce((sum, token) => sum + weigh(token), 0)]
      for (const token of shared) {
        if (mine.has(token)) both += weigh(token)
        else either += weigh(token)
      }
      const likeness = either > 0 ? both / either : 0
      if (likeness > highest + 1e-12) [highest, who] = [likeness, [...before]]
      else if (likeness > highest - 1e-12) who.push(...before)
    }
    best.set(own, who)
    return who
  }
  return after.reduce((sum, one) => {
    const who = candidates(one)
    return sum + who.filter((other) => other === one.who).length / who.length
  }, 0) / after.length
}
