// solve(): can a rule hold at all? What it asks about are variables with few values that make a difference; all are tried.

/** Something that a rule asks about. */
export interface Variable {
  key: string
  /** All that is asked of it. */
  conditions: unknown[]
  /** The values that make a difference to those; undefined where there are too many to try. */
  points(conditions: unknown[]): Iterable<unknown> | undefined
  /** Of counts: what is counted, so that a part is never more than the whole. */
  counts?: Counted
}

/** Events of one kind in a window of `ms`. */
export interface Counted {
  event: string
  where: string
  same: string
  ms: number
}

export type Formula =
  | boolean
  | { of: string; holds(value: unknown): boolean }
  | { all: Formula[] }
  | { any: Formula[] }
  | { not: Formula }
  | { bias: number; terms: { when: Formula; add: number }[]; is(probability: number): boolean }

export type Variables = Map<string, Variable>

/** So many values are tried; a rule that takes more is given the benefit of the doubt. */
const MOST_STEPS = 4000

/** As far as it can be told by what is known so far; `ask` gets the first variable that would tell more. */
function truth(formula: Formula, known: Map<string, unknown>, ask: (key: string) => void): boolean | undefined {
  if (typeof formula === 'boolean') return formula
  if ('of' in formula) {
    if (known.has(formula.of)) return formula.holds(known.get(formula.of))
    ask(formula.of)
    return undefined
  }
  if ('not' in formula) {
    const inner = truth(formula.not, known, ask)
    return inner === undefined ? undefined : !inner
  }
  if ('terms' in formula) {
    const terms = formula.terms.map(({ when, add }): [boolean | undefined, number] => [truth(when, known, ask), add])
    if (terms.some(([held]) => held === undefined)) return undefined
    const odds = terms.reduce((sum, [held, add]) => sum + (held ? add : 0), formula.bias)
    return formula.is(1 / (1 + Math.exp(-odds)))
  }
  const [parts, decides] = 'all' in formula ? [formula.all, false] : [formula.any, true]
  let open = false
  for (const part of parts) {
    const held = truth(part, known, ask)
    if (held === decides) return decides
    open ||= held === undefined
  }
  return open ? undefined : !decides
}

const isPart = (part: Counted, whole: Counted): boolean =>
  part.event === whole.event && part.ms <= whole.ms && (whole.where === '' || whole.where === part.where) && (whole.same === '' || whole.same === part.same)

/** Is there anything for which the formula holds? Undefined where that would take too long to find out. */
export function solve(formula: Formula, variables: Variables): boolean | undefined {
  let steps = 0
  const known = new Map<string, unknown>()
  const points = new Map<string, unknown[] | undefined>()
  const pointsOf = ({ key, conditions, points: of }: Variable): unknown[] | undefined => {
    if (!points.has(key)) {
      const made = of(conditions)
      points.set(key, made && [...new Set(made)])
    }
    return points.get(key)
  }
  /** Counts of a part that exceed those of the whole are no visitor's. */
  const fits = ({ key, counts }: Variable, value: unknown): boolean => {
    if (!counts) return true
    for (const [other, count] of known) {
      const those = variables.get(other)?.counts
      if (!those || other === key) continue
      if (isPart(counts, those) && (value as number) > (count as number)) return false
      if (isPart(those, counts) && (count as number) > (value as number)) return false
    }
    return true
  }
  const search = (): boolean | undefined => {
    let next: string | undefined
    const held = truth(formula, known, (key) => {
      next ??= key
    })
    if (held !== undefined) return held
    const variable = variables.get(next as string) as Variable
    const values = pointsOf(variable)
    if (!values) return undefined
    let unsure = false
    for (const value of values) {
      if (++steps > MOST_STEPS) return undefined
      if (!fits(variable, value)) continue
      known.set(variable.key, value)
      const found = search()
      known.delete(variable.key)
      if (found) return true
      unsure ||= found === undefined
    }
    return unsure ? undefined : false
  }
  return search()
}
