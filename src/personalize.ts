// The composition root: sense, remember, decide, show, joined in the order of the flow. It owns no logic.

import { createDecider, type Decider, undecided } from './decide/decide.js'
import { alarm } from './lib/alarm.js'
import { deadline } from './lib/deadline.js'
import { emitter } from './lib/emitter.js'
import { guarded } from './lib/guard.js'
import { own } from './lib/own.js'
import { idbStore } from './remember/idb.js'
import { memoryStore } from './remember/memory.js'
import { erase, type Remember, remember } from './remember/remember.js'
import { retention } from './remember/retention.js'
import { assertRuleset, fetchRuleset, usableRuleset } from './ruleset.js'
import { newId, sense } from './sense/sense.js'
import { show } from './show/show.js'
import type { Decision, Props, Ruleset, Stages, Store, VariantData } from './types.js'

export interface Options {
  /** The ruleset itself, its address, or a function that loads it. */
  ruleset: Ruleset | string | (() => Promise<unknown>)
  /** Each gets the site, and may return its undo. */
  plugins?: Plugin[]
  /** Where to keep what is remembered; by default IndexedDB, on this device only. */
  storage?: Store
  /** Where slots are looked for; by default the document. */
  root?: Document | ShadowRoot | Element
  /** The time in ms since 1970. */
  now?: () => number
  fetch?: typeof globalThis.fetch
}

export type Plugin = (site: Site) => void | (() => void)

export interface Site {
  /**
   * Something happened. Resolves when the event is durable, or held in memory where that is the mode; never
   * rejects, and need not be awaited.
   */
  track(type: string, props?: Props): Promise<void>
  /** Something the site knows. A null value drops one trait; `traits(null)`, at logout, drops all. */
  traits(patch: Props | null): Promise<void>
  /** The names of the segments that hold now. */
  segments(): string[]
  /** What a slot shows in this page view, and why; for code that renders by itself. */
  decide(slot: string): Decision
  /** Listens to a stage; returns its undo. A late listener gets the last value. */
  on<K extends keyof Stages>(stage: K, listener: (value: Stages[K]) => void): () => void
  /** Shows content in a slot through the safe renderer; returns its undo. */
  render(slot: string, data: VariantData): () => void
  /** Erases all that is held about the visitor, and puts the defaults back at once. */
  forget(): Promise<void>
  /** Gives the page back as it was. What is remembered stays. */
  stop(): void
  /** First decisions made; resolves always, rejects never. */
  ready: Promise<void>
}

/** ms. A ruleset that comes later than this finds a page that has long been read. */
const RULESET_WITHIN = 10_000

/** Two copies on one page share what stands here. */
const SHARED = Symbol.for('slotwise')

/**
 * Starts Slotwise on this page, once: a second call gets the site of the first. Throws a RulesetError, which names
 * path and mend, for a wrong ruleset given as an object; nothing throws into the page after that.
 */
export function personalize(options: Options): Site {
  const { root = globalThis.document, now = Date.now, plugins = [], storage } = options
  const given = typeof options.ruleset === 'object' ? assertRuleset(options.ruleset) : undefined

  const shared = globalThis as { [SHARED]?: { site: Site } }
  if (shared[SHARED]) return shared[SHARED].site

  const at = now()
  const { on, emit, clear } = emitter<Stages>((stage, error) => {
    // A listener to diagnostics that fails has nobody left to tell.
    if (stage !== 'diagnostic') report('listener-failed', `A listener to "${stage}" threw`, error)
  })
  const report = (code: string, message: string, error?: unknown): void => emit('diagnostic', { code, message, error })
  const guard = guarded((error) => report('internal', 'Something went wrong; the page goes on', error))

  // All three are there once the first page view is.
  let ruleset: Ruleset
  let decider: Decider
  let memory: Remember | undefined
  let members: string[] | undefined
  let running = false
  let ended = false
  const early: (() => void)[] = []
  const undo: (() => void)[] = []

  /** Does it now or, while ruleset and past are still being read, as soon as that has ended, well or not. */
  const soon = <T>(work: () => T | Promise<T>): Promise<T> =>
    running || ended ? Promise.resolve(work()) : new Promise((done) => early.push(() => done(work())))
  const caughtUp = (): void => {
    for (const work of early.splice(0)) work()
  }

  // sense: signals become events …
  const sensing = sense({
    root,
    now,
    guard,
    profile: () => profile(),
    keeping: () => memory !== undefined,
    record: (event) => {
      // … remember: events fold into the profile …
      const kept = (memory as Remember).record(event)
      emit('event', event)
      settle()
      return kept
    },
    viewing: () => showing.begin(),
    viewed: () => {
      settle()
      showing.view()
    },
    hidden: (gone) => memory?.leave(gone),
    shown: () => memory?.follow(),
    report: (message, error) => report('ignored', message, error),
  })
  const profile = () => (memory as Remember).profile()
  const facts = () => ({ traits: profile().traits, context: sensing.context() })

  // … decide: rules turn the profile into segments …
  const settle = guard(() => {
    if (!running) return
    emit('profile', profile())
    const time = now()
    const held = decider.segments(time, facts())
    wake.set(decider.next(time))
    if (held.join() === members?.join()) return
    members = held
    emit('segments', held)
  })
  const wake = alarm(now, settle)

  // … show: segments make a decision for each slot.
  const showing = show({
    root,
    guard,
    decide: (slot) => decider.decide(slot, { seed: (memory as Remember).seed(), measure: false, now: now() }, facts()),
    variant: (slot, name) => own(own(ruleset.slots, slot)?.variants, name),
    decided: (decision) => emit('decision', decision),
    report: (message, error) => report('variant', message, error),
  })

  const store = (): Store => storage ?? (root ? idbStore('slotwise') : memoryStore())

  const load = async (): Promise<Ruleset> => {
    if (given) return given
    const { ruleset: source, fetch = globalThis.fetch.bind(globalThis) } = options
    const found = await deadline(typeof source === 'string' ? fetchRuleset(source, fetch) : (source as () => Promise<unknown>)(), RULESET_WITHIN, 'The ruleset')
    return usableRuleset(found, ({ path, message }) => report('ruleset', `${path}: ${message}`))
  }

  const start = async (): Promise<void> => {
    ruleset = await load()
    decider = createDecider(ruleset)
    if (ended) return
    memory = remember({
      store: store(),
      fold: decider,
      retention: retention(ruleset),
      newId,
      now,
      changed: guard((by) => {
        settle()
        // What a late store or another tab tells changes segments; decisions hold. A forgotten visitor sees defaults at once.
        if (running && by === 'forgotten') showing.view()
      }),
      health: (health) => emit('health', health),
    })
    await memory.ready
    if (ended) return
    caughtUp()
    running = true
    sensing.start(ruleset.pages, at)
  }

  const end = (): void => {
    ended = true
    running = false
    sensing.stop()
    caughtUp()
  }

  const site: Site = {
    track: sensing.track,
    traits: (patch) => {
      const known = sensing.traits(patch)
      if (known === undefined) return Promise.resolve()
      return soon(() => {
        const kept = memory?.traits(known)
        settle()
        return kept
      })
    },
    segments: () => [...(members ?? [])],
    decide: (slot) => showing.decision(slot) ?? undecided(slot),
    on,
    render: (slot, data) => {
      let undo: (() => void) | undefined
      let undone = false
      const put = (): void => {
        if (!undone) undo = showing.render(slot, data)
      }
      if (running) put()
      else void site.ready.then(put)
      return () => {
        undone = true
        undo?.()
      }
    },
    forget: () => soon(() => (memory ? memory.forget() : erase(store()))),
    stop: () => {
      for (const step of [...undo.splice(0).reverse(), end, showing.stop, wake.stop, clear]) guard(step)()
      void memory?.stop()
      if (shared[SHARED]?.site === site) delete shared[SHARED]
    },
    ready: Promise.resolve(),
  }
  shared[SHARED] = { site }

  site.ready = start().catch((error) => {
    end()
    report('ruleset', (error as Error).message, error)
    // Nothing will be decided, and whoever installed this has to learn why.
    console.error(`Slotwise: ${(error as Error).message}`)
  })
  for (const plugin of plugins) {
    guarded((error) => report('plugin-failed', 'A plugin threw', error))(() => {
      const stop = plugin(site)
      if (stop) undo.push(stop)
    })()
  }
  return site
}
