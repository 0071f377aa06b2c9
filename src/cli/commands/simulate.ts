// The command `slotwise simulate`.

import { EXIT, printJson, refuse } from '../terminal.js'
import type { Register } from './commands.js'

const HELP = `
A journey is a visitor's story with what has to come of it, so that a ruleset has tests:

  { "journeys": [{
      "name": "Who reads two stories about boots sees boots",
      "steps": [
        { "view": "/boots/1" },
        { "after": "3h", "view": "/boots/2?utm_source=news", "expect": { "slots": { "hero": "default" } } },
        { "after": "2d", "view": "/", "expect": { "segments": ["boot-reader"], "slots": { "hero": "boots" } } }
      ] }] }

A step may also "track" an event, meet a "trigger", "dismiss" a slot, tell "traits", answer for "consent" and "forget".
Time is the story's own. Segments, decisions, caps and trials are those of the browser's own code.

A population draws visitors of several kinds, the same for the same seed, and says whom each experience reaches:

  { "visitors": 2000, "seed": 1, "kinds": [
      { "name": "reader", "share": 3, "measured": 0.6, "steps": [
        { "times": [1, 5], "after": ["1h", "3d"], "view": ["/boots/1", "/tents/1"] },
        { "chance": 0.1, "track": "newsletter_signup" } ] }] }

Examples:
  $ slotwise simulate slotwise.json journeys/*.json
  $ slotwise simulate slotwise.json journeys/boots.json --why
  $ slotwise simulate slotwise.json journeys/*.json --against slotwise.old.json
  $ slotwise simulate slotwise.json --population visitors.json --visitors 10000 --json

Exit codes: 0 all is as expected, 1 it is not, 2 wrong use, or a file cannot be used.`

const whole = (flag: string, least: number) => (value: string): number => (/^\d{1,7}$/.test(value) && Number(value) >= least ? Number(value) : refuse(`${flag} takes a whole number from ${least} on, got "${value}"`))

export const simulate: Register = (program, exit) =>
  program
    .command('simulate')
    .summary('plays visitors through a ruleset: tests for it, and whom it reaches')
    .description('Plays journeys and drawn populations through a ruleset, by the very code that decides in the browser.')
    .argument('<ruleset>', 'the ruleset')
    .argument('[journeys...]', 'files of journeys')
    .option('--population <file>', 'draws visitors as this file says')
    .option('--visitors <n>', 'so many of them', whole('--visitors', 1))
    .option('--seed <n>', 'others, or the same again', whole('--seed', 0))
    .option('--against <file>', 'what the same visitors would have seen by this ruleset')
    .option('--all', 'every step, and not only those that are not as expected')
    .option('--why', 'every step, with what each experience says')
    .option('--json', 'as JSON: { ok, journeys, population, differences }')
    .addHelpText('after', HELP)
    .action(async (ruleset: string, journeys: string[], { json, ...options }: { json?: boolean; population?: string; visitors?: number; seed?: number; against?: string; why?: boolean; all?: boolean }) => {
      if (journeys.length === 0 && options.population === undefined) refuse('simulate takes journeys, or --population')
      const { simulate } = await import('../simulate.js')
      const { simulated, text } = await simulate({ ruleset, journeys, ...options })
      if (json) printJson(simulated)
      else console.log(text)
      exit(simulated.ok ? EXIT.fine : EXIT.findings)
    })
