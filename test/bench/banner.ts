// What a consent banner costs a page in bytes: ours, and vanilla-cookieconsent as it is published.

import { readFileSync } from 'node:fs'
import { brotliCompressSync, constants } from 'node:zlib'

const brotli = (...files: string[]): number =>
  files.reduce((sum, file) => sum + brotliCompressSync(readFileSync(file), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length, 0)

const PEER = 'node_modules/vanilla-cookieconsent/dist'

export default function banner(): void {
  const { version } = JSON.parse(readFileSync('node_modules/vanilla-cookieconsent/package.json', 'utf8')) as { version: string }
  const rows: [name: string, bytes: number][] = [
    ['slotwise banner.js: script, styles, texts in English and Portuguese', brotli('dist/banner.js')],
    ...['de', 'es', 'fr'].map((language): [string, number] => [`  a page in another language loads banner/${language}.js besides`, brotli(`dist/banner/${language}.js`)]),
    [`vanilla-cookieconsent ${version}: script and styles, without texts`, brotli(`${PEER}/cookieconsent.umd.js`, `${PEER}/cookieconsent.css`)],
    ['  its script as a module', brotli(`${PEER}/cookieconsent.esm.js`)],
    ['  its styles', brotli(`${PEER}/cookieconsent.css`)],
  ]
  console.log('\nA consent banner, brotli bytes')
  for (const [name, bytes] of rows) console.log(name.padEnd(72), String(bytes).padStart(6))
}
