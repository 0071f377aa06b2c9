// Lets vitest run its browser tests in WebKitGTK: a provider that opens vitest's page through WebDriver.

import { defineBrowserProvider } from '@vitest/browser'
import { startWebKit, type WebKit } from './webdriver.js'

export const webkitgtk = () =>
  defineBrowserProvider({
    name: 'webkitgtk',
    providerFactory: () => {
      let browser: Promise<WebKit> | undefined
      return {
        name: 'webkitgtk',
        supportsParallelism: false,
        getCommandsContext: () => ({}),
        openPage: async (_session, url) => {
          browser ??= startWebKit()
          await (await browser).open(url)
        },
        close: async () => {
          await (await browser)?.stop()
        },
      }
    },
  })
