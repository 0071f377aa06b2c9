// Keeps the dependency rules: who may import whom, and which file alone may touch what.

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

const SRC = 'src'
const WINGS = ['sense', 'remember', 'decide', 'show', 'tell']

const walk = (directory: string): string[] =>
  readdirSync(directory).flatMap((name) => {
    const path = join(directory, name)
    return statSync(path).isDirectory() ? walk(path) : path.endsWith('.ts') ? [path] : []
  })

const files = walk(SRC).map((path) => {
  const text = readFileSync(path, 'utf8')
  const imports = [...text.matchAll(/(?:from|import)\s+'([^']+)'/g)].map(([, from]) => from as string)
  return {
    path: relative(SRC, path),
    text,
    // Comments may speak of anything.
    code: text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '').replace(/\s\/\/ .*$/gm, ''),
    local: imports.filter((from) => from.startsWith('.')).map((from) => relative(SRC, join(dirname(path), from)).replace(/\.js$/, '.ts')),
    packages: imports.filter((from) => !from.startsWith('.')),
  }
})

const wing = (path: string): string => path.split('/')[0] as string
const allowed = (path: string, rule: (imported: string) => boolean): void => {
  const file = files.find((one) => one.path === path)
  for (const imported of file?.local ?? []) {
    if (imported === 'types.ts' || imported.startsWith('lib/')) continue
    expect(rule(imported), `${path} imports ${imported}`).toBe(true)
  }
}
/** Fails where `pattern` stands in the code of a file that is not one of `places`. */
const only = (pattern: RegExp, ...places: string[]): void => {
  const found = files.filter(({ code }) => pattern.test(code)).map(({ path }) => path)
  for (const path of found) expect(places.some((place) => path === place || (place.endsWith('/') && path.startsWith(place))), `${pattern} in ${path}`).toBe(true)
}

test('there is something to look at', () => {
  expect(files.length).toBeGreaterThan(30)
  expect(files.flatMap(({ local }) => local).length).toBeGreaterThan(50)
})

test('the glossary imports nothing, and helpers only helpers and types', () => {
  expect(files.find(({ path }) => path === 'types.ts')?.local).toEqual([])
  for (const { path } of files.filter(({ path }) => path.startsWith('lib/'))) allowed(path, () => false)
})

test('a wing imports itself and no other wing', () => {
  for (const { path } of files.filter(({ path }) => WINGS.includes(wing(path)))) allowed(path, (imported) => wing(imported) === wing(path))
})

test('the composition root joins the doors, and only the entries import it', () => {
  const doors = WINGS.map((name) => `${name}/${name}.ts`)
  // The store and the retention rule are values that the root hands to a door.
  const values = ['remember/idb.ts', 'remember/retention.ts', 'show/render.ts']
  // By themselves, so that the script tag's file may have a twin in their place that does without.
  const twins = ['sense/triggers.ts', 'show/finder.ts', 'show/preview.ts']
  allowed('personalize.ts', (imported) => [...doors, ...values, ...twins, 'ruleset.ts', 'variants.ts', 'fence.ts', 'consent.ts', 'site.ts', 'hinter.ts'].includes(imported))
  for (const { path, local } of files) {
    if (local.includes('personalize.ts')) expect(['index.ts', 'auto.ts', 'cli/simulate.ts']).toContain(path)
  }
})

test('the pure part imports decide and the checking of rulesets', () => {
  allowed('rules.ts', (imported) => wing(imported) === 'decide' || imported === 'ruleset.ts')
  allowed('ruleset.ts', (imported) => wing(imported) === 'decide' || ['shapes.ts', 'explain.ts', 'load.ts', 'show/allow.ts', 'show/plan.ts'].includes(imported))
})

test('the simple language is a twin of the complete one for one build: only the build reaches it, and of the complete one it has types and what both share', () => {
  const shared = ['asked.ts', 'decide/experiences.ts', 'decide/explain.ts', 'hinter.ts', 'load.ts', 'sense/here.ts', 'show/alike.ts', 'show/render.ts', 'sources.ts']
  for (const { path, local, code } of files) {
    if (wing(path) !== 'quick') expect(local.filter((imported) => wing(imported) === 'quick'), path).toEqual([])
    else {
      const values = [...code.matchAll(/(?:import|export) (?!type\b)[^']*from '(\.[^']+)'/g)].map(([, from]) => relative(SRC, join(dirname(join(SRC, path)), from as string)).replace(/\.js$/, '.ts'))
      for (const imported of values) expect(wing(imported) === 'quick' || imported.startsWith('lib/') || shared.includes(imported), `${path} imports ${imported}`).toBe(true)
    }
  }
})

test('the bootstrap carries what shows a hint, and the file that leaves one joins what decides with what remembers', () => {
  allowed('bootstrap.ts', (imported) => ['remember/hint.ts', 'show/hydration.ts', 'show/render.ts', 'show/slots.ts'].includes(imported))
  allowed('hinter.ts', (imported) => ['remember/hint.ts', 'remember/left.ts', 'decide/foresee.ts', 'decide/decide.ts', 'show/alike.ts'].includes(imported))
})

test('what joins the answers of consent managers sees the record of consent, and nothing else', () => {
  allowed('sources.ts', (imported) => imported === 'consent.ts')
})

test('what is fetched when somebody asks joins what decides with what remembers', () => {
  const doors = ['decide/decide.ts', 'decide/explain.ts', 'sense/event.ts', 'consent.ts', 'parcel.ts', 'site.ts', 'portable.ts', 'meant.ts']
  allowed('asked.ts', (imported) => doors.includes(imported))
  allowed('portable.ts', (imported) => doors.includes(imported) || wing(imported) === 'remember')
  allowed('parcel.ts', () => false)
  allowed('meant.ts', (imported) => imported === 'remember/left.ts')
})

test('nothing in the core imports extras or the command line', () => {
  for (const { path, local } of files) {
    if (['extras', 'cli'].includes(wing(path))) continue
    expect(local.filter((imported) => ['extras', 'cli'].includes(wing(imported))), path).toEqual([])
  }
  for (const { path } of files.filter(({ path }) => wing(path) === 'extras')) allowed(path, (imported) => ['index.ts', 'site.ts'].includes(imported) || wing(imported) === 'extras')
})

test('what recommends is fetched by one file of the core, when a slot asks for it', () => {
  const fetching = files.filter(({ path, code }) => !['extras', 'cli'].includes(wing(path)) && /import\('[^']*extras\//.test(code)).map(({ path }) => path)
  expect(fetching).toEqual(['show/recommended.ts'])
})

test('each thing at the edge is touched in one place', () => {
  only(/'idb-keyval'|\bindexedDB\b/, 'remember/idb.ts')
  only(/'nanoid'/, 'sense/event.ts')
  only(/\blocalStorage\b/, 'lib/kept.ts', 'consent.ts', 'remember/hint.ts', 'remember/left.ts')
  // For this tab, and for somebody who asked for it in the address.
  only(/\bsessionStorage\b/, 'lib/kept.ts', 'show/preview.ts', 'show/previewer.ts')
  only(/\bBroadcastChannel\b/, 'remember/tabs.ts')
  only(/(?<!\.)\bfetch\(|\bsendBeacon\b|XMLHttpRequest/, 'load.ts', 'tell/post.ts', 'extras/', 'cli/counting/clickhouse.ts', 'cli/pages.ts')
  only(/(?<!typeof )globalThis\.fetch\b/, 'personalize.ts')
  only(/(?<![.\w])(document|window)\b(?!\?*:)/, 'sense/', 'show/', 'extras/', 'auto.ts', 'bootstrap.ts')
  only(/'node:/, 'cli/')
  only(/'parse5'/, 'cli/compile.ts', 'cli/site.ts', 'cli/pages.ts')
  only(/parseHTML|\bsetHTML\b/, 'show/parse.ts')
})

test('what decides touches no clock, no randomness and no platform', () => {
  for (const { path, code } of files.filter(({ path }) => path.startsWith('decide/'))) {
    expect(code, path).not.toMatch(/\bDate\b|\bMath\.random\b|\bperformance\b|\bsetTimeout\b|\bcrypto\b|\bglobalThis\b|\bnavigator\b/)
  }
})

test('no module keeps state of its own, and no way to run text as code is used', () => {
  for (const { path, code } of files) {
    expect(code, `module-level state in ${path}`).not.toMatch(/^(export )?let |^(export )?var /m)
    expect(code, `a class in ${path}`).not.toMatch(/^(export )?class |^(export )?enum /m)
    expect(code, path).not.toMatch(/\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write|setHTMLUnsafe|parseHTMLUnsafe|createContextualFragment|DOMParser/)
  }
})

test('every file says in its first line what it is for', () => {
  for (const { path, text } of files) expect(text.split('\n')[0], path).toMatch(/^\/\/ .{15,}[.:]?/)
})
