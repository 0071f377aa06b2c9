// What slotwise check finds, and how a lint tells of it.

export interface Finding {
  /** A warning does not keep a ruleset from being used. */
  severity: 'error' | 'warning'
  /** Stable, for programs and for looking it up: `unknown`, `shadowed`, `never`, … */
  code: string
  path: string
  /** From 1. */
  line: number
  why: string
  /** What to do about it; empty where that is plain. */
  mend: string
  /** Both as one sentence. */
  message: string
  /** `--fix` can do it. */
  fix?: Fix
  /** The page it was found on, where that is not the ruleset. */
  page?: string
}

/** A change that cannot be meant otherwise: the key, or one inside, renamed; or its value set or taken away (undefined). */
export type Fix = { rename: string; key?: string } | { value: unknown }

/** Says what was found at a path. */
export type Found = (path: string, code: string, why: string, mend?: string, fix?: Fix) => void

export const sentence = (why: string, mend: string): string => (mend ? `${why}; ${mend}` : why)

/** A sentence of the check of shapes, "why; mend": the first semicolon that stands in no quoted value parts them. */
export function parted(message: string): { why: string; mend: string } {
  const [, why = message, mend = ''] = /^((?:"(?:[^"\\]|\\.)*"|[^"])*?); (.*)$/s.exec(message) ?? []
  if (mend) return { why, mend }
  const [, wanted] = /^expected (.*), got /s.exec(message) ?? []
  return { why: message, mend: wanted ? `write ${wanted}` : '' }
}
