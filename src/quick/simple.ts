// The simple language: what most sites need, and all that the script tag's file holds by itself.

export type SimpleConditions = { [path: string]: unknown }

export interface SimpleLeaf {
  event: string
  where?: SimpleConditions
  /** A duration; without one, ever. */
  within?: string
  /** A number, or operators with numbers. */
  count?: unknown
}

export type SimpleRule =
  | string
  | { segment: string }
  | { all: SimpleRule[] }
  | { any: SimpleRule[] }
  | { not: SimpleRule }
  | { trait: SimpleConditions }
  | { context: SimpleConditions }
  | SimpleLeaf

/** The rules that a rule leads on to. */
export const parts = (rule: Exclude<SimpleRule, string>): SimpleRule[] =>
  'all' in rule ? rule.all : 'any' in rule ? rule.any : 'not' in rule ? [rule.not] : 'segment' in rule ? [rule.segment] : []
