import { expect, test } from 'vitest'
import { zone } from '../../src/lib/zone.js'

const HOUR = 3_600_000
const berlin = zone('Europe/Berlin')

test('a day begins at local midnight, and has 23 or 25 hours when clocks change', () => {
  const start = (text: string): number => berlin.start(berlin.day(Date.parse(text)))
  expect(start('2026-01-15T12:00Z')).toBe(Date.parse('2026-01-14T23:00Z'))
  expect(start('2026-07-15T12:00Z')).toBe(Date.parse('2026-07-14T22:00Z'))
  const spring = berlin.day(Date.parse('2026-03-29T12:00Z'))
  expect(berlin.start(spring + 1) - berlin.start(spring)).toBe(23 * HOUR)
  const autumn = berlin.day(Date.parse('2026-10-25T12:00Z'))
  expect(berlin.start(autumn + 1) - berlin.start(autumn)).toBe(25 * HOUR)
})

test('where clocks were put forward at midnight, the day begins at one', () => {
  const rio = zone('America/Sao_Paulo')
  const day = rio.day(Date.parse('2018-11-04T12:00Z'))
  expect(rio.start(day)).toBe(Date.parse('2018-11-04T03:00Z'))
  expect(rio.day(rio.start(day) - 1)).toBe(day - 1)
})

test.each(['Europe/Berlin', 'America/Sao_Paulo', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia', 'UTC'])('in %s every day begins when the one before it ends', (name) => {
  const here = zone(name)
  expect(here.id).toBe(name)
  const iso = new Intl.DateTimeFormat('en-CA', { timeZone: name })
  for (let day = here.day(Date.UTC(2018, 0, 1)); day < here.day(Date.UTC(2020, 0, 1)); day++) {
    const start = here.start(day)
    expect(here.day(start)).toBe(day)
    expect(here.day(start - 1)).toBe(day - 1)
    expect(iso.format(start)).toBe(new Date(day * 24 * HOUR).toISOString().slice(0, 10))
  }
})

test('a date without a zone is local, a date-time with one is what it says', () => {
  expect(berlin.instant('2026-11-27')).toBe(Date.parse('2026-11-26T23:00Z'))
  expect(berlin.instant('2026-07-01T10:30')).toBe(Date.parse('2026-07-01T08:30Z'))
  expect(berlin.instant('2026-07-01T10:30:15Z')).toBe(Date.parse('2026-07-01T10:30:15Z'))
  expect(berlin.instant('2026-07-01T10:30+05:00')).toBe(Date.parse('2026-07-01T05:30Z'))
  for (const wrong of ['27.11.2026', '2026-13-01', '2026-11-27T', 'tomorrow', '']) expect(berlin.instant(wrong), wrong).toBeNaN()
})

test('an unknown zone is refused', () => {
  expect(() => zone('Mars/Olympus')).toThrow(RangeError)
  expect(zone().day(0)).toBeTypeOf('number')
})
