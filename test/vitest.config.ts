// Which tests run where: pure and DOM tests in happy-dom, browser tests and the played visitor in each real engine.

import { playwright } from '@vitest/browser-playwright'
import { defineConfig, type TestProjectConfiguration } from 'vitest/config'
import { chromiumLaunch, ENGINES, type Engine, firefoxContext, firefoxLaunch, found } from './support/browsers.js'
import { webkitgtk } from './support/webkit.js'

const provider = {
  chromium: () => playwright({ launchOptions: chromiumLaunch }),
  firefox: () => playwright({ launchOptions: firefoxLaunch, contextOptions: firefoxContext }),
  webkit: webkitgtk,
}

const inBrowser = (engine: Engine): TestProjectConfiguration => ({
  test: {
    name: engine,
    include: ['test/**/*.browser.test.ts'],
    browser: { enabled: true, headless: true, screenshotFailures: false, ui: false, provider: provider[engine](), instances: [{ browser: engine as 'chromium' }] },
  },
})

const played = (engine: Engine): TestProjectConfiguration => ({
  test: {
    name: `${engine} played`,
    include: ['test/e2e/**/*.test.ts'],
    environment: 'node',
    provide: { engine },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // After all others, three files side by side: what plays a browser mostly waits, for it or for a time to pass.
    sequence: { groupOrder: 1 },
    maxWorkers: 3,
    // Whole browsers on a machine that does other things too. A test that needed its second try is named at the end.
    retry: 1,
  },
})

const present = ENGINES.filter((engine) => found[engine])

export default defineConfig({
  test: {
    reporters: ['./test/support/reporter.ts'],
    projects: [
      {
        test: {
          name: 'happy-dom',
          environment: 'happy-dom',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.browser.test.ts', 'test/e2e/**'],
          setupFiles: ['fake-indexeddb/auto', './test/support/luck.ts'],
          // Thousands of random rulesets and lives, on a machine that may do other things too.
          testTimeout: 30_000,
        },
      },
      ...present.map(inBrowser),
      ...present.map(played),
    ],
  },
})

declare module 'vitest' {
  interface ProvidedContext {
    engine: Engine
  }
}
