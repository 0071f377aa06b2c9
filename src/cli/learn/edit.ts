// edits(): new weights of a split as changes to the text of its ruleset, and to nothing else in it.

import { findNodeAtLocation, type Node } from 'jsonc-parser'

export interface Edit {
  offset: number
  length: number
  text: string
}

export interface NewWeights {
  /** Of the split in the ruleset. */
  path: (string | number)[]
  version: number
  weights: { [arm: string]: number }
  /** By index in `by`. */
  by: ({ [arm: string]: number } | undefined)[]
  /** Earlier versions that nothing is told of any more. */
  forget: number[]
}

const spaced = (value: unknown): string =>
  Array.isArray(value)
    ? `[${value.map(spaced).join(', ')}]`
    : typeof value === 'object' && value !== null
      ? `{ ${Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${spaced(one)}`).join(', ')} }`
      : JSON.stringify(value)

/** What stands between an opening bracket, or the entry before, and an entry: the file's own way to break lines. */
const gapBefore = (text: string, node: Node): string => /[\s]*$/.exec(text.slice(0, node.offset))?.[0] ?? ''

const replacing = ({ offset, length }: Node, text: string): Edit => ({ offset, length, text })

export function edits(text: string, tree: Node, { path, version, weights, by, forget }: NewWeights): Edit[] {
  const at = (...more: (string | number)[]): Node | undefined => findNodeAtLocation(tree, [...path, ...more])
  const split = at() as Node
  const old = { version: version - 1, ...JSON.parse(text.slice(split.offset, split.offset + split.length)) }
  const changes: Edit[] = []
  const setWeights = (where: (string | number)[], values: { [arm: string]: number }): void => {
    for (const [arm, weight] of Object.entries(values)) {
      const node = at(...where, arm)
      if (node && node.value !== weight) changes.push(replacing(node, `${weight}`))
    }
  }
  setWeights(['weights'], weights)
  for (const [i, values] of by.entries()) if (values) setWeights(['by', i, 'weights'], values)

  const first = split.children?.[0] as Node
  const last = split.children?.at(-1) as Node
  const number = at('version')
  if (number) changes.push(replacing(number, `${version}`))
  else changes.push({ offset: first.offset, length: 0, text: `"version": ${version},${gapBefore(text, first) || ' '}` })

  const before = spaced({ version: old.version, weights: old.weights, ...(old.by ? { by: old.by } : {}) })
  const past = at('past')
  const known = past?.children ?? []
  if (!past) changes.push({ offset: last.offset + last.length, length: 0, text: `,${gapBefore(text, last) || ' '}"past": [${before}]` })
  else if (known.length === 0) changes.push(replacing(past, `[${before}]`))
  else {
    const gap = gapBefore(text, known[0] as Node)
    const kept = known.filter((node) => !forget.includes(findNodeAtLocation(node, ['version'])?.value))
    const from = (known[0] as Node).offset
    const end = known.at(-1) as Node
    if (kept.length === known.length) changes.push({ offset: from, length: 0, text: `${before},${gap || ' '}` })
    else changes.push({ offset: from, length: end.offset + end.length - from, text: [before, ...kept.map((node) => text.slice(node.offset, node.offset + node.length))].join(`,${gap || ' '}`) })
  }
  return changes
}

export const apply = (text: string, changes: Edit[]): string =>
  [...changes].sort((a, b) => b.offset - a.offset).reduce((result, { offset, length, text: put }) => result.slice(0, offset) + put + result.slice(offset + length), text)

/** Changed lines, as a diff shows them. */
export function diff(text: string, changes: Edit[]): string[] {
  const said: string[] = []
  const startOf = (offset: number): number => text.lastIndexOf('\n', offset - 1) + 1
  const endOf = (offset: number): number => (text.indexOf('\n', offset) + 1 || text.length + 1) - 1
  const sorted = [...changes].sort((a, b) => a.offset - b.offset)
  for (let i = 0; i < sorted.length; ) {
    const from = startOf((sorted[i] as Edit).offset)
    let to = endOf((sorted[i] as Edit).offset + (sorted[i] as Edit).length)
    const own: Edit[] = []
    for (; i < sorted.length && (sorted[i] as Edit).offset <= to; i++) {
      own.push(sorted[i] as Edit)
      to = Math.max(to, endOf((sorted[i] as Edit).offset + (sorted[i] as Edit).length))
    }
    const before = text.slice(from, to)
    const next = apply(before, own.map((one) => ({ ...one, offset: one.offset - from })))
    said.push(`@@ line ${text.slice(0, from).split('\n').length} @@`, ...before.split('\n').map((line) => `-${line}`), ...next.split('\n').map((line) => `+${line}`))
  }
  return said
}
