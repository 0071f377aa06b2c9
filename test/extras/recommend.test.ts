// What recommendations are made of, by laws that hold for every catalogue, table and visitor.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCatalogue } from '../../src/extras/recommend/catalogue.js'
import { knownOf } from '../../src/extras/recommend/known.js'
import { type Known, rank, type Ranking } from '../../src/extras/recommend/rank.js'
import { decodeRow, encodeRow, isOf, type Neighbours, shardOf } from '../../src/extras/recommend/table.js'
import { because } from '../../src/extras/recommend/words.js'

const TAGS = ['walk', 'camp', 'water', 'sky']
const catalogueOf = (count: number) => readCatalogue(Array.from({ length: count }, (_, i) => ({ key: `/p/${i}`, title: `Item ${i}`, tags: [TAGS[i % 4], TAGS[(i * 7) % 3]], popularity: (i * 37) % 11 })), ['tags'])
const catalogue = catalogueOf(60)

const position = fc.integer({ min: 0, max: 59 })
const neighbours = fc.uniqueArray(fc.tuple(position, fc.double({ min: 0.01, max: 1, noNaN: true })), { maxLength: 20, selector: ([one]) => one })
const known: fc.Arbitrary<Known> = fc.record({
  seen: fc.uniqueArray(position, { maxLength: 6 }),
  fond: fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.double({ min: 0.01, max: 1, noNaN: true })), { maxLength: 3, selector: ([one]) => one }).map((list) => new Map(list)),
  shown: fc.uniqueArray(fc.tuple(position, fc.double({ min: 0, max: 20, noNaN: true })), { maxLength: 10, selector: ([one]) => one }).map((list) => new Map(list)),
  hidden: fc.uniqueArray(position, { maxLength: 50 }).map((list) => new Set(list)),
})
const ranking: fc.Arbitrary<Ranking> = fc.record({ limit: fc.integer({ min: 1, max: 12 }), diversity: fc.double({ min: 0, max: 1, noNaN: true }), explore: fc.double({ min: 0, max: 1, noNaN: true }), random: fc.constant(() => 0.4) })
const rows = fc.array(neighbours, { minLength: 60, maxLength: 60 })
const rowIn = (table: Neighbours[]) => (one: number) => table[one] as Neighbours

test('a row is read as it was written, in catalogues of every size, and no weight changes by more than a fifth', () => {
  fc.assert(
    fc.property(fc.constantFrom(60, 4096, 4097, 70_000, 300_000), neighbours, (count, row) => {
      const far = row.map(([one, weight]): [number, number] => [count - 1 - one, weight])
      const read = new Map(decodeRow(encodeRow(far, count), count))
      expect(read.size).toBe(far.length)
      for (const [one, weight] of far) expect(Math.abs(Math.log2((read.get(one) as number) / weight))).toBeLessThanOrEqual(0.2501)
      // Rounded down, a probability is never read as more than it is.
      for (const [one, weight] of decodeRow(encodeRow(far, count, Math.ceil), count)) expect(weight).toBeLessThanOrEqual((new Map(far).get(one) as number) + 1e-12)
    }),
  )
})

test('whatever stands in the place of a row, only items of the catalogue come of it', () => {
  fc.assert(
    fc.property(fc.anything(), (row) => {
      for (const [one, weight] of decodeRow(row, 60)) expect([one >= 0 && one < 60, weight > 0 && weight <= 1]).toEqual([true, true])
    }),
  )
  fc.assert(fc.property(fc.string(), (row) => decodeRow(row, 60).every(([one]) => one < 60)))
})

test('each page is in one shard, with a slash at its end or without', () => {
  fc.assert(
    fc.property(fc.webPath(), fc.integer({ min: 1, max: 500 }), (rest, shards) => {
      const path = `/x${rest}`
      expect(shardOf(path, shards)).toBeLessThan(shards)
      expect(shardOf(`${path}/`, shards)).toBe(shardOf(path, shards))
    }),
  )
})

test('so many different items are recommended as were asked for or are left, and none that is hidden', () => {
  fc.assert(
    fc.property(rows, known, ranking, (table, visitor, asked) => {
      const list = rank(catalogue, rowIn(table), visitor, asked)
      expect(new Set(list.map((one) => one.position)).size).toBe(list.length)
      expect(list.length).toBe(Math.min(asked.limit, 60 - visitor.hidden.size))
      expect(list.some((one) => visitor.hidden.has(one.position))).toBe(false)
    }),
  )
})

test('what is said of an item adds up to its place: every score can be made again from its terms', () => {
  fc.assert(
    fc.property(rows, known, ranking, (table, visitor, asked) => {
      for (const { score, terms, fresh, position } of rank(catalogue, rowIn(table), visitor, asked)) {
        expect(terms.length).toBeGreaterThan(0)
        expect(score).toBeCloseTo(fresh * terms.reduce((sum, { adds }) => sum + adds, 0), 10)
        for (const term of terms) {
          if (term.because === 'here' || term.because === 'seen') expect(table[term.of as number]?.some(([one]) => one === position) && visitor.seen.includes(term.of as number)).toBe(true)
          if (term.because === 'interest') expect(visitor.fond.has(term.of as number) && catalogue.about[position]?.includes(term.of as number)).toBe(true)
        }
        expect(because({ because: terms }, catalogue, {}, 'en')).toMatch(/^(Goes with Item \d+|Because you viewed Item \d+|Because you like \w+|Popular now|Something different)$/)
      }
    }),
  )
})

test('without diversity the best come first, and nothing depends on the order of what is known', () => {
  fc.assert(
    fc.property(rows, known, (table, visitor) => {
      const list = rank(catalogue, rowIn(table), visitor, { limit: 10, diversity: 0 })
      expect(list.map(({ score }) => score)).toEqual(list.map(({ score }) => score).sort((a, b) => b - a))
      const turned = { ...visitor, fond: new Map([...visitor.fond].reverse()), shown: new Map([...visitor.shown].reverse()) }
      expect(rank(catalogue, rowIn(table.map((row) => [...row].reverse())), turned, { limit: 10, diversity: 0 }).map((one) => one.position)).toEqual(list.map((one) => one.position))
    }),
  )
})

test('an item that was shown in vain never rises', () => {
  fc.assert(
    fc.property(rows, known, position, (table, visitor, one) => {
      const place = (times: number): number => {
        const at = rank(catalogue, rowIn(table), { ...visitor, shown: new Map([...visitor.shown, [one, times]]) }, { limit: 60, diversity: 0 }).findIndex((item) => item.position === one)
        return at < 0 ? 60 : at
      }
      expect(place(5)).toBeGreaterThanOrEqual(place(0))
    }),
  )
})

test('the last of what was seen counts most, the fourth no more', () => {
  const table = Array.from({ length: 60 }, (_, i): Neighbours => [[i + 10, 1]])
  const list = rank(catalogue, rowIn(table), { here: 1, seen: [1, 2, 3, 4], fond: new Map(), shown: new Map(), hidden: new Set() }, { limit: 4, diversity: 0 })
  expect(list.slice(0, 3).map((one) => [one.position, one.terms[0]?.because, one.score])).toEqual([[11, 'here', 0.7], [12, 'seen', 0.35], [13, 'seen', 0.175]])
  expect(list[3]?.terms[0]?.because).toBe('popular')
})

test('diversity keeps alternatives of one kind from taking all places', () => {
  const items = Array.from({ length: 12 }, (_, i) => ({ key: `/${i}`, title: `${i}`, tags: [i < 8 ? 'boots' : 'tents'] }))
  const shoes = readCatalogue(items, ['tags'])
  const row: Neighbours = items.map((_, i): [number, number] => [i, 1 - i / 20])
  const kinds = (diversity: number): number => new Set(rank(shoes, () => row, { seen: [0], fond: new Map(), shown: new Map(), hidden: new Set([0]) }, { limit: 4, diversity }).map((one) => shoes.about[one.position]?.[0])).size
  expect([kinds(0), kinds(0.5)]).toEqual([1, 2])
})

test('the last place goes to something new as often as the site says', () => {
  const tried = Array.from({ length: 1000 }, (_, i) => {
    let n = 0
    return rank(catalogue, () => [], { seen: [], fond: new Map(), shown: new Map(), hidden: new Set() }, { limit: 4, explore: 0.25, random: () => (n++ === 0 ? i / 1000 : 0.5) })
  })
  expect(tried.filter((list) => list[3]?.terms[0]?.because === 'new').length).toBe(250)
})

test('a catalogue is the same as a list of objects and as a table, and what is no item is left out', () => {
  const objects = readCatalogue({ items: [{ url: 'https://shop.example/a/?x=1', title: 'A', tags: 'x' }, { title: 'no key' }, 7, null, { key: '/a', title: 'twice' }, { key: 'sku', title: 'S', tags: ['x', 'y'], popularity: 3 }] }, ['tags'])
  const table = readCatalogue({ fields: ['url', 'title', 'tags', 'key', 'popularity'], items: [['https://shop.example/a/?x=1', 'A', 'x'], ['', 'no key'], ['', 'S', ['x', 'y'], 'sku', 3]] }, ['tags'])
  expect(objects.keys).toEqual(['/a', 'sku'])
  expect([table.keys, table.about, table.popular, table.paths]).toEqual([objects.keys, objects.about, objects.popular, objects.paths])
  expect(objects.popular).toEqual([1, 0])
  fc.assert(fc.property(fc.anything(), (data) => {
    try {
      expect(readCatalogue(data, ['tags']).keys.every((key) => typeof key === 'string')).toBe(true)
    } catch (error) {
      expect((error as Error).message).toBe('it has no list of items')
    }
  }))
})

test('a table of another catalogue is known for one, and one whose catalogue has grown since is still good', () => {
  const table = { of: [60, catalogue.printOf(60)], rows: {} }
  expect([isOf(table, catalogue), isOf(table, catalogueOf(70)), isOf(table, catalogueOf(59)), isOf(table, readCatalogue([{ key: 'x' }, ...catalogue.items.slice(1)], []))]).toEqual([true, true, false, false])
  fc.assert(fc.property(fc.anything(), (value) => !isOf(value, catalogue)))
})

test('what the device recalls becomes places: values newest first, what was undone never below nothing', () => {
  const recalled = { seen: ['"/p/3"', '"/p/9/"', '"/none"', '"/p/4"'], bought: ['"/p/7"'], dismissed: ['"/p/8"'], shown: [['/p/5', -3], ['/p/6', 2]] as [string, number][], 'fond tags': [['walk', 5], ['camp', -1], ['none', 5]] as [string, number][] }
  const visitor = knownOf(catalogue, recalled, { hide: ['current', 'bought', 'dismissed'] }, '/p/1/')
  expect(visitor).toEqual({ here: 1, seen: [1, 4, 9, 3], fond: new Map([[catalogue.topics.get('tags\nwalk') as number, 5 / 15]]), shown: new Map([[5, 0], [6, 2]]), hidden: new Set([1, 7, 8]) })
  expect(knownOf(catalogue, recalled, { hide: ['seen'] }, '/none', [50]).hidden).toEqual(new Set([50, 4, 9, 3]))
})
