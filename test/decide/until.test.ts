// Until when the truth of a rule stands if nothing happens: never longer than a recount says, and not needlessly short.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDecider, type Decider } from '../../src/decide/decide.js'
import { createDecider as createQuick } from '../../src/quick/decide.js'
import { untilOf } from '../../src/quick/until.js'
import type { Rule, Ruleset, VisitorEvent } from '../../src/types.js'
import { type Step as QuickStep, simpleRuleset, steps as simpleSteps } from '../quick/simple.js'
import { type Facts, reference } from './reference.js'
import { random, scenario } from './scenario.js'

const DAY = 86_400_000
const none = { traits: {}, context: {} }

test('in random lives no rule changes before the instant until which it was said to stand', () => {
  let moved = 0
  for (let seed = 1; seed <= 60; seed++) {
    const { ruleset, steps } = scenario(random(seed))
    const names = Object.keys(ruleset.segments ?? {})
    const [engine, slow] = [createDecider(ruleset), reference(ruleset)]
    const facts: { traits: object; context: object; facts?: object } = { traits: {}, context: {} }
    for (const [i, step] of steps.entries()) {
      if ('event' in step) {
        slow.feed(step.event)
        engine.feed({ id: `${i}`, ...step.event })
      } else Object.assign(facts, step)
      const held = slow.members(step.at, facts as Facts)
      const stands = new Map(names.map((name) => [name, engine.until(name, step.at, facts as never)]))
      const end = steps[i + 1]?.at ?? step.at + 4 * DAY
      for (const at of slow.instants(step.at, end)) {
        const then = slow.members(at, facts as Facts)
        for (const name of names) {
          if (then.includes(name) === held.includes(name)) continue
          moved++
          expect(stands.get(name), `seed ${seed}, step ${i}, ${name} ${JSON.stringify(ruleset.segments?.[name])}`).toBeLessThanOrEqual(at)
          // What it will be then is another question.
          stands.set(name, 0)
        }
      }
      for (const until of stands.values()) expect(until === 0 || until > step.at).toBe(true)
    }
  }
  expect(moved).toBeGreaterThan(200)
}, 30_000)

const event = (type: string, at: number): VisitorEvent => ({ id: `${type}${at}`, type, at, props: {} })
const ruleset = (segments: { [name: string]: Rule }): Ruleset => ({ version: 1, segments })

test.each([['complete', createDecider], ['simple', createQuick]] as const)('the %s engine names the very instant, for the leaves of that rule alone', (_, create) => {
  const rules = ruleset({ lover: { event: 'look', within: '7d', count: { $gte: 2 } }, buyer: { event: 'buy', within: '30d' }, both: { all: ['lover', { segment: 'buyer' }] }, ever: { event: 'look' }, not: { not: { event: 'look', within: '1d' } } })
  const engine: Decider = create(rules)
  for (const one of [event('look', 10), event('look', 20), event('buy', 30)]) engine.feed(one)
  const until = (rule: Rule): number => engine.until?.(rule, 40, none) ?? untilOf(rules, engine.state())(rule, 40)
  expect(['lover', 'buyer', 'both', 'ever', 'nobody'].map(until)).toEqual([10 + 7 * DAY, 30 + 30 * DAY, 10 + 7 * DAY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY])
  // The newest alone decides: that the older one goes first may be said, but nothing later than the newest.
  expect([10 + DAY, 20 + DAY]).toContain(until('not'))
})

test('whoever is kept in is so until that ends', () => {
  const engine = createDecider({ version: 1, segments: { fond: { event: 'look', within: '1d', keep: '3d' } } })
  engine.feed(event('look', 0))
  expect(engine.until('fond', 1, none)).toBe(DAY)
  expect(engine.until('fond', DAY, none)).toBe(4 * DAY)
  expect(engine.until('fond', 4 * DAY, none)).toBe(Number.POSITIVE_INFINITY)
})

test('in simple rulesets the simple engine is never later than the truth', () => {
  fc.assert(
    fc.property(simpleRuleset, simpleSteps, (made, life: QuickStep[]) => {
      const ruleset = made as Ruleset
      const engine = createQuick(ruleset)
      let now = Date.UTC(2026, 2, 27, 9)
      for (const [i, step] of life.entries()) {
        now += step.after
        if ('event' in step) engine.feed({ id: `${i}`, type: step.event.type, at: now - step.event.late, props: step.event.props })
        const held = engine.segments(now, none).join()
        const soonest = Math.min(...Object.keys(ruleset.segments ?? {}).map((name) => untilOf(ruleset, engine.state())(name, now)))
        expect(soonest).toBeGreaterThan(now)
        expect(engine.segments(Math.min(soonest, now + 3000 * DAY) - 1, none).join()).toBe(held)
      }
    }),
    { numRuns: 200 },
  )
})
