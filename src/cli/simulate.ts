// slotwise simulate: journeys and populations through the code that decides in the browser.

import { compile } from '../rules.js'
import type { RulesetError } from '../ruleset.js'
import type { Ruleset } from '../types.js'
import { play, type Told } from './simulate/play.js'
import { type Populated, populate } from './simulate/population.js'
import { type Difference, differences, differencesText, journeyText, populationText } from './simulate/print.js'
import { readJourneys, readPopulation } from './simulate/read.js'
import { progress, readText, refuse } from './terminal.js'

export interface SimulateOptions {
  ruleset: string
  journeys: string[]
  population?: string | undefined
  /** In place of the population's own. */
  visitors?: number | undefined
  seed?: number | undefined
  /** Another ruleset, for what the same visitors would have seen by that. */
  against?: string | undefined
  /** Says of each slot what each of its experiences says. */
  why?: boolean
  /** Says every step, and not only those with something unmet. */
  all?: boolean
}

export interface Simulated {
  ok: boolean
  journeys: (Told & { file: string })[]
  population?: Populated
  differences?: Difference[]
}

async function rulesetOf(file: string): Promise<Ruleset> {
  const text = await readText(file)
  try {
    return compile(JSON.parse(text)).ruleset
  } catch (error) {
    const { name, message } = error as RulesetError
    return refuse(name === 'RulesetError' ? `${file}: ${message}; slotwise check ${file} says more` : `${file} is not JSON: ${message}`)
  }
}

export async function simulate({ ruleset: file, journeys, population, visitors, seed, against, why = false, all = false }: SimulateOptions): Promise<{ simulated: Simulated; text: string }> {
  const ruleset = await rulesetOf(file)
  const other = against === undefined ? undefined : await rulesetOf(against)
  const told: (Told & { file: string })[] = []
  const texts: string[] = []
  const theirs: Told[] = []
  for (const one of journeys) {
    for (const journey of readJourneys(one, await readText(one), ruleset)) {
      told.push({ file: one, ...(await play(ruleset, journey, why)) })
      if (other) theirs.push(await play(other, { ...journey, visitor: journey.visitor ?? journey.name, steps: journey.steps.map(({ expect, ...step }) => step) }))
    }
  }
  const failed = told.filter(({ steps }) => steps.some(({ unmet }) => unmet.length > 0))
  for (const one of told) texts.push(journeyText(one.file, one, all || why))
  if (told.length > 0) texts.push(failed.length === 0 ? `${told.length} journeys, all as expected` : `${failed.length} of ${told.length} journeys are not as expected`)

  const simulated: Simulated = { ok: failed.length === 0, journeys: told }
  if (other && against !== undefined) {
    simulated.differences = differences(told, theirs)
    texts.push(differencesText(against, simulated.differences))
  }
  if (population !== undefined) {
    const drawn = readPopulation(population, await readText(population))
    const going = progress('Drawing visitors')
    simulated.population = await populate(ruleset, { ...drawn, ...(visitors === undefined ? {} : { visitors }), ...(seed === undefined ? {} : { seed }) }, going.at)
    going.end()
    texts.push(populationText(simulated.population))
  }
  return { simulated, text: texts.join('\n') }
}
