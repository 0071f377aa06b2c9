// explain.js beside the script tag: explains what the simple engine decides, too, from what that one keeps.

import { type Known, explain as whole } from '../asked.js'
import { looking } from './looking.js'

export { export, forget, import } from '../asked.js'

export const explain: typeof whole = (known, asked) => {
  const { decider } = known
  return whole(decider?.look ? known : { ...known, decider: { ...decider, look: looking(decider?.state()) } } as Known, asked)
}
