// What the visitor did, and how lately: folds events into streams, and keeps the leaves of rules that ask about them.

import { duration } from '../lib/duration.js'
import { isObject, own } from '../lib/own.js'
import { beginsVisit, campaign, newest } from '../lib/visit.js'
import type { Zone } from '../lib/zone.js'
import type { EventLeaf, EventPattern, Interest, InterestLeaf, Props, Ruleset, SequenceLeaf, VisitorEvent } from '../types.js'
import { dispatch } from './dispatch.js'
import { type Affinity, affinity } from './interest.js'
import { countedLeaf } from './leaf.js'
import { counting, measures } from './measures.js'
import { type Leaf, leafOf } from './network.js'
import { named, type Question, question } from './question.js'
import { interestLeaf, moreThanLeaf } from './rareLeaf.js'
import { stepped } from './sequence.js'
import { ANCHOR, HIT, WITHOUT } from './mask.js'
import type { RecallRule } from './recall.js'
import { type Counted, countedStream, type Pattern, type Stream } from './stream.js'
import { type Span, span, type Visit } from './span.js'
import type { Tally } from './tally.js'

export type BehaviourRule = EventLeaf | SequenceLeaf | InterestLeaf | { moreThan: [EventLeaf, EventLeaf] } | RecallRule

export interface Behaviour {
  /** The leaf for a rule, made when it is first asked for; equal rules share one. */
  leaf(rule: BehaviourRule): Leaf
  /** No further leaf will be asked for. */
  whole(): void
  /** Whatever is asked for later has no need of the events that were taken in by now. */
  forget(): void
  feed(event: VisitorEvent): void
  /** Takes in what was fed; `moment` is called just before and after each event, with its time. */
  catchUp(moment?: (at: number) => void): void
  /** Has a state all that the leaves need that are there by now? */
  fits(state: unknown): boolean
  load(state: unknown): void
  fill(event: VisitorEvent): void
  state(): { visit: Visit; streams: { [key: string]: unknown } }
  /** When the newest of all events came that are there; 0 if there are none. */
  newest(): number
  /** Those that there are by now. */
  streams(): Iterable<Stream>
}

export interface BehaviourOptions {
  groups: NonNullable<Ruleset['groups']>
  interests: Ruleset['interests']
  zone: () => Zone
  /** Of this page. */
  facts: () => Props | undefined
  /** An event may have changed its truth. */
  touched(leaf: Leaf): void
}

/** JSON with sorted keys: equal conditions, however they are written, are one. */
const canonical = (value: unknown): string =>
  isObject(value)
    ? `{${Object.keys(value)
        .sort()
        .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)}}`
    : JSON.stringify(value)

export function behaviour({ groups, interests = {}, zone, facts, touched }: BehaviourOptions): Behaviour {
  const leaves = new Map<string, Leaf>()
  const streams = new Map<string, Stream>()

  const advance = (visit: Visit, event: VisitorEvent): boolean => {
    const began = beginsVisit(visit, event)
    visit.utm = campaign(event) ?? (began ? {} : visit.utm)
    visit.lastAt = newest(visit.lastAt, event.at)
    return began
  }

  let visit: Visit = { lastAt: null, utm: {} }
  let saved: { [key: string]: unknown } | undefined
  let everyLeaf = false
  /** All events since the loaded state, while streams may still be made that need them; the first `taken` are in all others. */
  let events: [event: VisitorEvent, began?: boolean][] = []
  let taken = 0
  const joined = dispatch(groups, touched)
  let filling = dispatch(groups, touched)
  let filled: Visit = visit
  /** Streams that have to take in the past since the loaded state. */
  const fresh = new Set<Stream>()
  const known = new Set<Stream>()

  // ---------------------------------------------------------------- leaves find or make their streams

  const begin = (key: string, stream: Stream): void => {
    stream.load(own(saved, key), everyLeaf)
    for (const leaf of stream.leaves) touched(leaf)
    fresh.add(stream)
  }
  const found = <S extends Stream>(key: string, make: () => S): S => {
    let stream = streams.get(key) as S | undefined
    if (!stream) {
      stream = make()
      streams.set(key, stream)
      begin(key, stream)
    }
    return stream
  }
  const pattern = ({ event, where }: EventPattern, bit: number): Pattern => ({ type: event, where, bit })
  const anchors = ({ anchor }: Span): Pattern[] => (anchor && anchor !== 'visit' ? [pattern(anchor, ANCHOR)] : [])
  const part = ({ anchor, after, dates }: Span): string => (anchor || dates ? canonical([anchor, after, dates]) : '')

  const counted = (leaf: EventLeaf, asked: Question, over: Span): Counted => {
    const { event, where, same } = leaf
    const key = JSON.stringify([...asked.name, event]) + canonical(where ?? {}) + (same ? JSON.stringify(same) : '') + part(over)
    const stream = found(key, () => countedStream(asked, over, same, [pattern(leaf, HIT), ...anchors(over)]))
    if (stream.widen(asked)) begin(key, stream)
    return stream
  }

  const tasteOf = (name: string, { site: _, ...feeding }: Interest): Affinity => {
    const { halfLife, weights, perPage, sensitive } = feeding
    return found(canonical(['interest', name, halfLife, weights, ...(perPage || sensitive ? [perPage, !!sensitive] : [])]), () => affinity(name, duration(halfLife), feeding))
  }

  const make = (rule: BehaviourRule): [Leaf, ...Stream[]] => {
    const asks = (leaf: EventLeaf): Question => question(leaf, (...asked) => measures(zone, groups, ...asked))
    const spanOf = (within: EventLeaf['within']): Span => span(within, zone, () => visit)
    if ('event' in rule) {
      const [asked, over] = [asks(rule), spanOf(rule.within)]
      const stream = counted(rule, asked, over)
      return [countedLeaf(stream, asked, over, groups, facts), stream]
    }
    if ('trail' in rule) {
      const [asked, over] = [{ ...asks(rule.trail), read: ({ values }: Tally): unknown => values }, spanOf(undefined)]
      const stream = counted(rule.trail, asked, over)
      return [countedLeaf(stream, asked, over, groups, facts), stream]
    }
    if ('taste' in rule) {
      const stream = tasteOf(...rule.taste)
      return [Object.assign(leafOf(undefined, () => false), { look: (now: number) => ({ got: stream.all(now), last: null }) }), stream]
    }
    if ('sequence' in rule) {
      const { sequence, gap, without = [] } = rule
      const over = spanOf(rule.within)
      const others = ([] as EventPattern[]).concat(without)
      const stream = found(canonical(['steps', sequence, gap, others]) + part(over), () =>
        stepped(sequence.length, gap === undefined ? Number.POSITIVE_INFINITY : duration(gap), over, [
          ...sequence.map((step, i) => pattern(step, HIT << i)),
          ...others.map((one) => pattern(one, WITHOUT)),
          ...anchors(over),
        ]),
      )
      // A late event may still come between the steps.
      return [countedLeaf(stream, asks({ event: '' }), over, groups, facts, !over.anchor && others.length === 0), stream]
    }
    if ('moreThan' in rule) {
      const sides = rule.moreThan.map((side): [Counted, Span] => {
        const over = spanOf(side.within)
        return [counted(side, { ...counting, condition: null }, over), over]
      })
      return [moreThanLeaf(sides, counting, facts), ...sides.map(([stream]) => stream)]
    }
    const [[name, value]] = Object.entries(rule.interest) as [[string, unknown]]
    const interest = interests[name] ?? ({ halfLife: '1d', weights: {} } as Interest)
    const stream = tasteOf(name, interest)
    const condition = rule.share ?? rule.lift
    return [interestLeaf(stream, `${value}`, condition, named(condition), rule.share === undefined ? own(interest.site, `${value}`) : 1), stream]
  }

  const forget = (): void => {
    events = events.slice(taken)
    taken = 0
  }

  return {
    leaf: (rule) => {
      const key = canonical(rule)
      let leaf = leaves.get(key)
      if (!leaf) {
        const [made, ...from] = make(rule)
        leaf = made
        leaves.set(key, leaf)
        for (const stream of from) stream.leaves.push(leaf)
        touched(leaf)
      }
      return leaf
    },

    whole: () => {
      everyLeaf = true
    },

    feed: (event) => void events.push([event]),

    catchUp: (moment = () => {}) => {
      if (fresh.size > 0) {
        const past = dispatch(groups, touched)
        for (const stream of fresh) {
          past.join(stream)
          if (!known.has(stream)) joined.join(stream)
          known.add(stream)
        }
        fresh.clear()
        for (const [event, began] of events.slice(0, taken)) past.event(event, began === true)
      }
      for (; taken < events.length; taken++) {
        const entry = events[taken] as (typeof events)[number]
        const [event] = entry
        moment(event.at)
        entry[1] = advance(visit, event)
        joined.event(event, entry[1])
        moment(event.at)
      }
      if (!everyLeaf) return
      forget()
      saved = undefined
    },
    forget,

    fits: (state) => isState(state) && [...streams].every(([key, stream]) => stream.fits(own(state.streams, key))),

    load: (state) => {
      saved = isState(state) ? state.streams : undefined
      visit = isState(state) ? { ...state.visit } : { lastAt: null, utm: {} }
      filled = isState(state) ? { lastAt: null, utm: {} } : visit
      events = []
      taken = 0
      filling = dispatch(groups, touched)
      for (const [key, stream] of streams) {
        const before = own(saved, key)
        stream.load(before, everyLeaf)
        if (!stream.fits(before)) filling.join(stream)
        for (const leaf of stream.leaves) touched(leaf)
      }
    },

    fill: (event) => filling.event(event, advance(filled, event)),

    // What no leaf has asked about is as it was.
    state: () => ({ visit: { ...visit }, streams: { ...saved, ...Object.fromEntries([...streams].map(([key, stream]) => [key, stream.save()])) } }),
    newest: () => events.reduce((newest, [{ at }]) => Math.max(newest, at), 0),
    streams: () => streams.values(),
  }
}

/** What an earlier page has left, or another script, or a broken disk. */
const isState = (state: unknown): state is ReturnType<Behaviour['state']> =>
  isObject(state) && isObject(state.streams) && isObject(state.visit) && isObject(state.visit.utm) && (state.visit.lastAt === null || Number.isFinite(state.visit.lastAt))
