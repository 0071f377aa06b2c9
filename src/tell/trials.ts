// Trials: read off the log, in its order, with a cursor kept in the very transaction that keeps what follows from it.
// So a trial opens once and closes once, whatever tabs, reloads, crashes and clocks do.
//
//   ['g']   cursor: the last batch that was read, and the page group   ['t', experience, epoch]   a trial

import { epochOf, utcDay } from '../lib/day.js'
import { duration } from '../lib/duration.js'
import { DISMISS, EXPOSURE, SEEN } from '../lib/exposure.js'
import { isObject, own } from '../lib/own.js'
import type { CountRow, Key, ReadLog, Row, Ruleset, Transaction, Trial, TrialRow, VisitorEvent } from '../types.js'
import { PROGRAMME } from './cells.js'
import { count, pageOf } from './counts.js'
import { rounded } from './rounded.js'

/** A trial as it is kept on the device. */
export interface HeldTrial extends Trial {
  epoch: number
  /** When it opened, in ms since 1970. */
  at: number
  /** What has been told of it, each once. */
  told: Row['metric'][]
  /** The UTC day on which its time was first found to be over. */
  over?: number
}

/** What is to be told: all that the row will say, but for its id. */
export interface Told {
  metric: Row['metric']
  trial: Omit<TrialRow, 'metric' | 'id'> | Omit<CountRow, 'metric' | 'id'>
  /** Where that is kept which it belongs to. */
  of: Key
}

export const EVERYTHING: Row['metric'][] = ['shown', 'seen', 'dismiss', 'goal', 'value']

const METRICS: { [type: string]: Row['metric'] } = { [EXPOSURE]: 'shown', [SEEN]: 'seen', [DISMISS]: 'dismiss' }

const trialKey = ({ experience, epoch }: Pick<HeldTrial, 'experience' | 'epoch'>): Key => ['t', experience, epoch]

const asTrial = (value: unknown): HeldTrial[] => (isObject(value) && Array.isArray(value.told) ? [value as unknown as HeldTrial] : [])

const opening = ({ at, props: { experience, trial } }: VisitorEvent): HeldTrial | undefined =>
  typeof experience === 'string' && isObject(trial) && Number.isInteger(trial.epoch)
    ? { ...(trial as unknown as Pick<HeldTrial, 'arm' | 'held' | 'weights' | 'stratum' | 'epoch'>), experience, day: utcDay(at), at, told: [] }
    : undefined

/** The visitor's part in the programme as a whole. */
export interface Part {
  held: boolean
  /** In which a first decision was made on this page, if one was. */
  epoch: number | undefined
}

export interface Trials {
  /** Reads on in the log, and gives what is to be told. */
  follow(transaction: Transaction, log: ReadLog, now: number, part: Part): Promise<Told[]>
}

/** `goals` names the goals, and the declared rows, that an event counts for; `random` is from 0 up to 1. */
export function createTrials(ruleset: Ruleset, goals: (event: VisitorEvent) => string[], random: () => number): Trials {
  const rules = ruleset.goals ?? {}
  const goalsOf = new Map(Object.values(ruleset.slots ?? {}).flatMap(({ experiences = [] }) => experiences.map(({ name, goal }) => [name, goal === undefined ? [] : [goal]])))
  goalsOf.set(PROGRAMME, Object.keys(rules))
  const windowOf = (goal: string): number => duration(own(rules, goal)?.window ?? '7d')
  const longest = (experience: string): number => Math.max(0, ...(goalsOf.get(experience) ?? []).map(windowOf))

  /** Cannot open again, and no goal can fall in its window. */
  const isOver = ({ experience, epoch, at }: HeldTrial, now: number): boolean => epochOf(now, ruleset.epochDays) > epoch && now - at > longest(experience)

  const sweep = (transaction: Transaction, trial: HeldTrial, now: number): void => {
    const { over, ...rest } = trial
    const today = utcDay(now)
    if (!isOver(trial, now)) {
      if (over !== undefined) transaction.put(trialKey(trial), rest)
    } else if (over === undefined) transaction.put(trialKey(trial), { ...rest, over: today })
    // Not on the day that it is first found: a clock that was wrong for a while must not open a trial again.
    else if (over < today) transaction.drop(trialKey(trial))
  }

  return {
    follow: async (transaction, log, now, { held, epoch }) => {
      const cursor = await transaction.get(['g'])
      const last = (isObject(cursor) ? cursor : { n: Number.POSITIVE_INFINITY }) as { n: number; page?: string }
      const { n, events } = await log(last.n)
      let { page } = last
      const reached = events.map((event) => {
        page = pageOf(ruleset, event, page)
        return { event, page, goals: goals(event) }
      })
      if (n !== last.n) transaction.put(['g'], { v: 1, n, page })

      // Nothing to compare with, nothing to tell.
      const begins = ruleset.holdout ? epoch : undefined
      const happened = reached.filter(({ event, goals }) => own(METRICS, event.type) || goals.length > 0)
      if (happened.length === 0 && (begins === undefined || (await transaction.get(trialKey({ experience: PROGRAMME, epoch: begins }))))) return []

      const trials = new Map((await transaction.all(['t'])).flatMap(([, value]) => asTrial(value)).map((trial) => [trialKey(trial).join(), trial]))
      const changed = new Set<HeldTrial>()
      const told: Told[] = []
      const tell = (metric: Row['metric'], trial: HeldTrial | undefined, value?: number): void => {
        if (!trial || trial.told.includes(metric)) return
        trial.told.push(metric)
        changed.add(trial)
        const { experience, arm, held, weights, stratum, day } = trial
        // A value would say too much in a stratum.
        told.push({ metric, of: trialKey(trial), trial: { experience, arm, held, weights, day, ...(value === undefined ? { stratum } : { stratum: PROGRAMME, value }) } })
      }
      const meet = (metric: Row['metric'], opened: HeldTrial): void => {
        const key = trialKey(opened).join()
        if (metric === 'shown' && !trials.has(key)) trials.set(key, opened)
        tell(metric, trials.get(key))
      }
      const begin = (epoch: number, at: number): void => meet('shown', { experience: PROGRAMME, arm: PROGRAMME, held, weights: 0, stratum: PROGRAMME, epoch, day: utcDay(at), at, told: [] })

      for (const { event, goals } of happened) {
        const metric = own(METRICS, event.type)
        const opened = metric && opening(event)
        if (opened) {
          meet(metric, opened)
          if (metric === 'shown' && ruleset.holdout) begin(opened.epoch, event.at)
        }
        for (const trial of goals.length > 0 ? trials.values() : []) {
          for (const goal of goalsOf.get(trial.experience) ?? []) {
            if (!goals.includes(goal) || event.at - trial.at > windowOf(goal)) continue
            tell('goal', trial)
            const { prop, edges } = own(rules, goal)?.value ?? {}
            const value = edges && rounded(own(event.props, prop as string), edges, random())
            if (value !== undefined) tell('value', trial, value)
          }
        }
      }
      // Last, so that no goal of an earlier page counts for it.
      if (begins !== undefined) begin(begins, now)
      for (const trial of trials.values()) sweep(transaction, trial, now)
      for (const trial of changed) transaction.put(trialKey(trial), trial)
      const declared = happened.flatMap(({ event, page, goals }) => goals.filter((name) => own(ruleset.rows, name)).map((name): [VisitorEvent, string, string | undefined] => [event, name, page]))
      return [...told, ...(await count(transaction, ruleset, declared, now))]
    },
  }
}
