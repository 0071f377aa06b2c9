// Names that mean nothing: page groups, saved groups, facts of the context and events with a slip of the pen.

import { explain } from '../../explain.js'
import { nearest } from '../../lib/nearest.js'
import { own } from '../../lib/own.js'
import type { Ruleset } from '../../types.js'
import { EVENTS, SHOP } from '../events.js'
import { type Fix, type Found, parted } from '../finding.js'

/** Of events that are recorded by themselves, but for those of shops: sites have many such names of their own. */
const TYPES = Object.keys(EVENTS).filter((type) => !SHOP[type] && EVENTS[type]?.recorded !== 'marked')

const UTM = ['source', 'medium', 'campaign', 'term', 'content']
const ARRIVAL = ['utm', ...UTM.map((name) => `utm.${name}`), 'referrer', 'click', 'landing']

/** What a page tells of itself, for `context`. */
export const CONTEXT = [
  ...['page', 'path', 'params', 'visit', 'visitor', 'daysSinceFirst', 'daysSinceLast', 'device', 'viewport', 'language', 'timeZone', 'hour', 'weekday'],
  ...['colorScheme', 'reducedMotion', 'saveData', 'connection', ...ARRIVAL, 'first', ...ARRIVAL.map((name) => `first.${name}`)],
]

export function names(ruleset: Ruleset, found: Found): void {
  const pages = Object.keys(ruleset.pages ?? {})
  const groups = Object.keys(ruleset.groups ?? {})
  const context = [...CONTEXT, ...(ruleset.sense?.params ?? []).map((name) => `params.${name}`)]

  const unknown = (kind: string, got: string, known: string[], at: string, fix: (near: string) => Fix): void => {
    const [problem] = explain([{ path: at, kind, got, known }])
    const near = nearest(got, known)
    const { why, mend } = parted(problem?.message ?? '')
    found(at, 'unknown', why, mend, near ? fix(near) : undefined)
  }
  const value = (near: string): Fix => ({ value: near })
  const pageNamed = (conditions: unknown, at: string): void => {
    const page = (conditions as { page?: unknown } | null)?.page
    if (typeof page === 'string' && !pages.includes(page)) unknown('page', page, pages, `${at}.page`, value)
  }
  const walk = (part: unknown, path: string): void => {
    if (Array.isArray(part)) part.forEach((entry, i) => walk(entry, `${path}[${i}]`))
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return
    const record = part as { [key: string]: unknown }
    for (const [key, inner] of Object.entries(record)) {
      const at = path ? `${path}.${key}` : key
      // A site may have such a name for its own: only a slip of the pen is asked about.
      const meant = key === 'event' && typeof inner === 'string' && !TYPES.includes(inner) ? nearest(inner, TYPES, Math.floor((inner.length + 3) / 6)) : undefined
      if (meant) found(at, 'event', `if the site does not track "${inner}" by its own calls, did you mean "${meant}", which is recorded by itself?`)
      if ((key === '$inGroup' || key === '$notInGroup') && !groups.includes(inner as string)) unknown('groups', inner as string, groups, at, value)
      if (key === '$savedGroup' && !groups.includes((inner as { id: string }).id)) unknown('groups', (inner as { id: string }).id, groups, `${at}.id`, value)
      if (key === 'where' && typeof record.event === 'string' && own(EVENTS, record.event)?.props.page) pageNamed(inner, at)
      if (key === 'context' && typeof inner === 'object' && inner !== null) {
        pageNamed(inner, at)
        for (const name of Object.keys(inner)) if (name[0] !== '$' && !context.includes(name)) unknown('context', name, context, `${at}.${name}`, (near) => ({ rename: near }))
      }
      walk(inner, at)
    }
  }
  walk(ruleset, '')
}
