// The door of the wing: listens to the page, gives each signal a time, and begins visits.

import { breath } from '../lib/breath.js'
import { DISMISS, EXPOSURE, SEEN } from '../lib/exposure.js'
import type { Guard } from '../lib/guard.js'
import { beginsVisit, campaign } from '../lib/visit.js'
import type { Context, Profile, Props, Ruleset, Signal, VisitorEvent } from '../types.js'
import { clicks } from './click.js'
import { contextReader } from './context.js'
import { makeEvent, plain } from './event.js'
import { further } from './further.js'
import type { ContextReader } from './here.js'
import { onHidden } from './onHidden.js'
import { pages } from './page.js'
import type { Signals } from './signals.js'

export { newId } from './event.js'

/** Events that nobody else may record. */
const OURS = ['visit', EXPOSURE, SEEN, DISMISS]

export interface SenseOptions {
  /** Without one, as in Node, there is nothing to listen to. */
  root: Node | undefined
  now: () => number
  guard: Guard
  /** Is there somewhere to keep events, though the past may not be known yet? */
  keeping(): boolean
  /** A copy without what looks like somebody's own data. */
  clean(props: Props): Props
  record(event: VisitorEvent): Promise<void>
  profile(): Profile
  /** What the site has put into the page to tell of its visitor; null drops what it told before. */
  told(traits: Props | null): void
  /** Another page view is about to begin. */
  viewing(): void
  /** A page view has begun: the first, or one inside a single-page site. */
  viewed(): void
  hidden(gone: boolean): void
  shown(): void
  report(message: string, error: unknown): void
}

export interface Sense {
  /** Starts listening, and records the first page view as of `at`, when the page began to be seen; resolves when it has begun. */
  start(ruleset: Ruleset, at: number): Promise<void>
  track(type: string, props?: Props): Promise<void>
  /** What is not the site's to track. */
  note(signal: Signal): Promise<void>
  /** The page view at hand, once more: what came before it was not to be kept. */
  again(): void
  /** A copy of what the site says it knows; undefined, with a diagnostic, for what cannot be kept. */
  traits(patch: Props | null): Props | null | undefined
  context(): Context
  /** Of the page view at hand, for `same`. */
  facts(): Props | undefined
  stop(): void
}

export function sense({ root, now, guard, keeping, clean, record, profile, told, viewing, viewed, hidden, shown, report }: SenseOptions): Sense {
  const page = root && (root.ownerDocument ?? (root as Document))
  const view = page?.defaultView
  const undo: (() => void)[] = []
  const early: { event: VisitorEvent; done(): void }[] = []
  let reader: ContextReader | undefined
  let here: Context = {}
  let look: (() => void) | undefined
  let more: Signals | undefined
  /** What the site tracks by its own calls. */
  const tracked = new Set<string>()
  let started = false
  let stopped = false

  const settle = (noticed: VisitorEvent): Promise<void> => {
    if (reader?.deaf) return Promise.resolve()
    const event = { ...noticed, props: clean(noticed.props) }
    if (beginsVisit(profile(), event)) void record(makeEvent({ type: 'visit', props: { ...reader?.arrival?.(event.at), utm: campaign(event) } }, event.at))
    return record(event)
  }

  const put = (signal: Signal): Promise<void> => {
    if (stopped) return Promise.resolve()
    const event = makeEvent(signal, now())
    // Until the past is known it cannot be said whether a visit begins.
    return started ? settle(event) : new Promise((done) => early.push({ event, done }))
  }

  const catchUp = (): void => {
    for (const { event, done } of early.splice(0)) void settle(event).then(done)
  }

  if (view) {
    const leaving = (gone: boolean): void => {
      // Left before the past was known: what was tracked by then goes to the next page like the rest.
      if (gone && keeping()) catchUp()
      if (gone) more?.leave()
      hidden(gone)
    }
    undo.push(onHidden(view, guard(leaving), guard(shown)))
  }

  const pageView = (at: number): void => {
    if (!reader) return
    look?.()
    more?.turn()
    here = reader.here(at)
    const { page, path, utm = {}, params } = here
    void settle(makeEvent({ type: 'page_view', props: { ...reader.facts?.(), page, path, utm: Object.keys(utm).length > 0 ? utm : undefined, params } }, at))
  }

  const begin = async (at: number): Promise<void> => {
    if (stopped) return
    started = true
    viewing()
    pageView(at)
    catchUp()
    if (page && view) {
      undo.push(
        clicks(page, guard(put)),
        pages(view, {
          navigated: guard(() => {
            viewing()
            pageView(now())
            viewed()
          }),
          // A decision holds while the reader has the page in front of them, and it is still the same page.
          restored: guard(() => pageView(now())),
        }),
      )
    }
    // On a slow device rules and slots together would be a long task.
    await breath()
    if (!stopped) viewed()
  }

  return {
    start: async (ruleset, at) => {
      if (view) {
        reader = contextReader(view, ruleset)
        look = further(view.document, ruleset, () => {
          import('./signals.js').then(
            ({ signals }) => {
              if (!stopped) more = signals({ view, ruleset, tracked, put: guard(put), guard, here: () => here })
            },
            (error) => report('signals.js could not be loaded', error),
          )
        })
      }
      const block = page?.querySelector('script[data-slotwise-traits]')
      if (block) guard(() => told(JSON.parse(block.textContent ?? '')))()
      // Made ready before anybody has asked for it: slots may show what is known by now, and nothing counts.
      if ((page as { prerendering?: boolean } | undefined)?.prerendering) {
        page?.addEventListener('prerenderingchange', guard(() => begin(now())), { once: true })
        viewed()
      } else await begin(at)
    },
    track: (type, props = {}) => {
      try {
        if (OURS.includes(type)) throw new Error(`"${type}" is recorded by itself`)
        tracked.add(type)
        return put({ type, props })
      } catch (error) {
        report(`track() is ignored: ${(error as Error).message}`, error)
        return Promise.resolve()
      }
    },
    note: put,
    again: () => {
      if (started && !stopped) pageView(now())
    },
    traits: (patch) => {
      try {
        return patch === null ? null : plain(patch)
      } catch (error) {
        report(`traits() is ignored: ${(error as Error).message}`, error)
        return undefined
      }
    },
    // The campaign lasts for the visit, the address only for the page.
    context: () => {
      const known = profile()
      return { ...here, utm: known.utm, visit: known.visits, ...reader?.visit?.(known, now()) }
    },
    facts: () => reader?.facts?.(),
    stop: () => {
      stopped = true
      for (const step of undo.splice(0)) step()
      more?.stop()
      for (const { done } of early.splice(0)) done()
    },
  }
}
