// explain.js beside the script tag: explains decisions of the simple engine, too, from what that one keeps.

import { type Asking, explain as whole } from '../decide/explain.js'
import { looking } from './looking.js'

export const explain: typeof whole = (ruleset, slot, ask, decision) => {
  const asking = (): Asking => {
    const { decider, ...rest } = ask()
    return { ...rest, decider: decider.look ? decider : { ...decider, look: looking(decider.state()) } }
  }
  return whole(ruleset, slot, asking, decision)
}
