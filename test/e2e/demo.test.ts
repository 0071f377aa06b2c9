// The demo, as a stranger meets it: reading two stories changes two slots, in each language.

import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest'
import { type Serving, serve } from '../../src/cli/serve.js'
import { type Tab, type Visitor, visitor } from './visitor.js'

let played: Visitor
let demo: Serving
let tab: Tab

beforeAll(async () => {
  played = await visitor(inject('engine'))
})
afterAll(() => played?.leave())
afterEach(async () => {
  await tab.close()
  await demo.close()
})

const soon = <T>(check: () => Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 8000, interval: 50 })

test.each([
  ['pt-BR', '/', ['/leia/botas/amaciar/', '/leia/botas/amarrar/'], 'O caminho mais longo costuma ser o melhor', 'Seus pés merecem um guia só deles', 'Para os seus pés'],
  ['en', '/en/', ['/en/read/boots/breaking-in/', '/en/read/boots/lacing/'], 'The long way round is usually the better one', 'Your feet deserve a guide of their own', 'For your feet'],
])('in %s, two stories about boots change cover and shelf', async (_, cover, stories, before, after, shelf) => {
  demo = await serve({ directory: 'demo/public' })
  tab = await played.tab()
  const text = (selector: string) => tab.text(selector)

  await tab.open(demo.url + cover)
  await soon(async () => expect(await text('.strip-summary')).toContain('2 '))
  expect(await text('[data-slot=hero] h1')).toBe(before)
  for (const story of stories) {
    // Every link that the pages show leads somewhere.
    await tab.click(`a.card[href="${story}"]`)
    await soon(async () => expect(await tab.run('return location.pathname')).toBe(story))
    await soon(async () => expect(await text('[data-slot=shelf][data-slot-state] h2')).not.toBeNull())
  }
  await tab.click('a.name')
  await soon(async () => expect(await text('[data-slot=hero] h1')).toBe(after))
  expect(await text('[data-slot=shelf] h2')).toBe(shelf)
  await soon(async () => expect(await text('.strip')).toContain('boot-reader'))
  expect(await text('.strip')).toContain('hero → boots')

  await tab.click('.strip-forget')
  await soon(async () => expect(await text('[data-slot=hero] h1')).toBe(before))
})

test('no link of the demo leads nowhere, and no page breaks its own policy', async () => {
  demo = await serve({ directory: 'demo/public' })
  tab = await played.tab()
  const seen = new Set(['/'])
  for (const path of seen) {
    const answer = await fetch(demo.url + path)
    expect(answer.status, path).toBe(200)
    if (!path.endsWith('/')) continue
    for (const [, href] of (await answer.text()).matchAll(/(?:href|src)="(\/[^"]*)"/g)) seen.add(href as string)
  }
  expect([...seen].filter((path) => path.endsWith('/')).length).toBeGreaterThanOrEqual(12)
  await tab.open(`${demo.url}/`)
  await soon(async () => expect(await tab.text('.strip-summary')).not.toBe(''))
  const painted = await tab.run(`const probe = document.createElement('p'); probe.setAttribute('style', 'color: red')
    let broken = 0; addEventListener('securitypolicyviolation', () => broken++)
    document.body.append(probe); await new Promise((next) => setTimeout(next, 100)); probe.remove(); return broken > 0 || probe.style.color === ''`)
  // The policy is in force: the probe's style was refused.
  expect(painted).toBe(true)
})
