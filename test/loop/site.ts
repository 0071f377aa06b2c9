// A scripted site: visitors who come, see what the browser's own code decides for them, and sometimes reach a goal. Rows
// are made by the browser's own code, too; only their way to a collector is cut short.

import { hash } from '../../src/decide/assign.js'
import { createDecider } from '../../src/decide/decide.js'
import { fence } from '../../src/fence.js'
import { epochOf } from '../../src/lib/day.js'
import { exposure } from '../../src/lib/exposure.js'
import { fenced } from '../../src/lib/fenced.js'
import { anonymizer } from '../../src/tell/anonymize.js'
import { begin } from '../../src/tell/clear.js'
import { createTrials } from '../../src/tell/trials.js'
import type { Decision, Key, ReadLog, Row, Ruleset, Transaction, VisitorEvent } from '../../src/types.js'

const DAY = 86_400_000

/** What stays on a visitor's device. */
export interface Device {
  seed: string
  consent: boolean
  events: VisitorEvent[]
  store: Map<string, unknown>
}

export interface Truth {
  visitors: number
  /** Share of visits by somebody who has been there before. */
  returning: number
  consent: number
  /** How likely a visitor is to reach a goal: by what the slots show. */
  signup(shown: { [slot: string]: string }, again: boolean, day: number): number
  basket(shown: { [slot: string]: string }, again: boolean, day: number): number
}

/** Just enough of the store's transactions, and as fast as half a million visitors need it. */
const transactionOver = (store: Map<string, unknown>): Transaction => ({
  get: async (key) => store.get(JSON.stringify(key)),
  all: async (prefix) => {
    const start = JSON.stringify(prefix).slice(0, -1)
    return [...store].filter(([key]) => key.startsWith(`${start},`) || key === `${start}]`).map(([key, value]): [Key, unknown] => [JSON.parse(key), value])
  },
  put: (key, value) => void store.set(JSON.stringify(key), value),
  drop: (key) => void store.delete(JSON.stringify(key)),
  clear: () => store.clear(),
})

export interface Site {
  /** One day under this ruleset; gives the rows that a collector has got by its end, in no order. */
  open(ruleset: Ruleset, day: number): Promise<Row[]>
}

/** 21 characters, as ids are. */
const idFrom = (random: () => number): string => Array.from({ length: 21 }, () => 'useandom-26T198340PX75pxJACKVERYMINDBUSHWOLF_GQZbfghjklqvwyzrict'[Math.floor(random() * 64)]).join('')

export function site(truth: Truth, random: () => number): Site {
  const known: Device[] = []
  const newDevice = (): Device => ({ seed: idFrom(random), consent: random() < truth.consent, events: [], store: new Map() })

  return {
    open: async (ruleset, day) => {
      const anonymize = anonymizer(ruleset, (props) => fenced(props, fence(ruleset), () => {}))
      const rows: Row[] = []
      const before = known.length

      const visit = async (device: Device): Promise<void> => {
        const at = day * DAY + Math.floor(random() * (DAY - 600_000))
        const decider = createDecider(ruleset)
        for (const event of device.events) decider.feed(event)
        const transaction = transactionOver(device.store)
        const log: ReadLog = async (after) => ({ n: device.events.length, events: Number.isFinite(after) ? device.events.slice(after) : [] })
        if (device.consent) await begin(transaction, log)
        const happen = (type: string, props: VisitorEvent['props'] = {}, later = 0): void => {
          const event = { id: `${device.events.length}`, type, at: at + later, props }
          device.events.push(event)
          decider.feed(event)
        }
        happen('visit')
        const facts = { traits: {}, context: {} as never }
        const decide = (slot: string): Decision => decider.decide(slot, { seed: device.seed, measure: device.consent, now: at }, facts)
        const again = device.events.filter(({ type }) => type === 'visit').length > 1
        const shown: { [slot: string]: string } = {}
        let decided = false
        for (const slot of Object.keys(ruleset.slots ?? {})) {
          const decision = decide(slot)
          decided ||= decision.experience !== null
          shown[slot] = decision.variant
          // What stands further down is not reached by everybody.
          if (decision.experience === null || random() > (slot === 'hero' ? 0.98 : 0.8)) continue
          const { type, props = {} } = exposure(decision, false)
          happen(type, props, 2000)
          if (random() < 0.85) happen(exposure(decision, true).type, props, 4000)
        }
        const once = device.events.every(({ type }) => type !== 'newsletter_signup')
        if (once && random() < truth.signup(shown, again, day)) happen('newsletter_signup', {}, 60_000)
        if (random() < truth.basket(shown, again, day)) happen('cart_add', { value: Math.round(10 + 90 * random() ** 2) }, 90_000)
        if (!device.consent) return
        const part = { held: hash('holdout', device.seed) < (ruleset.holdout ?? 0), epoch: decided ? epochOf(at, ruleset.epochDays) : undefined }
        const told = await createTrials(ruleset, decider.goals, random).follow(transaction, log, at + 100_000, part)
        for (const { metric, trial } of told) {
          const row = anonymize(metric, trial, idFrom(random), day)
          if (row) rows.push(row)
        }
      }

      for (let i = 0; i < truth.visitors; i++) {
        const again = before > 0 && random() < truth.returning
        const device = again ? (known[Math.floor(random() * before)] as Device) : newDevice()
        await visit(device)
        if (!again && random() < 0.2) known.push(device)
      }
      return rows
    },
  }
}
