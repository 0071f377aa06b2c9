// Which rules an event could touch: by its type, then by the value of one property. It is data, so that the next page
// knows it without having read a rule.

import { at, own } from '../lib/own.js'
import type { VisitorEvent } from '../types.js'
import { isPlain, keyOf, lookups } from './route.js'

/** Rules by value, as text. */
type Values = { [value: string]: number[] }

/** By event type: the rules that any such event could touch, and the others by path and value. */
export interface Listeners {
  [type: string]: [any: number[], by: { [path: string]: Values }]
}

export interface Want {
  type: string
  where: object | undefined
  /** Who wants such events, as numbers. */
  rules: number[]
}

/** The value at a key, made when it is first asked for. */
const under = <T>(map: Map<string, T>, key: string, make: () => T): T => {
  const found = map.get(key) ?? make()
  map.set(key, found)
  return found
}

const asData = (values: Map<string, Set<number>>): Values => Object.fromEntries([...values].map(([value, rules]) => [value, [...rules]]))

export function listeners(wants: Want[]): Listeners {
  const types = new Map<string, [any: Set<number>, by: Map<string, Map<string, Set<number>>>]>()
  for (const { type, where, rules } of wants) {
    const [any, by] = under(types, type, () => [new Set(), new Map()])
    const [path, values] = keyOf(where)
    const lists = path === undefined ? [any] : values.map((value) => under(under(by, path, () => new Map()), `${value}`, () => new Set()))
    for (const list of lists) for (const rule of rules) list.add(rule)
  }
  return Object.fromEntries([...types].map(([type, [any, by]]) => [type, [[...any], Object.fromEntries([...by].map(([path, values]) => [path, asData(values)]))]]))
}

/** Calls `found` for each rule that the event could touch; for one more than once, perhaps, and for a few that it does not. */
export function heard(by: Listeners, { type, props }: VisitorEvent, found: (rule: number) => void): void {
  const [any, paths] = own(by, type) ?? []
  any?.forEach(found)
  for (const [path, values] of Object.entries(paths ?? {})) {
    for (const key of lookups(at(props, path))) if (isPlain(key)) own(values, `${key}`)?.forEach(found)
  }
}
