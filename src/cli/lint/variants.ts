// What a site should know of its variants before its visitors do: values that may be missing, and where a redirect stands.

import type { Ruleset, VariantData } from '../../types.js'
import type { Found } from '../finding.js'
import { CONTEXT } from './names.js'

/** Every variant of a ruleset with its path. */
export const variantsOf = ({ slots = {} }: Ruleset): [path: string, data: VariantData, slot: string, name: string][] =>
  Object.entries(slots).flatMap(([slot, { variants = {} }]) => Object.entries(variants).map(([name, data]): [string, VariantData, string, string] => [`slots.${slot}.variants.${name}`, data, slot, name]))

/** A name with nothing to stand for it. */
const BARE = /\{\{\s*([\w.-]+)\s*\}\}/g

export function variants(ruleset: Ruleset, found: Found): void {
  ruleset.fill?.forEach((name, i) => {
    if (!/^trait\../.test(name) && !CONTEXT.includes(name)) found(`fill[${i}]`, 'unknown', `pages tell nothing of the name "${name}"`, `known here: trait.…, ${CONTEXT.join(', ')}`)
  })
  for (const [path, data] of variantsOf(ruleset)) {
    const bare = new Set([...JSON.stringify(data).matchAll(BARE)].map(([, name]) => name))
    for (const name of bare) found(path, 'bare', `says nothing in place of {{${name}}} where it is not known`, `give it words of its own: {{${name}|friend}}`)
    if (data.redirect !== undefined) found(`${path}.redirect`, 'redirect', 'leaves the page once its slot is found', 'let that stand first in the page, as in <body data-slot="…">')
  }
}
