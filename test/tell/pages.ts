// Pages of one visitor who is measured, on a store that they share, with a clock, a network and ids of the test's own.

import { vi } from 'vitest'
import { createDecider } from '../../src/decide/decide.js'
import { dismissal, exposure } from '../../src/lib/exposure.js'
import { fenced } from '../../src/lib/fenced.js'
import { isPersonal } from '../../src/lib/pii.js'
import { openVisitor, type Visitor } from '../../src/remember/visitor.js'
import { createTeller, type Teller } from '../../src/tell/teller.js'
import type { Decision, Fold, Props, Row, Ruleset, Store, Sync, Transport, TrialRow } from '../../src/types.js'

export const DAY = 86_400_000
export const RULESET = {
  version: 1,
  // Nobody is held out any more; who was is still told of.
  holdout: 0,
  segments: { returning: { event: 'visit', count: { $gte: 2 } } },
  goals: { signup: { event: 'signup', window: '7d' }, order: { event: 'purchase', where: { paid: true } } },
  slots: {
    hero: { experiences: [{ name: 'hero', show: 'spring', goal: 'signup' }] },
    note: {
      experiences: [
        {
          name: 'test',
          split: {
            version: 4,
            weights: { default: 1, a: 1 },
            by: [{ segment: 'returning', weights: { default: 1, b: 1 } }],
            past: [{ version: 3, weights: { default: 1, old: 1 } }],
          },
          goal: 'order',
        },
        { name: 'plain', show: 'extra' },
      ],
    },
  },
  sync: { endpoint: '/collect/v1/logs' },
} satisfies Ruleset

export const decision = (rest: Partial<Decision> = {}): Decision => ({
  slot: 'hero',
  variant: 'spring',
  experience: 'hero',
  arm: 'spring',
  probability: 1,
  held: false,
  weights: null,
  stratum: '*',
  measured: true,
  epoch: 0,
  reason: 'show',
  because: '',
  ...rest,
})

export type Answer = () => Response | Promise<Response>

/** What all pages of a test share. */
export interface World {
  now: number
  may: boolean
  random: () => number
  answer: Answer
  /** The epoch of a measured decision on this page. */
  eligible?: number
  posted: { body: string; init: RequestInit; url: string; at: number }[]
  transport?: Transport
  navigator: { onLine: boolean; locks?: Pick<LockManager, 'request'> }
}

export const world = (): World => ({
  now: Date.UTC(2026, 0, 10, 12),
  may: true,
  random: Math.random,
  answer: () => new Response('{}', { status: 200, headers: { 'content-type': 'application/json' } }),
  posted: [],
  navigator: { onLine: true },
})

export interface Page {
  visitor: Visitor
  teller: Teller
  rows: Row[]
  synced: Sync[]
  reports: string[]
  /** Something happens, is written, and followed. */
  happen(type: string, props?: Props): Promise<void>
  expose(decision: Decision, seen?: boolean): Promise<void>
  dismiss(decision: Decision): Promise<void>
}

let ids = 0
/** 21 characters, as nanoid's. */
const nextId = (): string => String(ids++).padStart(21, '0')

export function page(store: Store, world: World, ruleset: Ruleset = RULESET, newId = nextId): Page {
  const decider = createDecider(ruleset)
  const visitor = openVisitor({
    store,
    fold: decider as Fold,
    retention: { events: 90 * DAY, count: 10_000 },
    newId,
    now: () => world.now,
    allowed: () => true,
    changed: () => {},
    health: () => {},
    forget: async () => {},
  })
  const [rows, synced, reports]: [Row[], Sync[], string[]] = [[], [], []]
  const teller = createTeller({
    ruleset,
    rules: ruleset.sync ?? { endpoint: '/collect/v1/logs' },
    transport: world.transport,
    navigator: world.navigator,
    may: () => world.may,
    beside: (work) => visitor.beside(work),
    goals: decider.goals,
    viewer: () => ({ seed: visitor.seed(), epoch: world.eligible }),
    clean: (props) => fenced(props, isPersonal, (name) => reports.push(`${name} looks personal`)),
    newId,
    now: () => world.now,
    random: () => world.random(),
    fetch: async (url, init) => {
      // As browsers do, for what is called off and for what was called off before.
      const { signal } = init as { signal: AbortSignal }
      world.posted.push({ url: String(url), body: String(init?.body), init: init as RequestInit, at: world.now })
      return new Promise<Response>((done, failed) => {
        signal.addEventListener('abort', () => failed(new DOMException('aborted', 'AbortError')))
        void Promise.resolve().then(world.answer).then(done, failed)
      })
    },
    emit: (stage, value) => void (stage === 'sync' ? synced.push(value as Sync) : value && rows.push(value as Row)),
    report: (message) => reports.push(message),
  })
  const happen = async (type: string, props: Props = {}): Promise<void> => {
    await visitor.record({ id: newId(), type, at: world.now, props }, true)
    await teller.follow()
  }
  return {
    visitor,
    teller,
    rows,
    synced,
    reports,
    happen,
    expose: (decision, seen = false) => {
      const { type, props } = exposure(decision, seen)
      return happen(type, props)
    },
    dismiss: (decision) => {
      const { type, props } = dismissal(decision)
      return happen(type, props)
    },
  }
}

/** The real one, whatever a test makes of time. */
const { setImmediate } = globalThis

/** So many tasks of the page, in no time. */
export async function tasks(many: number): Promise<void> {
  for (let n = 0; n < many; n++) await new Promise((done) => setImmediate(done))
}

/** Lets time pass, in steps, so that whatever waits for something gets its turn. */
export async function pass(world: World, ms: number, step = 250): Promise<void> {
  for (let gone = 0; gone < ms; gone += step) {
    world.now += step
    await vi.advanceTimersByTimeAsync(step)
    // All that may be on its way at once.
    await tasks(8)
  }
}

export const trialRows = (rows: Row[]): TrialRow[] => rows.filter((row) => row.metric !== 'count')
export const told = (rows: Row[]): string[] => rows.map((row) => (row.metric === 'count' ? `count ${row.name}` : `${row.metric} ${row.experience} ${row.arm}`))
export const sent = ({ posted }: World): string[] => posted.map(({ body }) => /"eventName":"slotwise\.(\w+)"/.exec(body)?.[1] ?? '?')
