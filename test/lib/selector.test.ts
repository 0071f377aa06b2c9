import { expect, test } from 'vitest'
import { isSelector } from '../../src/lib/selector.js'

test.each(['#hero', '.a > .b', 'main h1, main h2', '[data-x="a{b"]', 'a:not([href^=\'x\'])', ':is(h1, h2):nth-child(2n + 1)', 'li::marker'.slice(0, 2), '.sm\\:grid', '*'])('%s may be a selector', (selector) => {
  expect(isSelector(selector)).toBe(true)
})

test.each(['', ' ', '#', '.', 'a,', ',a', 'a,,b', '> a', 'a >', 'a[', 'a)', '(a', 'a[(])', 'a { color: red }', 'p::before', '<b>', '"a', '1a', ':is()', 'x'.repeat(201), 7, null])('%s is none', (selector) => {
  expect(isSelector(selector)).toBe(false)
})
