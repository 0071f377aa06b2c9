// countHere(): counts rows in plain Node, for what fits into memory; and names the lines that are none.

import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { type BrokenLine, type Cell, type Counted, EXAMPLES, inOrder } from './cell.js'
import type { Input } from './inputs.js'
import { type Read, readLine } from './readLine.js'

/** Each line that is not empty, with what stands in it. A file that ends in the midst, as a packed one may, ends here too. */
async function* linesOf({ file, gzip }: Input): AsyncGenerator<{ line: number; read: Read[] }> {
  const source = createReadStream(file)
  const stream = gzip ? source.pipe(createGunzip()) : source
  let line = 0
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })
  // What fails before it is unpacked would be waited for for ever.
  source.on('error', (error: Error) => stream.destroy(error))
  try {
    for await (const text of lines) {
      line++
      if (text.trim() !== '') yield { line, read: readLine(text) }
    }
  } catch (error) {
    yield { line: line + 1, read: [`the file cannot be read to its end: ${(error as Error).message}`] }
  }
}

/** The first broken lines, for engines that count them but do not know where they stand. */
export async function findBroken(files: Input[], most = EXAMPLES): Promise<BrokenLine[]> {
  const found: BrokenLine[] = []
  for (const input of files) {
    for await (const { line, read } of linesOf(input)) {
      for (const why of read) if (typeof why === 'string') found.push({ file: input.file, line, why })
      if (found.length >= most) return found.slice(0, most)
    }
  }
  return found
}

/** `at` is told how many bytes have been read, file by file. */
export async function countHere(files: Input[], at: (bytes: number) => void = () => {}): Promise<Counted> {
  const cells = new Map<string, Cell & { ids: Set<string> }>()
  const examples: BrokenLine[] = []
  let rows = 0
  let broken = 0
  let bytes = 0
  for (const input of files) {
    for await (const { line, read } of linesOf(input)) {
      for (const row of read) {
        if (typeof row === 'string') {
          broken++
          if (examples.length < EXAMPLES) examples.push({ file: input.file, line, why: row })
          continue
        }
        rows++
        const { id, ...cell } = row
        const key = JSON.stringify(cell)
        const known = cells.get(key) ?? { ...cell, n: 0, ids: new Set() }
        known.ids.add(id)
        cells.set(key, known)
      }
    }
    bytes += input.bytes
    at(bytes)
  }
  const counted = [...cells.values()].map(({ ids, ...cell }) => ({ ...cell, n: ids.size }))
  return { cells: inOrder(counted), rows, twice: rows - counted.reduce((sum, { n }) => sum + n, 0), broken, examples, engine: 'node' }
}
