// What a journey and a population may hold, as types; the published JSON Schema says the same (schema.ts), and checks it.

import type { Context, Decision, Duration, Props, Trigger } from '../../types.js'

/** What has to be true at a step. */
export interface Expected {
  /** Segments that hold, among others. */
  segments?: string[]
  /** Segments that do not. */
  notSegments?: string[]
  /** By slot: the variant, or some fields of the decision. `arm` is what a held-out visitor would have seen. */
  slots?: { [slot: string]: string | Partial<Pick<Decision, 'variant' | 'experience' | 'arm' | 'held' | 'reason' | 'stratum' | 'weights'>> }
  /** By goal: how often it was reached so far. */
  goals?: { [goal: string]: number }
  /** Some fields of the context. */
  context?: Props
  /** By metric: how many rows would have been sent so far. */
  rows?: { [metric: string]: number }
}

export interface Step {
  /** How long after the step before; a pair is a range that a population draws from. */
  after?: Duration | [Duration, Duration]
  /** Or when, in a journey: a date or instant. */
  at?: string
  /** A page is viewed: its path with its query; of several, one is drawn. */
  view?: string | string[]
  /** The address that led there. */
  referrer?: string
  /** What the page is about, for `same`. */
  facts?: Props
  /** Facts of the device and the hour from now on. */
  context?: Context
  /** The slots that are on the page; all of the ruleset's by default. */
  slots?: string[]
  /** Those whose start is reached, and seen; all on the page by default. */
  reach?: string[]
  /** Something is done, as the site or the page records it. */
  track?: string
  props?: Props
  /** What the page notices, for experiences that wait for it. */
  trigger?: Trigger
  /** The visitor closes what this slot shows. */
  dismiss?: string
  traits?: Props | null
  consent?: { personalize?: 'granted' | 'denied'; measure?: 'granted' | 'denied' }
  forget?: true
  expect?: Expected
  /** Of a population: the share of visitors who do it, and how often; a pair is a range. */
  chance?: number
  times?: number | [number, number]
}

export interface Journey {
  name: string
  /** Whom splits and the holdout draw; by default the journey's name. */
  visitor?: string
  /** When it begins: a date or instant; 2026-01-05T12:00Z by default. */
  start?: string
  /** The visitor's own, for hours and weekdays; the ruleset's, else UTC, by default. */
  timeZone?: string
  context?: Context
  traits?: Props
  consent?: Step['consent']
  steps: Step[]
}

export interface Kind extends Omit<Journey, 'visitor'> {
  /** Of all visitors, relative to those of other kinds; 1 by default. */
  share?: number
  /** The share of them, 0 to 1, who grant measuring at once. */
  measured?: number
}

export interface Population {
  visitors: number
  /** The same seed draws the same visitors; 1 by default. */
  seed?: number
  /** The first visitors begin then; 2026-01-05T12:00Z by default. */
  start?: string
  /** Over so many days visitors begin, evenly; 1 by default. */
  days?: number
  kinds: Kind[]
}

export const START = '2026-01-05T12:00Z'
