// Words of a ruleset that speak of health, belief, politics, sexuality or minors: a profile of those needs more than others.

import { own } from '../../lib/own.js'
import { isSensitive } from '../../lib/sensitive.js'
import type { Ruleset } from '../../types.js'
import type { Found } from '../finding.js'

const SPEAKS = 'speaks of health, belief, politics, sexuality or minors'

export function sensitive({ interests = {}, ...rules }: Ruleset, found: Found): void {
  /** Where nothing is kept before the visitor has said so, it is asked for. */
  const asks = ['memory', 'off'].includes(rules.consent?.before ?? '')
  const interest = (name: string, word: string, path: string): void => {
    if (own(interests, name)?.sensitive || !isSensitive(word)) return
    found(path, 'sensitive', `"${word}" ${SPEAKS}, and is no interest unless the ruleset says why`, `leave it out, or give interests.${name}.sensitive your reason`)
  }
  const word = (text: unknown, path: string): void => {
    if (typeof text !== 'string' || asks || !isSensitive(text)) return
    found(path, 'sensitive', `"${text}" ${SPEAKS}: to keep that of a visitor needs explicit consent in the EU and in Brazil`, 'leave it out, or keep nothing before the choice: "before": "memory" under "consent"')
  }
  for (const [name, { site = {} }] of Object.entries(interests)) for (const value of Object.keys(site)) interest(name, value, `interests.${name}.site.${value}`)

  const words = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) word(value, path)
    else for (const [key, part] of Object.entries(value)) words(part, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`)
  }
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, part] of Object.entries(value)) {
      const at = Array.isArray(value) ? `${path}[${key}]` : path ? `${path}.${key}` : key
      if (key === 'interest' && typeof part === 'object') for (const [name, value] of Object.entries(part ?? {})) interest(name, `${value}`, at)
      if (key === 'trait') for (const name of Object.keys(part ?? {})) word(name, `${at}.${name}`)
      if (key === 'trait' || key === 'where') words(part, at)
      else walk(part, at)
    }
  }
  walk({ segments: rules.segments, goals: rules.goals, slots: rules.slots }, '')
}
