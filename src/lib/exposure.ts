// What the log says of an exposure: enough for its trial to be opened from the log alone, later or by another tab.

import type { Decision, Signal } from '../types.js'

export const EXPOSURE = 'exposure'
export const SEEN = 'exposure_seen'

/** The start of the slot was reached; or, `seen`, half of it was in view for a second. */
export const exposure = ({ slot, experience, variant, arm, held, weights, stratum, measured, epoch }: Decision, seen: boolean): Signal => ({
  type: seen ? SEEN : EXPOSURE,
  props: { slot, experience, variant, ...(measured ? { trial: { arm, held, weights: weights ?? 0, stratum, epoch } } : {}) },
})
