// What a site should know of its variants before its visitors do: requests, redirects, and values that may be missing.

import { isPersonal } from '../show/alike.js'
import type { Ruleset, VariantData } from '../types.js'
import type { Found } from './check.js'

/** Every variant of a ruleset with its path. */
export const variantsOf = ({ slots = {} }: Ruleset): [path: string, data: VariantData, slot: string][] =>
  Object.entries(slots).flatMap(([slot, { variants = {} }]) => Object.entries(variants).map(([name, data]): [string, VariantData, string] => [`slots.${slot}.variants.${name}`, data, slot]))

/** A name with nothing to stand for it. */
const BARE = /\{\{\s*([\w.-]+)\s*\}\}/g

export function unsaid(ruleset: Ruleset, context: string[], found: Found): void {
  ruleset.fill?.forEach((name, i) => {
    if (!/^trait\../.test(name) && !context.includes(name)) found(`fill[${i}]`, `pages tell nothing of the name "${name}"; known here: trait.…, ${context.join(', ')}`)
  })
  for (const [path, data, slot] of variantsOf(ruleset)) {
    const bare = new Set([...JSON.stringify(data).matchAll(BARE)].map(([, name]) => name))
    for (const name of bare) found(path, `says nothing in place of {{${name}}} where it is not known; give it words of its own: {{${name}|friend}}`)
    if (data.redirect !== undefined) found(`${path}.redirect`, 'leaves the page once its slot is found: let that stand first in the page, as in <body data-slot="…">')
    if (!isPersonal(ruleset, slot) || ruleset.consent?.requests === 'free') continue
    if (data.redirect !== undefined) found(`${path}.redirect`, 'tells the server what the visitor did: it waits until measure is granted, or for "requests": "free" under "consent"')
    if (data.image || /\bimg\b/.test(JSON.stringify(data.html ?? ''))) {
      found(path, 'its pictures would tell the server what the visitor did: until measure is granted every visitor loads them, whatever is shown; "requests": "free" under "consent" loads only what is shown')
    }
  }
}
