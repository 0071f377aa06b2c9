// Site search: what a visitor has searched for, by the one query parameter that the ruleset declares.

import type { Start } from './signals.js'

/** Longer than this, it is a text that somebody has pasted. */
const LONGEST = 60

/** As rules compare it, however it was typed. */
export const searchTerm = (typed: string): string => typed.trim().replace(/\s+/g, ' ').toLowerCase().slice(0, LONGEST)

export const search: Start = ({ view, ruleset, note }) => {
  const parameter = ruleset.sense?.search
  const typed = parameter ? (new URLSearchParams(view.location.search).get(parameter) ?? '') : ''
  const term = searchTerm(typed)
  // After the page view, which is recorded first.
  if (term) queueMicrotask(() => note('search', { term }))
  return () => {}
}
