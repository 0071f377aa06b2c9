// @vitest-environment node
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Ajv from 'ajv'
import { afterAll, expect, test } from 'vitest'
import { findings } from '../../src/cli/check.js'
import { fixed } from '../../src/cli/fix.js'
import { sarif } from '../../src/cli/sarif.js'

const directory = mkdtempSync(join(tmpdir(), 'slotwise-fix-'))
afterAll(() => rmSync(directory, { recursive: true }))
const mend = (text: string) => fixed(text, (text) => findings(text))
const file = join(directory, 'slotwise.json')
const run = (text: string, ...options: string[]) => {
  writeFileSync(file, text)
  return spawnSync(process.execPath, ['dist/cli.js', 'check', file, ...options], { encoding: 'utf8' })
}

const WRONG = `{
    "version" : 1,   "pages": {"pricing":"/pricing"},
  "segments": {
    "shoe-lover": { "evnt": "page_view", "wihtin": "7d" },
    "b":["oops"],
    "c": "shoe-lovr",
    "d": { "context": { "utm.sorce": "ads" } },\t
    "e": { "event": "page_view", "where": { "page": "pricng" } }
  },
  "slots": { "hero": { "experiences": [
    { "name": "one", "when": "c", "show": "v", "exclusive": "alone", "cooldown": { "for": "1d", "max": "7d" } } ] } }
}
`

test('slips of the pen are mended where they stand, and nothing else of the file changes', () => {
  const broken = WRONG.replace('    "b":["oops"],\n', '')
  const { text, mended } = mend(broken)
  const right = [
    ['"wihtin"', '"within"'],
    ['"evnt"', '"event"'],
    ['"shoe-lovr"', '"shoe-lover"'],
    ['"utm.sorce"', '"utm.source"'],
    ['"pricng"', '"pricing"'],
    [', "exclusive": "alone"', ''],
    [', "max": "7d"', ''],
  ].reduce((text, [wrong, right]) => text.replace(wrong as string, right as string), broken)
  expect(text).toBe(right)
  expect(mended.length).toBe(7)
  expect(findings(text)).toEqual([])
})

test('what could be meant otherwise, and a name that is taken, stay as they are', () => {
  const text = '{ "version": 1, "segments": { "a": { "event": "x", "event_": "y" }, "b": "nothing-like-it" } }'
  expect(mend(text)).toEqual({ text, mended: [] })
  expect(mend('not JSON')).toEqual({ text: 'not JSON', mended: [] })
})

test('--fix writes the file, says what it did, and judges what is left', () => {
  const good = run('{\n  "version": 1,\n  "segmnts": {}\n}\n', '--fix')
  expect([good.status, readFileSync(file, 'utf8')]).toEqual([0, '{\n  "version": 1,\n  "segments": {}\n}\n'])
  expect(good.stdout).toContain('mended')
  const left = run('{ "versoin": "1" }', '--fix', '--json')
  expect(left.status).toBe(1)
  expect(JSON.parse(left.stdout)).toMatchObject({ ok: false, findings: [{ code: 'value', path: 'version' }], mended: [{ code: 'unknown' }] })
  expect(run('{ "version": 1 }', '--fix', '--pages', join(directory, 'nowhere')).status).toBe(2)
})

test('--strict counts warnings, and --per-day asks how long tests take', () => {
  const rules = JSON.stringify({ version: 1, goals: { g: { event: 'g' } }, slots: { hero: { experiences: [{ name: 't', goal: 'g', split: { weights: { default: 1, v: 1 } } }] } } })
  expect([run(rules, '--strict').status, run(rules, '--strict', '--per-day', '100').status, run(rules, '--per-day', '100').status, run(rules, '--per-day', 'many').status]).toEqual([0, 1, 0, 2])
  expect(run(rules, '--json', '--sarif').status).toBe(2)
})

const { $schema, id, ...schema } = JSON.parse(readFileSync(join(dirname(createRequire(import.meta.url).resolve('@microsoft/jest-sarif')), 'schemas/sarif-2.1.0-rtm.5.json'), 'utf8'))
// It is of draft-04, of which it uses nothing that has changed since but its own name.
const valid = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false, logger: false }).compile(schema)

test('findings as SARIF are what its schema asks for, each on its line', () => {
  const { status, stdout } = run(WRONG, '--sarif')
  expect(status).toBe(1)
  const log = JSON.parse(stdout)
  expect(valid(log), JSON.stringify(valid.errors)).toBe(true)
  const [{ results, tool }] = log.runs
  expect(results).toContainEqual(expect.objectContaining({ ruleId: 'value', level: 'error', locations: [expect.objectContaining({ physicalLocation: expect.objectContaining({ region: { startLine: 4 } }) })] }))
  for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex].id).toBe(ruleId)
  expect(valid(sarif('a file with spaces.json', [], '1'))).toBe(true)
  expect(valid({ ...log, runs: [{}] })).toBe(false)
})
