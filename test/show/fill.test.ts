// What is filled in: whatever a visitor brings along stays a text, and an address keeps leading where it led.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fillable, filler } from '../../src/show/fill.js'

const fill = (value: unknown) => filler((name) => (name === 'x' ? value : undefined), ['x', 'y'])
const BASE = 'https://site.example/here/page'

test('a fallback stands for what is missing, empty or no text; without one nothing does', () => {
  for (const value of [undefined, null, '', true, {}, ['a'], '\u202e']) expect(fill(value).text('Hi {{x|friend}}, {{ y }}!')).toBe('Hi friend, !')
  expect(fill('Ann').text('Hi {{ x | friend }}')).toBe('Hi Ann')
  expect(fill(3).text('{{x}}')).toBe('3')
  expect(fill('Ann').text('{{x}} {{other}} {x} {{}} {{x|a{b}}')).toBe('Ann {{other}} {x} {{}} {{x|a{b}}')
})

test('values are cut to 100 characters, and lose controls, direction marks, and what template engines look for', () => {
  expect(fill('a'.repeat(300)).text('{{x}}')).toBe('a'.repeat(100))
  expect([...fill('😀'.repeat(300)).text('{{x}}')].length).toBe(100)
  expect(fill('\u0000a\u202eb\u2066c\n{{constructor}}\ud800').text('{{x}}')).toBe('abcconstructor')
})

test.each([
  ['/offers?from={{x}}', true],
  ['/for/{{x}}/now', true],
  ['?a={{x}}', true],
  ['https://site.example/{{x}}', true],
  ['https://site.example/a{{x|b}}', true],
  ['{{x}}', false],
  ['https://{{x}}/', false],
  ['https://site.example{{x}}/', false],
  ['https://{{x}}.example/', false],
  ['//{{x}}/', false],
  ['/{{x}}/evil.example/', false],
  ['/{{x}}\\evil.example', false],
  ['javascript:{{x}}', false],
  ['mailto:{{x}}', false],
  ['/a#{{x}}', false],
  ['/\t{{x}}', false],
])('a link to %s may be filled in: %s', (address, may) => {
  expect(fillable('href', address)).toBe(may)
})

test('whatever is filled into a link, it leads to the same site and no higher in its path', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('.', '..', '../..', '/evil.example', '//evil.example', '\\evil', '%2e%2e', '@evil.example', '?', '#', 'javascript:x')), (value) => {
      for (const place of ['/a/{{x}}/b', '/a?b={{x}}', 'https://site.example/a/{{x}}', '/a/{{x}}{{y}}{{x}}', '/a/.{{x}}']) {
        const { origin, pathname, hash } = new URL(fill(value).attribute('href', place), BASE)
        expect([origin, pathname.startsWith('/a'), hash]).toEqual(['https://site.example', true, ''])
      }
    }),
    { numRuns: 1000 },
  )
})

test('nothing is filled into what loads by itself, or means something to a browser or a script', () => {
  for (const name of ['src', 'srcset', 'class', 'id', 'style', 'onclick', 'data-x', 'value', 'target', 'action', 'poster']) expect(fill('v').attribute(name, '/a/{{x}}')).toBe('/a/{{x}}')
  for (const name of ['title', 'alt', 'aria-label', 'placeholder']) expect(fill('v').attribute(name, '{{x}}')).toBe('v')
})
