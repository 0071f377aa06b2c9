// Explanations beside the decisions that they explain: whoever reads one can work the decision out again.

import { expect, test } from 'vitest'
import { isObject } from '../../src/lib/own.js'
import { duration } from '../../src/lib/duration.js'
import { matchesValue } from '../../src/decide/conditions.js'
import { compile, decide, explain, type Viewing } from '../../src/rules.js'
import type { Clause, Experience, Props, Rule, Ruleset, VisitorEvent } from '../../src/types.js'
import { random, scenario, START } from './scenario.js'

/** Works out from what is wanted and got, and from the parts, whether a clause holds. */
function follows(clause: Clause): boolean {
  const { asks, held, wanted, got = null, parts = [] } = clause
  const each = parts.map(follows)
  switch (asks) {
    case 'all':
      return each.every(Boolean)
    case 'any':
      return each.some(Boolean)
    case 'not':
      return !each[0]
    case 'segment':
      // It may still stand after its rule has ceased to hold.
      return clause.says === `"${wanted}": ${parts[0]?.says}, and it still stands` || (each[0] ?? false)
    case 'score':
      return matchesValue(wanted, got)
    case 'event': {
      const lengths = isObject(wanted) ? Object.fromEntries(Object.entries(wanted).map(([operator, value]) => [operator, duration(value) >= 0 ? duration(value) : value])) : wanted
      return got === null ? held : typeof got === 'boolean' ? got === held && held : matchesValue(lengths, got)
    }
    case 'moreThan': {
      const [one, other] = got as [number, number]
      return one > other
    }
    case 'exclusive':
      return wanted === got
    case 'from':
    case 'to':
      return (`${got}` >= `${wanted}`) === (asks === 'from')
    default:
      return parts.length > 0 ? (each[0] as boolean) : held
  }
}
const all = (clause: Clause): Clause[] => [clause, ...(clause.parts ?? []).flatMap(all)]

const made = (seed: number) => {
  const next = random(seed)
  const { ruleset, steps } = scenario(next, 40)
  const pick = <T>(list: T[]): T => list[Math.floor(next() * list.length)] as T
  const names = Object.keys(ruleset.segments ?? {})
  const experiences = ['a', 'b', 'c', 'd'].map((name): Experience => ({
    name,
    show: name,
    when: pick<Rule>([pick(names), { all: [pick(names), { not: pick(names) }] }, { any: [pick(names), { event: 'look', count: { $gte: 3 } }] }, { event: 'buy', within: '2h', count: { $lt: 2 } }]),
    ...pick<Partial<Experience>>([{}, { cap: { times: 1 } }, { cap: { times: 2, within: '2h' } }, { cooldown: { for: '1h', grow: 2 } }, { fatigue: { after: 1, within: '1d' }, goal: 'bought' }, { untilGoal: 'bought' }, { exclusive: 'g' }, { assignBy: 'plan' }, { from: '2026-03-28' }, { to: '2026-03-28' }, { to: '2026-03-30' }, { on: { exit: true } }]),
  }))
  const whole: Ruleset = { ...ruleset, goals: { bought: { event: 'buy', where: { price: 3 } } }, slots: { hero: { experiences } } }
  let traits: Props = {}
  let now = START
  const events: Omit<VisitorEvent, 'id'>[] = []
  for (const step of steps) {
    now = Math.max(now, step.at)
    if ('traits' in step) traits = step.traits as Props
    if ('event' in step) events.push(step.event)
    if (next() < 0.2) events.push({ type: pick(['exposure', 'exposure', 'exposure_seen', 'dismiss']), at: step.at, props: { experience: pick(['a', 'b', 'c', 'd']) } })
  }
  const fired = next() < 0.5
  const viewing: Viewing = { events, traits, now, seed: `v${seed}`, facts: { k: 1 }, view: { fired: () => fired, dismissed: () => false } }
  return { ruleset: compile(whole), experiences, viewing }
}

test('a decision follows from its own explanation, clause by clause', () => {
  const seen = new Set<string>()
  let applied = 0
  for (let seed = 1; seed <= 300; seed++) {
    const { ruleset, experiences, viewing } = made(seed)
    const told = explain(ruleset, 'hero', viewing)
    expect(told.decision).toEqual(decide(ruleset, 'hero', viewing))
    expect(told.experiences.map(({ name }) => name)).toEqual(experiences.map(({ name }) => name))
    for (const { clauses } of told.experiences) {
      for (const clause of clauses.flatMap(all)) {
        seen.add(`${clause.asks} ${clause.held}`)
        expect(follows(clause), `seed ${seed}: ${JSON.stringify(clause)}`).toBe(clause.held)
      }
    }
    const first = told.experiences.find(({ clauses }) => clauses.every(follows))
    if (first) applied++
    expect(first?.name ?? null).toBe(told.decision.experience)
    expect(told.experiences.filter(({ applies }) => applies).map(({ name }) => name)).toEqual(told.experiences.filter(({ clauses }) => clauses.every(follows)).map(({ name }) => name))
  }
  expect(applied).toBeGreaterThan(100)
  for (const kind of ['event', 'all', 'any', 'not', 'segment', 'sequence', 'moreThan', 'score', 'trait', 'cap', 'cooldown', 'fatigue', 'untilGoal', 'exclusive', 'from', 'to', 'on']) {
    for (const held of [true, false]) expect(seen, `${kind} ${held}`).toContain(`${kind} ${held}`)
  }
}, 20_000)

const DAY = 86_400_000
const NOW = Date.UTC(2026, 10, 20)
const views = (n: number) => Array.from({ length: n }, (_, i) => ({ type: 'product_view', at: NOW - DAY + i, props: { category: 'shoes' } }))
const ruleset: Ruleset = {
  version: 1,
  goals: { signup: { event: 'signup' } },
  segments: { 'shoe-lover': { event: 'product_view', where: { category: 'shoes' }, within: '7d', count: { $gte: 3 } } },
  slots: {
    hero: {
      experiences: [
        { name: 'finish', when: 'shoe-lover', show: 'finish-order', cap: { times: 2, within: '1d' } },
        { name: 'sale', show: 'sale', from: '2026-12-01T00:00Z' },
        { name: 'rest', show: 'rest' },
      ],
    },
  },
}
const told = (rest: Partial<Viewing>) => explain(ruleset, 'hero', { now: NOW, seed: 's', ...rest })

test('it says which event, how many of them, and which date would change the decision', () => {
  const { experiences } = told({ events: views(1) })
  expect(experiences.map(({ says }) => says)).toEqual([
    '"finish" does not apply. It needs: "shoe-lover": at least 3 times product_view with category shoes within 7d. Missing: 2 more product_view with category shoes.',
    '"sale" does not apply. It needs: from 2026-12-01T00:00Z on. Missing: until 2026-12-01T00:00:00.000Z.',
    '"rest" decides, for everybody.',
  ])
  const [leaf] = experiences[0]?.clauses.flatMap(all).filter(({ asks }) => asks === 'event') ?? []
  expect(leaf).toEqual({
    asks: 'event',
    event: 'product_view',
    held: false,
    says: 'at least 3 times product_view with category shoes within 7d',
    wanted: { $gte: 3 },
    got: 1,
    last: NOW - DAY,
    change: '2 more product_view with category shoes',
  })
})

test('it says until when a decision holds, and when a cap is over', () => {
  const shown = told({ events: views(3) })
  expect(shown.experiences[0]?.says).toBe('"finish" decides: "shoe-lover": at least 3 times product_view with category shoes within 7d; not shown too often yet.')
  expect(shown.experiences[2]?.says).toBe('"rest" would apply, but "finish" comes first.')
  expect(shown.experiences[0]?.clauses.flatMap(all).find(({ asks }) => asks === 'event')).toMatchObject({ held: true, until: NOW + 6 * DAY, change: 'until 2026-11-26T00:00:00.000Z' })
  const exposures = [5, 3].map((hours) => ({ type: 'exposure', at: NOW - hours * 3_600_000, props: { experience: 'finish' } }))
  const capped = told({ events: [...views(3), ...exposures] })
  expect(capped.decision.experience).toBe('rest')
  expect(capped.experiences[0]?.says).toBe('"finish" does not apply. It needs: not shown too often yet. Missing: until 2026-11-20T19:00:00.000Z.')
})

test('a slot that the ruleset does not have is explained by its decision', () => {
  expect(explain(ruleset, 'aside', { now: NOW, seed: 's' })).toMatchObject({ experiences: [], decision: { reason: 'unknown-slot' } })
})
