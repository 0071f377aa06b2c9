// anonymize(): a row can hold only words that stand in the ruleset, found there by index; nothing is copied from the
// page or the visitor. So what a ruleset can ever send is a finite list.

import type { Experience, Row, Ruleset, Split, Trial } from '../types.js'

/** A trial's day lies less than so many days from today, on whichever side: clocks are set back, too. */
const FAR = 400

/** As ids are made; what else is stored under that name does not leave. */
const ID = /^[\w-]{21}$/

const METRICS: readonly Row['metric'][] = ['shown', 'seen', 'goal']

/** Which arms there can be, by version of the weights and stratum. */
type Words = Map<number, Map<string, string[]>>

const strataOf = ({ weights, by = [] }: Pick<Split, 'weights' | 'by'>): Map<string, string[]> =>
  new Map([['*', Object.keys(weights)], ...by.map(({ segment, weights }): [string, string[]] => [segment, Object.keys(weights)])])

const wordsOf = ({ show, split }: Experience): Words =>
  split
    ? new Map([{ version: 1, ...split }, ...(split.past ?? [])].map((one) => [one.version, strataOf(one)]))
    : new Map([[0, new Map([['*', [show ?? 'default']]])]])

/** Undefined where anything is no word of the ruleset; `today` is in UTC days since 1970. */
export type Anonymize = (metric: unknown, trial: { [field in keyof Trial]?: unknown }, id: unknown, today: number) => Row | undefined

export function anonymizer({ slots = {} }: Ruleset): Anonymize {
  const experiences = Object.values(slots).flatMap(({ experiences = [] }) => experiences)
  const words = new Map(experiences.map((experience) => [experience.name, wordsOf(experience)]))

  return (metric, trial, id, today) => {
    const known = METRICS.find((word) => word === metric)
    const experience = experiences.find(({ name }) => name === trial.experience)?.name
    const [weights, strata] = [...(words.get(experience ?? '') ?? [])].find(([version]) => version === trial.weights) ?? []
    const [stratum, arms] = [...(strata ?? [])].find(([name]) => name === trial.stratum) ?? []
    const arm = arms?.find((name) => name === trial.arm)
    const { day, held } = trial
    const timely = Number.isInteger(day) && Math.abs((day as number) - today) < FAR
    if (!known || experience === undefined || weights === undefined || stratum === undefined || arm === undefined || !timely || typeof id !== 'string' || !ID.test(id)) return undefined
    return { metric: known, experience, arm, held: held === true, weights, stratum, day: day as number, id }
  }
}
