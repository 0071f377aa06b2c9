// slotwise check: says what is wrong with a ruleset, by path and line, and how to mend it.

import { explain } from '../explain.js'
import { LARGEST } from '../load.js'
import { checkRuleset } from '../ruleset.js'
import type { Experience, Ruleset } from '../types.js'
import { compile } from './compile.js'
import { linesOf } from './lines.js'
import { unsaid } from './variants.js'

export interface Finding {
  /** A warning does not keep a ruleset from being used. */
  severity: 'error' | 'warning'
  path: string
  /** From 1. */
  line: number
  message: string
}

/** What a page tells of itself, for `context`. */
const CONTEXT = ['page', 'path', 'utm', 'utm.source', 'utm.medium', 'utm.campaign', 'utm.term', 'utm.content', 'device', 'language', 'visit']

export type Found = (path: string, message: string) => void

/** Names that mean nothing, where a page's own names could have stood as well. */
function unknownNames(value: unknown, path: string, { pages, groups }: { pages: string[]; groups: string[] }, found: Found): void {
  const unknown = (kind: string, got: unknown, known: string[], at: string): void => {
    const [problem] = explain([{ path: at, kind, got, known }])
    if (problem) found(at, problem.message)
  }
  const pageNamed = (conditions: unknown, at: string): void => {
    const page = (conditions as { page?: unknown } | null)?.page
    if (typeof page === 'string' && !pages.includes(page)) unknown('page', page, pages, `${at}.page`)
  }
  if (Array.isArray(value)) value.forEach((entry, i) => unknownNames(entry, `${path}[${i}]`, { pages, groups }, found))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return
  const record = value as { [key: string]: unknown }
  for (const [key, part] of Object.entries(record)) {
    const at = path ? `${path}.${key}` : key
    if ((key === '$inGroup' || key === '$notInGroup') && !groups.includes(part as string)) unknown('groups', part, groups, at)
    if (key === '$savedGroup' && !groups.includes((part as { id: string }).id)) unknown('groups', (part as { id: string }).id, groups, `${at}.id`)
    if (key === 'where' && record.event === 'page_view') pageNamed(part, at)
    if (key === 'context' && typeof part === 'object' && part !== null) {
      pageNamed(part, at)
      for (const name of Object.keys(part)) if (name[0] !== '$' && !CONTEXT.includes(name)) unknown('context', name, CONTEXT, `${at}.${name}`)
    }
    unknownNames(part, at, { pages, groups }, found)
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
    const { pages = {}, groups = {} } = value as { pages?: object; groups?: object }
    const warn: Found = (path, message) => all.push({ severity: 'warning', path, line: lines.of(path), message })
    unknownNames(value, '', { pages: Object.keys(pages), groups: Object.keys(groups) }, warn)
    idle(value as Ruleset, warn)
    unreasoned(value as Parameters<typeof unreasoned>[0], warn)
    unsaid(value as Ruleset, CONTEXT, warn)
    const ruleset = compile(value as Ruleset, { warn, lost: (path, message) => all.push({ severity: 'error', path, line: lines.of(path), message }), html: compiled ? undefined : warn })
    // A name that is filled in may stand in the HTML where none may.
    for (const { path, message } of checkRuleset(ruleset)) all.push({ severity: 'error', path, line: lines.of(path), message })
    if (all.every(({ severity }) => severity === 'warning')) compiled?.(ruleset)
  }
  return all.sort((a, b) => a.line - b.line)
}
