// Rules in words, short enough for a visitor who asks why.

import { isObject } from '../lib/own.js'
import type { EventPattern, RuleObject, Trigger } from '../types.js'

const COMPARED: { [operator: string]: string } = {
  $eq: '',
  $ne: 'not ',
  $gt: 'more than ',
  $gte: 'at least ',
  $lt: 'less than ',
  $lte: 'at most ',
  $in: 'one of ',
  $nin: 'none of ',
}

const plain = (value: unknown): string => (Array.isArray(value) ? value.map(plain).join(', ') : typeof value === 'object' ? JSON.stringify(value) : `${value}`)

/** `{ "$gte": 3 }` as "at least 3". */
export function compared(condition: unknown): string {
  if (!isObject(condition)) return plain(condition)
  return Object.entries(condition)
    .map(([operator, value]) => (operator === '$exists' ? (value ? 'known' : 'unknown') : operator in COMPARED ? `${COMPARED[operator]}${plain(value)}` : JSON.stringify({ [operator]: value })))
    .join(' and ')
}

export const conditions = (all: object): string =>
  Object.entries(all)
    .map(([path, condition]) => `${path} ${compared(condition)}`)
    .join(', ')

export const pattern = ({ event, where = {} }: EventPattern): string => (Object.keys(where).length > 0 ? `${event} with ${conditions(where)}` : event)

const during = (within: unknown): string => {
  if (within === undefined) return ''
  if (within === 'visit' || within === 'page') return ` in this ${within}`
  if (typeof within === 'string') return ` within ${within}`
  const { days, since, from, to } = within as { days?: number; since?: EventPattern; from?: string; to?: string }
  if (days) return ` in ${days} days, today included`
  return since ? ` since the last ${pattern(since)}` : `${from ? ` from ${from}` : ''}${to ? ` until ${to}` : ''}`
}

const MEASURES = ['sum', 'avg', 'min', 'max', 'distinct', 'last', 'first', 'most'] as const

/** What a question about behaviour asks for. */
export function asked(rule: RuleObject & object): { wanted: unknown; says: string } {
  if ('sequence' in rule) return { wanted: rule.sequence.length, says: `${rule.sequence.map(pattern).join(', then ')}${during(rule.within)}` }
  if ('moreThan' in rule) return { wanted: { $gt: 'the second' }, says: rule.moreThan.map((one) => `${pattern(one)}${during(one.within)}`).join(' more often than ') }
  if ('interest' in rule) {
    const [[name, value]] = Object.entries(rule.interest) as [[string, unknown]]
    return { wanted: rule.share ?? rule.lift, says: `an interest in ${name} ${value} of ${compared(rule.share ?? rule.lift)}${rule.share === undefined ? ' times the usual' : ''}` }
  }
  if (!('event' in rule)) return { wanted: null, says: '' }
  const same = rule.same ? ` with the same ${rule.same.join(', ')} as this page` : ''
  const events = `${pattern(rule)}${same}${during(rule.within)}`
  for (const measure of MEASURES) {
    const [entry] = Object.entries(rule[measure] ?? {})
    if (entry) return { wanted: entry[1], says: `${measure} of ${entry[0]} ${compared(entry[1])} over ${events}` }
  }
  if (rule.days !== undefined) return { wanted: rule.days, says: `on ${compared(rule.days)} days: ${events}` }
  if (rule.ago) return { wanted: rule.ago, says: `${compared(rule.ago)} since the last ${events}` }
  const wanted = rule.count ?? { $gte: 1 }
  return { wanted, says: `${`${compared(wanted)} times`.replace(/\b1 times$/, 'once')} ${events}` }
}

export function waits(trigger: Trigger): string {
  if ('exit' in trigger) return 'the visitor is about to leave'
  if ('scroll' in trigger) return `${Math.round(trigger.scroll * 100)} % of the page has been scrolled into view`
  if ('engaged' in trigger) return `the visitor has been engaged for ${trigger.engaged}`
  return 'idle' in trigger ? `nothing is done for ${trigger.idle}` : `${trigger.event} happens`
}
