// @vitest-environment node
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { main } from '../../src/cli/cli.js'

const directory = mkdtempSync(join(tmpdir(), 'slotwise-results-'))
afterAll(() => rmSync(directory, { recursive: true }))

const RULESET = {
  version: 1,
  goals: { signup: { event: 'signup', window: '1d' } },
  slots: { hero: { experiences: [{ name: 'hero-test', goal: 'signup', learn: true, split: { version: 1, weights: { default: 1, spring: 1 } } }] } },
}
const place = (name: string, text: string): string => {
  writeFileSync(join(directory, name), text)
  return name
}
place('slotwise.json', `${JSON.stringify(RULESET, null, 2)}\n`)
const row = (metric: string, arm: string, day: number, id: string): string => `${JSON.stringify({ metric, experience: 'hero-test', arm, held: false, weights: 1, stratum: '*', day, id })}\n`
place('rows.ndjson', `${['default', 'spring'].flatMap((arm, k) => Array.from({ length: 400 }, (_, i) => row('shown', arm, 20_000 + (i % 4), `${arm}${i}`) + (i % (k ? 8 : 16) === 0 ? row('goal', arm, 20_000 + (i % 4), `${arm}g${i}`) : ''))).join('')}half a l`)

const slotwise = (...args: string[]) => spawnSync(process.execPath, [resolve('dist/cli.js'), ...args], { encoding: 'utf8', cwd: directory, env: { ...process.env, NO_COLOR: '1' } })

test('a report is a table, JSON, or a page in a file', () => {
  const table = slotwise('report', 'rows.ndjson', '--ruleset', 'slotwise.json', '--today', '2024-10-10')
  expect(table.stderr).toBe('')
  expect(table.status).toBe(0)
  expect(table.stdout).toContain('hero-test  (slot hero, goal: signup, within 1 d, weights are learned)')
  expect(table.stdout).toContain('rows.ndjson:876  it is no JSON')
  const json = JSON.parse(slotwise('report', 'rows.ndjson', '--ruleset', 'slotwise.json', '--today', '2024-10-10', '--json').stdout)
  expect(json.rows).toMatchObject({ rows: 875, broken: 1, engine: 'node' })
  expect(json.experiences[0].judged[0].arms.map(({ shown, goals }: { shown: number; goals: number }) => [shown, goals])).toEqual([[400, 25], [400, 50]])
  expect(slotwise('report', 'rows.ndjson', '--ruleset', 'slotwise.json', '--html', 'out.html', '--lang', 'pt-BR').status).toBe(0)
  expect(readFileSync(join(directory, 'out.html'), 'utf8')).toContain('<html lang="pt-BR">')
})

test('learn shows what would change, and writes it when told to', () => {
  const before = readFileSync(join(directory, 'slotwise.json'), 'utf8')
  const shown = slotwise('learn', 'rows.ndjson', '--ruleset', 'slotwise.json', '--today', '2024-10-10')
  expect(shown.status).toBe(0)
  for (const text of ['weights version 1 becomes 2', '+++ slotwise.json', '"spring" leads', 'Nothing is written']) expect(shown.stdout).toContain(text)
  expect(readFileSync(join(directory, 'slotwise.json'), 'utf8')).toBe(before)
  const wrote = JSON.parse(slotwise('learn', 'rows.ndjson', '--ruleset', 'slotwise.json', '--today', '2024-10-10', '--write', '--json').stdout)
  expect(wrote.wrote).toBe(true)
  expect(readFileSync(join(directory, 'slotwise.json'), 'utf8')).toBe(wrote.text)
  expect(JSON.parse(wrote.text).slots.hero.experiences[0].split).toMatchObject({ version: 2, past: [{ version: 1 }] })
  writeFileSync(join(directory, 'slotwise.json'), before)
})

test('wrong use and missing things say what to do, with exit code 2', async () => {
  place('empty.ndjson', '')
  place('wrong.json', '{ "version": 1, "slots": { "hero": { "experience": [] } } }')
  place('broken.json', '{ "version": ')
  const rows = ['rows.ndjson', '--ruleset', 'slotwise.json']
  for (const [args, words] of [
    [['report', 'rows.ndjson'], /--ruleset/],
    [['report', 'nothing.ndjson', '--ruleset', 'slotwise.json'], /there is no .*nothing\.ndjson/],
    [['report', 'empty.ndjson', '--ruleset', 'slotwise.json'], /it is empty; rows come from visitors who have agreed/],
    [['report', 'rows.ndjson', '--ruleset', 'none.json'], /cannot read .*none\.json/],
    [['report', 'rows.ndjson', '--ruleset', 'wrong.json'], /wrong\.json cannot be used: slots\.hero\.experience: unknown key "experience"; did you mean "experiences"\?; slotwise check .*wrong\.json/],
    [['learn', 'rows.ndjson', '--ruleset', 'broken.json'], /broken\.json is no JSON/],
    [['report', ...rows, '--lang', 'fr'], /--lang takes en or pt-BR, got "fr"/],
    [['report', ...rows, '--today', 'tomorrow'], /--today takes a date such as 2026-11-24/],
    [['report', ...rows, '--engine', 'excel'], /--engine takes node or duckdb/],
    [['report', ...rows, '--html', 'x', '--json'], /one at a time/],
    [['learn', ...rows, '--floor', '2'], /--floor takes a number from 0 to 1/],
    [['report', '--ruleset', 'slotwise.json', '--clickhouse', 'http://127.0.0.1:1/'], /no ClickHouse answers/],
  ] as [string[], RegExp][]) {
    let stderr = ''
    const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      stderr += text
      return true
    })
    const status = await main(args.map((arg) => (/\.(json|ndjson)$/.test(arg) ? join(directory, arg) : arg)))
    write.mockRestore()
    expect(stderr, args.join(' ')).toMatch(words)
    expect(stderr).not.toMatch(/\n\s+at /)
    expect(status, args.join(' ')).toBe(2)
  }
})

test('without DuckDB many rows are asked to bring it, by its name', () => {
  // Where no package can be found.
  const script = `import { register } from 'node:module'
register('data:text/javascript,' + encodeURIComponent("export async function resolve(name, context, next) { if (name === '@duckdb/node-api') { const error = new Error('gone'); error.code = 'ERR_MODULE_NOT_FOUND'; throw error } return next(name, context) }"))
process.argv.splice(1, 0, 'slotwise')
process.argv = [process.argv[0], 'slotwise', 'report', 'rows.ndjson', '--ruleset', 'slotwise.json', '--engine', 'duckdb']
await import(${JSON.stringify(`file://${resolve('dist/cli.js')}`)})`
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', cwd: directory })
  expect(stderr).toContain('npm install @duckdb/node-api')
  expect(status).toBe(2)
})
