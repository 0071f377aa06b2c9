// Interleaved rounds: the contenders take turns, in an order that is reversed each time, so that a busy machine
// slows them alike.

export interface Contender {
  name: string
  /** One round; gives the time of one operation in ms. */
  run(): number | Promise<number>
}

export const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** Where the median lies with 95 % confidence, by drawing again from the values; the same for the same values. */
export function interval(values: number[], draws = 2000): [low: number, high: number] {
  let state = 1
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  const medians = Array.from({ length: draws }, () => median(values.map(() => values[Math.floor(random() * values.length)] as number))).sort((a, b) => a - b)
  return [medians[Math.floor(draws * 0.025)] as number, medians[Math.ceil(draws * 0.975) - 1] as number]
}

/** Median time of one operation by name, in ms. */
export async function rounds(contenders: Contender[], count: number): Promise<Map<string, number>> {
  const times = new Map(contenders.map(({ name }): [string, number[]] => [name, []]))
  for (let round = -2; round < count; round++) {
    const order = round % 2 ? contenders : [...contenders].reverse()
    for (const { name, run } of order) {
      const time = await run()
      // The first two warm up.
      if (round >= 0) times.get(name)?.push(time)
    }
  }
  return new Map([...times].map(([name, all]) => [name, median(all)]))
}

/** The same for what can run but once in its process or page: `once` gives the ms of the one with that number. */
export async function turns(names: readonly string[], once: (which: number) => number | Promise<number>, count: number): Promise<Map<string, number>> {
  const times = names.map((): number[] => [])
  for (let turn = 0; turn < count; turn++) for (const [which, all] of times.entries()) all.push(await once(which))
  return new Map(names.map((name, which) => [name, median(times[which] as number[])]))
}

const inWords = (ms: number): string => (ms >= 1 ? `${ms.toPrecision(3)} ms` : `${Number((ms * 1000).toPrecision(3))} µs`)

/** A table: the first contender in absolute terms, the others as how many times slower. */
export function print(title: string, results: [label: string, times: Map<string, number>][]): void {
  const names = [...(results[0]?.[1].keys() ?? [])]
  const rows = results.map(([label, times]) => {
    const first = times.get(names[0] as string) as number
    return [label, ...names.map((name, i) => (i === 0 ? inWords(first) : `x${((times.get(name) as number) / first).toPrecision(3)}`))]
  })
  const table = [['', ...names], ...rows]
  const widths = (table[0] as string[]).map((_, column) => Math.max(...table.map((row) => (row[column] as string).length)))
  console.log(`\n${title}`)
  for (const row of table) console.log(`  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number))).join('  ')}`)
}
