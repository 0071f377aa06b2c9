// slotwise check: says what is wrong with a ruleset, by path and line, and how to mend it.

import { explain, RULES } from '../explain.js'
import { nearest } from '../lib/nearest.js'
import { isObject } from '../lib/own.js'
import type { Fault } from '../lib/shape.js'
import { LARGEST } from '../load.js'
import { checkRuleset, faultsOf } from '../ruleset.js'
import type { Ruleset } from '../types.js'
import { compile } from './compile.js'
import { type Finding, type Fix, type Found, parted, sentence } from './finding.js'
import { linesOf } from './lines.js'
import { alike } from './lint/alike.js'
import { consent } from './lint/consent.js'
import { groups } from './lint/groups.js'
import { limits } from './lint/limits.js'
import { names } from './lint/names.js'
import { pages } from './lint/pages.js'
import { reach } from './lint/reach.js'
import { recommends } from './lint/recommends.js'
import { sensitive } from './lint/sensitive.js'
import { type Expected, trials } from './lint/trials.js'
import { variants } from './lint/variants.js'
import type { Page, Sheet } from './site.js'

export type { Finding }

export interface CheckOptions {
  /** Where nothing is wrong, it gets the ruleset with trees in place of HTML. */
  compiled?: ((ruleset: Ruleset) => void) | undefined
  /** In ms since 1970, for what is over. */
  now?: number
  /** How many visitors there are, and how many of them reach a goal anyway: for how long tests take. */
  expected?: Partial<Expected>
  /** The pages that the ruleset is for, with their style sheets. */
  site?: { pages: Page[]; sheets: Sheet[] } | undefined
}

/** Kinds of faults with a code of their own; all others are values that may not stand there. */
const CODES: { [kind: string]: string } = { unknown: 'unknown', missing: 'missing', segment: 'unknown', goal: 'unknown', interest: 'unknown', groups: 'unknown', circle: 'circle', twice: 'twice', version: 'twice', fill: 'unknown' }

/** A slip of the pen: there is one name that it comes close to. */
function fixOf({ kind, got, known }: Fault): Fix | undefined {
  if (kind === 'rule') {
    const [key] = isObject(got) ? Object.keys(got) : []
    const rename = key === undefined ? undefined : nearest(key, RULES)
    return key !== undefined && rename !== undefined ? { key, rename } : undefined
  }
  const near = typeof got === 'string' ? nearest(got, known) : undefined
  if (near === undefined) return undefined
  if (kind === 'unknown') return { rename: near }
  return kind === 'segment' || kind === 'goal' ? { value: near } : undefined
}

/** Everything to be said of a ruleset's text, by line; an error means that it cannot be used. */
export function findings(text: string, { compiled, now = Date.now(), expected = {}, site }: CheckOptions = {}): Finding[] {
  const whole = (line: number, code: string, why: string, mend = ''): Finding[] => [{ severity: 'error', code, path: 'ruleset', line, why, mend, message: sentence(why, mend) }]
  if (text.length > LARGEST) return whole(1, 'large', `has ${text.length} bytes, more than ${LARGEST}`, 'split it or remove what is not used')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const { message } = error as Error
    const at = Number(/position (\d+)/.exec(message)?.[1] ?? text.length)
    return whole(text.slice(0, at).split('\n').length, 'json', `is not JSON: ${message}`)
  }
  const lines = linesOf(text)
  const all: Finding[] = []
  const say =
    (severity: Finding['severity']): Found =>
    (path, code, why, mend = '', fix) =>
      all.push({ severity, code, path, line: lines.of(path), why, mend, message: sentence(why, mend), ...(fix ? { fix } : {}) })
  const [wrong, warn] = [say('error'), say('warning')]

  const faults = faultsOf(value)
  for (const [i, { path, message }] of explain(faults).entries()) {
    const fix = fixOf(faults[i] as Fault)
    all.push({ severity: 'error', code: CODES[(faults[i] as Fault).kind] ?? 'value', path, line: lines.of(path === 'ruleset' ? '' : path), ...parted(message), message, ...(fix ? { fix } : {}) })
  }
  for (const { path, line } of lines.twice) all.push({ severity: 'error', code: 'twice', path, line, why: 'stands twice in one object, and only the last is read', mend: 'remove one', message: 'stands twice in one object, and only the last is read; remove one' })
  if (all.length === 0) {
    const ruleset = value as Ruleset
    names(ruleset, warn)
    groups(ruleset, warn)
    reach(ruleset, now, warn)
    limits(ruleset, warn)
    trials(ruleset, { perDay: ruleset.expected?.perDay, rate: 0.05, ...expected }, warn)
    consent(ruleset, warn)
    sensitive(ruleset, warn)
    variants(ruleset, warn)
    alike(ruleset, warn)
    recommends(ruleset, warn)
    if (site) pages(ruleset, site.pages, site.sheets, (page, line, path, code, why, mend) => all.push({ severity: 'warning', code, path, line, page, why, mend, message: sentence(why, mend) }), warn)
    const trees = compile(ruleset, { warn, lost: wrong, html: compiled ? undefined : warn })
    // A name that is filled in may stand in the HTML where none may.
    for (const { path, message } of checkRuleset(trees)) {
      const { why, mend } = parted(message)
      wrong(path, 'value', why, mend)
    }
    if (all.every(({ severity }) => severity === 'warning')) compiled?.(trees)
  }
  return all.sort((a, b) => (a.page ?? '').localeCompare(b.page ?? '') || a.line - b.line)
}
