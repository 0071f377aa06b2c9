// The script tag: reads its data-* attributes, starts Slotwise, loads extras from beside itself, replays the queue.

import { type Plugin, personalize, type Site } from './personalize.js'

type Queued = (site: Site) => void

const EXTRA = /^[a-z][\w-]*(\/[\w-]+)?$/

/** The ruleset that stands in the page, once the page has been parsed that far. */
async function inPage(): Promise<unknown> {
  const find = () => document.querySelector('script[type="application/json"][data-slotwise-ruleset]')
  // One with nothing behind it may still be arriving.
  if (!find()?.nextSibling && document.readyState === 'loading') {
    await new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve, { once: true }))
  }
  const element = find()
  if (!element) throw new Error('no ruleset: give the script tag data-ruleset="/slotwise.json", or the page a <script type="application/json" data-slotwise-ruleset>')
  return JSON.parse(element.textContent ?? '')
}

/** A plugin whose code is a file beside the script: `dist/NAME.js`, with the plugin as its default export. */
const extra =
  (base: string, name: string): Plugin =>
  (site) => {
    let undo: (() => void) | void
    let stopped = false
    // An address made at run time is left alone by the bundler, and `import()` obeys `script-src 'self'`.
    import(new URL(`./${name}.js`, base).href)
      .then((module: { default: Plugin }) => {
        if (!stopped) undo = module.default(site)
      })
      .catch((error) => console.error(`Slotwise: the extra "${name}" could not be started: ${error}`))
    return () => {
      stopped = true
      undo?.()
    }
  }

function auto(script: HTMLScriptElement): void {
  const { ruleset, extras = '' } = script.dataset
  const plugins = extras
    .split(/\s+/)
    .filter((name) => EXTRA.test(name))
    .map((name) => extra(script.src, name))
  const before = (window as { slotwise?: unknown }).slotwise
  const site = personalize({ ruleset: ruleset || inPage, plugins })

  const run = (queued: Queued): void => {
    try {
      queued(site)
    } catch (error) {
      console.error(error)
    }
  }
  // An element with the id "slotwise" would be found here too: only a list is a queue.
  if (Array.isArray(before)) before.forEach(run)
  Object.assign(window, { slotwise: { ...site, push: run } })
}

const script = document.currentScript
// A second copy on the page finds the first one's site, and an empty queue.
if (script instanceof HTMLScriptElement) auto(script)
