// The outbox is never read as a whole without need: what it says of all rows, and which of them it gives, is the same as
// if it were.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memoryStore } from '../../src/remember/memory.js'
import { newId } from '../../src/sense/event.js'
import { clear } from '../../src/tell/clear.js'
import { outbox } from '../../src/tell/outbox.js'
import { LEASE, type Waiting } from '../../src/tell/waiting.js'
import type { SentRow, Store, Transaction } from '../../src/types.js'
import { seeded } from '../support/random.js'

const NOW = Date.UTC(2026, 10, 24, 12)
const DAY = 86_400_000

const rowsOf = async (store: Store): Promise<Waiting[]> => (await store.transact('readonly', (rows) => rows.all(['o']))).map(([, value]) => value as Waiting)
const told = (n: number, id = newId()) => ({ id, metric: 'shown' as const, of: ['t', 'hero', n], trial: { experience: 'hero', arm: 'spring', held: false, weights: 0, stratum: '*', day: 20_780 } })
const add = (store: Store, many: number, now = NOW) => store.transact('readwrite', (rows) => outbox.add(rows, Array.from({ length: many }, (_, n) => told(now + n)), now))
const look = (store: Store, rest: Partial<Parameters<typeof outbox.look>[1]> = {}) =>
  store.transact('readwrite', (rows) => outbox.look(rows, { now: NOW, random: Math.random, room: 0, anyId: newId, anew: false, ...rest }))

/** A transaction that counts how many rows each of its reads has given. */
const counting = (transaction: Transaction, reads: number[]): Transaction => ({
  ...transaction,
  all: async (...args) => {
    const found = await transaction.all(...args)
    reads.push(found.length)
    return found
  },
})

test('wherever a tab begins to look, it takes up as many as it has room for of the rows that are due, and knows when the next is', async () => {
  const kinds = fc.constantFrom('due', 'leased', 'postponed', 'from a clock ahead')
  await fc.assert(
    fc.asyncProperty(fc.array(kinds, { maxLength: 120 }), fc.nat(10), fc.boolean(), async (all, room, anew) => {
      const store = memoryStore()
      await add(store, all.length)
      const times = { due: [0, 0], leased: [0, NOW + LEASE / 2], postponed: [NOW + 60_000, 0], 'from a clock ahead': [NOW + 5 * DAY, NOW + DAY] }
      await store.transact('readwrite', async (rows) => {
        for (const [i, [key, value]] of (await rows.all(['o'])).entries()) {
          const [due, lease] = times[all[i] as keyof typeof times]
          rows.put(key, { ...(value as Waiting), due, lease })
        }
      })
      const free = all.filter((kind) => kind === 'due' || kind === 'from a clock ahead').length
      const { counts, taken, next } = await look(store, { room, anew })
      expect(counts.waiting).toBe(all.length)
      expect(taken.length).toBe(Math.min(room, free))
      expect(new Set(taken.map(({ id }) => id)).size).toBe(taken.length)
      const leased = (await rowsOf(store)).filter(({ lease }) => lease === NOW + LEASE).map(({ id }) => id)
      expect(leased.sort()).toEqual(taken.map(({ id }) => id).sort())
      const after = [all.includes('leased') ? LEASE / 2 : [], all.includes('due') ? LEASE : [], all.includes('postponed') ? 60_000 : [], all.includes('from a clock ahead') ? 5 * DAY : []].flat()
      if (room > free) expect(next).toBe(NOW + Math.min(...after, Number.POSITIVE_INFINITY))
    }),
    { numRuns: 150 },
  )
})

test('of four hundred rows, neither their age nor their ids say which leave first, and which together', async () => {
  const store = memoryStore()
  await add(store, 400)
  const made = (await rowsOf(store)).sort((a, b) => (a.of[2] as number) - (b.of[2] as number)).map(({ id }) => id)
  const left: number[] = []
  while (left.length < 400) {
    const { taken } = await look(store, { room: 8 })
    expect(taken.length).toBe(8)
    left.push(...taken.map(({ id }) => made.indexOf(id)))
  }
  expect(new Set(left).size).toBe(400)
  // Kendall's tau, whose standard deviation is about 0.05 here.
  const tau = (order: number[]): number => {
    let agree = 0
    for (let i = 0; i < 400; i++) for (let j = i + 1; j < 400; j++) agree += Math.sign((order[j] as number) - (order[i] as number))
    return agree / ((400 * 399) / 2)
  }
  expect(Math.abs(tau(left))).toBeLessThan(0.25)
  const sorted = made.slice().sort()
  const places = left.map((row) => sorted.indexOf(made[row] as string))
  expect(Math.abs(tau(places))).toBeLessThan(0.25)
  // How far ids lie apart that leave one after the other: a third of all, as any two do.
  const apart = places.slice(1).reduce((sum, place, i) => sum + Math.abs(place - (places[i] as number)), 0) / 399
  expect(apart).toBeGreaterThan(110)
})

test('of a few rows each is as likely as any other to be taken up first', async () => {
  const store = memoryStore()
  await add(store, 5)
  const times = new Map<string, number>()
  for (let n = 0; n < 2000; n++) {
    const [one] = (await look(store, { room: 1 })).taken as [Waiting]
    times.set(one.id, (times.get(one.id) ?? 0) + 1)
    await store.transact('readwrite', (rows) => outbox.release(rows, [one.id]))
  }
  // Chi-square with four degrees of freedom: beyond 23 once in ten thousand times.
  expect([...times.values()].reduce((sum, count) => sum + (count - 400) ** 2 / 400, 0)).toBeLessThan(23)
  expect(times.size).toBe(5)
})

test('a page that counts once looks at no more rows than it needs, and at few at a time', async () => {
  const store = memoryStore()
  await add(store, 480)
  const read = async (anew: boolean, room: number): Promise<number[]> => {
    const reads: number[] = []
    await store.transact('readwrite', (rows) => outbox.look(counting(rows, reads), { now: NOW, random: Math.random, room, anyId: newId, anew }))
    return reads
  }
  const first = await read(true, 0)
  expect(first.reduce((sum, many) => sum + many)).toBe(480)
  expect(Math.max(...first)).toBeLessThanOrEqual(32)
  // Two pieces a row where one begins at the end, and one more for those that are in hand.
  const second = await read(false, 8)
  expect(second.reduce((sum, many) => sum + many)).toBeLessThanOrEqual(8 * 3 * 32)
  expect(Math.max(...second)).toBeLessThanOrEqual(32)
  expect(await read(false, 0)).toEqual([])
  const reads: number[] = []
  await store.transact('readwrite', (rows) => outbox.add(counting(rows, reads), [told(1)], NOW))
  expect(reads).toEqual([])
})

test('what is said of all rows is what a count of them says, whatever happens to them, and in whatever order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (luck) => {
      const random = seeded(luck)
      const any = (many: number): number => Math.floor(random() * many)
      const store = memoryStore()
      let now = NOW
      let [sent, lost] = [0, 0]
      for (let step = 0; step < 40; step++) {
        now += any(4) === 0 ? any(3 * DAY) : 1000
        const before = await rowsOf(store)
        const one = before[any(before.length)]?.id ?? 'nobody'
        const what = any(7)
        await store.transact('readwrite', async (rows) => {
          if (what < 2) await outbox.add(rows, Array.from({ length: any(what === 0 ? 300 : 4) }, (_, n) => told(now + n)), now)
          else if (what < 4 && (await outbox.remove(rows, one))) {
            await outbox.note(rows, what === 2 ? ({ metric: 'shown', sentOn: 20_780 } as SentRow) : undefined, what === 2 ? null : 'HTTP 400', true)
            if (what === 2) sent++
            else lost++
          }
          else if (what === 4) await outbox.postpone(rows, one, now, 'HTTP 500', () => 1000)
          else if (what === 5) await outbox.release(rows, [one], 'HTTP 401')
        })
        if (what < 2) lost += before.length - (await rowsOf(store)).filter(({ id }) => before.some((row) => row.id === id)).length
        const kept = await rowsOf(store)
        const { counts } = await look(store, { now, room: any(4) })
        // Looking drops what has become too old.
        const after = await rowsOf(store)
        lost += kept.length - after.length
        expect(after.every(({ at }) => (at as number) >= now - 7 * DAY)).toBe(true)
        expect(after.length).toBeLessThanOrEqual(500)
        const anew = await look(store, { now, anew: true })
        expect({ ...counts, lost: 0 }).toEqual({ ...anew.counts, lost: 0 })
        expect(counts).toMatchObject({ waiting: after.length, sent })
        expect(counts.lost).toBeGreaterThanOrEqual(lost)
        expect(anew.counts.lost).toBe(counts.lost)
      }
    }),
    { numRuns: 40 },
  )
})

test.each([['missing', undefined], ['of another version', { v: 1, sent: 3, lost: 1, error: null }], ['damaged', { v: 1, sent: 3, lost: 1, error: null, waiting: 'many', bytes: -1 }], ['too low', { v: 1, sent: 3, lost: 1, error: null, waiting: 0, bytes: 0, oldest: NOW }]])('what is kept of all rows may be %s: a page counts them by itself', async (_, stored) => {
  const store = memoryStore()
  await add(store, 5)
  await store.transact('readwrite', async (rows) => (stored ? rows.put(['n'], stored) : rows.drop(['n'])))
  const { counts } = await look(store, { anew: true })
  expect(counts).toEqual({ waiting: 5, sent: stored?.sent ?? 0, lost: stored?.lost ?? 0, error: null })
  expect((await look(store)).counts.waiting).toBe(5)
  await add(store, 2)
  expect((await look(store)).counts.waiting).toBe(7)
})

test('of what is kept for telling nothing is left once that is over, however much it was, and nothing else is lost', async () => {
  const store = memoryStore()
  await add(store, 100)
  await store.transact('readwrite', async (rows) => {
    rows.put(['g'], { v: 1, n: 0 })
    rows.put(['h'], { v: 1, n: 0 })
    for (let n = 0; n < 64; n++) rows.put(['t', 'hero', n], {})
    for (const [key] of (await rows.all(['o'])).slice(64)) rows.put(['c', ...key], {})
  })
  await store.transact('readwrite', clear)
  expect(await store.transact('readonly', (rows) => rows.all([]))).toEqual([[['h'], { v: 1, n: 0 }]])
})
