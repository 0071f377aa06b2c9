// The demo, as a stranger meets it: two stories change two slots, the letter can be signed up for, rows can be read.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest'
import { type Serving, serve } from '../../src/cli/serve.js'
import { checkRuleset } from '../../src/ruleset.js'
import { startClickHouse, statements } from '../support/clickhouse.js'
import { logs, post, record, type Sent } from '../support/otlp.js'
import { type Tab, type Visitor, visitor } from './visitor.js'

let played: Visitor
let demo: Serving
let tab: Tab
let directory: string

beforeAll(async () => {
  played = await visitor(inject('engine'))
  directory = mkdtempSync(join(tmpdir(), 'slotwise-demo-'))
})
afterAll(async () => {
  await played?.leave()
  rmSync(directory, { recursive: true, force: true })
})
afterEach(async () => {
  await tab.close()
  await demo.close()
})

/** The strip starts as one line; its buttons are there once it is open. */
const press = async (button: string): Promise<void> => {
  if (await tab.run(`return document.querySelector('.strip-fold').getAttribute('aria-expanded') === 'false'`)) await tab.click('.strip-fold')
  await tab.click(button)
}

const soon = <T>(check: () => Promise<T>, timeout = 8000): Promise<T> => vi.waitFor(check, { timeout, interval: 50 })

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
    // By the keyboard's way: the offer of the letter may have come up over a link at the end of a story.
    await tab.run('document.querySelector(args[0]).click()', `main a[href="${story}"]`)
    await soon(async () => expect(await tab.run('return location.pathname')).toBe(story))
    // Decided, if only that it is too late for anything but the page's own: on a busy machine the script may come after the deadline.
    for (const slot of ['next', 'shelf']) await soon(async () => expect(await tab.run('return !!document.querySelector(args[0])?.dataset.slotState', `[data-slot=${slot}]`)).toBe(true))
  }
  await tab.click('a.name')
  await soon(async () => expect(await text('[data-slot=hero] h1')).toBe(after))
  expect(await text('[data-slot=shelf] h2')).toBe(shelf)
  await soon(async () => expect(await text('.strip')).toContain('boot-reader'))
  expect(await text('.strip')).toContain('hero → boots')

  await press('.strip-forget')
  await soon(async () => expect(await text('[data-slot=hero] h1')).toBe(before))
})

test.each([
  ['pt-BR', '/leia/acampamento/vento/', 'Obrigado!', '/leia/botas/secar/', 'Você está na lista', '/'],
  ['en', '/en/read/camping/wind/', 'Thank you!', '/en/read/boots/drying/', 'You are on the list', '/en/'],
])('in %s, a visitor signs up, is thanked, and can be someone else again', async (_, story, thanks, next, listed, cover) => {
  demo = await serve({ directory: 'demo/public' })
  tab = await played.tab()
  const state = () => tab.run('return document.querySelector("[data-slot=signup]").dataset.slotState')
  const shown = (selector: string) => tab.run<boolean>('return [...document.querySelectorAll(args[0])].some((one) => one.offsetParent !== null)', selector)

  await tab.open(demo.url + story)
  await soon(async () => expect(await state()).toBe('default'))
  // Nobody has agreed to be measured: everybody sees the first wording.
  expect([await shown('[data-newsletter]'), await shown('.signup-thanks')]).toEqual([true, false])
  await tab.click('[data-newsletter] button')
  expect(await tab.text('.strip'), 'an empty form').not.toContain('newsletter_signup')
  await tab.run(`document.querySelector('[data-newsletter] input').value = 'someone@example.com'`)
  await tab.click('[data-newsletter] button')
  await soon(async () => expect(await tab.text('.strip')).toContain('newsletter_signup'))
  expect([await shown('[data-newsletter]'), await shown('.signup-thanks')]).toEqual([false, true])
  expect(await tab.text('.signup-thanks')).toContain(thanks)
  await soon(async () => expect(await tab.text('.strip')).toContain('subscriber'))
  expect(await tab.run('return location.href')).toBe(demo.url + story)
  expect(await tab.text('.strip')).not.toContain('example.com')

  await tab.open(demo.url + next)
  await soon(async () => expect([await state(), await tab.text('[data-slot=signup] h2')]).toEqual(['thanks', listed]))
  await press('.strip-other')
  await soon(async () => expect(await tab.run('return location.pathname')).toBe(cover))
  await soon(async () => expect(await state()).toBe('default'))
  await soon(async () => expect(await tab.text('.strip-summary')).toMatch(/^2 /))
  expect(await tab.text('.strip')).not.toContain('subscriber')
  expect(played.requests?.filter((address) => address.includes('someone'))).toEqual(played.requests && [])
})

test.each([
  ['pt-BR', '/', 'Aceitar tudo', '/leia/botas/amaciar/', '/linhas/'],
  ['en', '/en/', 'Accept all', '/en/read/boots/breaking-in/', '/en/rows/'],
])('in %s, a visitor accepts, reads on and signs up, and the rows page counts them', async (_, cover, accept, story, rows) => {
  demo = await serve({ directory: 'demo/public', collect: join(directory, `rows-${cover.length}.ndjson`) })
  tab = await played.tab()
  await tab.open(demo.url + cover)
  const button = '.slotwise-banner .slotwise-actions button'
  await soon(async () => expect(await tab.text(button)).toBe(accept))
  expect(await tab.text('.strip-told')).toMatch(/^0 /)
  await tab.click(button)
  await soon(async () => expect(await tab.text('.strip-told')).toMatch(/^0 \w+, 0 /))
  await tab.open(demo.url + story)
  await soon(async () => expect(await tab.text('[data-slot=signup][data-slot-state] h2')).not.toBeNull())
  await tab.run(`document.querySelector('[data-slot=signup]').scrollIntoView({ block: 'center' })`)
  await soon(async () => expect(await tab.text('.strip')).toMatch(/shown signup-test/))
  await tab.run(`document.querySelector('[data-newsletter] input').value = 'someone@example.com'`)
  await tab.click('[data-newsletter] button')
  await soon(async () => expect(await tab.text('.strip')).toMatch(/goal signup-test/))
  // Leaving the page sends what has not left yet.
  await tab.open(demo.url + rows)
  await soon(async () => expect(await tab.text('#rows')).toContain('signup-test'), 30_000)
  await soon(async () => {
    const lines = await tab.run<string[][]>(`return [...document.querySelectorAll('#rows tr')].map((line) => [...line.cells].slice(1, 4).map((cell) => cell.textContent))`)
    expect(lines).toContainEqual(['1', '1', '100%'])
  }, 30_000)
  expect(await tab.text('body')).not.toContain('example.com')
  await inClickHouse(join(directory, `rows-${cover.length}.ndjson`))
})

/** What an owner of the demo's rows sees who carries them on into ClickHouse: nothing of one visitor, and a rate of fifty. */
async function inClickHouse(file: string): Promise<void> {
  const server = await startClickHouse('docs/backends/clickhouse-users.xml')
  const carryOn = () => server.ask(`INSERT INTO slotwise FORMAT JSONEachRow ${readFileSync(file, 'utf8')}`)
  try {
    for (const sql of statements('docs/backends/clickhouse.sql')) await server.ask(sql)
    // The last of what the visitor's page had to say.
    await soon(async () => expect(readFileSync(file, 'utf8')).toContain('"goal","experience":"signup-test"'), 30_000)
    await carryOn()
    const [weights = '', stratum = '', arm = ''] = (await server.ask(`SELECT weights, stratum, arm FROM slotwise WHERE metric = 'goal' AND experience = 'signup-test'`)).split('\t')
    expect(arm).not.toBe('')
    expect(await server.ask('SELECT * FROM slotwise_experiences')).toBe('')
    for (let n = 0; n < 49; n++) expect((await post(demo.url, logs(record({ experience: 'signup-test', arm, stratum, weights: Number(weights), row: `other ${n}` })))).status).toBe(200)
    // The file as it is by now, once more: what was there already is counted once.
    await carryOn()
    expect(await server.ask(`SELECT arm, shown, goals, rate FROM slotwise_experiences WHERE experience = 'signup-test'`)).toBe(`${arm}\t50\t1\t0.02`)
  } finally {
    await server.stop()
  }
}

test('a visitor who signed up and is forgotten at once finds the form again', async () => {
  demo = await serve({ directory: 'demo/public' })
  tab = await played.tab()
  await tab.open(`${demo.url}/`)
  await soon(async () => expect(await tab.text('[data-slot=signup][data-slot-state] h2')).not.toBeNull())
  await tab.run(`document.querySelector('[data-newsletter] input').value = 'someone@example.com'`)
  await tab.click('[data-newsletter] button')
  await soon(async () => expect(await tab.text('.strip')).toContain('newsletter_signup'))
  await press('.strip-forget')
  await soon(async () => expect(await tab.run(`return document.querySelector('[data-newsletter]').hidden`)).toBe(false))
  expect(await tab.text('.strip')).not.toContain('newsletter_signup')
})

test('a reader of half a story is told of the letter, learns why, and is left alone after closing it', async () => {
  demo = await serve({ directory: 'demo/public' })
  tab = await played.tab()
  const nudge = () => tab.run('return document.querySelector("[data-slot=nudge]").dataset.slotState')
  const read = async (): Promise<void> => {
    await soon(async () => expect(await tab.text('.strip-summary')).toMatch(/^\d/))
    const at = async (place: string): Promise<void> => void (await tab.run(`scrollTo(0, ${place}); await new Promise((done) => setTimeout(done, 500))`))
    await at('0')
    await at('document.body.scrollHeight')
  }
  await tab.open(`${demo.url}/en/read/boots/lacing/`)
  await soon(async () => expect(await nudge()).toBe('default'))
  await soon(async () => {
    await read()
    expect(await nudge()).toBe('letter')
  })
  await tab.run(`[...document.querySelectorAll('.strip-show details')].find((one) => one.textContent.includes('nudge')).open = true`)
  await soon(async () => expect(await tab.text('.strip-why .strip-applies')).toContain('50 % of the page'))
  await tab.run(`document.querySelector('[data-slotwise-dismiss]').click()`)
  await soon(async () => expect(await nudge()).toBe('default'))

  await tab.open(`${demo.url}/en/read/boots/drying/`)
  await soon(async () => expect(await nudge()).toBe('default'))
  await read()
  await soon(async () => expect(await tab.run(`const { experiences } = await new Promise((done) => slotwise.push((site) => done(site.explain('nudge')))); return experiences[0].says`)).toMatch(/dismissed|cooldown|away/))
  expect(await nudge()).toBe('default')
})

test('the strip starts as one line, and stays as a visitor leaves it', async () => {
  demo = await serve({ directory: 'demo/public' })
  tab = await played.tab()
  const height = () => tab.run<number>(`return document.querySelector('.strip').offsetHeight`)
  await tab.open(`${demo.url}/en/`)
  await soon(async () => expect(await tab.text('.strip-told')).toBe('0 sent: no consent yet'))
  expect(await height()).toBeLessThan(60)
  await tab.click('.strip-fold')
  expect(await height()).toBeGreaterThan(100)
  await tab.open(`${demo.url}/`)
  await soon(async () => expect(await tab.text('.strip-told')).toBe('0 enviadas: sem consentimento'))
  expect(await height()).toBeGreaterThan(100)
})

test('the rows page says what to do, then counts each row that arrives, and shows it as it is', async () => {
  demo = await serve({ directory: 'demo/public', collect: join(directory, 'rows.ndjson') })
  tab = await played.tab()
  const table = () => tab.run<string[][]>(`return [...document.querySelectorAll('#rows tr')].map((line) => [...line.cells].slice(0, 4).map((cell) => cell.textContent))`)
  await tab.open(`${demo.url}/en/rows/`)
  await soon(async () => expect(await tab.text('#rows')).toContain('Nothing has left yet'))

  const send = async (rows: Sent[]): Promise<void> => {
    for (const row of rows) expect((await post(demo.url, logs(record({ experience: 'signup-test', ...row })))).status).toBe(200)
  }
  await send([
    { arm: 'route', row: 'a' },
    { arm: 'default', row: 'b' },
    { arm: 'route', row: 'c' },
    { arm: 'friday', held: true, row: 'd' },
    { arm: 'route', metric: 'goal', row: 'e' },
    { arm: 'route', metric: 'goal', row: 'e' },
  ])
  await soon(async () =>
    expect(await table()).toEqual([
      ['Variant', 'Shown', 'Goals', 'Rate'],
      ['default', '1', '0', '0%'],
      ['route', '2', '1', '50%'],
      ['Control group', '1', '0', '0%'],
    ]),
  )
  expect(await tab.text('.raw li')).toBe('{"metric":"goal","experience":"signup-test","arm":"route","held":false,"weights":1,"stratum":"*","day":"2026-11-24","id":"e"}')
  expect(await tab.run(`return document.querySelectorAll('.raw li').length`)).toBe(5)

  // Names come from outside, and are never markup.
  await send([{ experience: '<img src=x>', arm: '<b>x</b>', row: 'f' }])
  await soon(async () => expect(await tab.text('.raw li')).toContain('<img src=x>'))
  expect(await tab.text('#rows img')).toBeNull()
})

test('the rows page of a demo without a collector says how to start one', async () => {
  demo = await serve({ directory: 'demo/public' })
  tab = await played.tab()
  await tab.open(`${demo.url}/linhas/`)
  await soon(async () => expect(await tab.text('#rows')).toContain('--collect demo/rows.ndjson'))
})

test('no link of the demo leads nowhere, and no page breaks its own policy', async () => {
  demo = await serve({ directory: 'demo/public' })
  tab = await played.tab()
  const seen = new Set(['/'])
  const { hash } = JSON.parse(readFileSync('dist/bootstrap.json', 'utf8'))
  for (const path of seen) {
    const answer = await fetch(demo.url + path)
    expect(answer.status, path).toBe(200)
    if (!path.endsWith('/')) continue
    const html = await answer.text()
    for (const [, href] of html.matchAll(/(?:href|src)="(\/[^"]*)"/g)) seen.add(href as string)
    if (/^\/(resultados|en\/results)\/$/.test(path)) {
      // A report is one page by itself, which loads and runs nothing.
      expect(html, path).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`)
      continue
    }
    expect(html, path).toContain(`default-src 'self'; script-src 'self' '${hash}'; img-src 'self' data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'`)
    // Each page leads back to the choice, and to the policy.
    expect(html, path).toMatch(/data-slotwise-consent[\s\S]*href="\/(privacidade|en\/privacy)\/"/)
  }
  expect([...seen].filter((path) => path.endsWith('/')).length).toBeGreaterThanOrEqual(20)
  const ruleset = await (await fetch(`${demo.url}/slotwise.json`)).json()
  expect(checkRuleset(ruleset)).toEqual([])
  expect([...seen]).toContain(ruleset.consent.policy)
  await tab.open(`${demo.url}/`)
  await soon(async () => expect(await tab.text('.strip-summary')).not.toBe(''))
  const painted = await tab.run(`const probe = document.createElement('p'); probe.setAttribute('style', 'color: red')
    let broken = 0; addEventListener('securitypolicyviolation', () => broken++)
    document.body.append(probe); await new Promise((next) => setTimeout(next, 100)); probe.remove(); return broken > 0 || probe.style.color === ''`)
  // The policy is in force: the probe's style was refused.
  expect(painted).toBe(true)
})

test.each([
  ['local', '/en/modes/', 'twice', 'twice'],
  ['memory', '/en/modes/memory/', 'twice', 'not pressed'],
  ['off', '/en/modes/off/', 'not pressed', 'not pressed'],
])('the page of the mode %s keeps, before an answer, what it says, and shows what the browser holds', async (mode, path, pressed, again) => {
  demo = await serve({ directory: 'demo/public' })
  tab = await played.tab()
  const kept = (what: string) => tab.text(`[data-kept=${what}]`)
  const says = async (words: string) => soon(async () => expect(await tab.text('[data-slot=answer][data-slot-state]')).toContain(words))
  const press = () => tab.run(`for (const _ of [1, 2]) document.querySelector('[data-track=pressed]').click(); await new Promise((done) => setTimeout(done, 300))`)
  await tab.open(demo.url + path)
  await says('not pressed')
  await press()
  await says(pressed)
  await soon(async () => expect([await kept('databases'), await kept('cookies'), await kept('collected')]).toEqual([mode === 'local' ? '1: slotwise' : 'none', 'none', '0']))
  if (mode !== 'local') expect(await kept('keys')).toBe('none')
  await tab.run('location.reload(); await new Promise((done) => setTimeout(done, 300))').catch(() => {})
  await says(again)

  // A yes is kept, and with it what was done on this page.
  await soon(async () => expect(await tab.text('.slotwise-banner .slotwise-actions button')).toBe('Accept all'))
  if (mode === 'memory') await press()
  await tab.click('.slotwise-banner .slotwise-actions button')
  if (mode === 'off') await press()
  await says('twice')
  await soon(async () => expect(await kept('answer')).toBe('personalize: yes; measure: yes'))
  await tab.run('location.reload(); await new Promise((done) => setTimeout(done, 300))').catch(() => {})
  await says('twice')
  await soon(async () => expect(await kept('databases')).toBe('1: slotwise'))
})

test('a reader is offered what goes with the story, each with its reason, and no more of what does not interest; the basket, what goes with it', async () => {
  demo = await serve({ directory: 'demo/public' })
  tab = await played.tab()
  const offered = () => tab.run<string[]>(`return [...document.querySelectorAll('[data-slot=next] .card:has(.why) h3')].map((one) => one.textContent)`)
  await tab.open(`${demo.url}/en/read/boots/lacing/`)
  await soon(async () => expect(await offered()).toHaveLength(3))
  const [first] = await offered()
  expect(await tab.text('[data-slot=next] .why')).toBe('Goes with Three lacings that save a descent')
  await tab.run(`document.querySelector('[data-slot=next] [data-slotwise-not-interested]').click(); await new Promise((done) => setTimeout(done, 400))`)
  await tab.open(`${demo.url}/en/read/boots/lacing/`)
  await soon(async () => expect(await offered()).toHaveLength(3))
  expect(await offered()).not.toContain(first)

  await tab.open(`${demo.url}/en/shop/`)
  await soon(async () => expect(await tab.run(`return document.querySelector('[data-slot=together]').dataset.slotState`)).toBe('default'))
  await tab.run(`document.querySelector('.products [data-track-item=orvalho]').click()`)
  await soon(async () => expect(await tab.text('[data-slot=together] .why')).toBe('Goes well with Orvalho tent, in your basket'))
})

test('the privacy page tells a visitor what is known, and forgets one thing of it', async () => {
  demo = await serve({ directory: 'demo/public' })
  tab = await played.tab()
  await tab.open(`${demo.url}/en/shop/`)
  await soon(async () => expect(await tab.text('.strip-summary')).toMatch(/^\d/))
  await tab.run(`document.querySelector('.products [data-track-item=serra]').click()`)
  await soon(async () => expect(await tab.text('.strip')).toContain('with-basket'))
  await tab.open(`${demo.url}/en/privacy/`)
  const told = () => tab.run<string>(`return document.querySelector('slotwise-privacy > div')?.shadowRoot?.textContent ?? ''`)
  await soon(async () => expect(await told()).toContain('cart add'))
  expect(await told()).toContain('with-basket')
  await tab.run(`[...document.querySelector('slotwise-privacy > div').shadowRoot.querySelectorAll('button')].find((one) => one.textContent === 'Forget' && one.parentElement.textContent.includes('cart add')).click()`)
  await soon(async () => expect(await told()).not.toContain('cart add'))
  await soon(async () => expect(await tab.text('.strip')).not.toContain('with-basket'))
})
