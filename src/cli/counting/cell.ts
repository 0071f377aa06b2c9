// A cell: how many rows say the same. All that reports and learning know of visitors.

/** Rows that are alike in everything but their id. */
export interface Cell {
  metric: string
  /** Of a declared row its name. */
  experience: string
  /** Of a declared row its words, as `prop=word`. */
  arm: string
  held: boolean
  /** The version of the weights that drew the arm; 0 where nothing was drawn. */
  weights: number
  /** Of a declared row its page group. */
  stratum: string
  /** UTC days since 1970. */
  day: number
  /** The bucket's edge of a value, the bucket of a declared row; else 0. */
  value: number
  /** Different ids. */
  n: number
}

/** A line, or a record in it, that is no row. */
export interface BrokenLine {
  file: string
  line: number
  why: string
}

export interface Counted {
  cells: Cell[]
  /** Rows that were read, those that arrived twice included. */
  rows: number
  /** Rows that had arrived before. */
  twice: number
  broken: number
  /** The first of them. */
  examples: BrokenLine[]
  /** What counted. */
  engine: 'node' | 'duckdb' | 'clickhouse'
}

/** So many broken lines are named; all are counted. */
export const EXAMPLES = 10

/** The metric under which an engine counts what is no row. */
export const BROKEN = 'broken'

/** The order of cells, the same whatever counted them. */
export const inOrder = (cells: Cell[]): Cell[] => {
  const keyOf = ({ experience, metric, weights, stratum, arm, held, day, value }: Cell): (string | number)[] => [experience, metric, weights, stratum, arm, held ? 1 : 0, day, value]
  return cells
    .map((cell): [(string | number)[], Cell] => [keyOf(cell), cell])
    .sort(([a], [b]) => {
      const i = a.findIndex((part, at) => part !== b[at])
      return i < 0 ? 0 : (a[i] as string) < (b[i] as string) ? -1 : 1
    })
    .map(([, cell]) => cell)
}

/** The words of a declared row, from its JSON or from OTLP attributes, in one order. */
export function wordsOf(values: string): string {
  const pairs = values.startsWith('{') ? Object.entries(JSON.parse(values) as object).map(([prop, word]) => `${prop}=${word}`) : values.split('\u001f')
  return pairs.sort().join(' ') || '*'
}
