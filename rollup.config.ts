// What is shipped: the script tag's file with everything inside, ESM for bundlers, extras by themselves, the CLI.

import { existsSync, readdirSync } from 'node:fs'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import terser from '@rollup/plugin-terser'
import { defineConfig, type RollupOptions } from 'rollup'
import esbuild from 'rollup-plugin-esbuild'

const ts = (target = 'es2020') => esbuild({ target, sourceMap: true })
const min = (module: boolean) =>
  terser({
    module,
    ecma: 2020,
    compress: { passes: 3, pure_getters: true, unsafe_arrows: true },
    format: { comments: false },
  })

const extras = existsSync('src/extras') ? readdirSync('src/extras').filter((name) => name.endsWith('.ts')) : []

/** Loaded by the script tag from beside itself, so each is one file with nothing to import. */
const extra = (name: string): RollupOptions => ({
  input: `src/extras/${name}`,
  plugins: [nodeResolve({ browser: true }), ts(), min(true)],
  output: { file: `dist/${name.replace('.ts', '.js')}`, format: 'es', sourcemap: true },
})

export default defineConfig([
  {
    input: 'src/auto.ts',
    plugins: [nodeResolve({ browser: true }), ts(), min(false)],
    output: { file: 'dist/slotwise.js', format: 'iife', sourcemap: true, inlineDynamicImports: true, generatedCode: 'es2015' },
  },
  {
    input: { index: 'src/index.ts', rules: 'src/rules.ts' },
    external: ['idb-keyval', 'nanoid'],
    plugins: [ts('es2022')],
    output: { dir: 'dist', format: 'es', sourcemap: true, entryFileNames: '[name].js', chunkFileNames: 'chunks/[name].js', generatedCode: 'es2015' },
  },
  ...extras.map(extra),
  {
    input: 'src/cli/cli.ts',
    external: [/^node:/],
    plugins: [ts('node20')],
    output: { file: 'dist/cli.js', format: 'es', banner: '#!/usr/bin/env node' },
  },
])
