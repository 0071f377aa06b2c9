// Trials: read off the log, in its order, with a cursor kept in the very transaction that keeps what follows from it.
// So a trial opens once and closes once, whatever tabs, reloads, crashes and clocks do.
//
//   ['g']   cursor: the last batch that was read        ['t', experience, epoch]   a trial

import { epochOf, utcDay } from '../lib/day.js'
import { duration } from '../lib/duration.js'
import { EXPOSURE, SEEN } from '../lib/exposure.js'
import { isObject } from '../lib/own.js'
import type { Key, ReadLog, Row, Ruleset, Transaction, Trial, VisitorEvent } from '../types.js'

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

export interface Told {
  metric: Row['metric']
  trial: HeldTrial
}

export const EVERYTHING: Row['metric'][] = ['shown', 'seen', 'goal']

export const trialKey = ({ experience, epoch }: Pick<HeldTrial, 'experience' | 'epoch'>): Key => ['t', experience, epoch]

const asTrial = (value: unknown): HeldTrial[] => (isObject(value) && Array.isArray(value.told) ? [value as unknown as HeldTrial] : [])

const opening = ({ at, props: { experience, trial } }: VisitorEvent): HeldTrial | undefined =>
  typeof experience === 'string' && isObject(trial) && Number.isInteger(trial.epoch)
    ? { ...(trial as unknown as Pick<HeldTrial, 'arm' | 'held' | 'weights' | 'stratum' | 'epoch'>), experience, day: utcDay(at), at, told: [] }
    : undefined

export interface Trials {
  /** Reads on in the log, and gives what is to be told. */
  follow(transaction: Transaction, log: ReadLog, now: number): Promise<Told[]>
}

/** `goals` names the goals that an event counts for. */
export function createTrials(ruleset: Ruleset, goals: (event: VisitorEvent) => string[]): Trials {
  const goalOf = new Map(Object.values(ruleset.slots ?? {}).flatMap(({ experiences = [] }) => experiences.map(({ name, goal }) => [name, goal])))
  const windowOf = (experience: string): number => duration(ruleset.goals?.[goalOf.get(experience) ?? '']?.window ?? '7d')

  /** Cannot open again, and no goal can fall in its window. */
  const isOver = ({ experience, epoch, at }: HeldTrial, now: number): boolean => epochOf(now, ruleset.epochDays) > epoch && now - at > windowOf(experience)

  const sweep = (transaction: Transaction, trial: HeldTrial, now: number): void => {
    const { over, ...rest } = trial
    const today = utcDay(now)
    if (!isOver(trial, now)) {
      if (over !== undefined) transaction.put(trialKey(trial), rest)
    } else if (over === undefined) transaction.put(trialKey(trial), { ...rest, over: today })
    // Not on the day that it is first found: a clock that was wrong for a while must not open a trial again.
    else if (over < today) transaction.drop(trialKey(trial))
  }

  const readable = (event: VisitorEvent): boolean => event.type === EXPOSURE || event.type === SEEN || goals(event).length > 0

  return {
    follow: async (transaction, log, now) => {
      const cursor = await transaction.get(['g'])
      const { n, events } = await log(isObject(cursor) ? (cursor.n as number) : Number.POSITIVE_INFINITY)
      if (isObject(cursor) && n === cursor.n) return []
      transaction.put(['g'], { v: 1, n })
      if (!events.some(readable)) return []

      const trials = new Map((await transaction.all(['t'])).flatMap(([, value]) => asTrial(value)).map((trial) => [trialKey(trial).join(), trial]))
      const told: Told[] = []
      const tell = (metric: Row['metric'], trial: HeldTrial | undefined): void => {
        if (!trial || trial.told.includes(metric)) return
        trial.told.push(metric)
        told.push({ metric, trial })
      }
      for (const event of events) {
        const opened = event.type === EXPOSURE || event.type === SEEN ? opening(event) : undefined
        if (opened) {
          const id = trialKey(opened).join()
          if (event.type === EXPOSURE && !trials.has(id)) trials.set(id, opened)
          tell(event.type === EXPOSURE ? 'shown' : 'seen', trials.get(id))
        }
        const reached = goals(event)
        for (const trial of reached.length > 0 ? trials.values() : []) {
          const goal = goalOf.get(trial.experience)
          if (goal !== undefined && reached.includes(goal) && event.at - trial.at <= windowOf(trial.experience)) tell('goal', trial)
        }
      }
      for (const trial of trials.values()) sweep(transaction, trial, now)
      for (const { trial } of told) transaction.put(trialKey(trial), trial)
      return told
    },
  }
}
