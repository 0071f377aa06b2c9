// @vitest-environment node
// What slotwise check says of recommendations that could not be what was meant.

import { expect, test } from 'vitest'
import { findings } from '../../src/cli/check.js'

const saidOf = (recommend: object, more: object = {}): [string, string][] =>
  findings(JSON.stringify({ version: 1, ...more, slots: { next: { experiences: [{ name: 'next', recommend: { items: '/c.json', ...recommend } }] } } })).map(({ path, message, severity }) => [`${severity} ${path.replace(/^.*recommend\.?/, '')}`, message])

test.each([
  ['shards that nothing names', { related: '/r.json', shards: 4 }, 'warning shards', 'unless "related" has {shard}'],
  ['a shard of nobody knows how many', { related: '/{shard}.json' }, 'warning related', '"shards" does not say'],
  ['interests that there are none of', { mix: { interests: 1 } }, 'warning mix.interests', 'no "interests"'],
  ['pages ahead that nobody is asked for', { prefetch: 0.5 }, 'warning prefetch', 'without "sync"'],
  ['patterns for nothing', { never: ['/x'] }, 'warning never', 'without "prefetch"'],
  ['a limit for a list that is there', { reorder: 'li', limit: 3 }, 'warning limit', 'beside "reorder"'],
  ['an unknown key', { relatd: '/r.json' }, 'error relatd', 'did you mean "related"?'],
  ['a share above 1', { prefetch: 2 }, 'error prefetch', 'a share from 0 to 1'],
  ['no catalogue', { items: undefined }, 'error ', '"items" is missing'],
])('%s', (_, recommend, path, words) => {
  expect(saidOf(recommend)).toEqual([[path, expect.stringContaining(words)]])
})

test('rows that would name an item', () => {
  const rows = { clicks: { event: 'recommend_click', by: { position: ['1', '2-3'] } }, items: { event: 'recommend_click', by: { item: ['/p/1'] } } }
  expect(findings(JSON.stringify({ version: 1, rows })).filter(({ code }) => code === 'telling').map(({ path, message }) => [path, message])).toEqual([['rows.items.by.item', expect.stringContaining('count by "position"')]])
})

test('what is right is right, and names are unique between experiences and variants', () => {
  expect(saidOf({ related: '/{shard}.json', shards: 4, prefetch: 0.25, never: ['/cart*'] }, { sync: { endpoint: '/x' } })).toEqual([])
  const twice = { version: 1, slots: { next: { experiences: [{ name: 'next', recommend: { items: '/c.json' } }], variants: { next: { text: { p: 'x' } } } } } }
  expect(findings(JSON.stringify(twice)).map(({ message }) => message)).toEqual([expect.stringContaining('is also the name of slots.next.variants.next')])
  const both = { version: 1, slots: { next: { variants: { a: { recommend: { items: '/c.json' }, hide: ['p'] } } } } }
  expect(findings(JSON.stringify(both)).map(({ message }) => message)).toEqual(['"recommend" stands alone; remove it, or all else'])
})
