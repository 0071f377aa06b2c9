// From the moment that a visitor agrees on, nothing is lost while what sends is still on its way.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { memoryStore } from '../../src/remember/memory.js'
import { createDecider } from '../../src/decide/decide.js'
import { exposure } from '../../src/lib/exposure.js'
import { openVisitor } from '../../src/remember/visitor.js'
import { decision, RULESET } from '../tell/pages.js'
import type { Row } from '../../src/types.js'

let arrived: () => void
let fails: boolean

beforeEach(() => {
  vi.resetModules()
  fails = false
  const loaded = new Promise<void>((done) => {
    arrived = done
  })
  vi.doMock('../../src/tell/teller.js', async (original) => {
    await loaded
    if (fails) throw new Error('offline')
    return original()
  })
})
afterEach(() => vi.doUnmock('../../src/tell/teller.js'))

test('a slot that is reached after a yes, before what sends has been fetched, opens its trial', async () => {
  const { tell } = await import('../../src/tell/tell.js')
  const decider = createDecider(RULESET)
  let ids = 0
  const newId = () => String(ids++).padStart(21, '0')
  const visitor = openVisitor({ store: memoryStore(), fold: decider, retention: { events: 90 * 86_400_000, count: 1000 }, newId, now: Date.now, allowed: () => true, changed: () => {}, health: () => {} })
  await visitor.ready
  const rows: Row[] = []
  const telling = tell({
    ruleset: RULESET,
    may: () => true,
    beside: (work) => visitor.beside(work),
    goals: decider.goals,
    newId,
    now: Date.now,
    random: () => 0.9,
    fetch: async () => new Response('{}'),
    made: (row) => rows.push(row),
    synced: () => {},
    report: () => {},
  })
  await visitor.record({ id: newId(), type: 'signup', at: Date.now(), props: {} }, true)
  // The visitor agrees …
  const followed = telling.follow()
  await new Promise((later) => setTimeout(later, 20))
  // … and goes on reading.
  const { type, props } = exposure(decision(), false)
  await visitor.record({ id: newId(), type, at: Date.now(), props: props ?? {} }, true)
  arrived()
  await followed
  expect(rows.map(({ metric }) => metric)).toEqual(['shown'])
  telling.stop()
})
