// permitted(): an answer per purpose, from what a consent manager says of its own categories.

import type { Told } from '../types.js'

/** Which of a manager's own purposes or categories stand for ours: all of them have to be allowed. None: it does not ask for that. */
export interface Ids<Id> {
  personalize?: Id | Id[]
  measure?: Id | Id[]
}

export function permitted<Id>(ids: Ids<Id>, allowed: (id: Id) => unknown): Told {
  const told: Told = {}
  for (const purpose of ['personalize', 'measure'] as const) {
    const all = [ids[purpose] ?? []].flat() as Id[]
    if (all.length > 0) told[purpose] = all.every((id) => allowed(id) === true) ? 'granted' : 'denied'
  }
  return told
}
