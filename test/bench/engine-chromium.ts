// Runs the engine's benchmark inside Chromium, and prints what the page says.

import { chromium } from 'playwright'
import { serve } from '../../src/cli/serve.js'
import { chromiumLaunch, found } from '../support/browsers.js'
import { print, turns } from './rounds.js'
import { STARTS } from './start.js'

export default async function inChromium(directory: string): Promise<void> {
  if (!found.chromium) return console.log('\nchromium: not on this machine')
  // Isolated pages get the finer clock.
  const site = await serve({ directory, headers: { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' } })
  const browser = await chromium.launch(chromiumLaunch)
  const page = await browser.newPage()
  page.on('console', (message) => {
    if (message.type() === 'log') console.log(message.text())
  })
  await page.goto(`${site.url}/engine.html`)
  await page.evaluate('bench()')
  const once = async (which: number): Promise<number> => {
    const fresh = await (await browser.newContext()).newPage()
    await fresh.goto(`${site.url}/start.html`)
    const ms = await fresh.evaluate<number>(`run(${which})`)
    await fresh.context().close()
    return ms
  }
  print('A page starts, 1000 segments and 10000 events (medians of 9 fresh pages, Chromium)', [['', await turns(STARTS, once, 9)]])
  await browser.close()
  await site.close()
}
