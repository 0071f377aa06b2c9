// hinter.js beside the script tag: foresees by the simple engine, too, from what that one keeps.

import { createHinter as whole } from '../hinter.js'
import { untilOf } from './until.js'

export const createHinter: typeof whole = (options) => {
  const { decider, ruleset } = options
  return whole({ ...options, decider: decider.until ? decider : { ...decider, until: (rule, now) => untilOf(ruleset, decider.state?.())(rule, now) } })
}
