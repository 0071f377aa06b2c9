import { expect, test } from 'vitest'
import { isSafe } from '../../src/lib/regex.js'

test.each(['^/blog/.*-draft$', 'shoes', '[a-z]+@[a-z]+', '^v\\d+\\.\\d+$', '^(news|ads)$', '(abc)+', 'a{2,5}', '^.*a.*b.*$', '\\(+', '[(a+)+]', '(?:foo)?bar', '^\\w+\\s?\\w+$'])(
  '%s is taken',
  (pattern) => {
    expect(isSafe(pattern)).toBe(true)
  },
)

test.each(['(a+)+$', '(a*)*', '(a|a)*b', '([a-z]+)*x', '(a+){10}', '(.*a){20}', '(\\w+\\s?)+$', '(a)\\1', '.*.*.*.*=', '(x+x+)+y', '(a?){30}a{30}', '(', '[a', `${'a?'.repeat(40)}${'a'.repeat(40)}`])(
  '%s could take for ever, or is none, and is refused',
  (pattern) => {
    expect(isSafe(pattern)).toBe(false)
  },
)
