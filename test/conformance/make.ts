// Makes the conformance files from the reference evaluator, so that anybody can port the engine and check the port.
// Usage: npx esbuild test/conformance/make.ts --bundle --platform=node --format=esm | node --input-type=module -

import { writeFileSync } from 'node:fs'
import { reference } from '../decide/reference.js'
import { random, scenario } from '../decide/scenario.js'
import type { Case, Moment } from './case.js'

const PER_FILE = 25
const FILES = 4

function play(name: string, seed: number): Case {
  const { ruleset, steps } = scenario(random(seed), 14)
  const slow = reference(ruleset)
  const facts = { traits: {}, context: {}, facts: {} } as { traits: object; context: object; facts: object }
  let before: string[] = []
  const look = (at: number, given: Partial<Moment>): Moment => {
    const members = slow.members(at, facts as never)
    const changed = [...members.filter((one) => !before.includes(one)), ...before.filter((one) => !members.includes(one))].sort()
    before = members
    return { at, ...given, members, changed }
  }
  const moments: Moment[] = [look((steps[0] as { at: number }).at, {})]
  for (const [i, step] of steps.entries()) {
    if ('restart' in step) continue
    const { at, ...given } = step
    if ('event' in given) slow.feed(given.event)
    if ('traits' in given || 'context' in given || 'facts' in given) Object.assign(facts, given)
    moments.push(look(at, 'tick' in given ? {} : given))
    const until = steps[i + 1]?.at ?? at + 4 * 86_400_000
    const instants = slow.instants(at, until)
    const every = Math.max(1, Math.floor(instants.length / 6))
    for (let j = 0; j < instants.length; j += every) {
      const time = instants[j] as number
      if (time - 1 > at) moments.push(look(time - 1, {}))
      moments.push(look(time, {}))
    }
  }
  return { name, ruleset: { ...ruleset, version: 1 }, steps: moments }
}

for (let file = 0; file < FILES; file++) {
  const cases = Array.from({ length: PER_FILE }, (_, i) => play(`life ${file * PER_FILE + i + 1}`, 50_000 + file * PER_FILE + i))
  writeFileSync(`test/conformance/lives-${file + 1}.json`, `[\n${cases.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`)
}
