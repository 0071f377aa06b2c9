// What is shipped: the script tag's file with everything inside, ESM for bundlers, extras by themselves, the CLI.

import { existsSync, readdirSync } from 'node:fs'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import terser from '@rollup/plugin-terser'
import { defineConfig, type RollupOptions } from 'rollup'
import esbuild from 'rollup-plugin-esbuild'

const ts = (target = 'es2021') => esbuild({ target, sourceMap: true })
const min = (module: boolean) =>
  terser({
    module,
    ecma: 2020,
    compress: { passes: 3, pure_getters: true, unsafe_arrows: true },
    format: { comments: false },
  })

const extras = existsSync('src/extras') ? readdirSync('src/extras').filter((name) => name.endsWith('.ts')) : []

/** Loaded by the script tag from beside itself, so each is one file with nothing to import. */
const beside = (input: string, name: string): RollupOptions => ({
  input,
  plugins: [nodeResolve({ browser: true }), ts(), min(true)],
  output: { file: `dist/${name}.js`, format: 'es', sourcemap: true },
})

/** A classic script's `import()` starts from the script's own address: what it loads lies beside it. */
const isTeller = (id: string): boolean => id.endsWith('/teller.js')

export default defineConfig([
  {
    input: 'src/auto.ts',
    external: isTeller,
    plugins: [nodeResolve({ browser: true }), ts(), min(false)],
    output: { file: 'dist/slotwise.js', format: 'iife', sourcemap: true, generatedCode: 'es2015', paths: (id) => (isTeller(id) ? './teller.js' : id) },
  },
  beside('src/tell/teller.ts', 'teller'),
  {
    input: { index: 'src/index.ts', rules: 'src/rules.ts' },
    external: ['idb-keyval', 'nanoid'],
    plugins: [ts('es2022')],
    output: { dir: 'dist', format: 'es', sourcemap: true, entryFileNames: '[name].js', chunkFileNames: 'chunks/[name].js', generatedCode: 'es2015' },
  },
  ...extras.map((file) => beside(`src/extras/${file}`, file.replace('.ts', ''))),
  {
    input: 'src/cli/cli.ts',
    external: [/^node:/],
    plugins: [ts('node20')],
    output: { file: 'dist/cli.js', format: 'es', banner: '#!/usr/bin/env node' },
  },
])
