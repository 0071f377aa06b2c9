// docs/banner.md says that each of its 28 demands is named by a test that runs: that is true, or this fails.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const DOC = readFileSync('docs/banner.md', 'utf8')
const FILES = [...DOC.matchAll(/`(test\/[\w./-]+\.test\.ts)`/g)].map(([, path]) => path as string).filter((path) => !path.startsWith('test/docs/'))
const DEMANDS = Array.from({ length: 28 }, (_, i) => `B${String(i + 1).padStart(2, '0')}`)

/** What the titles of a file's tests name; of those only that run in every engine, and always. */
const namedIn = (text: string): string[] =>
  [...text.matchAll(/^test(\.each\((?:.|\n)*?\))?\(\s*['`](B\d\d):/gm)].map(([, , demand]) => demand as string)

test('each demand on the banner is named by a test that runs, in a file that the document names', () => {
  expect(FILES.length).toBeGreaterThanOrEqual(3)
  const named = FILES.flatMap((path) => {
    // Every engine takes these up.
    expect(path).toMatch(/^test\/e2e\/.*\.test\.ts$|\.browser\.test\.ts$/)
    return namedIn(readFileSync(path, 'utf8'))
  })
  expect([...new Set(named)].sort()).toEqual(DEMANDS)
})

test('a test that is skipped, said to fail, or only spoken of names nothing', () => {
  expect(namedIn("test('B01: x', async () => {})\ntest.each([[1, 2]])('B02: %i', () => {})\ntest.each(A.flatMap((a) => [a]))('B03: x', () => {})")).toEqual(['B01', 'B02', 'B03'])
  expect(namedIn("// test('B01: x')\ntest.skip('B02: x', () => {})\ntest.runIf(chromium)('B03: x', () => {})\ntest.fails('B04: x', () => {})\n  test('B05: x')\ntest('of B06: x')\ntest.todo('B07: x')")).toEqual([])
})
