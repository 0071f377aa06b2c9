// What the log says of an exposure: enough for its trial to be opened from the log alone, later or by another tab.

import type { Decision, Props, Signal } from '../types.js'

export const EXPOSURE = 'exposure'
export const SEEN = 'exposure_seen'
export const DISMISS = 'dismiss'

const propsOf = ({ slot, experience, variant, arm, held, weights, stratum, measured, epoch }: Decision): Props => ({
  slot,
  experience,
  variant,
  ...(measured ? { trial: { arm, held, weights: weights ?? 0, stratum, epoch } } : {}),
})

/** The start of the slot was reached; or, `seen`, half of it was in view for a second. */
export const exposure = (decision: Decision, seen: boolean): Signal => ({ type: seen ? SEEN : EXPOSURE, props: propsOf(decision) })

/** The visitor wants it away. */
export const dismissal = (decision: Decision): Signal => ({ type: DISMISS, props: propsOf(decision) })
