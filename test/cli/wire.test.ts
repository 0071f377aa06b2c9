// @vitest-environment node
// slotwise check --wire: all that can ever be sent is listed, and nothing else can be sent.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { wireOf } from '../../src/cli/wire.js'
import { checkRuleset } from '../../src/ruleset.js'
import { anonymizer } from '../../src/tell/anonymize.js'
import type { Ruleset } from '../../src/types.js'

const RULES = {
  version: 4,
  holdout: 0.1,
  pages: { shoes: '/shoes/*', home: '/' },
  segments: { returning: { event: 'visit', count: { $gte: 2 } }, pro: { trait: { plan: 'pro' } } },
  goals: { signup: { event: 'signup' }, order: { event: 'purchase', value: { prop: 'total', edges: [0, 20, 100] } } },
  rows: { reads: { event: 'read', by: { topic: ['boots', 'tents'], depth: [1, 2, 3] }, page: true }, taps: { event: 'tap', count: true } },
  slots: {
    hero: {
      experiences: [
        { name: 'finish', when: 'returning', show: 'finish', cooldown: { for: '1d' }, goal: 'signup' },
        {
          name: 'hero-test',
          split: { version: 3, weights: { default: 1, spring: 1, summer: 2 }, by: [{ segment: 'pro', weights: { default: 1, spring: 3 } }], past: [{ version: 2, weights: { default: 1, old: 1 } }] },
          goal: 'order',
          cooldown: { for: '1d' },
          holdout: 0.5,
        },
      ],
    },
    note: { experiences: [{ name: 'plain', show: 'note' }] },
  },
  sync: { endpoint: '/collect/v1/logs' },
  expected: { perDay: 10_000, segments: { returning: 0.4 } },
} satisfies Ruleset

const rowsOf = (ruleset: Ruleset) => wireOf(ruleset).rows
const expectedOf = (ruleset: Ruleset, cell: object): number | undefined => {
  const found = rowsOf(ruleset).find((row) => Object.entries({ metric: 'shown', held: false, stratum: '*', ...cell }).every(([key, value]) => row[key as keyof typeof row] === value))
  return found?.perDay === undefined ? undefined : Math.round(found.perDay)
}

test('every row of the list can be sent, and of all that could be said with its words nothing else', () => {
  expect(checkRuleset(RULES)).toEqual([])
  const anonymize = anonymizer(RULES, (props) => props)
  const { rows, count, bits } = wireOf(RULES)
  for (const { perDay, ...row } of rows) expect(anonymize(row.metric, { ...row, day: 20_000 }, 'V1StGXR8_Z5jdHi6B-myT', 20_000), JSON.stringify(row)).toBeDefined()

  const all = (field: string): unknown[] => [...new Set(rows.map((row) => row[field as keyof typeof row]))]
  let accepted = 0
  const tries = (metrics: unknown[], fields: string[], said: object = {}): void => {
    const [field, ...rest] = fields
    if (field !== undefined) {
      for (const value of all(field)) tries(metrics, rest, value === undefined ? said : { ...said, [field]: value })
      return
    }
    for (const metric of metrics) if (anonymize(metric, { ...said, day: 20_000 }, 'V1StGXR8_Z5jdHi6B-myT', 20_000)) accepted++
  }
  tries(['shown', 'seen', 'goal', 'dismiss', 'value', 'count'], ['experience', 'arm', 'held', 'weights', 'stratum', 'value'])
  tries(['count', 'shown', 'goal'], ['name', 'values', 'page', 'bucket'])
  expect(accepted).toBe(count)
  expect(2 ** bits).toBeCloseTo(count, 6)
})

test('the size is what the words come to, counted by hand', () => {
  const { byMetric, count } = wireOf(RULES)
  // Held or not; of hero-test 3 + 2 arms by stratum now, and 2 before.
  const cells = { finish: 1, test: 3 + 2 + 2, plain: 1 }
  expect(byMetric.shown?.count).toBe(2 * (1 + cells.finish + cells.test + cells.plain))
  expect(byMetric.seen?.count).toBe(2 * (cells.finish + cells.test + cells.plain))
  expect(byMetric.goal?.count).toBe(2 * (1 + cells.finish + cells.test))
  // Not the page's own, and nobody who is held out.
  expect(byMetric.dismiss?.count).toBe(1 + 2 + 1 + 1)
  // 0, 20, 100: of the programme, and of three arms now and two before.
  expect(byMetric.value?.count).toBe(2 * 3 * (1 + 3 + 2))
  // Two topics, three depths, two groups or none; and five buckets.
  expect(byMetric.count?.count).toBe(2 * 3 * 3 + 5)
  expect(Object.values(byMetric).reduce((sum, one) => sum + one.count, 0)).toBe(count)
  expect(byMetric.count?.bits).toBeCloseTo(Math.log2(23))
})

test('expected visitors follow holdout, segment, stratum and weights', () => {
  expect(expectedOf(RULES, { experience: '*', held: true })).toBe(1000)
  expect(expectedOf(RULES, { experience: 'finish' })).toBe(3600)
  // 0.9 x 0.5 are not held out; of those in no stratum, half of all, since nothing is said of "pro", a quarter is drawn to each.
  expect(expectedOf(RULES, { experience: 'hero-test', arm: 'spring' })).toBe(Math.round((10_000 * 0.45) / 2 / 4))
  expect(expectedOf(RULES, { experience: 'hero-test', arm: 'spring', stratum: 'pro' })).toBe(Math.round(((10_000 * 0.45) / 2) * 0.75))
  const known = { ...RULES, expected: { perDay: 10_000, segments: { pro: 0.1 } } }
  expect(expectedOf(known, { experience: 'hero-test', arm: 'spring', stratum: 'pro' })).toBe(338)
  expect(expectedOf(known, { experience: 'hero-test', arm: 'spring' })).toBe(1013)
  // Of earlier weights no trial opens any more.
  expect(expectedOf(RULES, { experience: 'hero-test', arm: 'old', weights: 2 })).toBeUndefined()
})

test('a cell with too few visitors is named, by its smallest, unless the ruleset says why it accepts that', () => {
  const few = (rest: object): Ruleset => ({ ...RULES, expected: { perDay: 850, ...rest } })
  const problems = (ruleset: Ruleset): string[] => wireOf(ruleset).problems.map(({ path, accepted }) => `${path}${accepted ? ` (${accepted})` : ''}`)
  expect(problems(RULES)).toEqual([])
  // 850 x 0.1 are held out of "finish" and of the programme: enough. A stratum of the test has none to spare.
  expect(problems(few({}))).toEqual(['slots.hero.experiences[1]', 'rows.reads'])
  expect(wireOf(few({})).problems[0]?.message).toMatch(/expects 48 visitors a day in the arm "default", fewer than 50/)
  expect(problems(few({ accept: { 'hero-test': 'two weeks only', reads: 'coarse topics' } }))).toEqual(['slots.hero.experiences[1] (two weeks only)', 'rows.reads (coarse topics)'])
  expect(problems(few({ perDay: 400, accept: { 'hero-test': 'x', reads: 'x' } }))).toContain('holdout')
  expect(problems({ ...RULES, expected: { perDay: 10_000, accept: { gone: 'x' }, segments: { nobody: 0.5 } } })).toEqual(['expected.accept.gone', 'expected.segments.nobody'])
})

test('a name that looks like somebody’s own is told of before anybody misses its rows', () => {
  const { problems } = wireOf({ ...RULES, slots: { ...RULES.slots, note: { experiences: [{ name: 'plain', show: 'ana@example.com' }] } } })
  expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('"ana@example.com" looks like somebody')])
})

test('an arm of no weight is never drawn, and needs no visitors', () => {
  const none = { ...RULES, slots: { a: { experiences: [{ name: 'x', split: { weights: { default: 1, off: 0 } }, goal: 'signup' }] } } }
  expect(wireOf(none).problems).toEqual([])
})

const run = (ruleset: unknown, ...options: string[]) => {
  const directory = mkdtempSync(join(tmpdir(), 'slotwise-wire-'))
  try {
    writeFileSync(join(directory, 'slotwise.json'), JSON.stringify(ruleset))
    const { stdout, stderr, status } = spawnSync(process.execPath, [join(process.cwd(), 'dist/cli.js'), 'check', '--wire', 'slotwise.json', ...options], { encoding: 'utf8', cwd: directory })
    return { stdout, stderr, status }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

test('the command line prints the list, says what one row tells, and fails where that is too much', () => {
  const fine = run(RULES)
  expect(fine.status).toBe(0)
  expect(fine.stdout.split('\n').filter((line) => /^(shown|seen|goal|dismiss|value|count) /.test(line)).length).toBe(wireOf(RULES).count)
  expect(fine.stdout).toMatch(/^shown +hero-test +spring +3 +pro +~1688$/m)
  expect(fine.stdout).toMatch(/^value +\* +\* = 20 +held out +0 +\*$/m)
  expect(fine.stdout).toMatch(/^count +reads +topic = boots, depth = 3, page = shoes$/m)
  expect(fine.stdout).toMatch(/one of these \d+: it tells \d\.\d bits at most/)
  expect(run({ ...RULES, expected: { perDay: 850 } })).toMatchObject({ status: 1, stdout: expect.stringContaining('some rows say too much') })
  const { expected, ...silent } = RULES
  expect(run(silent)).toMatchObject({ status: 1, stdout: expect.stringContaining('expected: is missing') })
  const accepted = run({ ...RULES, expected: { perDay: 850, accept: { 'hero-test': 'two weeks only', reads: 'coarse' } } })
  expect(accepted).toMatchObject({ status: 0, stdout: expect.stringContaining('accepted: two weeks only') })
  const { sync, ...nowhere } = RULES
  expect(run(nowhere)).toMatchObject({ status: 0, stdout: expect.stringContaining('nothing is ever sent') })
})

test('as JSON it can be compared with what was sent', () => {
  const { stdout, status } = run(RULES, '--json')
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ file: 'slotwise.json', ok: true, endpoint: '/collect/v1/logs', count: wireOf(RULES).count, problems: [], rows: expect.arrayContaining([{ metric: 'shown', experience: '*', arm: '*', held: true, weights: 0, stratum: '*', perDay: expect.closeTo(1000) }]) })
})

test('a ruleset that cannot be used has no list', () => {
  expect(run({ ...RULES, slots: 7 })).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('slots: expected an object') })
})

test.each([
  ['edges that do not rise', { goals: { order: { event: 'x', value: { prop: 'p', edges: [1, 5, 5] } } } }, 'goals.order.value.edges', /these edges do not rise: 1, 5, 5/],
  ['an edge below 0', { goals: { order: { event: 'x', value: { prop: 'p', edges: [-1] } } } }, 'goals.order.value.edges[0]', /a number, 0 or more/],
  ['a value without edges', { goals: { order: { event: 'x', value: { prop: 'p' } } } }, 'goals.order.value', /"edges" is missing/],
  ['too many cells', { rows: { a: { event: 'x', by: { p: Array.from({ length: 300 }, (_, i) => i) }, count: true } } }, 'rows.a', /1500 different rows are more than 1000/],
  ['words that are no list', { rows: { a: { event: 'x', by: { p: 'x' } } } }, 'rows.a.by.p', /expected a list/],
  ['a row of a goal’s name', { goals: { a: { event: 'x' } }, rows: { a: { event: 'x' } } }, 'rows.a', /"a" is also the name of goals.a/],
  ['an experience of the programme’s name', { slots: { s: { experiences: [{ name: '*', show: 'x' }] } } }, 'slots.s.experiences[0].name', /also the name of the programme/],
  ['no visitors', { expected: { perDay: 0 } }, 'expected.perDay', /whole number, 1 or more/],
  ['a reason that is none', { expected: { perDay: 1, accept: { a: true } } }, 'expected.accept.a', /a text/],
])('%s are named, with their mend', (_, rest, path, message) => {
  expect(checkRuleset({ version: 1, ...rest })).toEqual([{ path, message: expect.stringMatching(message) }])
})
