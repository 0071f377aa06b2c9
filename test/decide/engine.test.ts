// The engine against a recount of everything, in random lives on random sites. SOAK=1000000 compares that many
// memberships; SEED begins elsewhere.

import { expect, test } from 'vitest'
import { createDecider } from '../../src/decide/decide.js'
import { play } from './differential.js'
import { random, scenario } from './scenario.js'

const CHECKS = Number(process.env.SOAK ?? 50_000)
const SEED = Number(process.env.SEED ?? 1)

test.each([
  ['on one page', false],
  ['where every step is on a page of its own', true],
])(`${CHECKS} memberships are those that a recount of the whole history gives, %s`, (_, pages) => {
  let checks = 0
  for (let seed = SEED; checks < CHECKS; seed++) {
    const life = scenario(random(seed))
    const result = play(life, createDecider, { pages })
    if (typeof result !== 'number') {
      const wrong = Object.keys(life.ruleset.segments ?? {}).filter((name) => result.engine.includes(name) !== result.reference.includes(name))
      expect.fail(`seed ${seed}: ${JSON.stringify({ ...result, rules: wrong.map((name) => [name, life.ruleset.segments?.[name]]) })}`)
    }
    checks += result
  }
  expect(checks).toBeGreaterThanOrEqual(CHECKS)
}, 600_000)
