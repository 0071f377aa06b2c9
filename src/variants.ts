// renderer(): every kind of variant, looked through before it is shown. The script tag fetches it with language.js.

import { checkVariant } from './ruleset.js'
import type { Rendering } from './show/render.js'
import { createRendering, type RenderOptions } from './show/variant.js'
import type { Ruleset } from './types.js'

export const renderer = (ruleset: Ruleset, options: RenderOptions): Rendering => createRendering(ruleset, (data) => checkVariant(data, ruleset.fill)[0], options)
