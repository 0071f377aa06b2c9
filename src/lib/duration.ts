// "7d" to milliseconds.

const UNITS: { [unit: string]: number } = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** Milliseconds; NaN for what is not a duration (an integer and one of `s m h d w`). */
export function duration(text: unknown): number {
  const match = typeof text === 'string' && /^(\d{1,9})([smhdw])$/.exec(text)
  return match ? Number(match[1]) * (UNITS[match[2] as string] as number) : Number.NaN
}
