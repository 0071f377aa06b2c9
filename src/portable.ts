// What a visitor takes along and takes back: export, import, and forgetting one thing. A page fetches this file only
// when somebody asks for that.

import type { Consenting } from './consent.js'
import type { Decider } from './decide/decide.js'
import { DAY, LASTS } from './lib/day.js'
import { fenced } from './lib/fenced.js'
import { printOf } from './lib/fingerprint.js'
import { isObject, own } from './lib/own.js'
import { isPersonal } from './lib/pii.js'
import { news, SCHEMA, unpacked } from './parcel.js'
import { putHint } from './remember/hint.js'
import { strikeLeft } from './remember/left.js'
import { EMPTY, NOTHING, told } from './remember/log.js'
import type { Remember } from './remember/remember.js'
import { retention } from './remember/retention.js'
import { rewrite } from './remember/rewrite.js'
import { tabs } from './remember/tabs.js'
import { newId } from './sense/event.js'
import type { Site } from './site.js'
import type { Context, Exported, Fact, Imported, Json, Props, ReadLog, Row, Ruleset, SentRow, Traits, Transaction, VisitorEvent } from './types.js'

/** ms. Another tab may still write what it has recorded before the visitor asked: it is looked for again. */
const AGAIN = [1000, 4000]

export interface PortableOptions {
  /** Undefined, with all that follows, where it could not be used. */
  ruleset: Ruleset | undefined
  decider: Pick<Decider, 'segments'>
  memory: Remember | undefined
  consenting: Pick<Consenting, 'state' | 'lapses' | 'mode'>
  now: () => number
  facts(): { traits: Props; context: Context }
  traits: Site['traits']
  report(code: string, message: string): void
}

export interface Portable {
  takeOut(): Promise<Exported>
  takeIn(data: unknown): Promise<Imported>
  forget(fact: Fact): Promise<void>
}

async function hashOf(ruleset: Ruleset): Promise<string> {
  const { subtle } = globalThis.crypto ?? {}
  // Only a secure context has it.
  if (!subtle) return `print-${printOf(ruleset).toString(16)}`
  const bytes = new Uint8Array(await subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(ruleset))))
  return `sha256-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

const bare = ({ type, at, props }: VisitorEvent): Omit<VisitorEvent, 'id'> => ({ type, at, props })

/** What is kept beside the log: whatever stands there, but for our own marks. */
const kept = async (transaction: Transaction, prefix: string): Promise<{ [field: string]: Json }[]> =>
  (await transaction.all([prefix])).flatMap(([, value]) => {
    if (!isObject(value)) return []
    const { v, ...rest } = value
    return [rest as { [field: string]: Json }]
  })

const rowOf = ({ id, metric, trial }: { [field: string]: Json }): Row => ({ metric, ...(trial as object), id }) as Row

/** Does it go, with this fact? */
function goes(fact: Fact, { interests = {} }: Ruleset): ((event: VisitorEvent) => boolean) | undefined {
  const type = own(fact as { event?: unknown }, 'event')
  if (typeof type === 'string') return (event) => event?.type === type
  const interest = own(fact as { interest?: unknown }, 'interest')
  const [name, value] = isObject(interest) ? (Object.entries(interest)[0] ?? []) : [interest]
  const feeds = typeof name === 'string' && own(interests, name)
  if (!feeds) return undefined
  return (event) => {
    const values = [own(event?.props, name)].flat()
    return own(feeds.weights, event?.type) !== undefined && values.some((one) => one !== undefined && (value === undefined || one === value))
  }
}

export function portable({ ruleset, decider, memory, consenting, now, facts, traits: tell, report }: PortableOptions): Portable {
  if (!ruleset || !memory) throw new Error('The ruleset could not be used, so that nothing can be read')
  const keeps = retention(ruleset)
  const clean = (props: Props): Props => fenced(props, isPersonal, (name) => report('ignored', `"${name}" is not taken over: it looks personal`))
  /** What holds of the visitor may be something else now: whatever is told, all of it is looked at. */
  const settle = (): Promise<void> => tell({})

  /** Every tab reads the log anew, this one before this resolves. */
  const reread = async (n: number): Promise<void> => {
    const { tell, stop } = tabs('slotwise', () => {})
    tell({ head: n })
    stop()
    // What was foreseen from the other log holds no longer.
    putHint(undefined)
    await memory.follow()
  }

  /** What waits to be written, in memory alone, without those that go. */
  const strike = (go: (event: VisitorEvent) => boolean): void => {
    const held = memory.held()
    const gone = held?.unwritten().events.filter(go) ?? []
    if (!held || gone.length === 0) return
    held.strike([[0, gone]])
    held.load({ snapshot: { n: 0, state: undefined }, identity: undefined, head: { n: 0, stored: 0, totals: EMPTY }, batches: [] }, [])
    void settle()
  }

  const forgetEvents = async (go: (event: VisitorEvent) => boolean): Promise<void> => {
    if (consenting.mode() !== 'local') return strike(go)
    strikeLeft(go)
    const n = await memory.beside(async (transaction, log) => (await rewrite(transaction, log, (events) => (events.some(go) ? events.filter((event) => !go(event)) : undefined))) ?? 0)
    if (n === undefined) throw new Error('The store does not answer, and nothing is forgotten yet; try again')
    if (n > 0) await reread(n)
  }

  const everything = (transaction: Transaction, log: ReadLog) =>
    Promise.all([log(0).then(({ events }) => events), kept(transaction, 't'), kept(transaction, 'o'), transaction.get(['n', 'sent'])])

  const takeOut = async (): Promise<Exported> => {
    const answer = await memory.beside(everything)
    const held = memory.held()
    // Half of it must not pass for all.
    if (!answer && consenting.mode() === 'local' && (held?.confirmed() || held?.hasUnwritten())) throw new Error('The store does not answer; try again')
    const [logged, trials, outbox, sent] = answer ?? [[], [], [], undefined]
    const ids = new Set(logged.map(({ id }) => id))
    const waiting = held?.unwritten().events ?? []
    const { traits, origins } = memory.profile()
    const { personalize, measure, by, paused = false } = consenting.state()
    const until = consenting.lapses()
    const { retention: { events = '90d' } = {} } = ruleset
    return {
      schema: SCHEMA,
      generatedAt: new Date(now()).toISOString(),
      consent: { personalize, measure, by, paused, ...(Number.isFinite(until) ? { at: until - LASTS, until } : { at: null, until: null }) },
      traits: Object.fromEntries(
        Object.entries(traits).map(([name, value]) => {
          const [source, at] = origins[name] ?? ['site', 0]
          return [name, { value, source, at }]
        }),
      ),
      segments: held ? [...decider.segments(now(), facts())] : [],
      events: [...logged, ...waiting.filter(({ id }) => !ids.has(id))].map(bare),
      trials,
      outbox: outbox.map(rowOf),
      sent: isObject(sent) && Array.isArray(sent.rows) ? (sent.rows as SentRow[]) : [],
      retention: { events, count: keeps.count, consent: `${LASTS / DAY}d`, sent: 200 },
      rulesetHash: await hashOf(ruleset),
      rulesetVersion: ruleset.version,
    }
  }

  const takeIn = async (data: unknown): Promise<Imported> => {
    const refuse = (why: string): Imported => {
      report('import', `The import is refused: ${why}`)
      return { ok: false, events: 0, traits: 0, why }
    }
    const parcel = unpacked(data, now())
    if (typeof parcel === 'string') return refuse(parcel)
    if (consenting.mode() !== 'local') return refuse('nothing may be kept on this device yet: it takes the visitor’s own answer here')
    const held = memory.held()
    // Somebody of whom nothing is written yet, or any more: what comes in needs somebody to belong to.
    if (!held?.confirmed()) held?.patch({ traits: {}, from: ['visitor', now()] })
    const counts = { events: 0, traits: 0 }
    const n = await memory.beside(async (transaction, log) => {
      const identity = await transaction.get(['p'])
      let known = (isObject(identity) ? identity : NOTHING) as unknown as Traits
      for (const [name, value, source, at] of parcel.traits) {
        const cleaned = clean({ [name]: value })
        // The last to tell a trait is believed, on whichever device.
        if (own(cleaned, name) === undefined || (own(known.origins, name)?.[1] ?? 0) >= at) continue
        known = told(known, { traits: cleaned, from: [source, at] })
        counts.traits++
      }
      if (counts.traits > 0) transaction.put(['p'], { ...(identity as object), ...known })
      const last = await rewrite(transaction, log, (events) => {
        const oldest = now() - keeps.events
        const fresh = news(parcel.events.map((event) => ({ ...event, props: clean(event.props) })), events).filter(({ at }) => at > oldest)
        const ids = fresh.map((event): VisitorEvent => ({ id: newId(), ...event }))
        counts.events = ids.length
        // In the order in which it happened; what is no older than what stands here comes after it.
        return ids.length > 0 ? [...events, ...ids].sort((a, b) => a.at - b.at).slice(-keeps.count) : undefined
      })
      return last ?? 0
    })
    if (n === undefined) return refuse('the store does not answer; try again')
    if (n > 0 || counts.traits > 0) await reread(n)
    await settle()
    return { ok: true, ...counts }
  }

  const forget = async (fact: Fact): Promise<void> => {
    const trait = own(fact as { trait?: unknown }, 'trait')
    const go = goes(fact, ruleset)
    if (typeof trait === 'string') {
      memory.held()?.patch({ traits: { [trait]: null }, from: ['visitor', now()] })
      // Written, and told to the other tabs.
      await memory.follow()
      await settle()
    } else if (go) {
      const asked = now()
      const before = (event: VisitorEvent): boolean => go(event) && event.at <= asked
      await forgetEvents(before)
      // An undo for these is not needed: once the page has stopped, the store gives no answer.
      for (const ms of AGAIN) setTimeout(() => void forgetEvents(before).catch(() => {}), ms)
    } else report('forget', 'forget() is ignored: expected { event: "type" }, { trait: "name" }, or { interest: "name" } with a name under "interests"')
  }

  return { takeOut, takeIn, forget }
}
