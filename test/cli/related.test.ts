// @vitest-environment node
// From an export to a table: what is counted, what it is worth, and what is said of an export that is broken.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { formatOf, readExport, timeOf, type Format, type View } from '../../src/cli/exports.js'
import { byTable, judge } from '../../src/cli/judge.js'
import { fromSessions, fromTopics } from '../../src/cli/neighbours.js'
import { main } from '../../src/cli/cli.js'
import { relate, tablesOf, withPopularity } from '../../src/cli/related.js'
import { gather, LONGEST, part, sessionOf, type Visits } from '../../src/cli/visits.js'
import { readCatalogue } from '../../src/extras/recommend/catalogue.js'
import { rank } from '../../src/extras/recommend/rank.js'
import { decodeRow, isOf, shardOf, type Table } from '../../src/extras/recommend/table.js'
import { shop } from '../bench/shop.js'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'slotwise-related-'))
})
afterEach(() => {
  rmSync(directory, { recursive: true })
  vi.restoreAllMocks()
})
const put = (name: string, text: string | Uint8Array): string => {
  writeFileSync(join(directory, name), text)
  return join(directory, name)
}
const visitsOf = (sessions: number[][]): Visits => {
  const views = gather()
  sessions.forEach((items, s) => items.forEach((item, i) => views.add(`${s}`, item, s * 1000 + i)))
  return views.finish()
}
const sessions = fc.array(fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 14 }), { maxLength: 12 })

/** The same by plain counting, pair by pair. */
function counted(list: number[][], support: number): Map<string, number> {
  const weight = new Map<string, number>()
  const within = new Map<string, Set<number>>()
  const seen = Array.from({ length: 8 }, () => 0)
  list.forEach((raw, s) => {
    const items = raw.filter((item, i) => item !== raw[i - 1])
    items.forEach((item, i) => {
      seen[item] = (seen[item] as number) + 1
      items.forEach((other, j) => {
        const steps = Math.abs(i - j)
        if (item === other || steps > 10) return
        const key = `${item} ${other}`
        weight.set(key, (weight.get(key) ?? 0) + (j > i ? 1 : 0.5) / steps)
        within.set(key, (within.get(key) ?? new Set()).add(s))
      })
    })
  })
  const usual = Math.max(1, seen.reduce((a, b) => a + b, 0) / 8)
  return new Map([...weight].filter(([key]) => (within.get(key)?.size ?? 0) >= support).map(([key, sum]) => [key, Math.min(1, (sum / (seen[Number(key[0])] as number)) * (Math.max(1, seen[Number(key[2])] as number) / usual) ** -0.1)]))
}

test('pairs weigh what a plain count gives, and none stands below the threshold', () => {
  fc.assert(
    fc.property(sessions, fc.integer({ min: 1, max: 3 }), (list, support) => {
      const { rows, next } = fromSessions(visitsOf(list), 8, { top: 8, support })
      const found = new Map(rows.flatMap((row, item) => row.map(([other, weight]) => [`${item} ${other}`, weight] as const)))
      const expected = counted(list, support)
      expect([...found.keys()].sort()).toEqual([...expected.keys()].sort())
      for (const [key, weight] of found) expect(weight).toBeCloseTo(expected.get(key) as number, 9)
      // What comes next is a probability.
      for (const row of next) expect([row.length <= 2, row.reduce((sum, [, probability]) => sum + probability, 0) <= 1 + 1e-9]).toEqual([true, true])
    }),
  )
})

test('sessions are the same in whatever order an export has them, and the newest stand last', () => {
  fc.assert(
    fc.property(sessions, fc.infiniteStream(fc.nat()), (list, shuffle) => {
      const rows = list.flatMap((items, s) => items.map((item, i): [string, number, number] => [`${s}`, item, s * 1000 + i]))
      const mixed = rows.map((row) => [shuffle.next().value as number, row] as const).sort(([a], [b]) => a - b).map(([, row]) => row)
      const [views, other] = [gather(), gather()]
      for (const row of rows) views.add(...row)
      for (const row of mixed) other.add(...row)
      const [a, b] = [views.finish(), other.finish()]
      expect([...b.views]).toEqual([...a.views])
      expect([...b.starts]).toEqual([...a.starts])
      const half = Math.floor(a.count / 2)
      expect([...part(a, 0, half).views, ...part(a, half).views]).toEqual([...a.views])
    }),
  )
})

test('a session of thousands of views is no person’s, and is cut', () => {
  const visits = visitsOf([Array.from({ length: 5000 }, (_, i) => i % 8)])
  expect([sessionOf(visits, 0).length, (visits as ReturnType<ReturnType<typeof gather>['finish']>).cut]).toEqual([LONGEST, 5000 - LONGEST])
})

const CSV = 'session,item,time\n'
const ROWS = 'a,/x,1700000000\na,/y,1700000060\nb,/x,1700000100\n'
const VIEWS = [{ session: 'a', item: '/x', time: 1.7e12 }, { session: 'a', item: '/y', time: 1.7e12 + 60_000 }, { session: 'b', item: '/x', time: 1.7e12 + 100_000 }]
const GA4 = (session: number, page: string, seconds: number, more = {}): string =>
  JSON.stringify({ event_name: 'page_view', event_timestamp: `${(1.7e9 + seconds) * 1e6}`, user_pseudo_id: 'u', event_params: [{ key: 'ga_session_id', value: { int_value: `${session}` } }, { key: 'page_location', value: { string_value: `https://shop.example${page}` } }], ...more })

test.each([
  ['CSV', 'a.csv', CSV + ROWS],
  ['CSV with a byte order mark, other names and more columns', 'b.csv', `\ufeffVisit,Path,Extra,Timestamp\n${ROWS.replace(/,(\d+)\n/g, ',"x,""y""",$1000\n')}`],
  ['CSV with semicolons', 'c.csv', (CSV + ROWS).replaceAll(',', ';')],
  ['TSV with quotes in it', 'd.tsv', (CSV + ROWS).replaceAll(',', '\t')],
  ['NDJSON', 'e.ndjson', VIEWS.map((view) => JSON.stringify({ ...view, time: new Date(view.time).toISOString() })).join('\n')],
  ['a JSON list', 'f.json', JSON.stringify(VIEWS)],
  ['CSV, compressed', 'g.csv.gz', gzipSync(CSV + ROWS)],
])('%s is read', async (_, name, text) => {
  const seen: View[] = []
  const file = put(name, text)
  expect(await readExport(file, formatOf(file), (view) => seen.push(view))).toEqual({ count: 0, first: [] })
  expect(seen).toEqual(VIEWS)
})

test('what Google Analytics 4 and Matomo give out is read: page views, and products where they are named', async () => {
  const read = async (format: Format, text: string): Promise<View[]> => {
    const seen: View[] = []
    await readExport(put(`x.${format}`, text), format, (view) => seen.push(view))
    return seen
  }
  const ga = [GA4(1, '/x', 0), GA4(1, '/', 1, { event_name: 'scroll' }), GA4(1, '/p', 5, { event_name: 'view_item', items: [{ item_id: 'sku-1' }] })].join('\n')
  expect(await read('ga4', ga)).toEqual([{ session: 'u.1', item: 'https://shop.example/x', time: 1.7e12 }, { session: 'u.1', item: 'sku-1', time: 1.7e12 + 5000 }])
  const matomo = JSON.stringify([{ idVisit: 7, actionDetails: [{ type: 'action', url: 'https://shop.example/x', timestamp: 1.7e9 }, { type: 'search', url: '/s', timestamp: 1.7e9 }, { type: 'action', url: '/p', productViewSku: 'sku-1', timestamp: 1.7e9 + 9 }] }])
  expect(await read('matomo', matomo)).toEqual([{ session: '7', item: 'https://shop.example/x', time: 1.7e12 }, { session: '7', item: 'sku-1', time: 1.7e12 + 9000 }])
})

test('broken lines are counted and named, and all others are read', async () => {
  const seen: View[] = []
  const lines = ['{"session":"a","item":"/x","time":1}', '{"session":"a","item":', 'null', '{"session":"","item":"/x","time":1}', '{"session":"a","item":"/x","time":"soon"}', '{"session":"b","item":"/y","time":2}']
  const broken = await readExport(put('a.ndjson', lines.join('\n')), 'ndjson', (view) => seen.push(view))
  expect(broken).toEqual({ count: 4, first: [lines[1], lines[2], lines[3]] })
  expect(seen.map(({ item }) => item)).toEqual(['/x', '/y'])
  expect([timeOf(1.7e9), timeOf('1700000000000'), timeOf(1.7e15), timeOf('2026-01-01'), timeOf('')]).toEqual([1.7e12, 1.7e12, 1.7e12, Date.UTC(2026, 0, 1), Number.NaN])
})

const ITEMS = Array.from({ length: 30 }, (_, i) => ({ key: `/p/${i}`, title: `Item ${i}`, tags: [`t${i % 5}`], popularity: i }))
const catalogue = readCatalogue(ITEMS, ['tags'])

test('items of which no session tells are related by what they are about', () => {
  const made = relate(catalogue, visitsOf([[0, 1], [0, 1], [0, 1]]), { top: 3, support: 3 })
  expect(made.rows[0]?.map(([other]) => other)).toEqual([1])
  expect(made.rows[7]?.map(([other]) => other)).toEqual([27, 22, 17])
  expect(relate(catalogue, undefined, { top: 3, support: 3 }).rows[0]?.map(([other]) => other)).toEqual([25, 20, 15])
  expect(fromTopics(readCatalogue([{ key: '/a', tags: [] }, { key: '/b', tags: [] }], ['tags']), 5)).toEqual([[], []])
})

test('shards hold the very rows of the whole table, each where its page looks for it', () => {
  const { visits, items } = shop(200, 2000, 3)
  const all = readCatalogue(items, ['tags'])
  const made = relate(all, visits, { top: 20, support: 3 })
  const [whole] = tablesOf(all, made) as [Table]
  const shards = tablesOf(all, made, 16)
  expect([whole, ...shards].every((table) => isOf(JSON.parse(JSON.stringify(table)), all))).toBe(true)
  for (const [position, path] of all.paths.entries()) {
    const shard = shards[shardOf(path, 16)] as Table
    expect(shard.rows[position] ?? '').toBe(whole.rows[position])
    expect(shard.next?.[position]).toBe(whole.next?.[position])
    expect(decodeRow(shard.rows[position], 200).length).toBe(made.rows[position]?.length)
  }
})

test('what is judged is what a page shows: the same items in the same order', () => {
  const { visits, items } = shop(200, 2000, 4)
  const all = readCatalogue(items, ['tags'])
  const rows = fromSessions(visits, 200, { top: 20, support: 1 }).rows
  for (let s = 0; s < 300; s++) {
    const session = sessionOf(visits, s)
    const seen = [...new Set([...session].reverse())]
    const judged = byTable(rows)(session, 10)
    const shown = rank(all, (position) => rows[position] ?? [], { here: seen[0], seen, fond: new Map(), shown: new Map(), hidden: new Set(seen.slice(0, 1)) }, { limit: 10, diversity: 0 })
    expect(shown.slice(0, judged.length).map(({ position }) => position)).toEqual(judged)
  }
})

test('a table that knows what comes next is worth everything, and one that knows nothing is worth nothing', () => {
  const tail = visitsOf([[0, 1, 2], [3, 4, 5]])
  const { worths, steps } = judge({ all: (seen) => [9, (seen[seen.length - 1] as number) + 1], none: () => [], 'by table': byTable([[[1, 1]], [[2, 1]], [], [[4, 1]], [[5, 1]]]) }, tail)
  expect([steps, ...worths.map(({ recall, mrr }) => [recall, mrr])]).toEqual([4, [1, 0.5], [0, 0], [1, 1]])
})

const said = (): string[] => {
  const lines: string[] = []
  vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(line))
  vi.spyOn(console, 'error').mockImplementation((line) => void lines.push(line))
  for (const out of [process.stdout, process.stderr]) vi.spyOn(out, 'write').mockImplementation((text) => lines.push(`${text}`) > 0)
  return lines
}

test('the command writes the same bytes each time, says what they are worth, and keeps the catalogue’s order', async () => {
  const { visits, items } = shop(120, 1500, 5)
  const text = CSV + Array.from({ length: visits.count }, (_, s) => [...sessionOf(visits, s)].map((item, i) => `${s},${items[item]?.key},${1.7e9 + s * 600 + i}\n`).join('')).join('')
  const file = put('views.csv', `${text}x,/unknown,1700000000\nbroken\n`)
  const from = put('catalog.json', JSON.stringify({ fields: ['key', 'title', 'tags'], items: items.map(({ key, title, tags }) => [key, title, tags]) }))
  const lines = said()
  const run = (...args: string[]) => main(['related', file, '--items', from, ...args])
  await run('--out', join(directory, 'r.json'), '--json')
  const report = JSON.parse(lines[0] as string)
  expect(report).toMatchObject({ sessions: 1500, unknown: 1, broken: 1, files: 1, coverage: { items: 1, views: 1 } })
  const worth = Object.fromEntries((report.worth as { name: string; recall: number }[]).map(({ name, recall }) => [name, recall]))
  expect(Object.keys(worth)).toEqual(['popularity', 'Markov', 'item-kNN', 'VS-kNN', 'this table'])
  expect(worth['this table']).toBeGreaterThan(1.3 * (worth.popularity as number))
  expect(report.support[1]).toBeGreaterThanOrEqual(report.support[5])
  const before = readFileSync(join(directory, 'r.json'))
  await run('--out', join(directory, 'r.json'), '--popularity', '--inline', join(directory, 'inline.json'))
  expect(readFileSync(join(directory, 'r.json')).equals(before)).toBe(true)
  expect(lines[1]).toContain('VS-kNN')
  // The table is still of that catalogue, which now knows what many like.
  const counted = readCatalogue(JSON.parse(readFileSync(from, 'utf8')), ['tags'])
  const table = JSON.parse(before.toString()) as Table
  expect(isOf(table, counted)).toBe(true)
  expect(Number(counted.items[counted.popular[0] as number]?.popularity)).toBeGreaterThan(Number(counted.items[counted.popular[50] as number]?.popularity))
  const inline = JSON.parse(readFileSync(join(directory, 'inline.json'), 'utf8')) as { [path: string]: Table }
  expect(inline['/p/7']?.rows).toEqual({ 7: table.rows[7] })
})

test.each([
  [['--out', 'x'], '--items'],
  [['--items', 'x', '--out', 'r-{shard}.json'], '--shards goes with {shard}'],
  [['--items', 'x', '--out', 'r', '--shards', '0'], '--shards takes a whole number, 1 or more, got "0"'],
  [['--items', 'x', '--out', 'r', '--format', 'xls'], 'got "xls"'],
  [['--items', '/none', '--out', 'r'], 'cannot read /none'],
  [['--items', 'x', '--out', 'r', '--nonsense'], '--nonsense'],
])('wrong use %j is said', async (args, words) => {
  const lines = said()
  expect(await main(['related', ...args])).toBe(2)
  expect(lines.join('')).toContain(words)
})

test('an export of another site is said to be one, and nothing is written', async () => {
  const lines = said()
  const file = put('views.csv', CSV + ROWS)
  expect(await main(['related', file, '--items', put('catalog.json', JSON.stringify(ITEMS)), '--out', join(directory, 'r.json')])).toBe(1)
  expect(lines[0]).toContain('3 views of items that')
  expect(() => readFileSync(join(directory, 'r.json'))).toThrow()
})

test('popularity is written into catalogues of both forms, in two digits', () => {
  const seen = Uint32Array.from({ length: 30 }, (_, i) => 1234 + i)
  expect(withPopularity(ITEMS.slice(0, 1), catalogue, seen)).toEqual([{ ...ITEMS[0], popularity: 1200 }])
  expect(withPopularity({ fields: ['key', 'title'], items: [['/p/2', 'x']] }, catalogue, seen)).toEqual({ fields: ['key', 'title', 'popularity'], items: [['/p/2', 'x', 1200]] })
})
