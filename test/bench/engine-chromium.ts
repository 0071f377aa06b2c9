// Runs the engine's benchmark inside Chromium, and prints what the page says.

import { chromium } from 'playwright'
import { serve } from '../../src/cli/serve.js'
import { chromiumLaunch, found } from '../support/browsers.js'

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
  await browser.close()
  await site.close()
}
