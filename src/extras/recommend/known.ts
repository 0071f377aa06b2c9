// knownOf(): what the device recalls of a visitor, as positions and topics of a catalogue.

import type { Hidden, Recalled, Recommend } from '../../types.js'
import { type Catalogue, positionOf, topic } from './catalogue.js'
import type { Known } from './rank.js'

/** Weight that belongs to no value, as interests have it: little evidence makes nobody fond. */
const DOUBT = 5

/** Names of interests. */
export const interestsOf = (recalled: Recalled): string[] => Object.keys(recalled).flatMap((name) => (name.startsWith('fond ') ? [name.slice(5)] : []))

/** `path` is that of the page at hand; `gone` are sold out. */
export function knownOf(catalogue: Catalogue, recalled: Recalled, { hide = ['current', 'bought', 'dismissed'] }: Pick<Recommend, 'hide'>, path: string, gone: number[] = []): Known {
  const places = (names: string[]): number[] => [...new Set(names.map((name) => positionOf(catalogue, name)))].filter((position) => position >= 0)
  const values = (list: string[] = []): number[] => places(list.map((value) => `${JSON.parse(value)}`).reverse())
  const current = places([path])
  const seen = [...new Set([...current, ...values(recalled.seen)])]
  const hidden: { [what in Hidden]: number[] } = { current, seen, bought: values(recalled.bought), dismissed: values(recalled.dismissed) }
  const fond = new Map<number, number>()
  for (const name of interestsOf(recalled)) {
    const scores = recalled[`fond ${name}`] as [string, number][]
    const sum = scores.reduce((sum, [, score]) => sum + Math.max(0, score), DOUBT)
    for (const [value, score] of scores) {
      const one = catalogue.topics.get(topic(name, value))
      if (one !== undefined && score > 0) fond.set(one, score / sum)
    }
  }
  const shown = new Map((recalled.shown ?? []).flatMap(([name, times]) => places([name]).map((position): [number, number] => [position, Math.max(0, times)])))
  return { here: current[0], seen, fond, shown, hidden: new Set([...gone, ...hide.flatMap((what) => hidden[what])]) }
}
