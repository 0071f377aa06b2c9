// @vitest-environment node
// The type of a ruleset beside the check: generated rulesets, right ones and ones with a slip, as code that is compiled.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { checkRuleset } from '../src/ruleset.js'
import { random, scenario } from './decide/scenario.js'
import { slip, whole } from './support/rulesets.js'

/** Which of these values does the compiler refuse as a ruleset? By what it says. */
function refusals(values: unknown[]): Map<number, string> {
  const directory = mkdtempSync(join(tmpdir(), 'slotwise-types-'))
  try {
    const lines = values.map((value, i) => `export const r${i}: Ruleset = ${JSON.stringify(value)}`)
    writeFileSync(join(directory, 'rulesets.mts'), [`import type { Ruleset } from '${resolve('src/types.js')}'`, ...lines].join('\n'))
    writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({ extends: resolve('tsconfig.json'), include: ['rulesets.mts'] }))
    const { stdout } = spawnSync(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', directory, '--pretty', 'false'], { encoding: 'utf8' })
    const said = [...stdout.matchAll(/rulesets\.mts\((\d+),\d+\): (.*)/g)].map(([, line, what]): [number, string] => [Number(line) - 2, what as string])
    return new Map(said.reverse())
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** What no type can tell, by what the check says of it. */
const BEYOND_TYPES: { [what: string]: RegExp } = {
  'where a name leads': /^no (segment|goal|interest|group|page group) |^segments go round|^more than 100 segments/,
  'that names are unique, and versions': /is also the name of|is the page's own content|stands there already/,
  'which names are not allowed': /^this name is not allowed|^a variant may not (hold|set)/,
  'how great a number is': /^expected (a whole number|a share|a number, [01] or more).*, got -?\d|^at least one weight/,
  'what a text says': /^expected (a text, got ""|(a date|a time zone|a CSS selector).*, got ")|^".*" is no (regular expression|path|address)/,
  'how many properties there are': /^expected (exactly one property.*, got \{|a number or a condition.*, got \{\}|HTML as a text.*, got \[|a list with (at least one entry|1 to 20 entries), got \[)/,
  'which keys exclude one another': /^asks several questions at once|^needs either |^"(redirect|recommend)" stands alone/,
  'what two values are to each other': /^ends at |^"max" is shorter|is of the same exclusive group/,
  // Objects of a union take the keys of all its members, and conditions any path.
  'which key of another rule stands in this one': /^unknown key /,
  'which path begins with $': /^unknown operator /,
}
const isBeyond = ({ message }: { message: string }): boolean => Object.values(BEYOND_TYPES).some((pattern) => pattern.test(message))

test('what is right compiles; and of what is wrong the compiler refuses all that a type can tell, and nothing else', () => {
  const right = [...Array.from({ length: 300 }, (_, i) => whole(random(i + 1))), ...Array.from({ length: 50 }, (_, i) => scenario(random(i + 1)).ruleset)]
  const slips = Array.from({ length: 3000 }, (_, i) => {
    const next = random(i + 1)
    return slip(whole(next), next)
  })
  const all: unknown[] = [...right, ...slips]
  const refused = refusals(all)
  let told = 0
  for (const [i, ruleset] of all.entries()) {
    const problems = checkRuleset(ruleset)
    const seed = `${i < right.length ? 'right' : 'slip'} ${i}: ${JSON.stringify(ruleset)}`
    if (refused.has(i)) {
      expect(problems.length, `the compiler says ${refused.get(i)} of ${seed}`).toBeGreaterThan(0)
      told++
    } else expect(problems.filter((problem) => !isBeyond(problem)), `the compiler takes ${seed}`).toEqual([])
  }
  // It sees most of what the check sees: a compiler that did not run would be noticed.
  expect(told).toBeGreaterThan(1500)
  expect(told).toBeLessThan(slips.length)
}, 60_000)
