// What the log must do on every store: one order for all tabs, nothing lost, nothing twice, and a forgotten visitor gone.

import { expect, test, vi } from 'vitest'
import { createDecider } from '../../src/decide/decide.js'
import { openVisitor, type Visitor } from '../../src/remember/visitor.js'
import type { Fold, Props, Rule, Store, VisitorEvent } from '../../src/types.js'

const DAY = 86_400_000
const facts = { traits: {}, context: {} }

let ids = 0
const newId = (): string => `id-${ids++}`
export const event = (type: string, at: number, props: Props = {}): VisitorEvent => ({ id: newId(), type, at, props })

export interface Tab extends Visitor {
  segments(): string[]
  changes: string[]
  store: Store
}

const RULES: { [name: string]: Rule } = { twice: { event: 'a', count: { $gte: 2 } }, many: { event: 'a', count: { $gte: 400 } }, odd: { event: 'a', count: 3 } }

/** A page of the site; `now` can be moved. */
export function tab(store: Store, { rules = RULES, now = (): number => 1000, allowed = (): boolean => true, retention = { events: 90 * DAY, count: 10_000 }, forget = async (_: unknown): Promise<void> => {} } = {}): Tab {
  const decider = createDecider({ version: 1, segments: rules })
  const changes: string[] = []
  const memory = openVisitor({
    store,
    fold: decider as Fold,
    retention,
    newId,
    now,
    allowed,
    changed: (by) => changes.push(by),
    health: ({ store, reason }) => changes.push(`store: ${store}`, ...(reason ? [reason] : [])),
    forget,
  })
  return { ...memory, segments: () => decider.segments(now(), facts), changes, store }
}

export const everything = async (store: Store): Promise<VisitorEvent[]> =>
  (await store.transact('readonly', (rows) => rows.all(['e']))).flatMap(([, batch]) => (batch as { events: VisitorEvent[] }).events)

/** A store that answers when it is told to. */
export const held = (store: Store) => {
  let gate: Promise<void> | undefined
  let open = (): void => {}
  const slow: Store = {
    ...store,
    transact: async (mode, work) => {
      if (gate) await gate
      return store.transact(mode, work)
    },
  }
  return {
    slow,
    hold: () => {
      gate = new Promise((resolve) => {
        open = resolve
      })
    },
    letGo: () => {
      gate = undefined
      open()
    },
  }
}

/** `open` gives a store on what `name` holds; `follows` says whether tabs hear each other by themselves. */
export function rememberContract(open: (name: string) => Store, follows: boolean): void {
  let count = 0
  const database = (): string => `remember-${Date.now()}-${count++}`
  const heard = async (tabs: Tab[]): Promise<void> => {
    if (!follows) for (const one of tabs) one.follow()
  }

  test('what a visitor did is remembered on the next page', async () => {
    const name = database()
    const first = tab(open(name))
    await first.ready
    void first.record(event('a', 1))
    void first.record(event('a', 2))
    expect(first.segments()).toEqual(['twice'])
    await first.traits({ plan: 'pro', old: 1 })
    await first.traits({ old: null })
    const { seed } = first
    const was = seed()
    await first.stop()

    const second = tab(open(name))
    await second.ready
    expect(second.segments()).toEqual(['twice'])
    expect(second.profile()).toMatchObject({ traits: { plan: 'pro' }, events: 2, firstAt: 1, lastAt: 2 })
    expect(second.seed()).toBe(was)
    await second.traits(null)
    expect(second.profile().traits).toEqual({})
    await second.stop()
  })

  test('two tabs that append two hundred events each lose none, double none, and agree', async () => {
    const name = database()
    const tabs = [tab(open(name)), tab(open(name))]
    await Promise.all(tabs.map(({ ready }) => ready))
    const written: Promise<void>[] = []
    for (let i = 0; i < 200; i++) for (const one of tabs) written.push(one.record(event('a', i)))
    await Promise.all(written)
    await Promise.all(tabs.map((one) => one.traits({})))
    await heard(tabs)
    await vi.waitFor(() => {
      for (const one of tabs) expect(one.profile().events).toBe(400)
    })
    for (const one of tabs) expect(one.segments()).toEqual(['twice', 'many'])
    const kept = await everything(tabs[0]?.store as Store)
    expect(kept.length).toBe(400)
    expect(new Set(kept.map(({ id }) => id)).size).toBe(400)
    expect(tabs[0]?.seed()).toBe(tabs[1]?.seed())
    await Promise.all(tabs.map((one) => one.stop()))

    const later = tab(open(name))
    await later.ready
    expect(later.segments()).toEqual(['twice', 'many'])
    await later.stop()
  })

  test('another tab’s events and traits are followed', async () => {
    const name = database()
    const [one, two] = [tab(open(name)), tab(open(name))]
    await Promise.all([one.ready, two.ready])
    void one.record(event('a', 1))
    void one.record(event('a', 2))
    await one.traits({ plan: 'pro' })
    await heard([two])
    await vi.waitFor(() => {
      expect(two.segments()).toEqual(['twice'])
      expect(two.profile().traits).toEqual({ plan: 'pro' })
    })
    await Promise.all([one.stop(), two.stop()])
  })

  test('two tabs opened at once begin one visit', async () => {
    const name = database()
    const [one, two] = [tab(open(name)), tab(open(name))]
    await Promise.all([one.ready, two.ready])
    for (const tab of [one, two]) for (const type of ['visit', 'a']) void tab.record(event(type, 100))
    // Whoever comes second learns that the visit has begun, and tells the other of the rest.
    await one.traits({})
    await two.traits({})
    await heard([one, two])
    await vi.waitFor(() => {
      for (const tab of [one, two]) {
        expect(tab.profile()).toMatchObject({ visits: 1, events: 3 })
        expect(tab.segments()).toEqual(['twice'])
      }
    })
    expect((await everything(one.store)).map(({ type }) => type)).toEqual(['visit', 'a', 'a'])
    await Promise.all([one.stop(), two.stop()])
  })

  test('a forgotten visitor is gone, in every tab, and what comes after is somebody new', async () => {
    const name = database()
    const [one, two] = [tab(open(name)), tab(open(name))]
    await Promise.all([one.ready, two.ready])
    void one.record(event('a', 1))
    void one.record(event('a', 2))
    await one.traits({ plan: 'pro' })
    await heard([two])
    await vi.waitFor(() => expect(two.segments()).toEqual(['twice']))
    const was = one.seed()
    void two.record(event('a', 3))

    await one.forget()
    expect(await one.store.transact('readonly', (rows) => rows.all([]))).toEqual([])
    expect(one.segments()).toEqual([])
    expect(one.changes).toContain('forgotten')
    await heard([two])
    await vi.waitFor(() => expect(two.changes).toContain('forgotten'))
    expect(two.segments()).toEqual([])
    expect(two.profile()).toMatchObject({ traits: {}, events: 0, visits: 0 })

    void two.record(event('b', 4))
    await two.traits({})
    expect((await everything(one.store)).map(({ type }) => type)).toEqual(['b'])
    expect(two.seed()).not.toBe(was)
    await Promise.all([one.stop(), two.stop()])
  })

  test('a tab that never heard of the forgetting does not bring the visitor back', async () => {
    const name = database()
    const one = tab(open(name))
    await one.ready
    void one.record(event('a', 1))
    await one.traits({ plan: 'pro' })
    const erasing = open(name)
    await erasing.transact('readwrite', async (rows) => rows.clear())
    void one.record(event('a', 2))
    await one.traits({ seen: true })
    expect(await erasing.transact('readonly', (rows) => rows.all([]))).toEqual([])
    expect(one.changes).toContain('forgotten')
    await one.stop()
    erasing.close()
  })

  test('a page starts from the snapshot, and never puts an older one over a newer', async () => {
    const name = database()
    const one = tab(open(name))
    await one.ready
    for (let i = 0; i < 20; i++) {
      void one.record(event('a', i))
      await one.traits({})
    }
    const snapshot = () => one.store.transact('readonly', (rows) => rows.get(['s'])) as Promise<{ n: number }>
    const before = await snapshot()
    expect(before.n).toBeGreaterThanOrEqual(8)

    // A log without its old batches still gives the same answer: they are not read.
    await one.store.transact('readwrite', async (rows) => {
      for (let n = 1; n <= before.n; n++) rows.drop(['e', n])
    })
    const two = tab(open(name))
    await two.ready
    expect(two.segments()).toEqual(['twice'])
    expect(two.profile().events).toBe(20)
    await Promise.all([one.stop(), two.stop()])
    expect((await snapshot()).n).toBeGreaterThanOrEqual(before.n)
    one.store.close()
  })

  test('a ruleset that asks something new finds the answer in the log', async () => {
    const name = database()
    const one = tab(open(name))
    await one.ready
    for (let i = 0; i < 9; i++) {
      void one.record(event(i % 3 ? 'a' : 'b', i))
      await one.traits({})
    }
    await one.stop()
    const two = tab(open(name), { rules: { six: { event: 'a', count: 6 }, three: { event: 'b', count: 3 } } })
    await two.ready
    expect(two.segments()).toEqual(['six', 'three'])
    await two.stop()
  })

  test('old events go, whole batches of them, and counts outlive them', async () => {
    const name = database()
    let clock = 0
    const one = tab(open(name), { now: () => clock, retention: { events: DAY, count: 15 } })
    await one.ready
    for (let i = 0; i < 40; i++) {
      clock = i * 1000
      void one.record(event('a', clock))
      await one.traits({})
    }
    await one.stop()
    const two = tab(open(name), { now: () => clock, retention: { events: DAY, count: 15 } })
    await two.ready
    for (let i = 0; i < 10; i++) {
      void two.record(event('b', clock))
      await two.traits({})
    }
    expect((await everything(two.store)).length).toBeLessThanOrEqual(15 + 10)
    expect(two.profile().events).toBe(50)
    expect(two.segments()).toEqual(['twice'])
    await two.stop()
  })

  test('records that make no sense are passed over', async () => {
    const name = database()
    const store = open(name)
    await store.transact('readwrite', async (rows) => {
      rows.put(['p'], 'who?')
      rows.put(['h'], { n: 'many' })
      rows.put(['s'], [1, 2, 3])
      rows.put(['e', 1], { v: 9, events: [null, 7, { type: 'a' }, { type: 'a', at: 1, props: {} }, { type: 'a', at: Number.NaN, props: {} }] })
      rows.put(['e', 2], 'x')
    })
    const one = tab(store)
    await one.ready
    expect(one.segments()).toEqual([])
    void one.record(event('a', 2))
    await one.traits({})
    expect(one.segments()).toEqual(['twice'])
    await one.stop()
  })
}
