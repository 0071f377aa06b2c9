// sensitiveNames(): words in a ruleset that are no interest unless it says why. A rule that asks for one would never hold.

import { own } from '../lib/own.js'
import { isSensitive } from '../lib/sensitive.js'
import type { Ruleset } from '../types.js'

export function sensitiveNames({ interests = {}, ...rules }: Ruleset, found: (path: string, message: string) => void): void {
  const look = (name: string, word: string, path: string): void => {
    if (own(interests, name)?.sensitive || !isSensitive(word)) return
    found(path, `"${word}" speaks of health, belief, politics, sexuality or minors, and is no interest unless the ruleset says why; leave it out, or give interests.${name}.sensitive your reason`)
  }
  for (const [name, { site = {} }] of Object.entries(interests)) for (const word of Object.keys(site)) look(name, word, `interests.${name}.site.${word}`)

  const walk = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, part] of Object.entries(value)) {
      const at = Array.isArray(value) ? `${path}[${key}]` : path ? `${path}.${key}` : key
      if (key === 'interest' && typeof part === 'object') for (const [name, word] of Object.entries(part ?? {})) look(name, `${word}`, at)
      walk(part, at)
    }
  }
  walk(rules, '')
}
