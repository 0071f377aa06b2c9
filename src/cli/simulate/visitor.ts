// imagined(): a visitor with no browser. Events fold, segments hold, slots are decided and trials open by the very code
// that does so in a page; only what a browser would notice is told from outside.

import { createDecider, type Decider, unpermitted } from '../../decide/decide.js'
import { explain } from '../../decide/explain.js'
import { dismissal, exposure } from '../../lib/exposure.js'
import { happened } from '../../lib/happened.js'
import { hash } from '../../lib/hash.js'
import { own } from '../../lib/own.js'
import { beginsVisit, campaign } from '../../lib/visit.js'
import { advance, EMPTY, NOTHING, told, type Totals } from '../../remember/log.js'
import { memoryStore } from '../../remember/memory.js'
import type { ContextReader } from '../../sense/here.js'
import { createTrials } from '../../tell/trials.js'
import type { Context, Decision, Explanation, Profile, Props, Ruleset, Signal, Traits, Trigger, VisitorEvent } from '../../types.js'
import type { Step } from './journey.js'
import { clockAt, pageAt } from './page.js'

/** Of a row, what tells it from others: of a declared one its name. */
export interface ToldRow {
  metric: string
  experience?: string
  arm?: string
  held?: boolean
  name?: string
}

export interface Imagined {
  view(path: string, step: Pick<Step, 'referrer' | 'facts' | 'slots'>): void
  /** The start of a slot is reached, and half of it seen. */
  reach(slot: string): void
  track(type: string, props?: Props): void
  trigger(fact: Trigger): void
  dismiss(slot: string): void
  traits(patch: Props | null): void
  context(more: Context): void
  consent(choice: NonNullable<Step['consent']>): void
  forget(): void
  segments(): string[]
  /** Of the page at hand, in the ruleset's order. */
  decisions(): Decision[]
  decision(slot: string): Decision
  explain(slot: string): Explanation
  facts(): { traits: Props; context: Context; facts: Props }
  /** How often each goal was reached. */
  goals(): { [goal: string]: number }
  /** Reads on in the log for what may be told, as a page does after each thing that happens. */
  follow(): Promise<void>
  /** What would have been sent so far. */
  rows(): ToldRow[]
}

export interface ImaginedOptions {
  ruleset: Ruleset
  seed: string
  timeZone: string
  context?: Context | undefined
  now(): number
}

export function imagined({ ruleset, seed: name, timeZone, context: given = {}, now }: ImaginedOptions): Imagined {
  const names = Object.keys(ruleset.slots ?? {})
  const before = ruleset.consent?.before ?? 'local'
  const consent: { personalize?: 'granted' | 'denied'; measure?: 'granted' | 'denied' } = {}
  let lives = 0
  let seed = name
  let decider: Decider
  let totals: Totals
  let known: Traits
  let log: VisitorEvent[]
  let store: ReturnType<typeof memoryStore>
  let reader: ContextReader = pageAt(ruleset, '/')
  let here: Context = {}
  let about: Props = {}
  let set: Context = given
  let there: string[] = names
  let decided = new Map<string, Decision>()
  let fired: Trigger[] = []
  let closed = new Set<string>()
  const reached: { [goal: string]: number } = {}
  const rows: ToldRow[] = []
  /** Of the last decision that is measured. */
  let epoch: number | undefined

  /** Nothing is known of them. */
  const born = (): void => {
    decider = createDecider({ ...ruleset, timeZone: ruleset.timeZone ?? timeZone })
    totals = EMPTY
    known = NOTHING
    log = []
    store = memoryStore()
    // Whoever is forgotten is somebody else afterwards.
    seed = lives++ === 0 ? name : `${name}:${lives}`
  }
  born()

  const mode = (): 'local' | 'memory' | 'off' => (consent.personalize === 'granted' ? 'local' : consent.personalize === 'denied' ? 'off' : before)
  const measures = (): boolean => consent.measure === 'granted'
  const profile = (): Profile => ({ traits: known.traits, origins: known.origins, ...totals })
  const facts = () => ({ traits: known.traits, context: { ...here, utm: totals.utm, visit: totals.visits, ...reader.visit?.(profile(), now()), ...clockAt(now(), timeZone), ...set }, facts: about })
  const viewer = () => ({ seed, measure: measures(), now: now(), view: { fired: (on: Trigger) => fired.some((fact) => happened(on, fact)), dismissed: (slot: string) => closed.has(slot) } })

  const put = (event: VisitorEvent): void => {
    decider.feed(event)
    totals = advance(totals, event)
    log.push(event)
    for (const goal of decider.goals(event)) if (own(ruleset.goals, goal)) reached[goal] = (reached[goal] ?? 0) + 1
  }
  const record = ({ type, props = {} }: Signal): void => {
    if (mode() === 'off') return
    const event: VisitorEvent = { id: `${log.length}`, type, at: now(), props: JSON.parse(JSON.stringify(props)) }
    if (beginsVisit(totals, event)) {
      const utm = campaign(event)
      put({ ...event, id: `${event.id}v`, type: 'visit', props: { ...(reader.arrival?.(event.at) as Props), ...(utm ? { utm } : {}) } })
    }
    put(event)
    happen({ event: type })
  }
  /** Something that an experience may wait for, or a live slot may turn by. */
  const happen = (fact: Trigger): void => {
    fired.push(fact)
    for (const [slot, standing] of decided) {
      const { live = false, experiences = [] } = own(ruleset.slots, slot) ?? {}
      if (live || closed.has(slot) || experiences.some(({ on }) => on)) decided.set(slot, decider.decide(slot, viewer(), facts(), standing))
    }
  }
  const decision = (slot: string): Decision => {
    const standing = decided.get(slot)
    if (standing) return standing
    const fresh = mode() === 'off' ? unpermitted(slot) : decider.decide(slot, viewer(), facts())
    decided.set(slot, fresh)
    if (fresh.measured) epoch = fresh.epoch
    return fresh
  }

  const look = (): void => {
    decided = new Map()
    fired = []
    closed = new Set()
  }
  const begin = (): void => {
    look()
    here = reader.here(now())
    const { page, path, utm = {}, params } = here
    record({ type: 'page_view', props: JSON.parse(JSON.stringify({ ...about, page, path, utm: Object.keys(utm).length > 0 ? utm : undefined, params })) })
    for (const slot of there) decision(slot)
  }

  return {
    view: (path, { referrer, facts: told = {}, slots = names }) => {
      // What was held in memory alone ends with its page.
      if (mode() === 'memory') born()
      reader = pageAt(ruleset, path, referrer)
      about = told
      there = slots
      begin()
    },
    reach: (slot) => {
      const one = decision(slot)
      if (one.experience === null) return
      for (const seen of [false, true]) record(exposure(one, seen))
    },
    track: (type, props) => record({ type, ...(props ? { props } : {}) }),
    trigger: happen,
    dismiss: (slot) => {
      const one = decision(slot)
      if (one.experience === null) return
      record(dismissal(one))
      closed.add(slot)
      happen({ event: '' })
    },
    traits: (patch) => {
      if (mode() !== 'off') known = told(known, { traits: patch, from: ['site', now()] })
    },
    context: (more) => {
      set = { ...set, ...more }
    },
    consent: (choice) => {
      const was = mode()
      Object.assign(consent, choice)
      // What was kept to be told goes with the permission.
      if (choice.measure === 'denied') store = memoryStore()
      if (mode() === 'off' && was !== 'off') {
        born()
        look()
      } else if (was === 'off' && mode() !== 'off') begin()
    },
    forget: () => {
      for (const key of ['personalize', 'measure'] as const) delete consent[key]
      born()
      look()
    },
    segments: () => (mode() === 'off' ? [] : [...decider.segments(now(), facts())]),
    decisions: () => there.map(decision),
    decision,
    explain: (slot) => explain(ruleset, slot, () => ({ decider, viewer: viewer(), facts: facts() }), decision),
    facts,
    goals: () => ({ ...reached }),
    follow: async () => {
      // As in a page: nothing is read before it is allowed, nor of what came before that.
      if (!measures() || mode() === 'off' || !ruleset.sync) return
      const events = log
      const told = await store.transact('readwrite', (transaction) =>
        createTrials(ruleset, decider.goals, () => hash(`draw:${events.length}`, seed)).follow(transaction, async (after) => ({ n: events.length, events: events.slice(after) }), now(), { epoch, held: hash('holdout', seed) < (ruleset.holdout ?? 0) }),
      )
      for (const { metric, trial } of told) rows.push({ metric, ...('experience' in trial ? { experience: trial.experience, arm: trial.arm, held: trial.held } : { name: trial.name }) })
    },
    rows: () => [...rows],
  }
}
