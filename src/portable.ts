// What a visitor takes along and takes back: export, import, and forgetting one thing. A page fetches this file only
// when somebody asks for that.

import type { Consenting } from './consent.js'
import type { Decider } from './decide/decide.js'
import { DAY, LASTS } from './lib/day.js'
import { fenced } from './lib/fenced.js'
import { printOf } from './lib/fingerprint.js'
import { isObject, own } from './lib/own.js'
import { isPersonal } from './lib/pii.js'
import { meant, without } from './meant.js'
import { news, SCHEMA, unpacked } from './parcel.js'
import { putHint } from './remember/hint.js'
import { fulfilled, type Leftover, type Meant, strike, strikeLeft, wishOf } from './remember/left.js'
import { EMPTY, type Log, NOTHING, told } from './remember/log.js'
import type { Remember } from './remember/remember.js'
import { retention } from './remember/retention.js'
import { rewrite } from './remember/rewrite.js'
import { tabs } from './remember/tabs.js'
import { newId } from './sense/event.js'
import type { Site } from './site.js'
import type { Context, Exported, Fact, Imported, Json, Props, ReadLog, Row, Ruleset, SentRow, Traits, Transaction, VisitorEvent } from './types.js'

/** ms after which it is looked for again. */
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
  /**
   * What a visitor asks for, as it was before that time in ms since 1970; or what pages were asked for that were left
   * before they had done it, in the log and in what was found of them, ahead of whoever reads that.
   */
  forget(asked: [fact: Fact, before: number] | [log: Log, leftovers: Leftover[]]): Promise<void>
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

export function portable({ ruleset, decider, memory, consenting, now, facts, traits: tell, report }: PortableOptions): Portable {
  if (!ruleset || !memory) throw new Error('The ruleset could not be used, so that nothing can be read')
  const keeps = retention(ruleset)
  const clean = (props: Props): Props => fenced(props, isPersonal, (name) => report('ignored', `"${name}" is not taken over: it looks personal`))
  /** What holds of the visitor may be something else now: whatever is told, all of it is looked at. */
  const settle = (): Promise<void> => tell({})

  /** Every other tab reads the log anew. */
  const announce = (n: number): void => {
    const { tell, stop } = tabs('slotwise', () => {})
    tell({ head: n })
    stop()
    // What was foreseen from the other log holds no longer.
    putHint(undefined)
  }

  /** This one, too, before this resolves. */
  const reread = async (n: number): Promise<void> => {
    announce(n)
    await memory.follow()
  }

  const whoIn = async (transaction: Transaction): Promise<Traits> => {
    const identity = await transaction.get(['p'])
    return (isObject(identity) ? identity : NOTHING) as unknown as Traits
  }

  /** What waits to be written, in memory alone, without those that go. */
  const strikeHeld = (go: (event: VisitorEvent) => boolean): void => {
    const held = memory.held()
    const gone = held?.unwritten().events.filter(go) ?? []
    if (!held || gone.length === 0) return
    held.strike([[0, gone]])
    held.load({ snapshot: { n: 0, state: undefined }, identity: undefined, head: { n: 0, stored: 0, totals: EMPTY }, batches: [] }, [])
    void settle()
  }

  const forgetEvents = async (meant: Meant, goes: (event: VisitorEvent) => boolean): Promise<void> => {
    if (consenting.mode() !== 'local') return strikeHeld(goes)
    strikeLeft(meant)
    const n = await memory.beside(async (transaction, log) => (await rewrite(transaction, log, without(goes))) ?? 0)
    if (n === undefined) throw new Error('The store does not answer, and nothing is forgotten yet; the next page does it')
    if (n > 0) await reread(n)
  }

  /** Another tab may still write what it has recorded before. An undo for these is not needed: once the page has stopped, the store gives no answer. */
  const forgetAgain = (meant: Meant, goes: (event: VisitorEvent) => boolean): void => {
    for (const ms of AGAIN) setTimeout(() => void forgetEvents(meant, goes).catch(() => {}), ms)
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
      const identity = await whoIn(transaction)
      let known = identity
      for (const [name, value, source, at] of parcel.traits) {
        const cleaned = clean({ [name]: value })
        // The last to tell a trait is believed, on whichever device.
        if (own(cleaned, name) === undefined || (own(known.origins, name)?.[1] ?? 0) >= at) continue
        known = told(known, { traits: cleaned, from: [source, at] })
        counts.traits++
      }
      if (counts.traits > 0) transaction.put(['p'], { ...identity, ...known })
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

  const forgetNow = async (fact: Fact, before: number): Promise<void> => {
    const asked = meant(fact, before, ruleset)
    const { trait, goes } = asked
    if (trait) {
      strikeLeft(asked)
      // Told again since, it stays.
      if ((own(memory.profile().origins, trait)?.[1] ?? 0) < before) memory.held()?.patch({ traits: { [trait]: null }, from: ['visitor', now()] })
      // Written, and told to the other tabs.
      await memory.follow()
      await settle()
    } else if (goes) {
      await forgetEvents(asked, goes)
      forgetAgain(asked, goes)
    } else report('forget', 'forget() is ignored: expected { event: "type" }, { trait: "name" }, or { interest: "name" } with a name under "interests"')
    fulfilled(before)
  }

  const fulfil = async (log: Log, leftovers: Leftover[]): Promise<void> => {
    const { identity } = await log.since(Number.POSITIVE_INFINITY)
    for (const { fact, before } of leftovers.flatMap((one) => (one.append ? [] : (wishOf(one) ?? [])))) {
      const asked = meant(fact, before, ruleset)
      const { trait, goes } = asked
      for (const { append } of leftovers) if (append) strike(append, asked)
      const n = await log.beside(identity?.seed ?? '', async (transaction, read) => {
        const known = await whoIn(transaction)
        if (trait && (own(known.origins, trait)?.[1] ?? before) < before) transaction.put(['p'], { ...known, ...told(known, { traits: { [trait]: null }, from: ['visitor', before] }) })
        return goes && rewrite(transaction, read, without(goes))
      })
      announce(n ?? 0)
      if (goes) forgetAgain(asked, goes)
    }
  }

  const forget: Portable['forget'] = ([what, when]) => (Array.isArray(when) ? fulfil(what as Log, when) : forgetNow(what as Fact, when))

  return { takeOut, takeIn, forget }
}
