// The public handle: what a page gets from `personalize()`, and what it may pass in.

import type { Choice, Clause, Consent, ConsentSource, Decision, Explanation, Exported, Fact, Imported, Props, Ruleset, Stages, Store, Transport, VariantData, VariantFunction } from './types.js'

export interface Options {
  /** The ruleset itself, its address, or a function that loads it. */
  ruleset: Ruleset | string | (() => Promise<unknown>)
  /** Variants that are code, by slot and name; a template of that name in the page comes first. */
  variants?: { [slot: string]: { [name: string]: VariantFunction } }
  /** Each gets the site, and may return its undo. */
  plugins?: Plugin[]
  /** Consent managers that ask instead of our banner: of several answers, any no beats any yes. */
  consentSources?: ConsentSource[] | undefined
  /** Where to keep what is remembered; by default IndexedDB, on this device only. */
  storage?: Store
  /** Where slots are looked for; by default the document. */
  root?: Document | ShadowRoot | Element
  /** The time in ms since 1970. */
  now?: () => number
  /** From 0 up to 1, as `Math.random`: when, and in which order, rows are sent. */
  random?: () => number
  fetch?: typeof globalThis.fetch
  /** Writes a row as a request, in place of OTLP: `clickhouse({ … })` and the like, or your own. */
  transport?: Transport
}

export type Plugin = (site: Site) => void | (() => void)

export interface Site {
  /**
   * Something happened. Resolves when the event is durable, or held in memory where that is the mode; never
   * rejects, and need not be awaited.
   */
  track(type: string, props?: Props): Promise<void>
  /**
   * Something the site knows. The last to tell a trait is believed, and kept with the time and `source`, `site` by
   * default: name the server or customer data platform that hands it over, or say `visitor` for what somebody has
   * chosen here by hand. A null value drops one trait; `traits(null)`, at logout, drops all but the `visitor`'s own. The
   * trait `declined` lists experiences by name that the visitor does not want to see, and is obeyed.
   */
  traits(patch: Props | null, origin?: { source?: string }): Promise<void>
  /** The names of the segments that hold now. */
  segments(): string[]
  /** What a slot shows in this page view, and why; for code that renders by itself. */
  decide(slot: string): Decision
  /**
   * Why a slot shows what it shows: every condition of its experiences, how it stands, and what would turn it. The code
   * for that is fetched when it is first asked for; rejects only where that fails.
   */
  explain(slot: string): Promise<Explanation>
  /** Why a segment holds or does not; undefined where the ruleset has none of that name. */
  explain(segment: { segment: string }): Promise<Clause | undefined>
  /** Listens to a stage; returns its undo. A late listener gets the last value. */
  on<K extends keyof Stages>(stage: K, listener: (value: Stages[K]) => void): () => void
  /** What the visitor allows; nothing is granted before the ruleset is known. */
  consent(): Consent
  /**
   * Records the visitor's answer; a purpose that is left out stays as it is. Resolves when the answer is kept and what
   * it forbids is gone; never rejects.
   */
  consent(choice: Choice): Promise<void>
  /** Looks for slots in a shadow root, too: the component that made it gives it here, since a document shows none. */
  watch(root: ShadowRoot | Element): void
  /** Shows content in a slot through the safe renderer; returns its undo. */
  render(slot: string, data: VariantData): () => void
  /**
   * All that is held about the visitor on this device, as JSON. The code for this and for the next two is fetched when
   * it is first asked for; they reject where that fails, or where the ruleset could not be used.
   */
  export(): Promise<Exported>
  /**
   * Takes over events and traits that `export()` gave on another device, or the text of that file; what is known here
   * already is not doubled. Never an answer to the consent question, which the visitor gives here, and nothing that has
   * been told. What cannot be used is refused as a whole: the result says why, and so does one diagnostic.
   */
  import(data: Exported | string): Promise<Imported>
  /** Erases all that is held about the visitor, the consent record included, and puts the defaults back at once. */
  forget(): Promise<void>
  /**
   * Forgets one thing as it was up to now: memberships follow at once, slots on the next page view. The wish is noted
   * before this returns: a page that is left at once, or where it rejects since the store does not answer, leaves it to
   * the next, which does it before it reads anything.
   */
  forget(fact: Fact): Promise<void>
  /**
   * Records, sends and personalizes nothing from now on, on any page and in any tab, until `resume()`: defaults are
   * shown at once, and what is kept stays. `consent().paused` says so.
   */
  pause(): void
  resume(): void
  /** Gives the page back as it was. What is remembered stays. */
  stop(): void
  /** First decisions made; resolves always, rejects never. */
  ready: Promise<void>
}
