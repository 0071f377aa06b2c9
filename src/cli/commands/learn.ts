// The command `slotwise learn`.

import type { Change, Learned } from '../learn/learn.js'
import { colours, printJson, refuse, writeText } from '../terminal.js'
import type { Register } from './commands.js'
import { type CountingOptions, counted, countingOptions } from './counting.js'

const HELP = `
Gives the arms of each split that says "learn": true the more weight, the likelier they are the best (after Thompson
sampling, by quadrature), with a floor that is spread evenly, and writes that as a new version of the weights; the one before goes to
"past", so that its trials can still be told. Nothing else in the file changes. The same rows give the same bytes.

Without --write it only shows what would change. Run it once a day, look at the diff, and publish the ruleset.

Examples:
  $ slotwise learn rows/ --ruleset slotwise.json
  $ slotwise learn rows/ --ruleset slotwise.json --write && git diff slotwise.json

Exit codes: 0 done, or nothing to do; 2 wrong use, or nothing to count.`

interface LearnCommandOptions extends CountingOptions {
  write?: boolean
  floor: number
  halfLife: number
}

const between = (name: string, low: number, high: number) => (text: string): number => {
  const value = Number(text)
  return text.trim() !== '' && value >= low && value <= high ? value : refuse(`${name} takes a number from ${low} to ${high}, got "${text}"`)
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

function told({ experience, slot, from, to, strata }: Change): string[] {
  const widest = Math.max(...strata.flatMap(({ arms }) => arms.map(({ arm }) => arm.length)))
  return [
    `${colours.bold(experience)}  (slot ${slot}): weights version ${from} becomes ${to}`,
    ...strata.flatMap(({ stratum, arms, leader, gain, cost, leaderCost }) => [
      ...(strata.length > 1 ? [`  ${stratum === '*' ? 'in none of the segments' : `segment ${stratum}`}`] : []),
      ...arms.map(({ arm, before, after, trials, rate, best }) => `    ${arm.padEnd(widest)}  ${percent(before).padStart(7)} -> ${percent(after).padStart(7)}   ${trials} trials, rate about ${percent(rate)}, best with ${percent(best)}`),
      `    That brings about ${gain.toFixed(2)} goals more in 1,000 trials. "${leader}" leads; if another is better, each 1,000 trials of it cost ${leaderCost.toFixed(2)} goals on average. To go on finding out costs ${cost.toFixed(2)} in 1,000.`,
    ]),
  ]
}

const say = ({ changes, leftAlone, diff }: Learned, file: string, wrote: boolean): string =>
  [
    ...changes.flatMap(told),
    ...leftAlone.map(({ experience, why }) => `${experience}: left alone, ${why}`),
    ...(changes.length === 0 ? [`${file}: nothing changes`] : wrote ? [`${file}: written`] : ['', `--- ${file}`, `+++ ${file}`, ...diff, '', 'Nothing is written; --write writes it.']),
    '',
  ].join('\n')

export const learn: Register = (program) =>
  countingOptions(program.command('learn').summary('gives better arms more visitors, as a small change to the ruleset').description('Learns from rows how often each arm should be drawn, and says so in the ruleset.'))
    .option('--write', 'writes the ruleset; without it only shows what would change')
    .option('--floor <share>', 'share of visitors who are spread evenly', between('--floor', 0, 1), 0.05)
    .option('--half-life <days>', 'after so many days a trial counts half', between('--half-life', 1, 3650), 28)
    .addHelpText('after', HELP)
    .action(async (files: string[], options: LearnCommandOptions) => {
      const { ruleset, write = false, json, today, floor, halfLife } = options
      const { learn } = await import('../learn/learn.js')
      const { checkRuleset } = await import('../../ruleset.js')
      const { text, rulesets, counted: found } = await counted(files, options)
      const learned = learn(text, rulesets, found.cells, { floor, halfLife, ...(today === undefined ? {} : { today }) })
      const [problem] = checkRuleset(JSON.parse(learned.text))
      if (problem) refuse(`what was learned cannot be written: ${problem.path}: ${problem.message}`)
      if (write && learned.changes.length > 0) await writeText(ruleset, learned.text)
      if (json) printJson({ ...learned, wrote: write && learned.changes.length > 0, rows: found.rows, broken: found.broken, examples: found.examples })
      else process.stdout.write(say(learned, ruleset, write))
    })
