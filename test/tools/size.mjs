// Prints what visitors download, and fails over budget, or when the README names another number.
// Usage: npm run size

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import terser from '@rollup/plugin-terser'
import { rollup } from 'rollup'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const KB = 1000

/**
 * Brotli bytes. slotwise.js is the promise that the README makes in its first line; language.js is fetched only by
 * sites that use more than the simple language, or whose ruleset is wrong; signals.js where it names events of its.
 */
const BUDGETS = { 'slotwise.js': 17 * KB, 'language.js': 31.5 * KB, 'signals.js': 6 * KB, 'teller.js': 6.5 * KB, 'explain.js': 4 * KB, 'portable.js': 4.5 * KB, 'bootstrap.js': 2 * KB, 'banner.js': 4 * KB, 'privacy.js': 5 * KB, 'inspector.js': Number.POSITIVE_INFINITY }
const EXTRA = 3 * KB
/** What reads one consent manager. */
const MANAGER = 0.8 * KB
/** What writes rows for another receiver than OTLP's. */
const TRANSPORT = KB

const measure = (code) => ({
  raw: code.length,
  gzip: gzipSync(code, { level: 9 }).length,
  brotli: brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length,
})

/** What one import costs a page that bundles it, dependencies included. */
async function imported(names, from) {
  const entry = '\0entry'
  const bundle = await rollup({
    input: entry,
    // Fetched only once the visitor agrees to be measured, where the page has the bootstrap, or where it is needed.
    // As written, not as a path on this machine: its length would be measured too.
    makeAbsoluteExternalsRelative: false,
    external: (id) => /\/(teller|hinter|asked|previewer|signals|portable|sources|recommend|recommender|anticipate)\.js$/.test(id),
    plugins: [
      { name: 'entry', resolveId: (id) => (id === entry ? id : null), load: (id) => (id === entry ? `export { ${names} } from '${join(root, from)}'` : null) },
      nodeResolve({ browser: true }),
      terser({ module: true, ecma: 2020, compress: { passes: 3 } }),
    ],
  })
  const { output } = await bundle.generate({ format: 'es', inlineDynamicImports: true })
  return Buffer.from(output[0].code)
}

if (!existsSync(join(root, 'dist/slotwise.js'))) {
  console.error('There is no build to measure: npm run build')
  process.exit(1)
}

const NOT_SHIPPED = ['index.js', 'rules.js', 'cli.js']
const rows = ['', 'banner/', 'cmp/']
  .flatMap((folder) => readdirSync(join(root, 'dist', folder)).map((name) => folder + name))
  .filter((name) => name.endsWith('.js') && !NOT_SHIPPED.includes(name))
  .map((name) => ({ name, budget: BUDGETS[name] ?? (name.startsWith('cmp/') ? MANAGER : EXTRA), ...measure(readFileSync(join(root, 'dist', name))) }))
// Of which a site loads one at most: the largest stands for all.
const transports = readdirSync(join(root, 'dist/transports'))
  .filter((name) => name.endsWith('.js'))
  .map((name) => ({ name: 'transports/*.js', budget: TRANSPORT, ...measure(readFileSync(join(root, 'dist/transports', name))) }))
rows.push(transports.reduce((one, other) => (other.brotli > one.brotli ? other : one)))
// By ESM the whole language is inside.
rows.push({ name: 'import { personalize }', budget: 42.5 * KB, ...measure(await imported('personalize', 'dist/index.js')) })
rows.push({ name: 'import { evaluate }', budget: 22.5 * KB, ...measure(await imported('evaluate', 'dist/rules.js')) })

const kb = (bytes) => (bytes === Number.POSITIVE_INFINITY ? '-' : (bytes / KB).toFixed(1))
console.log('kB'.padEnd(26), 'raw'.padStart(8), 'gzip'.padStart(8), 'brotli'.padStart(8), 'budget'.padStart(8))
for (const { name, raw, gzip, brotli, budget } of rows) {
  console.log(name.padEnd(26), kb(raw).padStart(8), kb(gzip).padStart(8), kb(brotli).padStart(8), kb(budget).padStart(8), brotli > budget ? ' OVER BUDGET' : '')
}

let failed = rows.some(({ brotli, budget }) => brotli > budget)

// The README's own table has to say what was measured just now.
const readme = readFileSync(join(root, 'README.md'), 'utf8')
for (const { name, brotli } of rows) {
  const [, said] = new RegExp(`^\\| \`${name.replace(/[.{}*]/g, '\\$&')}\` \\|.*?([\\d.]+) kB \\|`, 'm').exec(readme) ?? []
  if (said === kb(brotli)) continue
  console.error(`README.md says ${said ?? 'nothing'} for \`${name}\`, measured ${kb(brotli)} kB`)
  failed = true
}
const [, first] = /\*\*([\d.]+) kB\*\*/.exec(readme) ?? []
const script = kb(rows.find(({ name }) => name === 'slotwise.js').brotli)
if (first !== script) {
  console.error(`README.md says ${first} kB in its first lines, measured ${script} kB`)
  failed = true
}
process.exit(failed ? 1 : 0)
