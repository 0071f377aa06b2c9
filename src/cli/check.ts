// slotwise check: says what is wrong with a ruleset, by path and line, and how to mend it.

import { explain } from '../explain.js'
import { nearest } from '../lib/nearest.js'
import { own } from '../lib/own.js'
import { LARGEST } from '../load.js'
import { checkRuleset } from '../ruleset.js'
import type { Experience, Ruleset } from '../types.js'
import { compile } from './compile.js'
import { EVENTS, SHOP } from './events.js'
import { linesOf } from './lines.js'
import { sensitiveNames } from './sensitiveNames.js'
import { unsaid } from './variants.js'

/** Of events that are recorded by themselves, but for those of shops: sites have many such names of their own. */
const TYPES = Object.keys(EVENTS).filter((type) => !SHOP[type] && EVENTS[type]?.recorded !== 'marked')

export interface Finding {
  /** A warning does not keep a ruleset from being used. */
  severity: 'error' | 'warning'
  path: string
  /** From 1. */
  line: number
  message: string
}

const UTM = ['source', 'medium', 'campaign', 'term', 'content']
const ARRIVAL = ['utm', ...UTM.map((name) => `utm.${name}`), 'referrer', 'click', 'landing']

/** What a page tells of itself, for `context`; and the parameters that the ruleset lists. */
const CONTEXT = [
  ...['page', 'path', 'params', 'visit', 'visitor', 'daysSinceFirst', 'daysSinceLast', 'device', 'viewport', 'language', 'timeZone', 'hour', 'weekday'],
  ...['colorScheme', 'reducedMotion', 'saveData', 'connection', ...ARRIVAL, 'first', ...ARRIVAL.map((name) => `first.${name}`)],
]

export type Found = (path: string, message: string) => void

/** Names that the ruleset gives, and what a page tells. */
interface Known {
  pages: string[]
  groups: string[]
  context: string[]
}

/** Names that mean nothing, where a page's own names could have stood as well. */
function unknownNames(value: unknown, path: string, known: Known, found: Found): void {
  const { pages, groups, context } = known
  const unknown = (kind: string, got: unknown, known: string[], at: string): void => {
    const [problem] = explain([{ path: at, kind, got, known }])
    if (problem) found(at, problem.message)
  }
  const pageNamed = (conditions: unknown, at: string): void => {
    const page = (conditions as { page?: unknown } | null)?.page
    if (typeof page === 'string' && !pages.includes(page)) unknown('page', page, pages, `${at}.page`)
  }
  if (Array.isArray(value)) value.forEach((entry, i) => unknownNames(entry, `${path}[${i}]`, known, found))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return
  const record = value as { [key: string]: unknown }
  for (const [key, part] of Object.entries(record)) {
    const at = path ? `${path}.${key}` : key
    // A site may have such a name for its own: only a slip of the pen is asked about.
    const meant = key === 'event' && typeof part === 'string' && !TYPES.includes(part) ? nearest(part, TYPES, Math.floor((part.length + 3) / 6)) : undefined
    if (meant) found(at, `if the site does not track "${part}" by its own calls, did you mean "${meant}", which is recorded by itself?`)
    if ((key === '$inGroup' || key === '$notInGroup') && !groups.includes(part as string)) unknown('groups', part, groups, at)
    if (key === '$savedGroup' && !groups.includes((part as { id: string }).id)) unknown('groups', (part as { id: string }).id, groups, `${at}.id`)
    if (key === 'where' && typeof record.event === 'string' && own(EVENTS, record.event)?.props.page) pageNamed(part, at)
    if (key === 'context' && typeof part === 'object' && part !== null) {
      pageNamed(part, at)
      for (const name of Object.keys(part)) if (name[0] !== '$' && !context.includes(name)) unknown('context', name, context, `${at}.${name}`)
    }
    unknownNames(part, at, known, found)
  }
}

/** Keeping behaviour on the device before a choice needs a reason that the site can name. */
function unreasoned({ consent }: { consent?: { before?: string; legalGround?: string } }, found: Found): void {
  if (consent && (consent.before ?? 'local') === 'local' && !consent.legalGround) {
    found('consent', 'a profile is kept before the visitor has chosen; in the EU that generally needs consent: say "before": "memory" or "off", or give your "legalGround"')
  }
}

/** Keys of experiences that do less than they seem to. */
function idle({ slots = {} }: Pick<Ruleset, 'slots'>, found: Found): void {
  const all = Object.entries(slots).flatMap(([slot, { experiences = [] }]) => experiences.map((one, i) => ({ ...one, path: `slots.${slot}.experiences[${i}]` })))
  const groupOf = ({ exclusive }: Experience): string | undefined => (typeof exclusive === 'object' ? exclusive.group : exclusive)
  for (const one of all) {
    const group = groupOf(one)
    if (group !== undefined && all.filter((other) => groupOf(other) === group).length === 1) {
      found(`${one.path}.exclusive`, `is the only experience of the group "${group}", so that everybody is in its slice; name another with the same group, or leave it out`)
    }
    if (one.fatigue && one.goal === undefined) found(`${one.path}.fatigue`, 'without a "goal" nothing makes it fresh again before its time: give the experience the goal that it is judged by')
  }
}

/**
 * Everything to be said of a ruleset's text; an error means that it cannot be used. Where there is none, `compiled` gets
 * the ruleset with trees in place of HTML.
 */
export function findings(text: string, compiled?: (ruleset: Ruleset) => void): Finding[] {
  if (text.length > LARGEST) return [{ severity: 'error', path: 'ruleset', line: 1, message: `has ${text.length} bytes, more than ${LARGEST}; split it or remove what is not used` }]
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const { message } = error as Error
    const at = Number(/position (\d+)/.exec(message)?.[1] ?? text.length)
    return [{ severity: 'error', path: 'ruleset', line: text.slice(0, at).split('\n').length, message: `is not JSON: ${message}` }]
  }
  const lines = linesOf(text)
  const all: Finding[] = checkRuleset(value).map(({ path, message }) => ({ severity: 'error', path, line: lines.of(path === 'ruleset' ? '' : path), message }))
  for (const { path, line } of lines.twice) all.push({ severity: 'error', path, line, message: 'stands twice in one object, and only the last is read; remove one' })
  if (all.length === 0) {
    const { pages = {}, groups = {}, sense = {} } = value as Ruleset
    const warn: Found = (path, message) => all.push({ severity: 'warning', path, line: lines.of(path), message })
    const params = (sense.params ?? []).map((name) => `params.${name}`)
    unknownNames(value, '', { pages: Object.keys(pages), groups: Object.keys(groups), context: [...CONTEXT, ...params] }, warn)
    idle(value as Ruleset, warn)
    unreasoned(value as Parameters<typeof unreasoned>[0], warn)
    sensitiveNames(value as Ruleset, warn)
    unsaid(value as Ruleset, CONTEXT, warn)
    const ruleset = compile(value as Ruleset, { warn, lost: (path, message) => all.push({ severity: 'error', path, line: lines.of(path), message }), html: compiled ? undefined : warn })
    // A name that is filled in may stand in the HTML where none may.
    for (const { path, message } of checkRuleset(ruleset)) all.push({ severity: 'error', path, line: lines.of(path), message })
    if (all.every(({ severity }) => severity === 'warning')) compiled?.(ruleset)
  }
  return all.sort((a, b) => a.line - b.line)
}
