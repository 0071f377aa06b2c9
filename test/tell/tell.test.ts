// From the moment that a visitor agrees on, nothing is lost while what sends is still on its way.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { memoryStore } from '../../src/remember/memory.js'
import { createDecider } from '../../src/decide/decide.js'
import { exposure } from '../../src/lib/exposure.js'
import { openVisitor } from '../../src/remember/visitor.js'
import { decision, RULESET } from './pages.js'
import type { Props, Row, Store } from '../../src/types.js'

let arrived: () => void

let ids = 0
const newId = (): string => String(ids++).padStart(21, '0')

beforeEach(() => {
  vi.resetModules()
  const loaded = new Promise<void>((done) => {
    arrived = done
  })
  vi.doMock('../../src/tell/teller.js', async (original) => {
    await loaded
    return original()
  })
})
afterEach(() => vi.doUnmock('../../src/tell/teller.js'))

/** A page of the visitor who agreed; what sends is fetched when `arrived` is called. */
const open = async (store: Store) => {
  const { tell } = await import('../../src/tell/tell.js')
  const decider = createDecider(RULESET)
  const visitor = openVisitor({ store, fold: decider, retention: { events: 90 * 86_400_000, count: 1000 }, newId, now: Date.now, allowed: () => true, changed: () => {}, health: () => {}, forget: async () => {} })
  await visitor.ready
  const rows: Row[] = []
  const telling = tell({
    ruleset: RULESET,
    may: () => true,
    beside: (work) => visitor.beside(work),
    goals: decider.goals,
    viewer: () => ({ seed: visitor.seed(), epoch: undefined }),
    clean: (props) => props,
    newId,
    now: Date.now,
    random: () => 0.9,
    fetch: async () => new Response('{}'),
    emit: (stage, value) => void (stage === 'row' && rows.push(value as Row)),
    report: () => {},
  })
  const record = (type: string, props: Props = {}): Promise<void> => visitor.record({ id: newId(), type, at: Date.now(), props }, true)
  const { type, props } = exposure(decision(), false)
  return { telling, rows, record, expose: () => record(type, props) }
}

test('a slot that is reached after a yes, before what sends has been fetched, opens its trial', async () => {
  const { telling, rows, record, expose } = await open(memoryStore())
  await record('signup')
  // The visitor agrees …
  const followed = telling.follow()
  await new Promise((later) => setTimeout(later, 20))
  // … and goes on reading.
  await expose()
  arrived()
  await followed
  expect(rows.map(({ metric }) => metric)).toEqual(['shown'])
  telling.stop()
})

test('what a page has not told before it was left is told by the next', async () => {
  const store = memoryStore()
  const one = await open(store)
  await one.record('page_view')
  void one.telling.follow()
  await new Promise((later) => setTimeout(later, 20))
  await one.expose()
  // Left before what sends had come.
  const two = await open(store)
  arrived()
  await two.telling.follow()
  expect([...one.rows, ...two.rows].map(({ metric }) => metric)).toEqual(['shown'])
  for (const { telling } of [one, two]) telling.stop()
})
