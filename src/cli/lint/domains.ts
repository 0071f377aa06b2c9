// What context and the properties of automatic events can be at all, where that is known beforehand.

import { duration } from '../../lib/duration.js'
import { own } from '../../lib/own.js'
import type { Ruleset } from '../../types.js'
import { counts, texts } from './points.js'
import type { Variable } from './solve.js'

const REFERRERS = ['search', 'social', 'mail', 'internal', 'direct', 'other']

/** By name in the context; what is missing there stands for "not known", too. */
const FEW: { [name: string]: unknown[] } = {
  device: ['phone', 'tablet', 'desktop'],
  visitor: ['new', 'returning'],
  viewport: ['narrow', 'medium', 'wide'],
  weekday: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
  colorScheme: ['dark', 'light'],
  connection: ['slow-2g', '2g', '3g', '4g'],
  referrer: REFERRERS,
  'first.referrer': REFERRERS,
  reducedMotion: [true, false],
  saveData: [true, false],
  hour: Array.from({ length: 24 }, (_, hour) => hour),
}

const COUNTS = ['visit', 'daysSinceFirst', 'daysSinceLast']
const TEXTS = /^(page|path|language|timeZone|click|landing|(first\.)?(utm\.\w+|click|landing)|params\..+)$/

/** What a context's value can be; undefined where nothing is known of it. */
export function contextDomain(name: string): Variable['points'] | undefined {
  const few = own(FEW, name)
  if (few) return () => [undefined, ...few]
  if (COUNTS.includes(name)) return (conditions) => [undefined, ...counts(conditions).filter((n) => name !== 'visit' || n > 0)]
  return TEXTS.test(name) ? texts : undefined
}

const SECONDS = ['10s', '30s', '60s', '120s']

/** What a property of an event can be that is recorded by itself; undefined where nothing is known of it. */
export function propertyDomain({ sense = {} }: Pick<Ruleset, 'sense'>, event: string, property: string): Variable['points'] | undefined {
  if ((sense.off as string[] | undefined)?.includes(event)) return undefined
  if (event === 'scroll' && property === 'percent') return () => [25, 50, 75, 100]
  if (event === 'engaged' && property === 'seconds') return () => (sense.engaged ?? SECONDS).map((length) => duration(length) / 1000)
  if (event === 'visit' && property === 'referrer') return () => [undefined, ...REFERRERS]
  return undefined
}
