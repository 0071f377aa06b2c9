// makeEvent(): gives a signal its identity and time. The only file that knows nanoid.

import { nanoid } from 'nanoid'
import { isObject } from '../lib/own.js'
import type { Json, Props, VisitorEvent } from '../types.js'

/** Ids of events, of pages, and the visitor's seed. */
export const newId = (): string => nanoid()

type Draft = { [name: string]: Json | undefined }

/** A copy of what JSON can hold, without what is undefined; the page goes on with its own object. Throws an Error that says what is wrong. */
export function plain(props: Draft): Props {
  if (!isObject(props)) throw new Error(`expected an object, got ${props}`)
  return JSON.parse(JSON.stringify(props)) as Props
}

/** `at` is in ms since 1970. */
export function makeEvent({ type, props = {} }: { type: string; props?: Draft }, at: number): VisitorEvent {
  if (typeof type !== 'string' || !type) throw new Error(`expected a name, got ${type}`)
  return { id: newId(), type, at, props: plain(props) }
}
