// @vitest-environment node
// The built package, as Node and a bundler take it.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const node = (code: string): string => {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return stdout.trim()
}

test('importing the package in Node has no side effects', () => {
  const said = node(`
    const before = Reflect.ownKeys(globalThis).length
    await import('slotwise'); await import('slotwise/rules'); await import('slotwise/banner'); await import('slotwise/recommend')
    for (const name of ['tcf', 'gpp', 'consentMode', 'oneTrust', 'cookiebot', 'didomi', 'vanillaCookieconsent', 'klaro']) if (typeof (await import('slotwise/cmp/' + name))[name] !== 'function') throw new Error(name)
    console.log(Reflect.ownKeys(globalThis).length - before, process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length)`)
  expect(said).toBe('0 0')
})

test('without a document there is nothing to show, and the rest works', () => {
  const said = node(`
    import { personalize } from 'slotwise'
    const site = personalize({ ruleset: { version: 1, segments: { pro: { trait: { plan: 'pro' } }, did: { event: 'x' } }, slots: { hero: { experiences: [{ name: 'a', when: 'pro', show: 'b' }] } } } })
    site.traits({ plan: 'pro' })
    await site.ready
    site.track('x')
    console.log(JSON.stringify([site.segments(), site.decide('hero').variant]))
    await site.forget()
    console.log(JSON.stringify(site.segments()))
    site.stop()`)
  expect(said).toBe('[["pro","did"],"b"]\n[]')
})

test('the rules run in Node by the package’s own name', () => {
  const said = node(`
    import { evaluate } from 'slotwise/rules'
    console.log(evaluate({ version: 1, segments: { a: { event: 'x', count: { $gte: 2 }, within: '1d' } } }, { events: [{ type: 'x', at: 1 }, { type: 'x', at: 2 }], now: 3 }).join())`)
  expect(said).toBe('a')
})

test('no file that a page loads reads HTML from a text, or runs a text as code', () => {
  const files = readdirSync('dist', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js') && !name.startsWith('cli'))
  expect(files).toEqual(expect.arrayContaining(['slotwise.js', 'language.js', 'teller.js', 'banner.js', 'index.js']))
  for (const name of files) {
    expect(readFileSync(`dist/${name}`, 'utf8'), name).not.toMatch(/\beval\(|new Function\b|innerHTML|outerHTML|insertAdjacentHTML|document\.write|setHTMLUnsafe|parseHTMLUnsafe|createContextualFragment|DOMParser|srcdoc|parse5/)
  }
})

test('the bootstrap can stand in a page as it is, and the build says by which hash a policy lets it run', () => {
  const code = readFileSync('dist/bootstrap.js', 'utf8')
  expect(code).not.toMatch(/<\/script|<!--|sourceMappingURL|\beval\b|innerHTML|\bimport\b|\bfetch\b/i)
  expect(JSON.parse(readFileSync('dist/bootstrap.json', 'utf8'))).toEqual({ hash: `sha256-${createHash('sha256').update(code).digest('base64')}`, code })
})

test('the script tag’s file can run no text as code, and leaves history, fetch and cookies alone', () => {
  const built = readFileSync('dist/slotwise.js', 'utf8')
  expect(built).not.toMatch(/\beval\b|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write|document\.cookie|sendBeacon|XMLHttpRequest/)
  // One request, for the ruleset; what else is passed on goes to the file that sends, which is not in here.
  expect(built.match(/\bfetch\(/g) ?? []).toEqual([])
  // What lies beside it, and extras by the name that the page gives.
  expect(built.match(/\bimport\(("[^"]*")?/g)?.sort()).toEqual(['', '"./explain.js"', '"./hinter.js"', '"./language.js"', '"./previewer.js"', '"./signals.js"', '"./sources.js"', '"./teller.js"'].map((name) => `import(${name}`))
  expect(built).not.toContain('keepalive')
})
