// @vitest-environment node
// Very many visitors against the receiver that comes with Slotwise, over loopback: no row is lost, and none doubled.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { serve } from '../../src/cli/serve.js'
import { distinctRows } from '../../src/cli/rows.js'
import { memoryStore } from '../../src/remember/memory.js'
import { createDecider } from '../../src/decide/decide.js'
import { exposure } from '../../src/lib/exposure.js'
import { openVisitor } from '../../src/remember/visitor.js'
import { createTeller } from '../../src/tell/teller.js'
import type { Fold, Row, Sync } from '../../src/types.js'
import { DAY, decision, RULESET } from './pages.js'

const VISITORS = process.env.SOAK ? 100_000 : 100
const AT_ONCE = 64
/** One answer in so many is lost on its way back: the row has arrived, and is sent again. */
const DEAF = 20

let ids = 0
const newId = (): string => String(ids++).padStart(21, '0')

test(`${VISITORS} visitors reach, see and reach a goal: the receiver has every row once, though answers get lost`, { timeout: 3_600_000 }, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'slotwise-visitors-'))
  const file = join(directory, 'rows.ndjson')
  const site = await serve({ directory: 'docs', collect: file })
  const made = new Map<string, string>()
  let asked = 0
  let left = VISITORS

  const visit = async (): Promise<void> => {
    let now = Date.UTC(2026, 10, 24, 12)
    const decider = createDecider(RULESET)
    const visitor = openVisitor({ store: memoryStore(), fold: decider as Fold, retention: { events: 90 * DAY, count: 10_000 }, newId, now: () => now, allowed: () => true, changed: () => {}, health: () => {}, forget: async () => {} })
    let last: Sync | undefined
    /** Requests that have not been answered. */
    let open = 0
    const teller = createTeller({
      ruleset: RULESET,
      rules: { endpoint: `${site.url}/collect/v1/logs` },
      may: () => true,
      beside: (work) => visitor.beside(work),
      goals: decider.goals,
      viewer: () => ({ seed: visitor.seed(), epoch: undefined }),
      clean: (props) => props,
      newId,
      now: () => now,
      random: Math.random,
      navigator: { onLine: true },
      fetch: async (url, init) => {
        asked++
        open++
        const answer = await fetch(url, init).finally(() => open--)
        if (asked % DEAF === 0) throw new TypeError('the answer got lost')
        return answer
      },
      emit: (stage, value) => {
        if (stage === 'sync') last = value as Sync
        else made.set((value as Row).id, (value as Row).metric)
      },
      report: (message) => expect.fail(message),
    })
    await visitor.ready
    const happen = async (type: string, props = {}): Promise<void> => {
      await visitor.record({ id: newId(), type, at: now, props }, true)
      await teller.follow()
    }
    await happen('page_view')
    for (const seen of [false, true]) {
      const { type, props } = exposure(decision({ epoch: 0 }), seen)
      await happen(type, props)
    }
    await happen('signup')
    // As a page that is hidden, again and again, until all is told: a minute later each time.
    while (last?.waiting !== 0) {
      teller.leave(false)
      // However long the machine takes to answer: a minute is later than that.
      do await new Promise((later) => setTimeout(later, 5))
      while (open > 0)
      now += 60_000
      await teller.follow()
    }
    teller.abort(false)
    await visitor.stop()
  }
  const worker = async (): Promise<void> => {
    while (left-- > 0) await visit()
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean).length
    const rows = distinctRows(readFileSync(file, 'utf8'))
    expect(made.size).toBe(VISITORS * 3)
    expect(rows.length).toBe(made.size)
    for (const { id, metric } of rows) if (made.get(id) !== metric) expect.fail(`${id} was never made`)
    expect(lines).toBeGreaterThan(rows.length)
    if (process.env.SOAK) console.log(`${VISITORS} visitors, ${made.size} rows, ${asked} requests, ${lines} lines received: ${made.size - rows.length} lost, 0 doubled once told apart by their ids`)
  } finally {
    await site.close()
    rmSync(directory, { recursive: true })
  }
})
