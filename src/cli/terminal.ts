// What all commands share: how they refuse, what they exit with, colours, and progress.

import { readFile, writeFile } from 'node:fs/promises'
import picocolors from 'picocolors'

/** What a command exits with. */
export const EXIT = { fine: 0, findings: 1, usage: 2 } as const

/** Colours where somebody looks: on a terminal, and not where NO_COLOR says so. */
export const colours = picocolors

/** Wrong use, or a file that cannot be read or written: said in one line, with no stack. */
export interface Refusal extends Error {
  name: 'Refusal'
}

/** Ends the command with exit code 2 and `words`, which name the mend. */
export function refuse(words: string): never {
  throw Object.assign(new Error(words), { name: 'Refusal' as const })
}

const reason = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException
  return code === 'ENOENT' ? 'there is no such file or directory' : code === 'EACCES' ? 'it is not allowed' : code === 'EISDIR' ? 'it is a directory' : message
}

/** A whole text file; "-" is the standard input. */
export async function readText(file: string): Promise<string> {
  try {
    if (file !== '-') return await readFile(file, 'utf8')
    const chunks: Buffer[] = []
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
    return Buffer.concat(chunks).toString('utf8')
  } catch (error) {
    return refuse(`cannot read ${file}: ${reason(error)}`)
  }
}

export async function writeText(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((error) => refuse(`cannot write ${file}: ${reason(error)}`))
}

/** What was asked for by --json; the only thing on the standard output then. */
export const printJson = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)

/** ms. Work that is over by then is not worth a word. */
const PATIENCE = 500

/** Says on the error output, where that is a terminal, how far long work is; `end` wipes it off. */
export function progress(doing: string, now: () => number = Date.now, out: NodeJS.WriteStream = process.stderr): { at(done: number, of: number): void; end(): void } {
  let next = now() + PATIENCE
  let said = false
  return {
    at: (done, of) => {
      if (!out.isTTY || now() < next) return
      next = now() + 100
      said = true
      out.write(`\r\u001b[K${doing}: ${of > 0 ? `${Math.floor((100 * done) / of)} %` : done}`)
    },
    end: () => {
      if (said) out.write('\r\u001b[K')
    },
  }
}
