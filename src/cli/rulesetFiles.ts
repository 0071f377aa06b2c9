// readRulesets(): the ruleset that is asked about and earlier ones of it, each checked.

import { checkRuleset } from '../ruleset.js'
import type { Ruleset } from '../types.js'
import { readText, refuse } from './terminal.js'

function parsed(file: string, text: string): Ruleset {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return refuse(`${file} is no JSON: ${(error as Error).message}; slotwise check ${file} says more`)
  }
  const [first, ...more] = checkRuleset(value)
  if (first) refuse(`${file} cannot be used: ${first.path}: ${first.message}${more.length > 0 ? `, and ${more.length} more` : ''}; slotwise check ${file} says all`)
  return value as Ruleset
}

export async function readRulesets(file: string, archive: string[]): Promise<{ text: string; rulesets: [Ruleset, ...Ruleset[]] }> {
  const text = await readText(file)
  const earlier = await Promise.all(archive.map(async (one) => parsed(one, await readText(one))))
  return { text, rulesets: [parsed(file, text), ...earlier] }
}
