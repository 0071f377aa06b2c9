// What a ruleset says of consent, and what it leaves open.

import type { Ruleset } from '../../types.js'
import type { Found } from '../finding.js'

export function consent({ consent }: Pick<Ruleset, 'consent'>, found: Found): void {
  // Keeping behaviour on the device before a choice needs a reason that the site can name.
  if (consent && (consent.before ?? 'local') === 'local' && !consent.legalGround) {
    found('consent', 'ground', 'a profile is kept before the visitor has chosen; in the EU that generally needs consent', 'say "before": "memory" or "off", or give your "legalGround"')
  }
}
