// A site that slotwise init was run on personalizes: a plain folder of pages, and the demo's.

import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test, vi } from 'vitest'
import { type Serving, serve } from '../../src/cli/serve.js'
import { type Tab, type Visitor, visitor } from './visitor.js'

const soon = <T>(check: () => Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 10_000, interval: 50 })
const SITE = `let site; while (!(site = window.slotwise?.track && window.slotwise)) await new Promise((next) => setTimeout(next, 10)); await site.ready;`

let directory: string
let played: Visitor
let tab: Tab
let site: Serving | undefined
// How a command line makes a site is the same for every browser.
const inOne = test.runIf(inject('engine') === 'chromium')
beforeAll(async () => {
  played = await visitor(inject('engine'))
})
afterAll(() => played?.leave())
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'slotwise-init-'))
  tab = await played.tab()
})
afterEach(async () => {
  await tab.close()
  await site?.close()
  site = undefined
  rmSync(directory, { recursive: true })
})

const init = (...options: string[]): { policy: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/cli.js', 'init', directory, '--json', ...options], { encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  return JSON.parse(stdout)
}
const hero = () => tab.run<string | null>(`${SITE} return document.querySelector('[data-slot=hero]').getAttribute('data-slot-state')`)

/** Agrees, and comes back by a campaign: that begins a second visit. */
async function comeBack(): Promise<void> {
  await tab.open(`${site?.url}/`)
  await soon(async () => expect(await hero()).toBe('default'))
  await tab.run(`${SITE} await site.consent({ personalize: 'granted' })`)
  await tab.open(`${site?.url}/?utm_source=letter`)
}

inOne('a plain folder greets whoever comes back, under the policy that it was told to send', async () => {
  writeFileSync(join(directory, 'index.html'), '<!doctype html><html lang="en"><head><title>x</title></head><body><section data-slot="hero"><template data-variant="back"><h1>Welcome back</h1></template><h1>Welcome</h1></section></body></html>')
  const { policy } = init('--write')
  site = await serve({ directory, headers: { 'content-security-policy': `default-src 'none'; ${policy}` } })
  await comeBack()
  await soon(async () => expect(await hero()).toBe('back'))
  expect(await tab.text('[data-slot=hero] h1')).toBe('Welcome back')
})

inOne('the demo’s site does so, too, by the tags that it has', async () => {
  cpSync('demo/public', directory, { recursive: true })
  rmSync(join(directory, 'slotwise.json'))
  init('--write')
  site = await serve({ directory })
  await comeBack()
  await soon(async () => expect(['default', null]).not.toContain(await hero()))
})
