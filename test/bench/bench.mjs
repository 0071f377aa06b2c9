// Measures against what a site would write or pick instead, in interleaved rounds of one run, and prints ratios.
// Usage: npm run bench [-- engine | storage]

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))
const out = mkdtempSync(join(tmpdir(), 'slotwise-bench-'))
const bundle = async (name, platform) => {
  const outfile = join(out, `${name}.mjs`)
  const external = platform === 'node' ? ['playwright'] : []
  await build({ entryPoints: [join(here, `${name}.ts`)], bundle: true, format: 'esm', platform, outfile, external, logLevel: 'error' })
  return outfile
}

try {
  const only = process.argv[2]
  if (!only || only === 'engine') await (await import(pathToFileURL(await bundle('engine', 'node')).href)).default()
  if (!only || only === 'storage') {
    const page = await bundle('storage-page', 'browser')
    writeFileSync(join(out, 'index.html'), `<!doctype html><title>bench</title><script type="module" src="/storage-page.mjs"></script>`)
    // Run from here, so that the package it leaves outside can be found.
    const runner = join(here, 'storage.bundle.mjs')
    await build({ entryPoints: [join(here, 'storage.ts')], bundle: true, format: 'esm', platform: 'node', outfile: runner, external: ['playwright'], logLevel: 'error' })
    try {
      await (await import(pathToFileURL(runner).href)).default(dirname(page))
    } finally {
      rmSync(runner)
    }
  }
} finally {
  rmSync(out, { recursive: true, force: true })
}
