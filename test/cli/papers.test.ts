// @vitest-environment node
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { assessment, notice } from '../../src/cli/evidence.js'
import { storage, storageText } from '../../src/cli/storage.js'
import type { Ruleset } from '../../src/types.js'

const RULESET: Ruleset = {
  version: 7,
  segments: { 'shoe-lover': { event: 'product_view', where: { category: 'shoes' }, within: '7d', count: { $gte: 3 } }, pro: { trait: { plan: 'pro' } }, ads: { context: { 'utm.source': 'ads' } } },
  goals: { signup: { event: 'signup' } },
  slots: { hero: { experiences: [{ name: 'finish', when: 'shoe-lover', show: 'a', goal: 'signup' }, { name: 'all', show: 'b' }], variants: { a: { text: { h1: 'A' } }, b: { text: { h1: 'B' } } } } },
  consent: { before: 'memory', controller: 'Trilha Ltda', policy: '/privacy' },
  retention: { events: '30d', count: 2000 },
  sync: { endpoint: '/collect/v1/logs' },
}
const { sync: _, ...SILENT } = RULESET

test('the storage table says where, what for, how long and when; without an address nothing is kept for sending', () => {
  const lines = storage(RULESET)
  expect(lines).toContainEqual({ where: 'IndexedDB “slotwise”', key: '["e", …]', what: 'what the visitor did on this site', lasts: '30 days, and 2,000 events at most', when: 'once personalizing is granted' })
  expect(lines).toContainEqual(expect.objectContaining({ key: '["o", …]', when: 'once measuring is granted' }))
  expect(storage(SILENT).map(({ key }) => key).filter((key) => /"[otng]"/.test(key))).toEqual([])
  expect(storage({ ...RULESET, consent: { before: 'local' } }).find(({ key }) => key.includes('"e"'))?.when).toBe('from the first page on, until a no')
  expect(storage(RULESET, 'pt-BR')[0]?.what).toContain('resposta')
  for (const line of lines) for (const cell of Object.values(line)) expect(cell).toMatch(/^[^{}]+$/)
  expect(storageText(RULESET).split('\n')).toHaveLength(lines.length + 4)
})

test('the assessment is filled from the ruleset, and leaves open what only the site can say', () => {
  const text = assessment(RULESET)
  for (const said of ['Trilha Ltda', 'version 7', '`product_view`, `signup`', '`plan`', '`utm.source`', '| `hero` | `finish` | `shoe-lover` |', '| `hero` | `all` | everybody |', '`/collect/v1/logs`', 'this page’s memory only', '[why personalization is needed']) expect(text).toContain(said)
  expect(text).toContain(createHash('sha256').update(JSON.stringify(RULESET)).digest('hex'))
  expect(assessment(SILENT)).toContain('Nothing: the ruleset has no `sync`.')
  expect(assessment({ ...RULESET, consent: { before: 'local' } })).toContain('Why that is allowed: [to be filled in]')
  expect(assessment({ ...RULESET, interests: { topic: { halfLife: '7d', weights: { read: 1 }, site: { health: 0.1 } } } })).toContain('interests.topic.site.health')
  expect(`${text}${assessment(RULESET, 'pt-BR')}${notice(RULESET)}`).not.toMatch(/undefined|NaN|\[object/)
  expect(assessment(RULESET, 'pt-BR')).toContain('Relatório de impacto')
})

test('the notice says what is kept, what is sent, and where to take it back', () => {
  expect(notice(RULESET)).toContain('single anonymized counts are sent, with no identifier, to `/collect/v1/logs`')
  expect(notice(SILENT)).toContain('Nothing is sent.')
  expect(notice(RULESET, 'pt-BR')).toContain('Controlador: Trilha Ltda')
})

const directory = mkdtempSync(join(tmpdir(), 'slotwise-papers-'))
afterAll(() => rmSync(directory, { recursive: true }))

test('the command prints them, and nothing of a ruleset that cannot be used', () => {
  const file = join(directory, 'slotwise.json')
  writeFileSync(file, JSON.stringify(RULESET))
  const run = (...options: string[]) => spawnSync(process.execPath, ['dist/cli.js', 'check', file, ...options], { encoding: 'utf8' })
  expect(JSON.parse(run('--storage', '--json').stdout).storage).toEqual(storage(RULESET))
  expect(run('--notice', '--lang', 'pt-BR').stdout).toBe(notice(RULESET, 'pt-BR'))
  expect(run('--assessment').stdout).toBe(assessment(RULESET))
  writeFileSync(file, '{ "version": "x" }')
  expect(run('--assessment')).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('version') })
})
