// What stood at the end of the page before: while nothing can have changed, no rule has to be compiled to know it.

import { fingerprint } from '../lib/fingerprint.js'
import { isObject } from '../lib/own.js'
import type { Context, Props } from '../types.js'

/** What a rule can see besides behaviour. */
export interface Facts {
  traits: Props
  context: Context
  /** Of this page, for `same`. */
  facts?: Props
}

/** What stood at the end of the page before. */
export interface Standing {
  rules: number
  at: number
  held?: string[]
  next: number | null
  facts: number
  /** The facts themselves, where somebody who stays in may have to be told by them when the rule ceased to hold. */
  known?: Facts
}

export const factPrint = ({ traits, context, facts }: Facts): number => fingerprint(JSON.stringify([traits, context, facts]))

export const isStanding = (state: unknown, rules: number): state is Standing =>
  isObject(state) && state.rules === rules && Number.isFinite(state.at) && isObject(state.streams) && isObject(state.visit)

/** The names that held, if they still must at `now`. */
export const standsStill = (standing: Standing | undefined, now: number, facts: Facts): string[] | undefined =>
  standing && standing.at <= now && now < (standing.next ?? Number.POSITIVE_INFINITY) && standing.facts === factPrint(facts) ? standing.held : undefined
