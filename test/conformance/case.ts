// What a conformance file holds: a list of cases.

import type { Props, Ruleset } from '../../src/types.js'

export interface Moment {
  at: number
  event?: { type: string; at: number; props: Props }
  traits?: Props
  context?: Props
  facts?: Props
  /** The segments that hold, in the ruleset's order. */
  members: string[]
  /** Those that have come or gone since the step before, sorted. */
  changed: string[]
}

export interface Case {
  name: string
  ruleset: Ruleset
  steps: Moment[]
}
