// In the script tag's file, in place of variants.ts: templates and texts. For all else language.js is there, or is fetched.

import { later } from '../lib/later.js'
import { own } from '../lib/own.js'
import { alike } from '../show/alike.js'
import { type Rendering, renderContent, renderText } from '../show/render.js'
import type { RenderOptions } from '../show/variant.js'
import type { Ruleset } from '../types.js'
import { language, languages } from './whole.js'

export function renderer(ruleset: Ruleset, options: RenderOptions): Rendering {
  const [meet, take] = alike(options.free, (slot) => own(ruleset.slots, slot)?.experiences?.some(({ when, split }) => when ?? split))
  return (
    languages.get(ruleset)?.renderer(ruleset, options) ?? {
      meet,
      template: (element, template, slot) => renderContent(element, take(template, slot)),
      data: (element, data) => {
        if (`${Object.keys(data)}` === 'text') return renderText(element, (data as { text: { [selector: string]: string } }).text)
        // Only code of the page's own brings more than texts here.
        return later(
          language(),
          (known) => known.renderer(ruleset, options).data(element, data),
          (error) => options.report(error.message, error),
        )
      },
    }
  )
}
