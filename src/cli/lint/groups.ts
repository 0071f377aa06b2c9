// Page groups that no page is ever counted to, since one before them has it already.

import { matchesPath } from '../../lib/pattern.js'
import type { Ruleset } from '../../types.js'
import type { Found } from '../finding.js'

/** Paths that a pattern matches, of each kind that another one could leave out. */
const witnesses = (pattern: string): string[] =>
  ['', 'x~1', 'x~1/y~2', 'x~1/y~2/z~3/'].map((run) => pattern.replace(/:\w+/g, 'v~4').replaceAll('*', run))

const patternsOf = (patterns: string | string[]): string[] => (typeof patterns === 'string' ? [patterns] : patterns)

export function groups({ pages = {} }: Pick<Ruleset, 'pages'>, found: Found): void {
  const before: [pattern: string, group: string][] = []
  for (const [group, patterns] of Object.entries(pages)) {
    patternsOf(patterns).forEach((pattern, i) => {
      const [earlier, other] = before.find(([earlier]) => witnesses(pattern).every((path) => matchesPath(earlier, path))) ?? []
      const at = typeof patterns === 'string' ? `pages.${group}` : `pages.${group}[${i}]`
      if (earlier !== undefined && other !== group) found(at, 'shadowed', `no page is ever counted to it: "${earlier}" of "${other}" comes first and matches all of "${pattern}"`, `put "${group}" before "${other}"`)
      else if (earlier !== undefined) found(at, 'shadowed', `"${earlier}" of the same group matches all of "${pattern}"`, 'remove one of the two')
      before.push([pattern, group])
    })
  }
}
