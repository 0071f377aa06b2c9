// What Slotwise does on the main thread of whole pages while they load, in Chromium with its CPU slowed four times: the
// demo's, met for the first time and again, and a page with a hundred slots among ten thousand nodes.

import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium } from 'playwright'
import { serve } from '../../src/cli/serve.js'
import { chromiumLaunch, found } from '../support/browsers.js'
import { median } from './rounds.js'
import { type Tasks, traced } from './tasks.js'

const ROUNDS = 8
/** ms. A longer task is what browsers call long. */
const LONG = 50
const SLOTS = 100

const FILES = /\/(slotwise|language|signals|banner|hinter|teller)\.js/

const ruleset = { version: 1, slots: Object.fromEntries(Array.from({ length: SLOTS }, (_, i) => [`s${i}`, { experiences: [{ name: `e${i}`, show: 'on' }] }])) }
const sections = Array.from({ length: SLOTS }, (_, i) => `<section data-slot="s${i}"><template data-variant="on"><h3>On ${i}</h3><p>variant</p></template><h3>Off ${i}</h3>${'<p>some <b>words</b></p>'.repeat(24)}</section>`)
const many = (script: string): string => `<!doctype html><html lang="en"><meta charset="utf-8"><title>bench</title><link rel="icon" href="data:,">${script}<body>${sections.join('\n')}</body></html>`

interface Load {
  name: string
  path: string
  /** Pages that are read before. */
  after?: string[]
}

const LOADS: Load[] = [
  { name: 'demo, no script', path: '/bare.html' },
  { name: 'demo, first visit', path: '/en/' },
  { name: 'demo, a reader', path: '/en/', after: ['/en/read/boots/breaking-in/', '/en/read/boots/lacing/'] },
  { name: 'demo, a story', path: '/en/read/boots/lacing/', after: ['/en/read/boots/breaking-in/'] },
  { name: '100 slots, no script', path: '/without.html' },
  { name: '100 slots', path: '/with.html' },
]

async function load(browser: Browser, url: string, { path, after = [] }: Load): Promise<Tasks> {
  const context: BrowserContext = await browser.newContext()
  const page = await context.newPage()
  for (const before of after) {
    await page.goto(url + before)
    await page.waitForTimeout(300)
  }
  const session = await context.newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  const tasks = await traced(browser, page, FILES, LONG, async () => {
    await page.goto(url + path)
    await page.waitForTimeout(1200)
  })
  await context.close()
  return tasks
}

export default async function thread(directory: string): Promise<void> {
  if (!found.chromium) return console.log('\nthread: chromium is not on this machine')
  mkdirSync(directory, { recursive: true })
  cpSync('demo/public', directory, { recursive: true })
  // The demo's own scripts speak to Slotwise, and have nothing to do without it.
  writeFileSync(join(directory, 'bare.html'), readFileSync(join(directory, 'en/index.html'), 'utf8').replace(/<script[^>]*src="\/slotwise.js".*?<\/script>/, ''))
  writeFileSync(join(directory, 'many.json'), JSON.stringify(ruleset))
  writeFileSync(join(directory, 'with.html'), many('<script src="/slotwise.js" data-ruleset="/many.json" async></script>'))
  writeFileSync(join(directory, 'without.html'), many(''))
  const site = await serve({ directory })
  const browser = await chromium.launch(chromiumLaunch)
  const all = new Map<string, Tasks[]>(LOADS.map(({ name }) => [name, []]))
  for (let i = -1; i < ROUNDS; i++) {
    for (const one of i % 2 ? LOADS : [...LOADS].reverse()) {
      const tasks = await load(browser, site.url, one)
      if (i >= 0) all.get(one.name)?.push(tasks)
    }
  }
  await browser.close()
  await site.close()

  console.log(`\nthread: pages that load, CPU slowed four times (chromium, median of ${ROUNDS} interleaved rounds, ms)`)
  const columns: [title: string, value: (loads: Tasks[]) => number][] = [
    [`tasks over ${LONG}`, (loads) => median(loads.map(({ long }) => long))],
    ['made so by Slotwise', (loads) => median(loads.map(({ made }) => made))],
    ['longest run of it', (loads) => median(loads.map(({ ours }) => ours))],
    ['longest task with it', (loads) => median(loads.map(({ within }) => within))],
  ]
  console.log(`  ${''.padEnd(22)}  ${columns.map(([title]) => title).join('  ')}`)
  for (const [name, loads] of all) console.log(`  ${name.padEnd(22)}  ${columns.map(([title, value]) => value(loads).toFixed(1).padStart(title.length)).join('  ')}`)
}
