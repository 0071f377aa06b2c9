// The engine over the published cases. Anybody who ports it can run the same files: at each step time passes to `at`,
// then the event is committed or the facts are told, and exactly `members` hold.

import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createDecider } from '../../src/decide/decide.js'
import type { Case } from './case.js'

const files = readdirSync('test/conformance').filter((name) => name.endsWith('.json'))

test.each(files)('%s holds for the engine, step by step', (file) => {
  const cases = JSON.parse(readFileSync(`test/conformance/${file}`, 'utf8')) as Case[]
  for (const { name, ruleset, steps } of cases) {
    const engine = createDecider(ruleset)
    const told = { traits: {}, context: {}, facts: {} }
    let before: string[] = []
    for (const [i, { at, event, members, changed, ...facts }] of steps.entries()) {
      if (event) engine.feed({ id: `${i}`, ...event })
      for (const kind of ['traits', 'context', 'facts'] as const) if (facts[kind]) told[kind] = facts[kind]
      const now = engine.segments(at, told as never)
      expect(now, `${name}, step ${i}`).toEqual(members)
      expect([...now.filter((one) => !before.includes(one)), ...before.filter((one) => !now.includes(one))].sort(), `${name}, step ${i}`).toEqual(changed)
      before = [...now]
    }
  }
})

test('there are cases to hold', () => {
  expect(files.length).toBeGreaterThan(4)
})
