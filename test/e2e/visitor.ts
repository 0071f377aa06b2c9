// One way to play a visitor in every engine: Playwright drives Chromium and Firefox, WebDriver drives WebKit.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, firefox, type Page } from 'playwright'
import { chromiumLaunch, type Engine, firefoxContext, firefoxLaunch } from '../support/browsers.js'
import { startWebKit, type WebKit } from '../support/webdriver.js'

export interface Tab {
  open(url: string): Promise<void>
  /** Runs the body of an async function in the page; what it returns must survive JSON. */
  run<T>(body: string, ...args: unknown[]): Promise<T>
  click(selector: string): Promise<void>
  /** One key: a character, or `Enter`, `Escape`, `Tab`, `End`, `PageDown`. */
  press(key: string): Promise<void>
  text(selector: string): Promise<string | null>
  /** As if the visitor had asked for the system's own colours; only Chromium lets itself be told. */
  forceColors?: (() => Promise<void>) | undefined
  /** As on a screen of that size; in WebKit a window cannot be so small. */
  resize?: ((width: number, height: number) => Promise<void>) | undefined
  /** As a visitor prefers it; Firefox has it in its settings. */
  prefer?: ((media: { colorScheme?: 'light' | 'dark'; forcedColors?: 'active' | 'none' }) => Promise<void>) | undefined
  close(): Promise<void>
}

export interface Visitor {
  tab(): Promise<Tab>
  /** Closes the browser and opens it again on the same profile; undefined where the engine forgets everything. */
  reopen: (() => Promise<void>) | undefined
  /** The requests that the pages have made so far; undefined where the engine does not tell. */
  requests: string[] | undefined
  leave(): Promise<void>
}

type Preferences = { [name: string]: string | number | boolean }

const BODY = (body: string): string => `(async (...args) => { ${body} })`

function playwrightTab(page: Page, engine: 'chromium' | 'firefox'): Tab {
  return {
    open: async (url) => void (await page.goto(url)),
    run: (body, ...args) => page.evaluate(`${BODY(body)}(...${JSON.stringify(args)})`),
    click: (selector) => page.click(selector),
    press: (key) => page.keyboard.press(key),
    text: (selector) => page.evaluate(`document.querySelector(${JSON.stringify(selector)})?.textContent ?? null`),
    forceColors: engine === 'chromium' ? () => page.emulateMedia({ forcedColors: 'active' }) : undefined,
    resize: (width, height) => page.setViewportSize({ width, height }),
    prefer: engine === 'chromium' ? (media) => page.emulateMedia(media) : undefined,
    close: () => page.close(),
  }
}

async function playwrightVisitor(engine: 'chromium' | 'firefox', firefoxUserPrefs: Preferences, deviceScaleFactor: number, keepsPages: boolean): Promise<Visitor> {
  const profile = mkdtempSync(join(tmpdir(), `slotwise-${engine}-`))
  const requests: string[] = []
  const launch = async (): Promise<BrowserContext> => {
    const context =
      engine === 'chromium'
        ? await chromium.launchPersistentContext(profile, { ...chromiumLaunch, deviceScaleFactor, headless: true, ignoreDefaultArgs: keepsPages ? ['--disable-back-forward-cache'] : [] })
        : await firefox.launchPersistentContext(profile, { ...firefoxLaunch, ...firefoxContext, firefoxUserPrefs, deviceScaleFactor, headless: true })
    context.on('request', (request) => requests.push(request.url()))
    return context
  }
  let context = await launch()
  return {
    tab: async () => playwrightTab(await context.newPage(), engine),
    reopen: async () => {
      await context.close()
      context = await launch()
    },
    requests,
    leave: async () => {
      await context.close()
      rmSync(profile, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

/** As WebDriver writes keys that are no characters. */
const KEYS: { [name: string]: string } = { Enter: '\uE007', Escape: '\uE00C', Tab: '\uE004', PageDown: '\uE00F', End: '\uE010' }

async function webkitVisitor(): Promise<Visitor> {
  const browser: WebKit = await startWebKit()
  const first = await browser.window()
  let current = first
  let fresh = true
  // A session has one window at a time: going there and acting must not be torn apart by another tab's turn.
  let turn: Promise<unknown> = Promise.resolve()
  const within = <T>(handle: string, act: () => Promise<T>): Promise<T> => {
    const done = turn.then(async () => {
      if (current !== handle) await browser.use(handle)
      current = handle
      return act()
    })
    turn = done.catch(() => {})
    return done
  }
  return {
    tab: async () => {
      const handle = fresh ? first : await browser.newWindow()
      fresh = false
      return {
        open: (url) => within(handle, () => browser.open(url)),
        run: (body, ...args) => within(handle, () => browser.run(`return ${BODY(body)}(...args)`, args)),
        click: (selector) => within(handle, () => browser.click(selector)),
        press: (key) => within(handle, () => browser.press(KEYS[key] ?? key)),
        text: (selector) => within(handle, () => browser.run('return document.querySelector(args[0])?.textContent ?? null', [selector])),
        close: async () => {
          // A session ends with its last window: that one is kept, and is the next tab.
          if (handle !== first) return within(handle, () => browser.closeWindow())
          await within(handle, () => browser.open('about:blank'))
          fresh = true
        },
      }
    },
    // Under WebDriver its profile lives and dies with the session.
    reopen: undefined,
    requests: undefined,
    leave: () => browser.stop(),
  }
}

/**
 * `preferences` are Firefox's, as in about:config; `zoom` is how many pixels of the screen one of the page is. With
 * `keepsPages`, pages that are left are kept to be gone back to, as visitors' browsers do: Playwright turns that off in
 * Chromium; the other engines keep them in any case.
 */
export const visitor = (engine: Engine, preferences: Preferences = {}, zoom = 1, keepsPages = false): Promise<Visitor> =>
  engine === 'webkit' ? webkitVisitor() : playwrightVisitor(engine, preferences, zoom, keepsPages)
