// A small W3C WebDriver client, for WebKitGTK: Playwright cannot drive the WebKit that distributions ship.

import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { found } from './browsers.js'

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'

export interface WebKit {
  /** One window; `run` evaluates the body of an async function in the page. */
  open(url: string): Promise<void>
  run<T>(body: string, args?: unknown[]): Promise<T>
  click(selector: string): Promise<void>
  press(key: string): Promise<void>
  newWindow(): Promise<string>
  window(): Promise<string>
  use(handle: string): Promise<void>
  closeWindow(): Promise<void>
  screenshot(): Promise<Buffer>
  resize(width: number, height: number): Promise<void>
  stop(): Promise<void>
}

/** Starts WebKitWebDriver under a virtual display, and one browser session. */
export async function startWebKit(): Promise<WebKit> {
  if (!found.webkit) throw new Error('WebKit is not installed: apt-get install webkit2gtk-driver xvfb xauth')
  const { driver, binary, xvfb } = found.webkit
  const port = await freePort()
  const [command, args] = xvfb
    ? [xvfb, ['-a', '-s', '-screen 0 1400x1000x24', driver, `--port=${port}`]]
    : [driver, [`--port=${port}`]]
  // Detached, so that the whole group (xvfb-run, Xvfb, driver, browser) can be ended together.
  const child: ChildProcess = spawn(command, args, {
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' },
  })
  const end = (): void => {
    try {
      if (child.pid) process.kill(-child.pid, 'SIGTERM')
    } catch {
      // already gone
    }
  }
  process.once('exit', end)

  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const { value } = (await response.json()) as { value: T }
    if (!response.ok) throw new Error(`WebDriver ${method} ${path}: ${JSON.stringify(value)}`)
    return value
  }

  const deadline = Date.now() + 20_000
  for (;;) {
    try {
      await call('GET', '/status')
      break
    } catch (error) {
      if (Date.now() > deadline) {
        end()
        throw new Error(`WebKitWebDriver did not start: ${error}`)
      }
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  const { sessionId } = await call<{ sessionId: string }>('POST', '/session', {
    capabilities: {
      alwaysMatch: { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': { binary, args: ['--automation'] } },
    },
  })
  const session = `/session/${sessionId}`
  await call('POST', `${session}/timeouts`, { script: 30_000, pageLoad: 30_000 })

  return {
    open: (url) => call('POST', `${session}/url`, { url }),
    run: async <T>(body: string, args: unknown[] = []) => {
      const answer = await call<{ ok?: T; failed?: string }>('POST', `${session}/execute/async`, {
        script: `const done = arguments[arguments.length - 1];
          (async (...args) => { ${body} })(...[...arguments].slice(0, -1)).then((ok) => done({ ok }), (error) => done({ failed: String(error) }))`,
        args,
      })
      if (answer.failed !== undefined) throw new Error(answer.failed)
      return answer.ok as T
    },
    click: async (selector) => {
      const element = await call<Record<string, string>>('POST', `${session}/element`, { using: 'css selector', value: selector })
      // By itself it scrolls an element to the very edge, where something fixed may cover it.
      await call('POST', `${session}/execute/sync`, { script: 'arguments[0].scrollIntoView({ block: "center" })', args: [element] })
      await call('POST', `${session}/element/${element[ELEMENT]}/click`, {})
    },
    press: async (key) => {
      const actions = [{ type: 'key', id: 'keys', actions: [{ type: 'keyDown', value: key }, { type: 'keyUp', value: key }] }]
      await call('POST', `${session}/actions`, { actions })
    },
    newWindow: async () => (await call<{ handle: string }>('POST', `${session}/window/new`, { type: 'tab' })).handle,
    window: () => call('GET', `${session}/window`),
    use: (handle) => call('POST', `${session}/window`, { handle }),
    closeWindow: async () => void (await call('DELETE', `${session}/window`)),
    screenshot: async () => Buffer.from(await call<string>('GET', `${session}/screenshot`), 'base64'),
    resize: async (width, height) => void (await call('POST', `${session}/window/rect`, { width, height })),
    stop: async () => {
      await call('DELETE', session).catch(() => {})
      end()
      process.off('exit', end)
    },
  }
}
