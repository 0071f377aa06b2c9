// The related tables: which items belong to which, as `slotwise related` writes them and a page reads them. Pure.
//
// A row is a text: for each neighbour one letter of how strongly (2^(-q/2)), then for each its position in the
// catalogue, all of the same number of letters. The strongest stand first.

import { isObject } from '../../lib/own.js'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz'

/** Positions in the catalogue, with weights above 0 and up to 1. */
export type Neighbours = [position: number, weight: number][]

/** Rows by position: of the whole catalogue, of one shard, or of one page alone. */
export interface Table {
  /** What catalogue it speaks of: its first so many items, and the print of their keys. */
  of: [count: number, print: number]
  rows: { [position: string]: string }
  /** Which page comes next, with its probability: only the likely ones. */
  next?: { [position: string]: string }
}

/** How many letters a position takes, in a catalogue of so many items. */
const widthOf = (count: number): number => (count > 4096 ? (count > 262_144 ? 4 : 3) : 2)

/** A 32-bit hash (FNV-1a), the same wherever it is made. */
export function print(text: string, seed = 0x811c9dc5): number {
  let hash = seed
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** The shard that a page's row lies in. A slash at the end makes no difference. */
export const shardOf = (path: string, shards: number): number => print(path.replace(/(?!^)\/+$/, '')) % shards

/** `round` is `Math.ceil` where a weight must never be read as more than it is. */
export function encodeRow(neighbours: Neighbours, count: number, round = Math.round): string {
  const width = widthOf(count)
  const kept = neighbours
    .map(([position, weight]): [number, number] => [position, Math.max(0, round(-2 * Math.log2(weight)))])
    .filter(([, step]) => step < DIGITS.length)
    .sort(([p, a], [q, b]) => a - b || p - q)
  const place = (position: number): string => Array.from({ length: width }, (_, i) => LETTERS[Math.floor(position / 64 ** (width - 1 - i)) % 64]).join('')
  return kept.map(([, step]) => DIGITS[step]).join('') + kept.map(([position]) => place(position)).join('')
}

/** What is no row, or leads out of the catalogue, is left out. */
export function decodeRow(row: unknown, count: number): Neighbours {
  if (typeof row !== 'string') return []
  const width = widthOf(count)
  const size = row.length / (width + 1)
  const neighbours: Neighbours = []
  for (let i = 0; i < size; i++) {
    let position = 0
    for (let j = 0; j < width; j++) position = position * 64 + LETTERS.indexOf(row[size + i * width + j] ?? '')
    const step = DIGITS.indexOf(row[i] as string)
    if (position >= 0 && position < count && step >= 0) neighbours.push([position, 2 ** (-step / 2)])
  }
  return neighbours
}

/** Is it a table, and of this very catalogue? Rows by position may come as a list, too. */
export const isOf = (value: unknown, { items, printOf }: { items: unknown[]; printOf(count: number): number }): value is Table =>
  isObject(value) && typeof value.rows === 'object' && value.rows !== null && Array.isArray(value.of) && value.of[0] <= items.length && printOf(value.of[0]) === value.of[1]
