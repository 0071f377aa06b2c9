// What a page gives off beyond page views and clicks on [data-track]. The script tag fetches this file from beside
// itself, and only where the ruleset may use something of it.

import { COMMERCE, eventTypes } from '../lib/automatic.js'
import type { Guard } from '../lib/guard.js'
import type { Context, Json, Props, Ruleset, Signal } from '../types.js'
import { attention } from './attention.js'
import { commerce } from './commerce.js'
import { forms } from './forms.js'
import { links } from './links.js'
import { rageClicks } from './rage.js'
import { scroll } from './scroll.js'
import { search } from './search.js'
import { videos } from './videos.js'
import { views } from './views.js'

/** What this file is opened with. */
export interface SignalPage {
  view: Window
  ruleset: Ruleset
  put(signal: Signal): void
  /** Types of event that the site has recorded by its own calls. */
  tracked: ReadonlySet<string>
  /** Facts of the page view at hand. */
  here(): Context
  /** Whatever the browser calls runs inside it. */
  guard: Guard
}

export interface Signals {
  /** The page is about to be left: last words, before what is not yet written is left for the next page. */
  leave(): void
  /** Another page view is about to be recorded. */
  turn(): void
  stop(): void
}

/** What a signal gets to see, and where it puts what it has noticed. */
export interface Noticing extends SignalPage {
  /** Does the ruleset ask for events of this type, and are they left to us to record? */
  uses(type: string): boolean
  /** Puts an event with the page group, where it is used. What is undefined is left out. */
  note(type: string, props?: { [name: string]: Json | undefined }): void
}

/** Starts to listen; gives the undo. */
export type Start = (page: Noticing) => () => void

/** A signal, and the types of event that it notes: it is started where one of them is used. */
type Entry = [types: string[], start: Start]

/** Whatever the ruleset uses: the page itself says by its markup what is to be noticed. */
const MARKED = '*'

/** Those that go on while the document is there. */
const LASTING: Entry[] = [
  [['rage_click'], rageClicks],
  [['outbound_click', 'file_download'], links],
]

/** Those that begin anew with each page view. Their undo may still note something: it belongs to the page view that ends. */
const PER_VIEW: Entry[] = [
  [['engaged', 'read'], attention],
  [['scroll'], scroll],
  [['search'], search],
  [['form_start', 'form_submit', 'form_abandon'], forms],
  [['video_start', 'video_complete'], videos],
  [[MARKED], views],
]

export function signals(page: SignalPage): Signals {
  const { ruleset, tracked, guard, put, here } = page
  const named = eventTypes(ruleset)
  const off: string[] = ruleset.sense?.off ?? []
  // A site that records such events by its own calls knows better: from the first call on, ours would count twice.
  const uses = (type: string): boolean => named.has(type) && !off.includes(type) && !tracked.has(type)
  const noticing: Noticing = {
    ...page,
    uses,
    note: (type, props) => {
      if (uses(type)) put({ type, props: { page: here().page, ...props } as Props })
    },
  }

  const open = (entries: Entry[]): (() => void) => {
    const undo = entries.filter(([types]) => types.some((type) => type === MARKED || uses(type))).map(([, start]) => start(noticing))
    return () => {
      for (const step of undo) guard(step)()
    }
  }
  const stop = open(LASTING)
  const shop = ruleset.sense?.dataLayer !== false && (ruleset.sense?.dataLayer || COMMERCE.some(uses)) ? commerce(noticing) : undefined
  let close = open(PER_VIEW)
  const leave = (): void => {
    close()
    shop?.leave()
    close = () => {}
  }
  return {
    leave,
    turn: () => {
      leave()
      shop?.turn()
      close = open(PER_VIEW)
    },
    stop: () => {
      leave()
      shop?.stop()
      stop()
    },
  }
}
