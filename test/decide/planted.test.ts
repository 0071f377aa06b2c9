// @vitest-environment node
// Does the comparison see what is wrong? Bugs are planted in copies of the engine, and each has to be found.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { play } from './differential.js'
import { random, scenario } from './scenario.js'

const LIVES = 400

const BUGS: [what: string, file: string, right: string, wrong: string][] = [
  ['a window that is left a millisecond late', 'span.ts', '=> oldest + length }', '=> oldest + length + 1 }'],
  ['late events put last', 'tally.ts', 'while (index > 0 && (times[index - 1] as number) > at) index--', ''],
  ['a gap that is exclusive', 'sequence.ts', 'begun > start && at - end <= gap) start', 'begun > start && at - end < gap) start'],
  ['a clock that is never put back', 'network.ts', 'if (to < clock) leaves.forEach(touch)', ''],
  ['one entry too few kept', 'question.ts', '...named(condition))) + 1', '...named(condition))) || 1'],
  ['elements of lists not looked up', 'route.ts', 'Array.isArray(value) ? [...value, ...coerced(value)] : coerced(value)', 'coerced(value)'],
  ['an expiry that is asked about once only', 'network.ts', 'leaf.due = NEVER\n', '\n'],
  ['a rule not asked again when its segment changes', 'segments.ts', 'stir?.rule(number)\n', '\n'],
  ['facts that stir no rule', 'standing.ts', 'if (after[i] !== before[i]) rules.forEach(stir)', ''],
  ['time that stirs no rule', 'standing.ts', '[0] <= now; passed++)', '[0] < 0; passed++)'],
  ['a visit that goes on unheard', 'standing.ts', 'reach.visit.forEach(stir)\n', '\n'],
  ['a list of which one element is heard', 'listeners.ts', 'if (isPlain(key))', 'if (isPlain(key) && !Array.isArray(at(props, path)))'],
  ['an event that serves two steps', 'sequence.ts', 'for (let step = count - 1; step >= 0; step--) {', 'for (let step = 0; step < count; step++) {'],
]

test.each(BUGS)('with %s somebody is counted wrong', async (_, file, right, wrong) => {
  const directory = mkdtempSync(join(tmpdir(), 'slotwise-planted-'))
  const outfile = join(directory, 'engine.mjs')
  let planted = 0
  try {
    await build({
      entryPoints: ['src/decide/decide.ts'],
      bundle: true,
      format: 'esm',
      outfile,
      plugins: [
        {
          name: 'plant',
          setup: ({ onLoad }) =>
            onLoad({ filter: /decide[/\\]\w+\.ts$/ }, ({ path }) => {
              const text = readFileSync(path, 'utf8')
              if (!path.endsWith(file)) return { contents: text, loader: 'ts' }
              planted += text.split(right).length - 1
              return { contents: text.replace(right, wrong), loader: 'ts' }
            }),
        },
      ],
    })
    expect(planted, `${file} no longer holds what the bug replaces`).toBe(1)
    const { createDecider } = await import(/* @vite-ignore */ pathToFileURL(outfile).href)
    const isRight = (seed: number): boolean => [false, true].every((pages) => typeof play(scenario(random(seed)), createDecider, { pages }) === 'number')
    let seed = 1
    while (seed < LIVES && isRight(seed)) seed++
    expect(seed).toBeLessThan(LIVES)
  } finally {
    rmSync(directory, { recursive: true })
  }
}, 60_000)
