// inputs(): the files that are meant by what stands on the command line: names, directories, patterns.

import { open, readdir, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

export interface Input {
  file: string
  bytes: number
  gzip: boolean
}

/** Files of a directory that hold rows, by their names. */
const ROWS = /\.(ndjson|jsonl|json|log)(\.gz)?$/

async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await handle.close()
  }
}

const isPattern = (name: string): boolean => /[*?{]/.test(name)

/** `*` and `?` stand for what a shell takes them for, `{a,b}` for one of these, and `**` for any directories. */
const shapeOf = (pattern: string): RegExp => {
  const shape = pattern.replace(/[.+^$()|[\]\\]/g, '\\$&').replace(/\*\*\/|\*|\?|\{[^}]*\}/g, (sign) => (sign === '**/' ? '(.*/)?' : sign === '*' ? '[^/]*' : sign === '?' ? '[^/]' : `(${sign.slice(1, -1).replace(/,/g, '|')})`))
  return new RegExp(`^${shape}$`)
}

/** All files below, by their paths. */
const below = async (directory: string): Promise<string[]> =>
  (await readdir(directory, { withFileTypes: true, recursive: true })).filter((one) => one.isFile()).map((one) => join(one.parentPath ?? one.path, one.name))

async function matching(pattern: string): Promise<string[]> {
  const parts = pattern.split('/')
  const first = parts.findIndex(isPattern)
  const directory = parts.slice(0, first).join('/') || (pattern.startsWith('/') ? '/' : '.')
  const shape = shapeOf(parts.slice(first).join('/'))
  return (await below(directory).catch(() => [])).filter((file) => shape.test(relative(directory, file).split(sep).join('/')))
}

/** In the order of their names, each once. Throws, naming it, for what is not there. */
export async function inputs(names: string[]): Promise<Input[]> {
  const files = new Set<string>()
  for (const name of names) {
    const known = await stat(name).catch(() => null)
    if (known?.isDirectory()) {
      for (const file of await below(name)) if (ROWS.test(file)) files.add(file)
    } else if (known) files.add(name)
    else if (isPattern(name)) {
      const found = await matching(name)
      if (found.length === 0) throw new Error(`no file fits ${name}`)
      for (const one of found) files.add(one)
    } else throw new Error(`there is no ${name}`)
  }
  if (files.size === 0) throw new Error(`no rows in ${names.join(', ')}: no file ends in .ndjson, .jsonl, .json or .log, or one of these with .gz`)
  return Promise.all([...files].sort().map(async (file) => ({ file, bytes: (await stat(file)).size, gzip: await isGzip(file) })))
}
