// What is shipped: the script tag's file with everything inside, ESM for bundlers, extras by themselves, the CLI.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import commonjs from '@rollup/plugin-commonjs'
import json from '@rollup/plugin-json'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import terser from '@rollup/plugin-terser'
import { defineConfig, type Plugin, type RollupOptions } from 'rollup'
import esbuild from 'rollup-plugin-esbuild'
import { exportSchema } from './src/cli/exportSchema.ts'
import { jsonSchema } from './src/cli/schema.ts'
import { journeysSchema } from './src/cli/simulate/schema.ts'

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string; peerDependencies: { [name: string]: string } }

const ts = (target = 'es2021') => esbuild({ target, sourceMap: true })
const min = (module: boolean, preamble = '') =>
  terser({
    module,
    ecma: 2020,
    compress: { passes: 6, inline: 1, comparisons: false, lhs_constants: false, pure_getters: true, unsafe: true, unsafe_arrows: true },
    format: { comments: false, preamble },
  })

const extras = ['', 'cmp/'].flatMap((folder) => readdirSync(`src/extras/${folder}`).filter((name) => name.endsWith('.ts')).map((name) => folder + name))

const transports = readdirSync('src/extras/transports')
/** What is asked of the page's own handle is one file, by the name of what is asked most. */
const paths = (id: string): string => id.replace(/^.*?\/((banner\/)?\w+\.js)$/, './$1').replace('asked', 'explain')

/** Extras that another file beside the script fetches. */
const isExtra = (id: string): boolean => /\/(extras\/recommend|recommender|anticipate)\.js$/.test(id)

/** A style sheet is written for people, with a space wherever it helps, and shipped without. */
const tight: Plugin = {
  name: 'tight',
  transform: (code, id) => (id.endsWith('/style.ts') ? code.replace(/(?<=const CSS = `)[^`]*/, (css) => css.replace(/\s+/g, ' ').replace(/ ?([{};>]) ?/g, '$1').replace(/([:,]) /g, '$1').trim()) : null),
}

/** Of what is fetched when somebody asks, what is asked for least is fetched by itself. */
const isPortable = (id: string): boolean => /\/portable\.js$/.test(id)

/** Loaded by the script tag from beside itself, so each is one file with nothing to import. */
const beside = (input: string, name: string): RollupOptions => ({
  input,
  // A page that takes an extra for React has React.
  external: (id) => id === 'react' || isLanguage(id) || isExtra(id) || isPortable(id),
  // Where React renders on a server, what has state says so in its first line.
  plugins: [nodeResolve({ browser: true }), ts(), tight, min(true, name === 'react' ? `'use client';` : '')],
  output: { file: `dist/${name}.js`, format: 'es', sourcemap: true, paths },
})

/** The banner's other languages, each a file that is loaded where a page speaks it. */
const LANGUAGES = readdirSync('src/extras/banner').filter((name) => /^[a-z]{2}\.ts$/.test(name))
const isLanguage = (id: string): boolean => LANGUAGES.includes(id.replace(/^.*\/(.*)js$/, '$1ts'))

/** A classic script's `import()` starts from the script's own address: what it loads lies beside it. */
const isBeside = (id: string): boolean => /\/(teller|language|hinter|asked|previewer|signals|portable|sources)\.js$/.test(id)

/** The script tag's file has the simple language inside, and fetches all of it for rulesets that need that. */
const simple: Plugin = {
  name: 'simple',
  resolveId: (source, importer) =>
    /[/\\]src[/\\](personalize|sense[/\\]sense)\.ts$/.test(importer ?? '') && ['./decide/decide.js', './ruleset.js', './variants.js', './fence.js', './context.js', './sense/triggers.js', './show/finder.js'].includes(source) ? resolve('src/quick', source.replace(/^.*\/(.*)js$/, '$1ts')) : null,
}

/** The bootstrap stands in the page itself: a strict policy has to name it by its hash. */
const hashed: Plugin = {
  name: 'hashed',
  generateBundle(_, bundle) {
    const [chunk] = Object.values(bundle)
    if (chunk?.type !== 'chunk') return
    chunk.code = chunk.code.trim()
    if (/<\/script|<!--/i.test(chunk.code)) this.error('the bootstrap could not stand in a page')
    const hash = `sha256-${createHash('sha256').update(chunk.code).digest('base64')}`
    // For tools that write pages: what to put there, and what to allow.
    this.emitFile({ type: 'asset', fileName: 'bootstrap.json', source: `${JSON.stringify({ hash, code: chunk.code }, null, 2)}\n` })
    console.log(`bootstrap.js  script-src '${hash}'`)
  },
}

const schema: Plugin = {
  name: 'schema',
  generateBundle() {
    // For tools that answer banners for people.
    this.emitFile({ type: 'asset', fileName: 'autoconsent.json', source: readFileSync('src/extras/banner/autoconsent.json', 'utf8') })
    for (const [name, made] of Object.entries({ slotwise: jsonSchema(), 'slotwise-export': exportSchema(), journeys: journeysSchema() })) this.emitFile({ type: 'asset', fileName: `${name}.schema.json`, source: `${JSON.stringify(made, null, 2)}\n` })
  },
}

/** What `slotwise --version` says. */
const version: Plugin = {
  name: 'version',
  transform: (code, id) => (/[/\\]src[/\\]cli[/\\]cli\.ts$/.test(id) ? code.replace('__VERSION__', manifest.version) : null),
}

export default defineConfig([
  {
    input: 'src/auto.ts',
    external: isBeside,
    plugins: [simple, nodeResolve({ browser: true }), ts(), min(false)],
    output: { file: 'dist/slotwise.js', format: 'iife', sourcemap: true, generatedCode: 'es2015', paths },
  },
  beside('src/tell/teller.ts', 'teller'),
  beside('src/language.ts', 'language'),
  beside('src/quick/hinter.ts', 'hinter'),
  beside('src/quick/explain.ts', 'explain'),
  beside('src/show/previewer.ts', 'previewer'),
  beside('src/portable.ts', 'portable'),
  beside('src/sense/signals.ts', 'signals'),
  beside('src/quick/sources.ts', 'sources'),
  {
    input: 'src/bootstrap.ts',
    plugins: [nodeResolve({ browser: true }), ts(), min(false), hashed],
    // No map: its comment would be part of what a page carries inline.
    output: { file: 'dist/bootstrap.js', format: 'iife', strict: false, generatedCode: 'es2015' },
  },
  {
    input: { index: 'src/index.ts', rules: 'src/rules.ts' },
    external: ['idb-keyval', 'nanoid'],
    plugins: [ts('es2022'), schema],
    output: { dir: 'dist', format: 'es', sourcemap: true, entryFileNames: '[name].js', chunkFileNames: 'chunks/[name].js', generatedCode: 'es2015' },
  },
  ...transports.map((file) => beside(`src/extras/transports/${file}`, `transports/${file.replace('.ts', '')}`)),
  ...extras.map((file) => beside(`src/extras/${file}`, file.replace('.ts', ''))),
  ...LANGUAGES.map((file) => beside(`src/extras/banner/${file}`, `banner/${file.replace('.ts', '')}`)),
  // Only the page's own language is fetched.
  ...['en', 'pt-BR', 'es', 'fr', 'de'].map((language) => beside(`src/extras/privacy/${language}.ts`, `privacy/${language}`)),
  {
    input: { cli: 'src/cli/main.ts' },
    // What a site may do without is asked for by name where it is needed.
    external: [/^node:/, ...Object.keys(manifest.peerDependencies)],
    plugins: [nodeResolve({ preferBuiltins: true }), commonjs(), json(), version, ts('node20')],
    // Each command loads what it needs from cli/.
    output: { dir: 'dist', format: 'es', entryFileNames: '[name].js', chunkFileNames: 'cli/[name].js', banner: ({ isEntry }) => (isEntry ? '#!/usr/bin/env node' : '') },
  },
])
