// Measures against what a site would write or pick instead, in interleaved rounds of one run, and prints ratios.
// Usage: npm run bench [-- engine | storage | slots | paint | signals | thread | flush | check | banner | bandit | report | recommend]; LOADS=20 loads pages less often

import { execFileSync } from 'node:child_process'
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

/** A runner outside the page: run from here, so that the package it leaves outside can be found. */
const outside = async (name, ...args) => {
  const runner = join(here, `${name}.bundle.mjs`)
  await build({ entryPoints: [join(here, `${name}.ts`)], bundle: true, format: 'esm', platform: 'node', outfile: runner, external: ['playwright'], logLevel: 'error' })
  try {
    await (await import(pathToFileURL(runner).href)).default(...args)
  } finally {
    rmSync(runner)
  }
}
const page = (name) => `<!doctype html><title>bench</title><script type="module" src="/${name}.mjs"></script>`

try {
  const only = process.argv[2]
  if (!only || only === 'engine') {
    const { default: engine, starting } = await import(pathToFileURL(await bundle('engine', 'browser')).href)
    await engine()
    const start = pathToFileURL(await bundle('start', 'browser')).href
    const texts = join(out, 'start.json')
    writeFileSync(texts, (await import(start)).fixture(1000, 10_000))
    const once = (which) => `import { readFileSync } from 'node:fs'; import { run } from '${start}'; console.log(run(${which}, readFileSync('${texts}', 'utf8')))`
    await starting((which) => Number(execFileSync(process.execPath, ['--input-type=module', '-e', once(which)], { encoding: 'utf8' })))
    for (const name of ['engine', 'start']) {
      await bundle(`${name}-page`, 'browser')
      writeFileSync(join(out, `${name}.html`), page(`${name}-page`))
    }
    await outside('engine-chromium', out)
  }
  if (!only || only === 'storage') {
    await bundle('storage-page', 'browser')
    writeFileSync(join(out, 'index.html'), page('storage-page'))
    await outside('storage', out)
  }
  if (!only || only === 'slots') {
    await bundle('slots-page', 'browser')
    writeFileSync(join(out, 'slots.html'), page('slots-page'))
    await outside('slots', out)
  }
  if (!only || only === 'recommend') {
    await bundle('recommend-page', 'browser')
    writeFileSync(join(out, 'recommend.html'), page('recommend-page'))
    await outside('recommend', out)
  }
  if (!only || only === 'paint') await outside('paint')
  if (!only || only === 'thread') await outside('thread', join(out, 'thread'))
  if (!only || only === 'bandit') (await import(pathToFileURL(await bundle('bandit', 'node')).href)).default()
  if (!only || only === 'report') await outside('report')
  if (!only || only === 'flush') await outside('flush')
  if (!only || only === 'signals') await outside('signals', join(out, 'signals'))
  if (!only || only === 'check') (await import(pathToFileURL(await bundle('check', 'node')).href)).default(out)
  if (!only || only === 'banner') (await import(pathToFileURL(await bundle('banner', 'node')).href)).default()
} finally {
  rmSync(out, { recursive: true, force: true })
}
