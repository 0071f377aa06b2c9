// fence(): what looks like a person's own data, by all that is known of it. The script tag fetches it with language.js.

import type { IsPersonal } from './lib/fenced.js'
import { isPersonal } from './lib/pii.js'
import type { Ruleset } from './types.js'

export const fence = (_: Ruleset): IsPersonal => isPersonal
