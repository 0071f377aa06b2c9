// Runs the learning loop for a month of scripted visitors, against the built command line; writes demo/results/report.json.
// Usage: npm run loop; DAYS=7 VISITORS=2000 OUT=/tmp/report.json for a smaller one elsewhere

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../..')
const out = mkdtempSync(join(tmpdir(), 'slotwise-loop-'))
try {
  const outfile = join(out, 'loop.mjs')
  await build({ entryPoints: [join(here, 'loop.ts')], bundle: true, format: 'esm', platform: 'node', outfile, logLevel: 'error' })
  const { default: loop } = await import(pathToFileURL(outfile).href)
  await loop(join(root, 'dist/cli.js'), join(here, 'slotwise.json'), resolve(process.env.OUT ?? join(root, 'demo/results/report.json')))
} finally {
  rmSync(out, { recursive: true, force: true })
}
