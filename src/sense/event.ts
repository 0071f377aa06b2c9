// makeEvent(): gives a signal its identity and time. The only file that knows nanoid.

import { nanoid } from 'nanoid'
import { isObject } from '../lib/own.js'
import { fenced } from '../lib/pii.js'
import type { Props, Signal, VisitorEvent } from '../types.js'

/** Ids of events, of pages, and the visitor's seed. */
export const newId = (): string => nanoid()

/** What was refused by the fence: the name of a property. */
export type Refused = (name: string) => void

/** A copy of what may be kept; the page goes on with its own object. Throws an Error that says what is wrong. */
export function plain(props: Props, refused: Refused): Props {
  if (!isObject(props)) throw new Error(`expected an object with names and values, got ${props}`)
  return fenced(props, refused)
}

/** `at` is in ms since 1970. */
export function makeEvent({ type, props = {} }: Signal, at: number, refused: Refused): VisitorEvent {
  if (typeof type !== 'string' || !type) throw new Error(`expected the name of an event, as in track("signup"), got ${type}`)
  return { id: newId(), type, at, props: plain(props, refused) }
}
