// advise(): the one thing to do about an experience, and the figures that say so.

import type { ExperienceReport } from './report.js'

/** Words are put to it in each language. */
export type Advice = { code: AdviceCode; arm?: string; days?: number; versions?: number[] }

export type AdviceCode =
  /** No day is over yet. */
  | 'early'
  /** Nothing says what success is. */
  | 'no-goal'
  /** Arms did not get the visitors they should have. */
  | 'sample-ratio'
  | 'ship'
  | 'keep-default'
  | 'equal'
  /** `slotwise learn` moves visitors to the better arm by itself. */
  | 'learning'
  | 'wait'
  /** It would take longer than a year. */
  | 'never'
  /** Everybody sees the one variant: only a holdout can tell what it does. */
  | 'no-comparison'
  | 'better-than-nothing'
  | 'worse-than-nothing'
  /** Those held out were held out of everything. */
  | 'better-together'
  | 'worse-together'
  | 'holdout-wait'
  /** Odds of these versions are not known. */
  | 'unknown-versions'

const YEAR = 365

export function advise({ goal, arms, judged, holdout, learns, apart }: Omit<ExperienceReport, 'advice'>): Advice {
  const [all] = judged
  const unknown = apart.filter(({ why }) => why === 'unknown').map(({ weights }) => weights)
  if (!all) return unknown.length > 0 ? { code: 'unknown-versions', versions: unknown } : { code: 'early' }
  if (goal === null) return { code: 'no-goal' }
  if (all.sampleRatio.p < 0.001 || (holdout && holdout.sampleRatio.p < 0.001 && arms.length < 2)) return { code: 'sample-ratio' }
  if (arms.length > 1) {
    const { leader, decided, equal, days } = all
    if (decided) return leader === arms[0] && leader === 'default' ? { code: 'keep-default' } : { code: 'ship', arm: leader }
    if (equal) return { code: 'equal' }
    if (learns) return { code: 'learning', arm: leader }
    return days === null || days > YEAR ? { code: 'never' } : { code: 'wait', days }
  }
  if (!holdout) return { code: 'no-comparison' }
  const always = holdout.judged.arms[1]?.always
  if (always && always.low > 0) return { code: holdout.ofAll ? 'better-together' : 'better-than-nothing' }
  if (always && always.high < 0) return { code: holdout.ofAll ? 'worse-together' : 'worse-than-nothing' }
  const { days } = holdout.judged
  return days === null || days > YEAR ? { code: 'never' } : { code: 'holdout-wait', days }
}
