// slotwise check --fix: mends what cannot be meant otherwise, by the smallest edits, so that a diff shows nothing else.

import { type Edit, findNodeAtLocation, modify, type Node, parseTree } from 'jsonc-parser'
import type { Finding } from './finding.js'
import { linesOf } from './lines.js'

/** What one mend uncovers, the next round mends. */
const MOST_ROUNDS = 5

/** The edit of one finding; empty where it cannot be made. */
function edits(text: string, tree: Node, steps: (string | number)[], { fix }: Finding): Edit[] {
  if (!fix) return []
  const node = findNodeAtLocation(tree, 'key' in fix && fix.key !== undefined ? [...steps, fix.key] : steps)
  if (!node) return []
  if ('value' in fix && fix.value !== undefined) return modify(text, steps, fix.value, {})
  if (!('rename' in fix)) return modify(text, steps, undefined, {})
  const { parent } = node
  const [key] = parent?.type === 'property' ? (parent.children ?? []) : []
  // Beside a key of the right name it would be one too many.
  const taken = (parent?.parent?.children ?? []).some(({ children }) => children?.[0]?.value === fix.rename)
  return key && !taken ? [{ offset: key.offset, length: key.length, content: JSON.stringify(fix.rename) }] : []
}

/** `find` says what there is to mend. Gives the text as it is then, and what was mended. */
export function fixed(text: string, find: (text: string) => Finding[]): { text: string; mended: Finding[] } {
  const mended: Finding[] = []
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const tree = parseTree(text)
    if (!tree) break
    const { steps } = linesOf(text)
    const changes = find(text).flatMap((finding): [Finding, Edit[]][] => {
      const at = finding.fix && !finding.page ? steps(finding.path) : undefined
      const change = at ? edits(text, tree, at, finding) : []
      return change.length > 0 ? [[finding, change]] : []
    })
    if (changes.length === 0) break
    // From the end on, so that places before it stay where they are; what would touch another waits for its turn.
    let before = Number.POSITIVE_INFINITY
    for (const [finding, change] of changes.sort(([, [a]], [, [b]]) => (b as Edit).offset - (a as Edit).offset)) {
      if (change.some(({ offset, length }) => offset + length > before)) continue
      for (const { offset, length, content } of change) text = text.slice(0, offset) + content + text.slice(offset + length)
      before = Math.min(...change.map(({ offset }) => offset))
      mended.push(finding)
    }
  }
  return { text, mended }
}
