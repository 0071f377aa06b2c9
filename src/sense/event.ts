// makeEvent(): gives a signal its identity and time. The only file that knows nanoid.

import { nanoid } from 'nanoid'
import type { Props, Signal, VisitorEvent } from '../types.js'

/** Ids of events, of pages, and the visitor's seed. */
export const newId = (): string => nanoid()

/** A copy of what JSON can hold; the page keeps its own object. Throws what `JSON.stringify` throws. */
const plain = (props: Props): Props => JSON.parse(JSON.stringify(props)) as Props

/** `at` is in ms since 1970. */
export const makeEvent = ({ type, props = {} }: Signal, at: number): VisitorEvent => ({ id: newId(), type, at, props: plain(props) })
