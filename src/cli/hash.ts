// hashOf(): the ruleset's hash as the visitor's page shows it.

import { createHash } from 'node:crypto'
import type { Ruleset } from '../types.js'

export const hashOf = (ruleset: Ruleset): string => `sha256-${createHash('sha256').update(JSON.stringify(ruleset)).digest('hex')}`
