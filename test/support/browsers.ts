// Which browsers this machine has, and how to start them for a test.

import { existsSync } from 'node:fs'

export const ENGINES = ['chromium', 'firefox', 'webkit'] as const
export type Engine = (typeof ENGINES)[number]

const first = (...paths: (string | undefined)[]): string | undefined => paths.find((path) => path && existsSync(path))

const chromium = first(process.env.CHROME_BIN, '/usr/bin/chromium', '/usr/bin/google-chrome')
const firefox = first(process.env.FIREFOX_BIN, '/usr/bin/firefox-esr', '/usr/bin/firefox')
const webkitDriver = first(process.env.WEBKIT_DRIVER_BIN, '/usr/bin/WebKitWebDriver')
const miniBrowser = first(
  process.env.WEBKIT_BIN,
  '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser',
  '/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser',
)
const xvfb = first('/usr/bin/xvfb-run')

/** Paths of what is installed; an engine that is missing here is reported, never passed over in silence. */
export const found = {
  chromium,
  firefox,
  webkit: webkitDriver && miniBrowser && (xvfb || process.env.DISPLAY) ? { driver: webkitDriver, binary: miniBrowser, xvfb } : undefined,
}

export const chromiumLaunch = {
  ...(chromium ? { executablePath: chromium } : {}),
  args: [
    '--no-sandbox',
    '--disable-dev-shm-usage',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
}

// A stock Firefox is driven over WebDriver BiDi. Playwright up to 1.64.1 can; it must not emulate media there.
export const firefoxLaunch = { channel: 'moz-firefox', ...(firefox ? { executablePath: firefox } : {}) }
export const firefoxContext = { colorScheme: null, reducedMotion: null, forcedColors: null, contrast: null }
