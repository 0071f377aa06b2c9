// slotwise check --wire: every row that a ruleset can ever send, its size in bits, and how many visitors share it a day.

import { own } from '../lib/own.js'
import { isPersonal } from '../lib/pii.js'
import { type Cell, cells, PROGRAMME } from '../tell/cells.js'
import type { Experience, Rule, Ruleset, Split, Weights } from '../types.js'

/** Fewer visitors a day than this may not share what a row says, unless the ruleset accepts it. */
export const FEWEST = 50

/** One of the rows, but for the day and the id; `perDay` visitors open such a trial, where that can be expected. */
export type WireRow = Cell & { perDay?: number }

/** A cell that is too small, or a word that keeps its rows from being sent. */
export interface WireProblem {
  /** `slots.hero.experiences[0]`, `rows.clicks` */
  path: string
  message: string
  /** Why the ruleset accepts it; then it keeps nothing from being used. */
  accepted?: string
}

export interface Wire {
  /** Nothing is ever sent without an address. */
  endpoint: string | null
  count: number
  /** What one row can tell at most, besides the day: log2 of `count`. */
  bits: number
  /** The same for each metric by itself. */
  byMetric: { [metric: string]: { count: number; bits: number } }
  rows: WireRow[]
  problems: WireProblem[]
}

const bitsOf = (count: number): number => (count > 0 ? Math.log2(count) : 0)

const keyOf = ({ metric, ...cell }: Cell): string => JSON.stringify([metric, Object.entries(cell).sort(([a], [b]) => (a < b ? -1 : 1))])

const shareOf = (weights: Weights, arm: string): number => (weights[arm] ?? 0) / Object.values(weights).reduce((sum, weight) => sum + weight, 0)

/** The share of visitors in each stratum: as declared, in order, since the first that holds is taken; the rest is of one size. */
function strataShares({ by = [] }: Split, segments: { [name: string]: number }): Map<string, number> {
  let left = 1
  const shares = new Map<string, number>()
  const unknown = [PROGRAMME]
  for (const { segment } of by) {
    const declared = own(segments, segment)
    if (declared === undefined) unknown.push(segment)
    else {
      shares.set(segment, Math.min(declared, left))
      left -= Math.min(declared, left)
    }
  }
  for (const stratum of unknown) shares.set(stratum, left / unknown.length)
  return shares
}

const segmentOf = (when: Rule | undefined): string | undefined => (typeof when === 'string' ? when : when && 'segment' in when ? when.segment : undefined)

/** How many visitors a day open a trial that says this; undefined for what is not opened any more, or cannot be known. */
function expecting({ holdout = 0, slots = {}, expected }: Ruleset): (cell: Cell) => number | undefined {
  if (!expected) return () => undefined
  const { perDay, segments = {} } = expected
  const experiences = new Map(Object.values(slots).flatMap(({ experiences = [] }) => experiences.map((one): [string, Experience] => [one.name, one])))
  return (cell) => {
    if (cell.metric !== 'shown') return undefined
    const { arm, held, weights, stratum } = cell
    const experience = experiences.get(cell.experience)
    const kept = (1 - holdout) * (1 - (experience?.holdout ?? 0))
    const among = perDay * (held ? 1 - kept : kept)
    if (!experience) return among
    const reached = among * (own(segments, segmentOf(experience.when) ?? '') ?? 1)
    const { split } = experience
    if (!split) return reached
    // Of earlier weights only trials are told that are open already.
    if (weights !== (split.version ?? 1)) return undefined
    const drawn = stratum === PROGRAMME ? split.weights : (split.by?.find(({ segment }) => segment === stratum)?.weights ?? split.weights)
    return reached * (strataShares(split, segments).get(stratum) ?? 0) * shareOf(drawn, arm)
  }
}

const wordsOf = (cell: Cell): string[] => Object.values(cell.metric === 'count' ? { ...cell, ...cell.values } : cell).filter((word) => typeof word === 'string')

/** Everything that can go over the wire, and what is wrong with it. */
export function wireOf(ruleset: Ruleset): Wire {
  const { slots = {}, rows: declared = {}, expected, segments = {}, sync } = ruleset
  const paths = new Map<string, string>([[PROGRAMME, 'holdout']])
  for (const [slot, { experiences = [] }] of Object.entries(slots)) experiences.forEach(({ name }, i) => paths.set(name, `slots.${slot}.experiences[${i}]`))
  const problems: WireProblem[] = []
  const accept = expected?.accept ?? {}
  const add = (name: string, path: string, message: string): void => {
    const accepted = own(accept, name)
    problems.push({ path, message, ...(accepted === undefined ? {} : { accepted }) })
  }

  const perDay = expecting(ruleset)
  const rows = new Map<string, WireRow>()
  for (const cell of sync ? cells(ruleset) : []) {
    const day = perDay(cell)
    rows.set(keyOf(cell), day === undefined ? cell : { ...cell, perDay: day })
  }
  const byMetric: Wire['byMetric'] = {}
  for (const { metric } of rows.values()) {
    const count = (byMetric[metric]?.count ?? 0) + 1
    byMetric[metric] = { count, bits: bitsOf(count) }
  }

  if (sync && rows.size > 0 && !expected) problems.push({ path: 'expected', message: `is missing, so that nobody knows how many visitors share what a row says; add "expected": { "perDay": … }, the visitors a day who agree to be measured` })
  const smallest = new Map<string, Extract<WireRow, { experience: string }>>()
  for (const row of rows.values()) {
    // An arm of no weight is never drawn.
    if (row.metric === 'count' || !row.perDay) continue
    if (row.perDay < (smallest.get(row.experience)?.perDay ?? FEWEST)) smallest.set(row.experience, row)
  }
  for (const [name, { arm, held, stratum, perDay = 0 }] of smallest) {
    const where = [name === PROGRAMME ? '' : `the arm "${arm}"`, stratum === PROGRAMME ? '' : `the stratum "${stratum}"`, held ? 'the holdout' : ''].filter(Boolean).join(', ') || 'it'
    add(name, paths.get(name) as string, `expects ${round(perDay)} visitors a day in ${where}, fewer than ${FEWEST}; use fewer arms or strata, or say why under "expected.accept"`)
  }
  const all = [...rows.values()]
  for (const name of sync ? Object.keys(declared) : []) {
    const count = all.filter((row) => row.metric === 'count' && row.name === name).length
    if (expected && expected.perDay / count < FEWEST) {
      add(name, `rows.${name}`, `spreads ${expected.perDay} visitors a day over ${count} rows, fewer than ${FEWEST} each; list fewer words, leave out "count" or "page", or say why under "expected.accept"`)
    }
  }
  for (const word of new Set(all.flatMap(wordsOf))) {
    if (isPersonal(word)) problems.push({ path: 'ruleset', message: `"${word}" looks like somebody's own data, and rows that say it are never sent; choose another name` })
  }
  for (const name of Object.keys(accept)) {
    if (!paths.has(name) && !own(declared, name)) problems.push({ path: `expected.accept.${name}`, message: 'no experience or declared row has that name; remove it' })
  }
  for (const name of Object.keys(expected?.segments ?? {})) {
    if (!own(segments, name)) problems.push({ path: `expected.segments.${name}`, message: 'no segment has that name; remove it' })
  }
  return { endpoint: sync?.endpoint ?? null, count: rows.size, bits: bitsOf(rows.size), byMetric, rows: all, problems }
}

const round = (value: number): string => (value < 10 ? value.toFixed(1) : `${Math.round(value)}`)

const COLUMNS = ['metric', 'of', 'says', 'held', 'weights', 'stratum', 'a day']

function line(row: WireRow): string[] {
  const day = row.perDay === undefined ? '' : `~${round(row.perDay)}`
  if (row.metric !== 'count') return [row.metric, row.experience, row.metric === 'value' ? `${row.arm} = ${row.value}` : row.arm, row.held ? 'held out' : '', `${row.weights}`, row.stratum, day]
  const says = [...Object.entries(row.values).map(([prop, word]) => `${prop} = ${word}`), ...(row.page === undefined ? [] : [`page = ${row.page}`]), ...(row.bucket === undefined ? [] : [`${['1', '2', '3', '5', '9'][row.bucket]} times`])]
  return [row.metric, row.name, says.join(', '), '', '', '', day]
}

const isFine = ({ problems }: Wire): boolean => problems.every(({ accepted }) => accepted !== undefined)

function text(file: string, wire: Wire): string {
  if (wire.endpoint === null) return `${file}: without "sync" nothing is ever sent\n`
  const table = [COLUMNS, ...wire.rows.map(line)]
  const widths = COLUMNS.map((_, i) => Math.max(...table.map((cells) => (cells[i] as string).length)))
  const lines = table.map((cells) => cells.map((cell, i) => cell.padEnd(widths[i] as number)).join('  ').trimEnd())
  const metrics = Object.entries(wire.byMetric).map(([metric, { count, bits }]) => `  ${metric.padEnd(8)}${`${count}`.padStart(7)} rows  ${bits.toFixed(1)} bits`)
  return [
    ...lines,
    '',
    `Each row is one of these ${wire.count}: it tells ${wire.bits.toFixed(1)} bits at most, besides the UTC day and a random id that is used once.`,
    ...metrics,
    '',
    ...wire.problems.map(({ path, message, accepted }) => `${file}  ${accepted === undefined ? 'error' : 'accepted'}  ${path}: ${message}${accepted === undefined ? '' : `\n    accepted: ${accepted}`}`),
    `${file}: ${isFine(wire) ? (wire.problems.length > 0 ? 'all small cells are accepted' : `at least ${FEWEST} visitors a day are expected to share what a row says`) : 'some rows say too much'}`,
    '',
  ].join('\n')
}

/** What is printed for a ruleset that can be used; without `ok` the command has found something. */
export function wire(ruleset: Ruleset, { file, json }: { file: string; json: boolean }): { text: string; ok: boolean } {
  const made = wireOf(ruleset)
  const ok = isFine(made)
  return { ok, text: json ? `${JSON.stringify({ file, ok, ...made }, null, 2)}\n` : text(file, made) }
}
