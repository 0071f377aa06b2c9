// The meaning of every rule, by recounting the whole history at every question: slow, obvious, and without a line
// of the engine. Conditions on values are judged by GrowthBook itself.

import { evalCondition } from '@growthbook/growthbook'
import type { EventLeaf, EventPattern, InterestLeaf, Json, Props, Rule, Ruleset, SequenceLeaf, VisitorEvent, Window } from '../../src/types.js'

const SECOND = 1000
const HOUR = 3600 * SECOND
const DAY = 24 * HOUR
const IDLE = 30 * 60 * SECOND
const UNITS: { [unit: string]: number } = { s: SECOND, m: 60 * SECOND, h: HOUR, d: DAY, w: 7 * DAY }

export interface Facts {
  traits: Props
  context: object
  facts?: Props
}

/** An event with its place in the order of the log. */
interface Entry {
  type: string
  at: number
  props: Props
  commit: number
}

export interface Reference {
  feed(event: Pick<VisitorEvent, 'type' | 'at' | 'props'>): void
  members(now: number, facts: Facts): string[]
  /** Every instant in the given span, exclusive of its start, at which some rule could change by itself. */
  instants(after: number, until: number): number[]
}

const ms = (text: string): number => Number(text.slice(0, -1)) * (UNITS[text.slice(-1)] as number)

const get = (object: unknown, path: string): Json => {
  let value = object as { [key: string]: unknown } | null
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return null
    value = value[part] as never
  }
  return (value ?? null) as never
}

const byOrder = (a: Entry, b: Entry): number => a.at - b.at || a.commit - b.commit
const sameUtm = (a: object, b: object): boolean => JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort())

export function reference(ruleset: Ruleset): Reference {
  const { segments = {}, groups = {}, interests = {}, timeZone } = ruleset
  const history: Entry[] = []
  let facts: Facts = { traits: {}, context: {} }
  let clock = 0
  let started = false
  const was: { [name: string]: boolean } = {}
  const staysUntil: { [name: string]: number } = {}

  // ------------------------------------------------------------- days, by what a calendar in that zone says

  const format = new Intl.DateTimeFormat('en-CA', timeZone ? { timeZone } : {})
  const dateOf = (at: number): string => format.format(at)
  const daysBefore = (date: string, days: number): string => new Date(Date.parse(date) - days * DAY).toISOString().slice(0, 10)
  /** The first instant, to the quarter of an hour, of a local date. */
  const midnight = (date: string): number => {
    let at = Date.parse(date) - 26 * HOUR
    while (dateOf(at) < date) at += HOUR / 4
    return at
  }
  const instant = (text: string): number => {
    if (/(Z|[+-]\d\d:\d\d)$/.test(text) && text.includes('T')) return Date.parse(text)
    const [date = '', time = '00:00'] = text.split('T')
    return midnight(date) + Date.parse(`1970-01-01T${time}Z`)
  }

  // ------------------------------------------------------------- which events

  const fits = (condition: unknown, value: unknown): boolean => evalCondition({ value }, { value: condition } as never, groups as never)
  const isOne = ({ event, where }: EventPattern, entry: Entry): boolean => entry.type === event && evalCondition(entry.props as never, (where ?? {}) as never, groups as never)

  /** Visits are cut as events are committed, and never cut anew. */
  const visit = { lastAt: null as number | null, utm: {} as object, start: null as Entry | null }
  const newer = (before: number | null, at: number): boolean => before === null || before - at > DAY || at >= before
  const cut = (entry: Entry): void => {
    const { utm } = entry.props as { utm?: object }
    const campaign = (entry.type === 'page_view' || entry.type === 'visit') && utm && typeof utm === 'object' && !Array.isArray(utm) && Object.keys(utm).length > 0 ? utm : undefined
    const { lastAt } = visit
    const begins = lastAt === null || entry.at - lastAt > IDLE || lastAt - entry.at > DAY || (campaign !== undefined && !sameUtm(campaign, visit.utm))
    if (begins && newer(visit.start?.at ?? null, entry.at)) visit.start = entry
    visit.utm = campaign ?? (begins ? {} : visit.utm)
    if (newer(lastAt, entry.at)) visit.lastAt = entry.at
  }
  /** The newest such event, in the order in which they were committed. */
  const newestOf = (pattern: EventPattern): Entry | null => {
    let newest: Entry | null = null
    for (const entry of history) if (isOne(pattern, entry) && newer(newest?.at ?? null, entry.at)) newest = entry
    return newest
  }

  const inside = (within: Window | undefined, entry: Entry, now: number): boolean => {
    const from = (anchor: Entry | null): boolean => anchor !== null && byOrder(entry, anchor) >= 0
    if (within === undefined) return true
    if (within === 'visit') return visit.lastAt !== null && now - visit.lastAt <= IDLE && from(visit.start)
    if (within === 'page') return from(newestOf({ event: 'page_view' }))
    if (typeof within === 'string') return entry.at > now - ms(within)
    if ('since' in within) {
      const anchor = newestOf(within.since)
      return from(anchor) && entry.commit !== anchor?.commit
    }
    if ('days' in within) return dateOf(entry.at) >= daysBefore(dateOf(now), within.days - 1)
    return (within.from === undefined || entry.at >= instant(within.from)) && (within.to === undefined || entry.at < instant(within.to))
  }

  /** Events, oldest first; undefined where this page has no facts to compare with. */
  const matching = ({ same = [], ...pattern }: EventLeaf): Entry[] | undefined => {
    const wanted = same.map((name) => facts.facts?.[name] ?? null)
    if (wanted.includes(null)) return undefined
    return history.filter((entry) => isOne(pattern, entry) && same.every((name, i) => JSON.stringify(entry.props[name]) === JSON.stringify(wanted[i]))).sort(byOrder)
  }

  // ------------------------------------------------------------- behaviour

  /** Where all of a window matters, what is older than the newest 512 counts from the beginning of its hour. */
  const aged = (entries: Entry[], within: Window | undefined): Entry[] => {
    if (typeof within === 'object' && !('days' in within) && !('since' in within)) entries = entries.filter((entry) => inside(within, entry, 0))
    return entries.map((entry, i) => (entries.length - i > 512 ? { ...entry, at: Math.floor(entry.at / HOUR) * HOUR } : entry))
  }

  const measured = (leaf: EventLeaf, now: number): [condition: unknown, value: unknown] | undefined => {
    const all = matching(leaf)
    if (!all) return undefined
    const within = (entries: Entry[]): Entry[] => entries.filter((entry) => inside(leaf.within, entry, now))
    const one = (question: object): [string, unknown] => Object.entries(question)[0] as [string, unknown]
    const elements = (path: string, entries: Entry[]): unknown[] => entries.flatMap(({ props }) => get(props, path)).filter((value) => value !== null && value !== undefined)
    const numbers = (path: string): number[] =>
      within(aged(all.filter(({ props }) => typeof get(props, path) === 'number'), leaf.within)).map(({ props }) => get(props, path) as number)
    // Newest first: with fractions the order of adding up matters.
    const sum = (list: number[]): number => list.reduceRight((total, number) => total + number, 0)
    if (leaf.sum) return [one(leaf.sum)[1], sum(numbers(one(leaf.sum)[0]))]
    for (const name of ['avg', 'min', 'max'] as const) {
      const asked = leaf[name]
      if (!asked) continue
      const list = numbers(one(asked)[0])
      return [one(asked)[1], list.length === 0 ? null : name === 'avg' ? sum(list) / list.length : Math[name](...list)]
    }
    if (leaf.distinct) return [one(leaf.distinct)[1], new Set(elements(one(leaf.distinct)[0], within(all)).map((value) => JSON.stringify(value))).size]
    if (leaf.days !== undefined) return [leaf.days, new Set(within(all).map(({ at }) => dateOf(at))).size]
    if (leaf.last || leaf.first) {
      const [path, condition] = one((leaf.last ?? leaf.first) as object)
      let having = all.filter(({ props }) => get(props, path) !== null)
      if (leaf.first && leaf.within !== undefined) having = aged(having, leaf.within)
      const values = within(having).map(({ props }) => get(props, path))
      return [condition, (leaf.last ? values[values.length - 1] : values[0]) ?? null]
    }
    if (leaf.most) {
      const [path, condition] = one(leaf.most)
      const flat = all.flatMap((entry) => elements(path, [entry]).map((value) => ({ ...entry, props: { value } as Props })))
      const values = within(aged(flat, leaf.within)).map(({ props }) => props.value)
      const often = (value: unknown): number => values.filter((other) => JSON.stringify(other) === JSON.stringify(value)).length
      let best: unknown = null
      for (const value of values) if (best === null || often(value) >= often(best)) best = value
      return [condition, best]
    }
    if (leaf.ago) {
      const newest = within(all).pop()
      const condition = Object.fromEntries(Object.entries(leaf.ago).map(([name, length]) => [name, typeof length === 'string' ? ms(length) : length]))
      return [condition, newest ? now - newest.at : null]
    }
    return [leaf.count ?? { $gte: 1 }, within(all).length]
  }

  const asked = (leaf: EventLeaf, now: number): boolean => {
    const [condition, value] = measured(leaf, now) ?? []
    if (value === undefined) return false
    return value === null ? (condition as { $exists?: boolean }).$exists === false : fits(condition, value)
  }

  const inOrder = ({ sequence, within, gap, without = [] }: SequenceLeaf, now: number): boolean => {
    const others = ([] as EventPattern[]).concat(without)
    let candidates = [...history].sort(byOrder).filter((entry) => [...sequence, ...others].some((pattern) => isOne(pattern, entry)))
    if (typeof within === 'object' && !('days' in within) && !('since' in within)) candidates = candidates.filter((entry) => inside(within, entry, now))
    const clean = (used: Entry[]): boolean =>
      !candidates.some(
        (entry) =>
          !used.includes(entry) && byOrder(entry, used[0] as Entry) > 0 && byOrder(entry, used[used.length - 1] as Entry) < 0 && others.some((pattern) => isOne(pattern, entry)),
      )
    const complete = (used: Entry[]): boolean => {
      if (used.length === sequence.length) return clean(used)
      const last = used[used.length - 1]
      return candidates.some(
        (entry) =>
          isOne(sequence[used.length] as EventPattern, entry) &&
          (last === undefined ? inside(within, entry, now) : byOrder(entry, last) > 0 && (gap === undefined || entry.at - last.at <= ms(gap))) &&
          complete([...used, entry]),
      )
    }
    return complete([])
  }

  const affine = ({ interest, share, lift }: InterestLeaf, now: number): boolean => {
    const [[name, wanted]] = Object.entries(interest) as [[string, string]]
    const { halfLife, weights, site, perPage } = interests[name] as NonNullable<Ruleset['interests']>[string]
    let [mine, all] = [0, 0]
    let page: unknown
    let onPage: string[] = []
    for (const { type, at, props } of history) {
      if (type === 'page_view') {
        if (props.path === undefined || props.path !== page) onPage = []
        page = props.path
      }
      for (const value of ([] as Json[]).concat(get(props, name))) {
        if (value === null) continue
        if (weights[type] === undefined) continue
        onPage.push(`${type}:${value}`)
        if (onPage.filter((one) => one === `${type}:${value}`).length > (perPage ?? Number.POSITIVE_INFINITY)) continue
        const weight = weights[type] * 2 ** ((at - now) / ms(halfLife))
        all += weight
        if (`${value}` === `${wanted}`) mine += weight
      }
    }
    const portion = Math.max(0, mine) / (Math.max(0, all) + 5)
    if (share !== undefined) return fits(share, portion)
    return site?.[wanted] === undefined ? (lift as { $exists?: boolean }).$exists === false : fits(lift, portion / site[wanted])
  }

  // ------------------------------------------------------------- rules

  const holds = (rule: Rule, now: number, known: Map<string, boolean>): boolean => {
    const part = (one: Rule): boolean => holds(one, now, known)
    if (typeof rule === 'string') return member(rule, now, known)
    if ('segment' in rule) return part(rule.segment)
    if ('all' in rule) return rule.all.map(part).every(Boolean)
    if ('any' in rule) return rule.any.map(part).some(Boolean)
    if ('not' in rule) return !part(rule.not)
    if ('trait' in rule) return evalCondition(facts.traits as never, rule.trait as never, groups as never)
    if ('context' in rule) return evalCondition(facts.context as never, rule.context as never, groups as never)
    if ('sequence' in rule) return inOrder(rule, now)
    if ('interest' in rule) return affine(rule, now)
    if ('score' in rule) {
      const odds = rule.score.terms.reduce((total, { when, add }) => (part(when) ? total + add : total), rule.score.bias ?? 0)
      return fits(rule.is, 1 / (1 + Math.exp(-odds)))
    }
    if ('moreThan' in rule) {
      const [one, other] = rule.moreThan.map((leaf) => {
        const all = matching(leaf)
        return all && aged(all, leaf.within).filter((entry) => inside(leaf.within, entry, now)).length
      })
      return one !== undefined && other !== undefined && one > other
    }
    return asked(rule, now)
  }

  const member = (name: string, now: number, known: Map<string, boolean>): boolean => {
    const before = known.get(name)
    if (before !== undefined) return before
    const rule = segments[name]
    if (rule === undefined) return false
    const now_ = holds(rule, now, known)
    const keep = typeof rule === 'object' ? rule.keep : undefined
    if (keep !== undefined) {
      if (was[name] && !now_) staysUntil[name] = now + ms(keep)
      was[name] = now_
    }
    const is = now_ || now < (staysUntil[name] ?? 0)
    known.set(name, is)
    return is
  }

  const look = (now: number): string[] => {
    clock = now
    const known = new Map<string, boolean>()
    return Object.keys(segments).filter((name) => member(name, now, known))
  }

  // ------------------------------------------------------------- time

  const text = JSON.stringify(segments)
  const keeps = text.includes('"keep"')
  const lengths = [...new Set(text.match(/"\d+[smhdw]"/g) ?? [])].map((length) => ms(length.slice(1, -1)))
  const instants = (after: number, until: number): number[] => {
    const found = new Set<number>()
    for (const { at } of history) {
      for (const length of lengths) for (const late of [0, 1]) for (const time of [at, Math.floor(at / HOUR) * HOUR]) found.add(time + length + late)
    }
    if (visit.lastAt !== null) found.add(visit.lastAt + IDLE + 1)
    for (const time of Object.values(staysUntil)) found.add(time)
    if (text.includes('"days"')) {
      for (let at = Math.floor(after / HOUR) * HOUR; at <= until; at += HOUR / 2) if (dateOf(at) !== dateOf(at - 1)) found.add(at)
    }
    return [...found].filter((time) => time > after && time <= until).sort((a, b) => a - b)
  }
  const pass = (to: number): void => {
    if (!keeps || !started) return
    for (let next: number | undefined = clock; next !== undefined; ) {
      ;[next] = instants(clock, to)
      if (next !== undefined) look(next)
    }
  }

  return {
    instants,
    feed: ({ type, at, props }) => {
      const entry = { type, at, props, commit: history.length }
      if (keeps && started) {
        pass(Math.max(clock, at))
        look(Math.max(clock, at))
      }
      history.push(entry)
      cut(entry)
      if (keeps && started) look(clock)
    },
    members: (now, given) => {
      if (started) {
        pass(now)
        if (keeps) look(now)
      }
      started = true
      facts = { ...given }
      return look(now)
    },
  }
}
