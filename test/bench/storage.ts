// Runs the storage benchmark in the browsers that Playwright can drive.

import { chromium, firefox } from 'playwright'
import { serve } from '../../src/cli/serve.js'
import { chromiumLaunch, firefoxContext, firefoxLaunch, found } from '../support/browsers.js'
import { print } from './rounds.js'

export default async function storage(directory: string): Promise<void> {
  // Isolated pages get the finer clock.
  const headers = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' }
  const site = await serve({ directory, headers })
  for (const engine of ['chromium', 'firefox'] as const) {
    if (!found[engine]) {
      console.log(`\n${engine}: not on this machine`)
      continue
    }
    const browser = engine === 'chromium' ? await chromium.launch(chromiumLaunch) : await firefox.launch(firefoxLaunch)
    const page = await (await browser.newContext(engine === 'firefox' ? firefoxContext : {})).newPage()
    await page.goto(`${site.url}/`)
    const results = (await page.evaluate('bench()')) as [string, [string, number][]][]
    print(`${engine} (median of 25 interleaved rounds)`, results.map(([label, times]) => [label, new Map(times)]))
    await browser.close()
  }
  await site.close()
}
