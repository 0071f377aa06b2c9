// renderer(): every kind of variant, looked through before it is shown. The script tag fetches it with language.js.

import { checkVariant } from './ruleset.js'
import type { Rendering } from './show/render.js'
import { createRendering, type RenderOptions } from './show/variant.js'
import { withRecommended } from './show/recommended.js'
import type { Ruleset } from './types.js'

export function renderer(ruleset: Ruleset, options: RenderOptions): Rendering {
  // The page's own object: its slots find there what experiences recommend.
  if (ruleset.slots) ruleset.slots = withRecommended(ruleset.slots)
  return createRendering(ruleset, (data) => checkVariant(data, ruleset.fill)[0], options)
}
