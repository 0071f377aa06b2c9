// cells(): all that rows of a ruleset can ever say, one after another. A finite list, but for the day and the id.

import { shownBy } from '../lib/shownBy.js'
import type { CountRow, Experience, RowRules, Ruleset, Split, TrialRow } from '../types.js'

/** What a row says besides its day and its id: how many visitors say the same, is how many one of them hides among. */
export type Cell = Omit<TrialRow, 'day' | 'id'> | Omit<CountRow, 'day' | 'id'>

/** The programme as a whole: all that a site shows by itself, against its holdout. */
export const PROGRAMME = '*'

/** Buckets of a declared row's count begin with these. */
export const BUCKETS = [1, 2, 3, 5, 9]

const strataOf = ({ weights, by = [] }: Pick<Split, 'weights' | 'by'>): [stratum: string, arms: string[]][] => [
  [PROGRAMME, Object.keys(weights)],
  ...by.map(({ segment, weights }): [string, string[]] => [segment, Object.keys(weights)]),
]

/** Which arms there can be, by version of the weights and stratum. */
const drawsOf = ({ split, ...one }: Pick<Experience, 'name' | 'recommend' | 'show' | 'split'>): [version: number, strata: [stratum: string, arms: string[]][]][] =>
  split ? [{ version: 1, ...split }, ...(split.past ?? [])].map((one) => [one.version, strataOf(one)]) : [[0, [[PROGRAMME, [shownBy(one)]]]]]

function* trialCells({ holdout, goals = {} }: Ruleset, experience: Pick<Experience, 'name' | 'recommend' | 'show' | 'split' | 'goal' | 'cooldown' | 'holdout'>): Generator<Cell> {
  const { name, goal, cooldown } = experience
  const whole = name === PROGRAMME
  const judged = Object.keys(goals).filter((one) => whole || one === goal)
  const edges = new Set(judged.flatMap((one) => (goals[one]?.value ? [0, ...goals[one].value.edges] : [])))
  // A holdout of 0 keeps the words, for those who were held out before.
  const helds = holdout === undefined && experience.holdout === undefined ? [false] : [false, true]
  for (const [weights, strata] of drawsOf(experience)) {
    for (const held of helds) {
      for (const [stratum, arms] of strata) {
        for (const arm of arms) {
          const cell = { experience: name, arm, held, weights, stratum }
          yield { metric: 'shown', ...cell }
          if (!whole) yield { metric: 'seen', ...cell }
          if (judged.length > 0) yield { metric: 'goal', ...cell }
          // The page's own content cannot be dismissed.
          if (cooldown && !held && arm !== 'default') yield { metric: 'dismiss', ...cell }
        }
      }
      for (const arm of new Set(strata.flatMap(([, arms]) => arms))) {
        for (const value of edges) yield { metric: 'value', experience: name, arm, held, weights, stratum: PROGRAMME, value }
      }
    }
  }
}

/** Every choice of one word for each property. */
const choices = (by: [prop: string, words: (string | number)[]][]): CountRow['values'][] =>
  by.reduce<CountRow['values'][]>((all, [prop, words]) => all.flatMap((values) => words.map((word) => ({ ...values, [prop]: word }))), [{}])

function* countCells({ pages = {} }: Ruleset, name: string, { by = {}, count, page }: RowRules): Generator<Cell> {
  for (const values of choices(Object.entries(by))) {
    for (const group of page ? [undefined, ...Object.keys(pages)] : [undefined]) {
      for (const bucket of count ? BUCKETS.keys() : [undefined]) {
        yield { metric: 'count', name, values, ...(group === undefined ? {} : { page: group }), ...(bucket === undefined ? {} : { bucket }) }
      }
    }
  }
}

/** Of one experience or declared row, or of all. */
export function* cells(ruleset: Ruleset, of?: unknown): Generator<Cell> {
  const { holdout, slots = {}, rows = {} } = ruleset
  const programme = holdout === undefined ? [] : [{ name: PROGRAMME, show: PROGRAMME }]
  for (const experience of [...programme, ...Object.values(slots).flatMap(({ experiences = [] }) => experiences)]) {
    if (of === undefined || of === experience.name) yield* trialCells(ruleset, experience)
  }
  for (const [name, rules] of Object.entries(rows)) if (of === undefined || of === name) yield* countCells(ruleset, name, rules)
}
