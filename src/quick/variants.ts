// In the script tag's file, in place of variants.ts: templates and texts. For all else language.js is there, or is fetched.

import { alike } from '../show/alike.js'
import { type Rendering, renderTemplate, renderText } from '../show/render.js'
import type { RenderOptions } from '../show/variant.js'
import type { Ruleset, VariantData } from '../types.js'
import { language, languages } from './whole.js'

export function renderer(ruleset: Ruleset, options: RenderOptions): Rendering {
  const { meet, refuse } = alike(ruleset, options.free)
  const later = (element: Element, data: VariantData): (() => void) => {
    let undo: (() => void) | undefined
    let undone = false
    language()
      .then((known) => {
        if (!undone) undo = known.renderer(ruleset, options).data(element, data)
      })
      .catch((error) => options.report(error.message, error))
    return () => {
      undone = true
      undo?.()
    }
  }
  return (
    languages.get(ruleset)?.renderer(ruleset, options) ?? {
      meet,
      template: (element, template, slot) => {
        refuse(slot, template)
        return renderTemplate(element, template)
      },
      // Only code of the page's own brings more than texts here.
      data: (element, data) => (`${Object.keys(data)}` === 'text' ? renderText(element, (data as { text: { [selector: string]: string } }).text) : later(element, data as VariantData)),
    }
  )
}
