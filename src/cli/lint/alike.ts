// Requests that would tell a server what the visitor did, before measuring is granted: each case, and its mend.

import { isPersonal } from '../../show/alike.js'
import type { HtmlNode, Ruleset, VariantData } from '../../types.js'
import type { Found } from '../finding.js'
import { variantsOf } from './variants.js'

const FREE = '"requests": "free" under "consent"'

/** What loads by itself in a tree: pictures, by the allow-list nothing else can. */
export const pictures = (nodes: HtmlNode[]): boolean => nodes.some((node) => typeof node !== 'string' && (node[0] === 'img' || node[0] === 'source' || pictures(node.slice(1).filter((part): part is HtmlNode => typeof part === 'string' || Array.isArray(part)))))

const loads = ({ image, html }: VariantData): boolean => image !== undefined || (typeof html === 'string' ? /<(img|source)\b/i.test(html) : html !== undefined && pictures(html))

/** Does what is shown there depend on the visitor, and may no request tell of it? */
export const isGuarded = (ruleset: Ruleset, slot: string): boolean => isPersonal(ruleset, slot) && ruleset.consent?.requests !== 'free'

export function alike(ruleset: Ruleset, found: Found): void {
  for (const [path, data, slot] of variantsOf(ruleset)) {
    if (!isGuarded(ruleset, slot)) continue
    if (data.redirect !== undefined) found(`${path}.redirect`, 'requests', 'tells the server what the visitor did', `it waits until measure is granted, or for ${FREE}`)
    // No other node can take a slot's own place, or that of a node which the variant itself brings.
    if (data.image && (data.html !== undefined || '' in data.image)) found(`${path}.image`, 'requests', 'cannot be loaded for everybody beforehand', data.html !== undefined ? 'the variant waits until measure is granted: write the picture into its html' : `the variant waits until measure is granted: make an element around the picture the slot; or say ${FREE}`)
    else if (loads(data)) found(path, 'requests', 'its pictures would tell the server what the visitor did', `until measure is granted every visitor loads them, whatever is shown; ${FREE} loads only what is shown`)
  }
}
