import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createHinter, type Hinter } from '../src/hinter.js'
import { unpermitted } from '../src/decide/experiences.js'
import { emitter } from '../src/lib/emitter.js'
import { HINT, readHint } from '../src/remember/hint.js'
import type { Ruleset, Stages } from '../src/types.js'

const RULESET: Ruleset = {
  version: 1,
  slots: {
    hero: { experiences: [{ name: 'hero', show: 'fan' }], variants: { fan: { text: { h1: 'Hello, fan' } } } },
    fill: { experiences: [{ name: 'fill', show: 'fan' }], variants: { fan: { text: { h1: 'Hello, {{name}}' } } } },
    page: { experiences: [{ name: 'page', when: { context: { page: 'shop' } }, show: 'fan' }] },
  },
}
const DAY = 86_400_000

/** One page of somebody who is there; another page may share their storage. */
function page(of: string) {
  const { on, emit } = emitter<Stages>(() => {})
  const known = { of, mode: 'local', lapses: Number.POSITIVE_INFINITY, events: 1, now: 100 * DAY }
  const hinter: Hinter = createHinter({
    ruleset: RULESET,
    decider: { until: () => Number.POSITIVE_INFINITY },
    memory: { seed: () => known.of, profile: () => ({ traits: {}, origins: {}, visits: 1, events: known.events, firstAt: known.now, lastAt: known.now, previousAt: null, utm: {}, arrival: {}, first: {} }) },
    consenting: { mode: () => known.mode, lapses: () => known.lapses, measures: () => false },
    now: () => known.now,
    on,
    facts: () => ({ traits: {}, context: {} }),
    decide: (slot) => ({ ...unpermitted(slot), variant: 'fan', experience: slot, reason: 'show' }),
  })
  return { known, hinter, emit }
}
const whose = (): string | undefined => readHint()?.of

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  localStorage.clear()
})

test('a hint is left as soon as it is known who is there, with the ruleset’s words and what the page has to decide', () => {
  const { emit } = page('a')
  expect(whose()).toBeUndefined()
  emit('health', { store: 'device' })
  expect(readHint()?.slots).toMatchObject({ hero: [130 * DAY, { variant: 'fan' }, { h1: 'Hello, fan' }, true], fill: [0], page: [0] })
})

test('it follows what happens, after a while in which more may happen', () => {
  const { emit, known } = page('a')
  emit('health', { store: 'device' })
  known.now += DAY
  emit('event', { id: '', type: 'x', at: 0, props: {} })
  expect(readHint()?.slots.hero?.[0]).toBe(130 * DAY)
  vi.advanceTimersByTime(1000)
  expect(readHint()?.slots.hero?.[0]).toBe(131 * DAY)
  emit('segments', ['x'])
  known.now += DAY
  emit('segments', [])
  expect(readHint()?.slots.hero?.[0]).toBe(132 * DAY)
})

test('nothing is left by a page whose store fails, of somebody who does not allow it, or of nobody', () => {
  page('a').emit('health', { store: 'memory' })
  expect(whose()).toBeUndefined()
  const denied = page('a')
  denied.known.mode = 'memory'
  denied.emit('health', { store: 'device' })
  expect(whose()).toBeUndefined()
  const nobody = page('a')
  nobody.known.events = 0
  nobody.emit('health', { store: 'device' })
  expect(whose()).toBeUndefined()
})

test('no hint speaks longer than the permission lasts', () => {
  const { emit, known } = page('a')
  known.lapses = 101 * DAY
  emit('health', { store: 'device' })
  expect(readHint()?.slots.hero?.[0]).toBe(101 * DAY)
})

test('a page that has not heard that its visitor was forgotten does not bring their hint back', () => {
  const { emit, hinter, known } = page('a')
  emit('health', { store: 'device' })
  localStorage.removeItem(HINT)
  hinter.write()
  expect(whose()).toBeUndefined()
  // Nor over that of whoever is there now.
  const other = page('b')
  other.emit('health', { store: 'device' })
  hinter.write()
  expect(whose()).toBe('b')
  // When it has heard, it goes on as theirs.
  known.of = 'b'
  known.now += DAY
  hinter.write()
  expect(readHint()?.slots.hero?.[0]).toBe(131 * DAY)
})

test('a page that learns its visitor’s seed late takes over its own hint', () => {
  const { emit, hinter, known } = page('first')
  emit('health', { store: 'device' })
  known.of = 'a'
  hinter.write()
  expect(whose()).toBe('a')
})

test('a page that begins removes the hint of somebody else', () => {
  page('a').emit('health', { store: 'device' })
  const { known, emit } = page('b')
  known.events = 0
  emit('health', { store: 'device' })
  expect(localStorage.getItem(HINT)).toBeNull()
})

test('stopped, nothing more is written', () => {
  const { emit, hinter } = page('a')
  emit('event', { id: '', type: 'x', at: 0, props: {} })
  hinter.stop()
  emit('health', { store: 'device' })
  vi.advanceTimersByTime(1000)
  expect(whose()).toBeUndefined()
})
