import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchesPath, pageGroup } from '../../src/lib/pattern.js'

test.each([
  ['/p/*', '/p/boots', true],
  ['/p/*', '/p/boots/red', true],
  ['/p/*', '/p', false],
  ['/p/*', '/shop/p/boots', false],
  ['/pricing', '/pricing', true],
  ['/pricing', '/pricing/', true],
  ['/pricing/', '/pricing', true],
  ['/pricing', '/pricing/teams', false],
  ['/', '/', true],
  ['/', '/en', false],
  ['/blog/:post', '/blog/first', true],
  ['/blog/:post', '/blog/first/comments', false],
  ['/blog/:post', '/blog/', false],
  ['/:lang/shop/*', '/pt/shop/boots', true],
  ['*.html', '/a/b.html', true],
  ['*.html', '/a/bxhtml', false],
  ['/a+b(c)', '/a+b(c)', true],
  ['*', '/anything', true],
  ['/calçados/*', '/cal%C3%A7ados/bota', true],
  ['/cal%C3%A7ados/*', '/calçados/bota', true],
  ['/broken/*', '/broken/%E0%A4%A', true],
  ['/a/*/b/*/c', '/a/1/b/2/b/3/c', true],
])('the pattern %s on the path %s: %s', (pattern, path, expected) => {
  expect(matchesPath(pattern, path)).toBe(expected)
})

test('stars match as one regular expression would have it', () => {
  const piece = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*'), maxLength: 6 })
  fc.assert(
    fc.property(piece, fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 10 }), (pattern, path) => {
      const slow = new RegExp(`^${`/x${pattern}y`.replace(/\*/g, '.*')}$`)
      expect(matchesPath(`/x${pattern}y`, `/x${path}y`)).toBe(slow.test(`/x${path}y`))
    }),
    { numRuns: 2000 },
  )
})

test('a long hostile address cannot hold up the page', () => {
  const started = performance.now()
  expect(matchesPath(`/${'*a'.repeat(20)}b`, `/${'a'.repeat(5000)}`)).toBe(false)
  expect(performance.now() - started).toBeLessThan(500)
})

test('the first group in the order of the ruleset wins', () => {
  const pages = { product: ['/p/*', '/en/p/*'], all: '/*' }
  expect(pageGroup(pages, '/en/p/boots')).toBe('product')
  expect(pageGroup(pages, '/other')).toBe('all')
  expect(pageGroup({}, '/other')).toBeUndefined()
  expect(pageGroup(undefined, '/other')).toBeUndefined()
})
