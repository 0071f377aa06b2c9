// @vitest-environment node
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, expect, test } from 'vitest'
import { findings } from '../../src/cli/check.js'
import { main } from '../../src/cli/cli.js'
import { simulate } from '../../src/cli/simulate.js'
import type { Journey, Step } from '../../src/cli/simulate/journey.js'
import { play } from '../../src/cli/simulate/play.js'
import { populate } from '../../src/cli/simulate/population.js'
import { readJourneys } from '../../src/cli/simulate/read.js'
import { journeysSchema } from '../../src/cli/simulate/schema.js'
import { evaluate } from '../../src/rules.js'
import type { Props, Ruleset } from '../../src/types.js'
import { random, scenario } from '../decide/scenario.js'

const EXAMPLES = 'demo/examples'
const KINDS = readdirSync(EXAMPLES)
const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'))

const directory = mkdtempSync(join(tmpdir(), 'slotwise-simulate-'))
afterAll(() => rmSync(directory, { recursive: true }))
const put = (name: string, value: unknown): string => {
  const file = join(directory, name)
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value))
  return file
}

test('there is an example for each of four kinds of site', () => {
  expect(KINDS.sort()).toEqual(['magazine', 'public-service', 'shop', 'software-trial'])
})

test.each(KINDS)('the journeys of the %s go as expected, and its ruleset has nothing wrong', async (kind) => {
  const ruleset = join(EXAMPLES, kind, 'slotwise.json')
  const { simulated, text } = await simulate({ ruleset, journeys: [join(EXAMPLES, kind, 'journeys.json')] })
  expect(simulated.ok, text).toBe(true)
  expect(simulated.journeys.length).toBeGreaterThanOrEqual(5)
  expect(findings(readFileSync(ruleset, 'utf8'), { now: Date.UTC(2026, 0, 1) })).toEqual([])
})

test('the schema takes what is read, and refuses what is refused', () => {
  const valid = new Ajv2020({ strictTypes: false, strictTuples: false, allowUnionTypes: true }).compile(journeysSchema())
  for (const kind of KINDS) expect(valid(json(join(EXAMPLES, kind, 'journeys.json'))), kind).toBe(true)
  expect(valid(json(join(EXAMPLES, 'magazine/population.json')))).toBe(true)
  for (const wrong of [{}, { journeys: [] }, { journeys: [{ name: 'x', steps: [{ veiw: '/' }] }] }, { visitors: 0, kinds: [] }]) expect(valid(wrong), JSON.stringify(wrong)).toBe(false)
})

const RULES: Ruleset = {
  version: 1,
  holdout: 0.3,
  pages: { shoes: '/shoes/*' },
  segments: { fan: { event: 'page_view', where: { page: 'shoes' }, count: { $gte: 2 } } },
  goals: { buy: { event: 'buy' } },
  slots: { hero: { experiences: [{ name: 'one', when: 'fan', show: 'shoes', goal: 'buy', cap: { times: 2 } }] } },
  sync: { endpoint: '/collect' },
}
const story = (steps: Step[], more: Partial<Journey> = {}) => play(RULES, { name: 'story', consent: { personalize: 'granted' }, steps, ...more })

test('what was expected and is not so is told with what is, and why', async () => {
  const { steps } = await story([{ view: '/shoes/1' }, { view: '/shoes/2', expect: { segments: ['fan'], slots: { hero: 'boots' }, goals: { buy: 1 }, context: { page: 'hats' }, rows: { shown: 3 } } }])
  expect(steps[1]?.unmet).toEqual([
    { of: 'slots.hero', wanted: 'boots', got: 'shoes', because: '"one" shows "shoes": "fan" holds.' },
    { of: 'goals.buy', wanted: 1, got: 0 },
    { of: 'rows.shown', wanted: 3, got: 0 },
    { of: 'context.page', wanted: 'hats', got: 'shoes' },
  ])
})

test('a visitor who is held out is told of with what they would have seen, and counts all the same', async () => {
  const measured = { consent: { personalize: 'granted', measure: 'granted' } } as const
  const all = await Promise.all(Array.from({ length: 40 }, (_, i) => story([{ view: '/shoes/1' }, { view: '/shoes/2' }, { track: 'buy' }], { ...measured, visitor: `v${i}` })))
  const held = all.filter(({ steps }) => steps[1]?.decisions[0]?.held)
  expect(held.length).toBeGreaterThan(4)
  expect(held.length).toBeLessThan(25)
  for (const { steps, rows } of held) {
    expect(steps[1]?.decisions[0]).toMatchObject({ variant: 'default', arm: 'shoes' })
    expect(rows.filter(({ experience }) => experience === 'one').map(({ metric, held }) => [metric, held])).toEqual(expect.arrayContaining([['shown', true], ['goal', true]]))
  }
})

test('what random visitors are said to be is what the engine by itself says', async () => {
  let looked = 0
  for (let seed = 1; seed <= 60; seed++) {
    const { ruleset, steps } = scenario(random(seed), 16)
    // A story goes forward, and whoever stays in is told by what was asked before.
    if (JSON.stringify(ruleset).includes('"keep"')) continue
    const start = Math.min(...steps.map(({ at }) => at))
    const own = steps.flatMap((step): { at: number; type: string; props: Props }[] => ('event' in step && step.event.type !== 'page_view' ? [step.event] : [])).sort((a, b) => a.at - b.at)
    if (own.length === 0) continue
    const events: { type: string; at: number; props: Props }[] = []
    let last = Number.NEGATIVE_INFINITY
    for (const event of own) {
      // Half an hour of nothing: a visit begins, as in a page.
      if (event.at - last > 30 * 60_000) events.push({ type: 'visit', at: event.at, props: { referrer: 'direct' } })
      events.push(event)
      last = event.at
    }
    const now = last
    const played = await play(ruleset as Ruleset, { name: 'x', start: new Date(start).toISOString(), timeZone: 'UTC', consent: { personalize: 'granted' }, steps: own.map(({ at, type, props }) => ({ at: new Date(at).toISOString(), track: type, props })) })
    const context = { visit: events.filter(({ type }) => type === 'visit').length }
    expect(played.steps[played.steps.length - 1]?.segments, `seed ${seed}`).toEqual(evaluate({ ...ruleset, timeZone: ruleset.timeZone ?? 'UTC' } as Ruleset, { events, context, facts: {}, now }))
    looked++
  }
  expect(looked).toBeGreaterThan(20)
})

const POPULATION = { visitors: 300, seed: 7, kinds: [{ name: 'fan', share: 1, measured: 0.5, consent: { personalize: 'granted' as const }, steps: [{ times: 2, view: ['/shoes/1', '/shoes/2'] }, { chance: 0.3, track: 'buy' }] }, { name: 'other', share: 3, steps: [{ view: '/' }] }] }

test('a population is the same for the same seed, and counts whom an experience reaches', async () => {
  const one = await populate(RULES, POPULATION)
  expect(await populate(RULES, POPULATION)).toEqual(one)
  expect(await populate(RULES, { ...POPULATION, seed: 8 })).not.toEqual(one)
  const [reach] = one.experiences
  const fans = one.kinds.fan as number
  expect(fans).toBeGreaterThan(50)
  expect(fans).toBeLessThan(100)
  expect([one.segments.fan, reach?.visitors]).toEqual([fans, fans])
  expect((reach?.held ?? 0) + (reach?.arms.shoes ?? 0)).toBe(fans)
  expect(reach?.trials).toBeGreaterThan(fans * 0.3)
  expect(reach?.trials).toBeLessThan(fans * 0.7)
  expect(reach?.goals).toBeGreaterThan(0)
})

test('another ruleset shows where the same visitors would have seen something else', async () => {
  const file = put('rules.json', { ...RULES, holdout: 0 })
  const other = put('other.json', { ...RULES, holdout: 0, slots: { hero: { experiences: [{ name: 'one', when: 'fan', show: 'hats' }] } } })
  const journeys = put('journeys.json', { journeys: [{ name: 'story', consent: { personalize: 'granted' }, steps: [{ view: '/shoes/1' }, { view: '/shoes/2' }] }] })
  const { simulated } = await simulate({ ruleset: file, journeys: [journeys], against: other })
  expect(simulated.differences).toEqual([{ journey: 'story', step: 2, slot: 'hero', variant: 'shoes', instead: 'hats' }])
})

test('a slip in a journey is refused with its place, and not taken for something that was met', () => {
  const read = (value: unknown) => readJourneys('j.json', typeof value === 'string' ? value : JSON.stringify(value), RULES)
  const journey = (step: object) => ({ journeys: [{ name: 'story', steps: [step] }] })
  expect(() => read('{')).toThrow('j.json is not JSON')
  expect(() => read(journey({ veiw: '/' }))).toThrow('journeys[0].steps[0]: unknown key "veiw"; did you mean "view"?')
  expect(() => read(journey({ after: '2 days' }))).toThrow('journeys[0].steps[0].after')
  expect(() => read(journey({ expect: { segments: ['fann'] } }))).toThrow('"story", step 1: the ruleset has no segment "fann"; did you mean "fan"?')
  expect(() => read(journey({ expect: { slots: { heroo: 'x' } } }))).toThrow('no slot "heroo"')
  expect(() => read({ journeys: [{ steps: [] }] })).toThrow('"name" is missing')
})

test('the command line says by its exit code whether all is as expected', async () => {
  const rules = put('rules.json', RULES)
  const journeys = (hero: string) => put('journeys.json', { journeys: [{ name: 'story', steps: [{ view: '/', expect: { slots: { hero } } }] }] })
  expect(await main(['simulate', rules, journeys('default'), '--json'])).toBe(0)
  expect(await main(['simulate', rules, journeys('shoes')])).toBe(1)
  expect(await main(['simulate', rules])).toBe(2)
  expect(await main(['simulate', rules, join(directory, 'nowhere.json')])).toBe(2)
  expect(await main(['simulate', put('wrong.json', { version: 'x' }), journeys('default')])).toBe(2)
})
