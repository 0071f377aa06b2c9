// Leaves of rules: each answers its question from a stream, and says until when the answer holds if no event comes.

import type { Props } from '../types.js'
import { type Groups, matchesValue } from './conditions.js'
import { type Leaf, leafOf, type Look } from './network.js'
import type { Question } from './question.js'
import type { Timed } from './stream.js'
import type { Span } from './span.js'

const NEVER = Number.POSITIVE_INFINITY

/** A leaf without a value is false, unless it asks for just that. */
export const fits = (condition: unknown, value: unknown, groups: Groups): boolean =>
  value === null ? (condition as { $exists?: boolean })?.$exists === false : matchesValue(condition, value, [groups, []])

/** What a question reads from a stream. */
export const answer = (stream: Timed, { read, turns }: Pick<Question, 'read' | 'turns'>, { since, ends }: Span, facts: Props | undefined, now: number, until: (at: number) => void): unknown => {
  const tally = stream.entries(facts)
  if (!tally) return undefined
  const { times } = tally
  const from = stream.begun() ? since(now) : NEVER
  let start = times.length
  while (start > 0 && (times[start - 1] as number) > from) start--
  if (start < times.length) {
    until(ends(now, times[start] as number))
    for (const turn of turns?.(times[times.length - 1] as number) ?? []) if (turn > now) until(turn)
  }
  return read(tally, start, now)
}

export function countedLeaf(...asked: [stream: Timed, question: Question, span: Span, groups: Groups, facts: () => Props | undefined, lasting?: boolean]): Leaf {
  const [stream, question, span, , facts] = asked
  const look = (now: number): Look => {
    const last = answer(stream, { read: ({ times }, start) => times.slice(start).pop() ?? null }, span, facts(), now, () => {}) as number | null
    return { got: stream.steps?.() ?? answer(stream, question, span, facts(), now, () => {}) ?? null, last: last ?? null }
  }
  return Object.assign(asking(...asked), { look })
}

function asking(stream: Timed, question: Question, span: Span, groups: Groups, facts: () => Props | undefined, lasting = !span.anchor): Leaf {
  const { atLeast, below = false, reaches, condition } = question
  return leafOf(lasting && atLeast !== undefined ? !below : undefined, (now, until) => {
    const tally = stream.entries(facts())
    if (!tally) return false
    if (atLeast === undefined || tally.signed) return fits(condition, answer(stream, question, span, facts(), now, until), groups)
    const at = tally.times[reaches(tally, atLeast)] as number
    if (!stream.begun() || !(at > span.since(now))) return below
    until(span.ends(now, at))
    return !below
  })
}
