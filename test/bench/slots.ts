// Runs the slots' benchmark in Chromium, as it is and with its CPU slowed four times.

import { chromium } from 'playwright'
import { serve } from '../../src/cli/serve.js'
import { chromiumLaunch, found } from '../support/browsers.js'
import { print } from './rounds.js'

const ROUNDS = 15

export default async function slots(directory: string): Promise<void> {
  if (!found.chromium) return console.log('\nchromium: not on this machine')
  const site = await serve({ directory, headers: { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' } })
  const browser = await chromium.launch(chromiumLaunch)
  for (const rate of [1, 4]) {
    const page = await browser.newPage()
    const tools = await page.context().newCDPSession(page)
    await page.goto(`${site.url}/slots.html`)
    await tools.send('Emulation.setCPUThrottlingRate', { rate })
    const results = (await page.evaluate(`bench(${ROUNDS})`)) as [string, [string, number][]][]
    print(`chromium, 10,000 nodes, CPU slowed ${rate} times (median of ${ROUNDS} interleaved rounds)`, results.map(([label, times]) => [label, new Map(times)]))
    await page.close()
  }
  await browser.close()
  await site.close()
}
