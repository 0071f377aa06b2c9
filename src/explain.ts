// Says in sentences what is wrong with a ruleset, and how to mend it.

import { nearest } from './lib/nearest.js'
import type { Fault } from './lib/shape.js'
import { AUTOMATIC } from './lib/automatic.js'

export interface Problem {
  /** `segments.shoe-lover.count` */
  path: string
  message: string
}

const show = (value: unknown): string => {
  try {
    const text = JSON.stringify(value) ?? String(value)
    return text.length > 60 ? `${text.slice(0, 57)}...` : text
  } catch {
    // Nested many thousand times, or round in a circle.
    return 'what cannot be shown'
  }
}

const meant = (name: string, known: readonly string[]): string => {
  const near = nearest(name, known)
  return near ? `did you mean "${near}"?` : known.length ? `known here: ${known.join(', ')}` : 'none is known here'
}

/** The words that begin each kind of rule. */
export const RULES = ['event', 'sequence', 'interest', 'moreThan', 'score', 'trait', 'context', 'segment', 'all', 'any', 'not']

/** What was expected, by the type's name in shapes.ts. */
const EXPECTED: { [kind: string]: string } = {
  text: 'a text',
  anyText: 'a text',
  word: 'a text or a number',
  flag: 'true or false',
  yes: 'true; without it, leave it out',
  length: 'a duration such as "30m", "7d" or "12w"',
  integer: 'a whole number, 0 or more',
  positive: 'a whole number, 1 or more',
  share: 'a share from 0 to 1',
  amount: 'a number, 0 or more',
  factor: 'a number, 1 or more',
  number: 'a number',
  order: 'a number or a text',
  date: 'a date such as "2026-11-27" or "2026-11-27T10:00Z"',
  selector: 'a CSS selector such as "#hero", of at most 200 characters',
  zone: 'a time zone such as "America/Sao_Paulo"',
  object: 'an object',
  list: 'a list',
  list2: 'a list of two',
  list20: 'a list with 1 to 20 entries',
  paths: 'a path pattern such as "/shoes/*", or a list of them',
  patterns: '{ "event": … }, or a list of them',
  measure: 'a number or a condition such as { "$gte": 3 }',
  within: 'a duration such as "7d", "visit", "page", { "from", "to" }, { "days": 7 } or { "since": { "event": … } }',
  group: 'a list, { "type": "list", "values": […] } or { "type": "condition", "condition": {…} }',
  elements: 'operators or conditions',
  html: 'HTML as a text, or a list of nodes such as [["h1", "Spring"], ["p", { "class": "lead" }, "Now"]]',
  capped: 'a duration such as "7d", or "visit"',
  exclusive: 'the name of a group, or { "group", "weight" }',
  trigger: '{ "exit": true }, { "scroll": 0.5 }, { "engaged": "15s" }, { "idle": "30s" } or { "event": … }',
  signal: `one of ${AUTOMATIC.join(', ')}`,
  words: 'a list of texts or numbers',
  weights: 'weights such as { "default": 1, "spring": 1 }',
}

const sentence = ({ path, kind, got, known }: Fault): string => {
  const name = typeof got === 'string' ? got : show(got)
  switch (kind) {
    case 'unknown':
      return `unknown ${name[0] === '$' ? 'operator' : 'key'} "${name}"; ${meant(name, known)}`
    case 'condition':
      return `mixes operators with names in ${show(got)}; give operators an object of their own`
    case 'forbidden':
      return 'this name is not allowed; choose another'
    case 'missing':
      return `"${known[0]}" is missing; add it`
    case 'several':
      return `asks several questions at once; keep one of ${known.join(', ')}, and combine leaves with "all"`
    case 'one':
      return `needs either ${known.map((key) => `"${key}"`).join(' or ')}, and not both`
    case 'empty':
      return `expected exactly one property, or at least one of ${known.join(', ') || 'them'}, got ${show(got)}`
    case 'deep':
      return 'lies deeper than 16 rules in one another; give parts of it names under "segments"'
    case 'many':
      return `${name} segments are more than 5000; remove what is not used`
    case 'rule': {
      const key = typeof got === 'object' && got !== null ? (Object.keys(got)[0] ?? '') : ''
      return `expected a segment's name or a rule with one of ${RULES.join(', ')}${key ? `; unknown key "${key}", ${meant(key, RULES)}` : `, got ${show(got)}`}`
    }
    case 'regex':
      return `${show(got)} is no regular expression, or one that could take for ever; avoid repeating what repeats, as in (a+)+, and begin it with ^`
    case 'weightless':
      return 'at least one weight must be above 0'
    case 'segment':
      return `no segment "${name}"; ${meant(name, known)}`
    case 'goal':
      return `no goal "${name}"; ${meant(name, known)}`
    case 'interest':
      return `no interest "${name}"; ${meant(name, known)}`
    case 'groups':
      return `no group "${name}"; ${meant(name, known)}`
    case 'page':
      return `no page group "${name}" under "pages"; ${meant(name, known)}`
    case 'context':
      return `pages tell nothing of that name; ${meant(name, known)}`
    case 'chain':
      return 'more than 100 segments lead on to one another from here; break the chain'
    case 'circle':
      return `segments go round in a circle: ${known.join(' -> ')}; break it`
    case 'default':
      return '"default" is the page\'s own content; give the variant another name'
    case 'twice':
      return `"${name}" is also the name of ${known[0]}; names are unique in the ruleset`
    case 'element':
      return `a variant may not hold <${name}>; ${nearest(name, known) ? meant(name, known) : 'texts, headings, lists, tables, links, buttons and pictures it may, and a <template> in the page anything'}`
    case 'attribute':
      return `a variant may not set "${name}" here; ${meant(name, known)}`
    case 'address':
      return `${show(got)} is no address that a variant may hold; use a path, http: or https:, in links also mailto: and tel:`
    case 'value':
      return `${show(got)} may not stand here; an id needs a hyphen, a target is _blank or _self, and rel has no "opener"`
    case 'longSelector':
      return 'this selector is longer than 200 characters; give the element a class'
    case 'nodes':
      return 'a variant has more than 2000 nodes; put it into a <template> in the page'
    case 'long':
      return 'a variant is longer than 65536 characters; put it into a <template> in the page'
    case 'bare':
      return `this is a list of nodes, and "${name}" a text in it; put the element into a list of its own: [["${name}", …]]`
    case 'fill':
      return `{{${name}}} is not listed under "fill"; ${known.length ? meant(name, known) : 'add it there'}`
    case 'filled':
      return `nothing may be filled in in this place of "${name}"; use a text, "title", "alt" or "aria-label", or a link's path or query, as in "/offers?from={{utm.source}}"`
    case 'rising':
      return `these edges do not rise: ${known.join(', ')}; write them from the smallest to the greatest, each once`
    case 'cells':
      return `${name} different rows are more than 1000; list fewer words, or leave out a property, "count" or "page"`
    case 'alone':
      return `"${name}" stands alone; remove it, or all else`
    case 'path':
      return `${show(got)} is no path of this site; begin it with one "/"`
    case 'backwards':
      return `ends at ${known[0]}, which is not after ${name}; put the earlier one first`
    case 'shortened':
      return `"max" is shorter than "for", ${known[0]}; it is the longest time that a cooldown grows to`
    case 'assignBy':
      return `"${known[0]}" is of the same exclusive group and assigned ${known[1] ? `by "${known[1]}"` : 'by the device'}; a group has one "assignBy", or its slices would overlap`
    case 'version':
      return `version ${name} stands there already; each change of weights has a version of its own`
  }
  const [operator] = /\$\w+$/.exec(path) ?? []
  if (kind === 'list' && operator) return `"${operator}" takes a list, as in { "${operator}": ["a", "b"] }, got ${show(got)}`
  if (kind === 'list1' || kind === 'list') return `expected a list${kind === 'list' ? '' : ' with at least one entry'}, got ${show(got)}`
  if (kind === 'within' && typeof got === 'string') return `expected ${EXPECTED.length}, got ${show(got)}; or "visit" or "page"`
  const words = kind[0] === '=' ? `one of ${kind.slice(1).split(',').join(', ')}` : (EXPECTED[kind] ?? kind)
  return `expected ${words}, got ${show(got)}`
}

export const explain = (faults: Fault[]): Problem[] => faults.map((fault) => ({ path: fault.path || 'ruleset', message: sentence(fault) }))
