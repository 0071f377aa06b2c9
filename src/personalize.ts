// The composition root: sense, remember, decide, show, joined in the order of the flow. It owns no logic.

import { openConsent } from './consent.js'
import { createDecider, type Decider, tooLate, undecided, unpermitted } from './decide/decide.js'
import { fence } from './fence.js'
import type { Hinter } from './hinter.js'
import { alarm } from './lib/alarm.js'
import { breath } from './lib/breath.js'
import { emitter } from './lib/emitter.js'
import { exposure } from './lib/exposure.js'
import { fenced } from './lib/fenced.js'
import { gate } from './lib/gate.js'
import { guarded } from './lib/guard.js'
import { later } from './lib/later.js'
import { own } from './lib/own.js'
import { idbStore } from './remember/idb.js'
import { erase, left, type Remember, remember } from './remember/remember.js'
import { retention } from './remember/retention.js'
import { assertRuleset, loadRuleset } from './ruleset.js'
import { newId, sense } from './sense/sense.js'
import { type Triggers, triggers } from './sense/triggers.js'
import type { Options, Site } from './site.js'
import { finder } from './show/finder.js'
import { preview } from './show/preview.js'
import type { Rendering } from './show/render.js'
import { show } from './show/show.js'
import { type Tell, tell } from './tell/tell.js'
import type { Choice, Decision, Early, Fact, Props, Ruleset, Stages, Store } from './types.js'
import { renderer } from './variants.js'

/** Two copies on one page share what stands here, and the bootstrap leaves here what it has done. */
const SHARED = Symbol.for('slotwise')

/**
 * Starts Slotwise on this page, once: a second call gets the site of the first. Throws a RulesetError, which names
 * path and mend, for a wrong ruleset given as an object; nothing throws into the page after that.
 */
export function personalize(options: Options): Site {
  const { root = globalThis.document, now: clock = Date.now, random = Math.random, plugins = [], storage, consentSources = [] } = options
  const fetch = options.fetch ?? globalThis.fetch?.bind(globalThis)
  const given = typeof options.ruleset === 'object' ? assertRuleset(options.ruleset) : undefined

  const shared = globalThis as { [SHARED]?: { site?: Site; early?: Early } }
  const { site: first, early } = shared[SHARED] ?? {}
  if (first) return first

  /** Later than the last wish to forget something. */
  let wished = 0
  const now = (): number => Math.max(clock(), wished)
  const at = now()
  const { on, emit, clear } = emitter<Stages>((stage, error) => {
    // A listener to diagnostics that fails has nobody left to tell.
    if (stage !== 'diagnostic') report('listener-failed', `A listener to "${stage}" threw`, error)
  })
  const report = (code: string, message: string, error?: unknown): void => emit('diagnostic', { code, message, error })
  const failed = (error: unknown): void => report('internal', 'Something went wrong', error)
  const guard = guarded(failed)

  // All of them are there once the first page view is.
  let ruleset: Ruleset
  let decider: Decider
  let rendering: Rendering
  let memory: Remember | undefined
  let telling: Tell | undefined
  let hinter: Hinter | undefined
  let triggering: Triggers | undefined
  let previewing: Awaited<ReturnType<typeof preview>>
  let members: string[] | undefined
  let running = false
  let ended = false
  /** The epoch of the last decision that is measured. */
  let epoch: number | undefined
  /** The last exposure. */
  let kept: Promise<void> | undefined
  /** It is known what is asked of the visitor; and the past has been read. Or neither can be: then they open all the same. */
  const [asked, begun] = [gate(), gate()]
  const undo: (() => void)[] = []

  /** Nobody's own data comes in, by whatever name. */
  const clean = (props: Props): Props => fenced(props, fence(ruleset), (name) => report('ignored', `"${name}" is not kept: it looks personal`))

  // sense: signals become events …
  const sensing = sense({
    root,
    now,
    guard,
    profile: () => profile(),
    keeping: () => memory !== undefined,
    clean,
    record: (event) => {
      if (!memory?.isOpen()) return Promise.resolve()
      // … remember: events fold into the profile …
      const urgent = consenting.measures() && ('trial' in event.props || decider.goals(event).length > 0)
      const kept = memory.record(event, urgent)
      if (urgent) void kept.then(telling?.follow)
      emit('event', event)
      settle()
      triggering?.heard(event.type)
      return kept
    },
    told: (traits) => void site.traits(traits, { source: 'page' }),
    viewing: () => {
      showing.begin()
      triggering?.begin()
    },
    viewed: () => {
      settle()
      showing.view()
    },
    hidden: (gone) => {
      telling?.leave(gone)
      memory?.leave(gone)
      hinter?.write()
    },
    shown: () => {
      consenting.refresh()
      void follow()
    },
    report: (message, error) => report('ignored', message, error),
  })
  const profile = () => (memory as Remember).profile()
  const viewer = (view?: Triggers) => ({ seed: (memory as Remember).seed(), measure: !!consenting.measures(), now: now(), epoch, view, declined: profile().traits.declined })
  const facts = () => ({ traits: profile().traits, context: sensing.context(), facts: sensing.facts() })

  // … decide: rules turn the profile into segments …
  const settle = guard(() => {
    if (!running) return
    emit('profile', profile())
    const time = now()
    const held = memory?.isOpen() ? decider.segments(time, facts()) : []
    wake.set(decider.next(time))
    if (held.join() !== members?.join()) {
      members = held
      emit('segments', held)
    }
    showing.revise()
  })
  const wake = alarm(now, settle)

  // … show: segments make a decision for each slot.
  const decide = (slot: string, view?: Triggers, standing?: Decision): Decision =>
    memory?.isOpen() ? decider.decide(slot, viewer(view), facts(), standing) : unpermitted(slot)
  const showing = show({
    root,
    guard,
    early,
    // What was known on the page before, of this visitor; what has been allowed since counts from the next page on.
    stands: (slot) => {
      const decision = early?.of === memory?.seed() && !previewing ? early?.decisions.get(slot) : undefined
      return decision && { ...decision, measured: decision.measured && !!consenting.measures() }
    },
    decide: (slot, late, standing) => {
      const decision = late ? tooLate(slot) : decide(slot, triggering, standing)
      return previewing ? previewing.decide(decision) : decision
    },
    finder: (page) => finder(ruleset, page, (message, error) => report('variant', message, error)),
    slots: () => ruleset.slots ?? {},
    variant: (slot, name) => own(own(options.variants, slot), name) ?? own(own(ruleset.slots, slot)?.variants, name),
    rendering: () => rendering,
    decided: (decision) => {
      if (decision.measured) epoch = decision.epoch
      emit('decision', decision)
    },
    // Being reached is something that happened, too: with it the flow begins again.
    exposed: (decision, seen) => {
      emit('exposure', { slot: decision.slot, decision, seen })
      kept = sensing.note(exposure(decision, seen))
    },
    report: (message, error) => report('variant', message, error),
  })

  // … and tell only what the visitor allows.
  let settled: Promise<unknown> = Promise.resolve()
  const consenting = openConsent({
    now,
    changed: guard(() => {
      emit('consent', consenting.state())
      // Stopped, or without a ruleset, the page has nothing that could follow.
      if (!ended) settled = follow()
    }),
    report: (message, error) => report('consent', message, error),
  })
  /** What is fetched later has all of it, and the site's own. */
  const known = () => ({ ...site, ruleset, decider, memory: memory as Remember, viewer: () => viewer(triggering), previewing, consenting, now, facts, report })
  /** What is kept, and what is told, follow what is allowed. */
  const follow = () => Promise.all([memory?.follow(), telling?.follow()])
  const store = (): Store => storage ?? idbStore('slotwise')
  /** Without a document, as in Node, there is nowhere to keep anything. */
  const mode = () => (storage || root || consenting.mode() === 'off' ? consenting.mode() : 'memory')

  const start = async (): Promise<void> => {
    ruleset = given ? { ...given } : (await loadRuleset(options.ruleset as Exclude<Options['ruleset'], Ruleset>, fetch, ({ path, message }) => report('ruleset', `${path}: ${message}`)))
    previewing = await preview(root, failed)
    previewing?.apply(ruleset)
    decider = createDecider(ruleset)
    rendering = renderer(ruleset, {
      facts,
      // Without a profile nothing depends on one.
      free: () => !memory?.isOpen() || consenting.measures() || ruleset.consent?.requests === 'free',
      kept: async () => kept,
      report: (message, error) => report('variant', message, error),
      site,
      fetch,
      random,
      now,
      decider,
    })
    triggering = triggers(ruleset, root, guard, showing, sensing.note)
    if (ended) return previewing?.stop()
    consenting.ask(ruleset.consent, ruleset.sync !== undefined, consentSources[0])
    if (consentSources[0]) {
      undo.push(
        later(
          import('./sources.js'),
          ({ follow }) => follow(consentSources, ruleset.consent, consenting, now, report),
          failed,
        ),
      )
    }
    telling = tell({
      ruleset,
      transport: options.transport,
      may: consenting.measures,
      beside: async (work) => memory?.beside(work),
      goals: decider.goals,
      viewer,
      clean,
      newId,
      now,
      random,
      fetch,
      emit,
      report: (message, error) => report('sync', message, error),
    })
    // Whoever has answered already is heard first.
    asked.open()
    memory = remember({
      store,
      mode,
      paused: () => consenting.state().paused,
      fold: decider,
      retention: retention(ruleset),
      newId,
      now,
      opened: () => sensing.again(),
      changed: guard((by) => {
        settle()
        // What a late store or another tab tells changes segments; decisions hold. A forgotten visitor sees defaults at once.
        if (!running || by !== 'forgotten') return
        triggering?.begin()
        showing.view()
      }),
      health: (health) => emit('health', health),
      forget: fetched('forget'),
    })
    await memory.ready
    // To read the past is one task, to look at it another.
    await breath()
    if (ended) return
    begun.open()
    running = true
    await sensing.start(ruleset, at)
    if (ended) return
    if (ruleset.sync) void telling.follow()
    // Only the bootstrap will read what is left for the next page.
    if (!early) return
    import('./hinter.js').then(({ createHinter }) => {
      hinter = createHinter(known())
    }, failed)
  }

  const end = (): void => {
    ended = true
    running = false
    sensing.stop()
    asked.open()
    begun.open()
  }

  const answer = async (choice: Choice): Promise<void> => {
    consenting.choose(choice)
    if (running) await settled
    // Without a ruleset nothing runs; what is kept must go all the same.
    else if (ended) await (choice.personalize === 'denied' ? erase(store()) : undefined)
    else await site.ready.then(follow)
  }

  /** What few visitors ask for is fetched when one does. */
  const fetched =
    (what: 'explain' | 'export' | 'import' | 'forget') =>
    async (given?: unknown): Promise<never> =>
      (await import('./asked.js'))[what](known(), given as never) as Promise<never>
  const ask =
    (what: Parameters<typeof fetched>[0]) =>
    async (given?: unknown): Promise<never> => {
      await site.ready
      return fetched(what)(given)
    }

  const site: Site = {
    track: sensing.track,
    traits: (patch, { source } = {}) => {
      const known = sensing.traits(patch)
      if (known === undefined) return Promise.resolve()
      return begun.pass(() => {
        const kept = memory?.traits(known && clean(known), source)
        settle()
        return kept
      })
    },
    segments: () => [...(members ?? [])],
    decide: (slot) => showing.decision(slot) ?? undecided(slot),
    explain: ask('explain') as Site['explain'],
    on,
    watch: (root) => void site.ready.then(() => running && showing.watch(root)),
    consent: ((choice?: Choice) => {
      if (choice === undefined) return consenting.state()
      // A no holds at once, even where the page is left before it is known what is asked.
      if (Object.values(choice ?? {}).includes('denied')) consenting.choose(choice)
      return asked.pass(() => answer(choice))
    }) as Site['consent'],
    render: (slot, data) => {
      const put = () => showing.render(slot, data)
      return running ? put() : later(site.ready, put, failed)
    },
    export: ask('export'),
    import: ask('import'),
    forget: (fact?: Fact) => {
      if (fact) {
        // What happens from now on, in the same millisecond too, is not meant.
        wished = now() + 1
        if (mode() === 'local') left.put(wished, { fact, events: [] })
        return ask('forget')([fact, wished])
      }
      return begun.pass(() => {
        consenting.forget()
        return memory ? memory.forget() : erase(store())
      })
    },
    pause: () => consenting.pause(true),
    resume: () => consenting.pause(false),
    stop: () => {
      for (const step of [...undo.splice(0).reverse(), end]) guard(step)()
      for (const part of [showing, triggering, previewing, wake, telling, hinter, consenting]) guard(() => part?.stop())()
      clear()
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
