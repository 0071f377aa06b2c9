// What all signals together cost a page while somebody uses it: the same page with and without them, and without them
// once more, in Chromium with its CPU slowed four times.

import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright'
import { serve } from '../../src/cli/serve.js'
import { SIGNALS } from '../../src/lib/automatic.js'
import { chromiumLaunch, found } from '../support/browsers.js'
import { median } from './rounds.js'
import { type Tasks, traced } from './tasks.js'

const ROUNDS = 6
/** ms. A task longer than this would be felt. */
const LONG = 10

const ruleset = (types: readonly string[], more = {}): string =>
  JSON.stringify({ version: 1, ...more, pages: { bench: '/*' }, segments: Object.fromEntries(types.map((event) => [event, { event }])) })

const html = (rules: string): string => `<!doctype html><html lang="en"><meta charset="utf-8"><title>bench</title><link rel="icon" href="data:,">
<script>
window.inputs = []
new PerformanceObserver((list) => list.getEntries().forEach(({ name, processingStart, processingEnd, startTime }) => inputs.push({ name, delay: processingStart - startTime, work: processingEnd - processingStart })))
  .observe({ type: 'event', durationThreshold: 16 })
</script>
<script type="application/json" data-slotwise-ruleset>${rules}</script><script src="/slotwise.js" async></script>
<body><form name="order"><input id="field"></form><button id="dead" type="button">x</button> <a id="out" href="#x">x</a>
<article>${'<p>Words that somebody may read, and a <a href="https://other.example/">link</a>.</p>'.repeat(600)}</article>
${Array.from({ length: 50 }, (_, i) => `<p data-track-view="seen_${i}">x</p>`).join('')}
</body></html>`

interface Use extends Tasks {
  /** Of the inputs: from the input to the first listener, and all listeners, in ms. */
  delay: number
  work: number
}

async function use(page: Page): Promise<void> {
  await page.click('#field')
  await page.keyboard.type('some words', { delay: 20 })
  for (let i = 0; i < 60; i++) await page.mouse.move(20 + i * 10, 60 + (i % 20) * 20)
  for (let i = 0; i < 4; i++) await page.click('#dead')
  for (let i = 0; i < 30; i++) await page.mouse.wheel(0, 600)
  await page.keyboard.press('End')
  await page.waitForTimeout(400)
}

async function round(browser: Browser, url: string): Promise<Use> {
  const context = await browser.newContext()
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  // The listeners of signals.js run inside a guard of slotwise.js. To be read and started is the same with and without.
  const tasks = await traced(browser, page, /\/(slotwise|signals)\.js/, LONG, async () => {
    await page.goto(url)
    await page.waitForTimeout(600)
    await use(page)
  }, ['FunctionCall'])
  const inputs = await page.evaluate<{ delay: number; work: number }[]>('inputs')
  await context.close()
  return { ...tasks, delay: median(inputs.map(({ delay }) => delay)), work: median(inputs.map(({ work }) => work)) }
}

export default async function signals(directory: string): Promise<void> {
  if (!found.chromium) return console.log('\nsignals: chromium is not on this machine')
  mkdirSync(directory, { recursive: true })
  for (const file of ['slotwise.js', 'signals.js', 'language.js']) cpSync(join('dist', file), join(directory, file))
  const sense = { search: 'q', engaged: ['1s', '2s'], views: true }
  // Those without have the same ruleset, whose events nobody records.
  writeFileSync(join(directory, 'with.html'), html(ruleset(SIGNALS, { sense })))
  writeFileSync(join(directory, 'without.html'), html(ruleset(SIGNALS.map((type) => `no_${type}`), { timeZone: 'UTC' })).replaceAll('data-track-view', 'data-view'))
  const site = await serve({ directory })
  const browser = await chromium.launch(chromiumLaunch)
  const pages: [name: string, path: string][] = [
    ['without', '/without.html'],
    ['without, again', '/without.html'],
    ['with all signals', '/with.html'],
  ]
  const uses = new Map<string, Use[]>(pages.map(([name]) => [name, []]))
  for (let i = -1; i < ROUNDS; i++) {
    // They take turns, in an order that is reversed each time; the first round warms up.
    for (const [name, path] of i % 2 ? pages : [...pages].reverse()) {
      const one = await round(browser, site.url + path)
      if (i >= 0) uses.get(name)?.push(one)
    }
  }
  await browser.close()
  await site.close()

  console.log(`\nsignals: a page in use, CPU slowed four times (chromium, median of ${ROUNDS} interleaved rounds, ms)`)
  const columns: [title: string, value: (all: Use[]) => number][] = [
    [`tasks over ${LONG}`, (all) => median(all.map(({ long }) => long))],
    ['made so by Slotwise', (all) => median(all.map(({ made }) => made))],
    ['longest run of it', (all) => median(all.map(({ ours }) => ours))],
    ['input delay', (all) => median(all.map(({ delay }) => delay))],
    ['listeners per input', (all) => median(all.map(({ work }) => work))],
  ]
  console.log(`  ${''.padEnd(16)}  ${columns.map(([title]) => title).join('  ')}`)
  for (const [name, all] of uses) console.log(`  ${name.padEnd(16)}  ${columns.map(([title, value]) => value(all).toFixed(1).padStart(title.length)).join('  ')}`)
}
