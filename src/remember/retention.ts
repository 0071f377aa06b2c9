// How long the log on the device keeps events, and how many.

import { duration } from '../lib/duration.js'
import type { Ruleset } from '../types.js'

/** `events` in ms. */
export interface Retention {
  events: number
  count: number
}

/** 90 days and 10,000 events, unless the ruleset says otherwise. */
export const retention = ({ retention }: Ruleset): Retention => ({
  events: duration(retention?.events ?? '90d'),
  count: retention?.count ?? 10_000,
})
