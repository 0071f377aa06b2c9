// The script tag's own language beside the complete one: the same answers about every simple ruleset.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDecider } from '../../src/decide/decide.js'
import { createDecider as createQuick } from '../../src/quick/decide.js'
import { loadRuleset } from '../../src/quick/ruleset.js'
import type { Context, Props, Ruleset } from '../../src/types.js'
import { type Step, simpleRuleset, steps } from './simple.js'

const START = Date.UTC(2026, 2, 27, 9)
const YEARS = 10 * 365 * 86_400_000

function live(ruleset: Ruleset, life: Step[]): void {
  let [quick, complete] = [createQuick(ruleset), createDecider(ruleset)]
  const facts: { traits: Props; context: Context } = { traits: {}, context: {} }
  let now = START

  const same = (at: number): string => {
    const held = quick.segments(at, facts).join()
    expect(held).toBe(complete.segments(at, facts).join())
    return held
  }
  for (const [i, step] of life.entries()) {
    now += step.after
    if ('event' in step) {
      const { type, late, props } = step.event
      const event = { id: `${i}`, type, at: now - late, props }
      for (const one of [quick, complete]) one.feed(event)
      expect(quick.goals(event)).toEqual(complete.goals(event))
    } else if ('traits' in step) facts.traits = step.traits
    else if ('context' in step) facts.context = step.context as Context
    else if ('restart' in step) {
      const states = [quick, complete].map((one) => JSON.parse(JSON.stringify(one.state())))
      ;[quick, complete] = [createQuick(ruleset), createDecider(ruleset)]
      expect([quick.complete(states[0]), complete.complete(states[1])]).toEqual([true, true])
      quick.load(states[0])
      complete.load(states[1])
    }
    for (const measure of [true, false]) {
      const visitor = { seed: `seed${i}`, measure, now }
      for (const slot of ['hero', 'none']) expect(quick.decide(slot, visitor, facts)).toEqual(complete.decide(slot, visitor, facts))
    }
    // Time passes until the next step: nothing changes before an engine says so, and then in both alike.
    const until = now + Math.max(0, life[i + 1]?.after ?? 1e9)
    let at = now
    for (let turn = 0; turn < 6; turn++) {
      const held = same(at)
      const nexts = [quick.next(at), complete.next(at)] as const
      for (const next of nexts) {
        expect(next).toBeGreaterThan(at)
        expect(quick.segments(Math.min(next, START + YEARS) - 1, facts).join()).toBe(held)
      }
      const next = Math.min(...nexts)
      if (next > until) break
      expect(same(next - 1)).toBe(held)
      at = next
    }
  }
}

test('a simple ruleset gives the same segments, instants, decisions and goals in both', () => {
  fc.assert(
    fc.property(simpleRuleset, steps, (ruleset, life) => live(ruleset as Ruleset, life)),
    { numRuns: 1500 },
  )
})

test('a simple ruleset is taken as it is; any other one by the whole language, which explains what is wrong', async () => {
  const never = async (): Promise<Response> => {
    throw new Error('nothing is fetched')
  }
  const load = (value: unknown, dropped: (problem: { path: string; message: string }) => void = () => expect.fail('a variant was left out')) => loadRuleset(async () => value, never, dropped)
  const simple = { version: 1, segments: { a: { event: 'x' } } }
  expect(await load(simple)).toBe(simple)

  const rich = await load({ version: 1, segments: { a: { sequence: [{ event: 'x' }, { event: 'y' }] } } })
  const decider = createQuick(rich)
  for (const type of ['y', 'x', 'y']) decider.feed({ id: type, type, at: 1, props: {} })
  expect(decider.segments(2, { traits: {}, context: {} })).toEqual(['a'])

  await expect(load({ version: 1, segments: { a: 'b' } })).rejects.toMatchObject({ name: 'RulesetError', message: expect.stringContaining('segments.a: no segment "b"') })
  await expect(load(null)).rejects.toThrow('expected an object')
  const dropped: string[] = []
  const ruleset = await load({ version: 1, slots: { hero: { variants: { right: { text: {} }, wrong: { html: '' } } } } }, ({ path, message }) => dropped.push(`${path}: ${message}`))
  expect(Object.keys(ruleset.slots?.hero?.variants ?? {})).toEqual(['right'])
  expect(dropped).toMatchObject([expect.stringContaining('slots.hero.variants.wrong.html: expected HTML as a text')])
})

test('what the other engine has kept says nothing; then the past is read from the log', () => {
  const ruleset: Ruleset = { version: 1, segments: { often: { event: 'x', within: '1h', count: { $gte: 3 } }, lately: { event: 'x', within: '5m' } } }
  const log = [1, 2, 3].map((n) => ({ id: `${n}`, type: 'x', at: START + n, props: {} }))
  for (const [create, other] of [[createQuick, createDecider], [createDecider, createQuick]] as const) {
    const before = other(ruleset)
    log.forEach(before.feed)
    const state = JSON.parse(JSON.stringify(before.state()))
    const after = create(ruleset)
    expect(after.complete(state)).toBe(false)
    after.load(state)
    log.forEach(after.fill)
    expect([START + 4, START + 600_000, START + 3_600_001].map((now) => after.segments(now, { traits: {}, context: {} }).join())).toEqual(['often,lately', 'often', ''])
  }
})

test('hostile events change nothing that they should not, in either', () => {
  let nested: unknown = 1
  for (let i = 0; i < 100_000; i++) nested = [nested]
  const ruleset: Ruleset = { version: 1, segments: { a: { event: 'x', where: { k: { a: 1 } } }, b: { event: 'x', where: { constructor: { $ne: null } } }, c: { event: 'x', count: { $gte: 3 } } } }
  for (const create of [createQuick, createDecider]) {
    const decider = create(ruleset)
    const hostile = [{ k: nested }, JSON.parse('{ "__proto__": { "k": { "a": 1 } } }'), { k: 'x'.repeat(10_000_000) }]
    hostile.forEach((props, i) => decider.feed({ id: `${i}`, type: 'x', at: i, props }))
    decider.feed({ id: 'y', type: '__proto__', at: 4, props: {} })
    expect(decider.segments(9, { traits: {}, context: {} })).toEqual(['c'])
  }
})
