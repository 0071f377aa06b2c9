// The script tag: reads its data-* attributes, starts Slotwise, loads extras from beside itself, replays the queue.

import { guarded } from './lib/guard.js'
import { later } from './lib/later.js'
import { listen } from './lib/listen.js'
import { personalize } from './personalize.js'
import type { Plugin, Site } from './site.js'
import type { ConsentSource } from './types.js'

type Queued = (site: Site) => void

const EXTRA = /^[a-z][\w-]*(\/[\w-]+)?$/

const IN_PAGE = 'script[type="application/json"][data-slotwise-ruleset]'

/** The ruleset that stands in the page, once the page has been parsed that far. */
async function inPage(): Promise<unknown> {
  const find = () => document.querySelector(IN_PAGE)
  // One with nothing behind it may still be arriving.
  if (!find()?.nextSibling && document.readyState === 'loading') {
    await new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve, { once: true }))
  }
  const element = find()
  if (!element) throw new Error(`no ruleset: give the script tag data-ruleset="/slotwise.json", or the page a <${IN_PAGE}>`)
  return JSON.parse(element.textContent ?? '')
}

type Module = { default: Plugin; banner(options: { open: boolean }): Plugin }

/** A plugin whose code is a file beside the script, `NAME.js`; `of` finds it there. */
const extra =
  (base: string, name: string, of = (module: Module): Plugin => module.default, failed = (): void => {}): Plugin =>
  (site) =>
    later(
      // An address made at run time is left alone by the bundler, and `import()` obeys `script-src 'self'`.
      import(new URL(`./${name}.js`, base).href) as Promise<Module>,
      (module) => of(module)(site),
      (error) => {
        console.error(`Slotwise: the extra "${name}" could not be loaded: ${error}`)
        failed()
      },
    )

const CONTROL = '[data-slotwise-consent]'

/** The banner: fetched while the choice is open, later by a click on the page's own control, or to put one there. */
const asking =
  (base: string): Plugin =>
  (site) => {
    let started: (() => void) | void
    let idle: ReturnType<typeof setTimeout> | undefined
    const start = (open: boolean): void => {
      // Should it not arrive, the choice stays open, and the next click tries again.
      started ??= extra(base, 'banner', (module) => module.banner({ open }), () => (started = undefined))(site)
    }
    const clicked = (event: Event): void => {
      if (!(event.target as Element).closest?.(CONTROL) || !site.consent().notice.asks) return
      // It may be a link to the policy, for when there is no script.
      event.preventDefault()
      start(true)
    }
    const unlisten = listen(document, 'click', clicked)
    const stop = site.on('consent', ({ by, notice }) => {
      if (!notice.asks || started) return
      if (by === 'nobody') start(false)
      // Safari has no requestIdleCallback; and a page with a control of its own needs none of ours.
      else idle ??= setTimeout(() => document.querySelector(CONTROL) ?? start(false), 3000)
    })
    return () => {
      unlisten()
      clearTimeout(idle)
      stop()
      started?.()
    }
  }

function auto(script: HTMLScriptElement): void {
  const { ruleset, extras = '', consent } = script.dataset
  const plugins = extras
    .split(/\s+/)
    .filter((name) => EXTRA.test(name))
    .map((name) => extra(script.src, name))
  plugins.push(asking(script.src))
  const before = (window as { slotwise?: unknown }).slotwise
  // The rest of it is done by the file that joins their answers.
  const consentSources = consent?.match(/\w+/g)?.map((name) => ({ name, script })) as ConsentSource[] | undefined
  const site = personalize({ ruleset: ruleset || inPage, plugins, consentSources })

  const run = guarded((error) => console.error(error))((queued: Queued) => queued(site))
  // An element with the id "slotwise" would be found here too: only a list is a queue.
  if (Array.isArray(before)) before.forEach((queued) => run(queued))
  Object.assign(window, { slotwise: { ...site, push: run } })
}

const script = document.currentScript
// A second copy on the page finds the first one's site, and an empty queue.
if (script instanceof HTMLScriptElement) auto(script)
