// @vitest-environment node
// Type, check and JSON Schema are one: generated rulesets, right ones and ones with a slip, get the same verdict.

import Ajv from 'ajv/dist/2020.js'
import { expect, test, vi } from 'vitest'
import { describe, jsonSchema, keysOf } from '../src/cli/schema.js'
import { checkRuleset } from '../src/ruleset.js'
import { random, scenario } from './decide/scenario.js'
import { slip, whole } from './support/rulesets.js'

// Thousands of rulesets, on a machine that does other things too.
vi.setConfig({ testTimeout: 60_000 })

const validate = new Ajv({ allowUnionTypes: true, strict: true, formats: { regex: true }, strictRequired: false, strictTypes: false, strictTuples: false }).compile(jsonSchema() as object)

/** What the schema cannot know: where a name leads, and how patterns and zones behave. */
const onlyByReference = (value: unknown): boolean => {
  const problems = checkRuleset(value)
  return problems.length > 0 && problems.every(({ message }) => /^(no (segment|goal|interest|group)|ends at|"max" is shorter|".*" is of the same|segments go round|at least one weight|".*" is (also|the page)|version \d|expected a time zone .* got "[^"]|expected a CSS selector .* got "[^"]|.*is no regular expression|a variant may not|".*" (is no (address|path)|may not stand here)|"(redirect|recommend)" stands alone)/.test(message))
}

test('every key of a ruleset is explained in the schema', () => {
  expect(keysOf().filter((key) => !describe(...(key.split('.') as [string, string])))).toEqual([])
  expect(JSON.stringify(jsonSchema())).not.toContain('"description":null')
})

test('right rulesets are right by check and by schema', () => {
  for (let seed = 1; seed <= 1500; seed++) {
    const ruleset = whole(random(seed))
    expect(checkRuleset(ruleset).filter(() => !onlyByReference(ruleset)), JSON.stringify(ruleset)).toEqual([])
    expect(validate(ruleset), `seed ${seed}: ${JSON.stringify(validate.errors?.[0])} in ${JSON.stringify(ruleset)}`).toBe(true)
  }
  for (let seed = 1; seed <= 300; seed++) {
    const { ruleset } = scenario(random(seed))
    expect(checkRuleset(ruleset)).toEqual([])
    expect(validate(ruleset), JSON.stringify(ruleset)).toBe(true)
  }
})

test('a slip that the check refuses is refused by the schema, and none other', () => {
  let refused = 0
  for (let seed = 1; seed <= 4000; seed++) {
    const next = random(seed)
    const ruleset = slip(whole(next), next)
    const byCheck = checkRuleset(ruleset).length === 0 || onlyByReference(ruleset)
    if (!byCheck) refused++
    expect(validate(ruleset), `seed ${seed}: ${JSON.stringify(checkRuleset(ruleset)[0])} ${JSON.stringify(validate.errors?.[0])} in ${JSON.stringify(ruleset)}`).toBe(byCheck)
  }
  expect(refused).toBeGreaterThan(1500)
})
