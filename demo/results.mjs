// The results pages: the report of a month of scripted visitors, made by `npm run loop` and kept in results/report.json,
// as `slotwise report --html` writes it.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))

export const resultWords = {
  'pt-BR': { path: '/resultados/', link: 'Resultados', back: '← Vereda, a revista', other: 'English', note: 'Um mês de 20.000 visitantes por dia, todos de mentira: um roteiro os inventa, e o resto é o Slotwise de verdade.' },
  en: { path: '/en/results/', link: 'Results', back: '← Vereda, the magazine', other: 'Português', note: 'A month of 20,000 visitors a day, all made up: a script invents them, and the rest is Slotwise as it is shipped.' },
}

/** Writes both pages below `out`; `homes` are the magazine's covers by language. */
export async function writeResults(out, homes) {
  const { outputFiles } = await build({ entryPoints: [join(here, '../src/cli/report/page.ts')], bundle: true, format: 'esm', write: false, logLevel: 'error' })
  const { pageOf } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`)
  const report = JSON.parse(readFileSync(join(here, 'results/report.json'), 'utf8'))
  for (const lang of Object.keys(resultWords)) {
    const own = resultWords[lang]
    const elsewhere = Object.keys(resultWords).find((one) => one !== lang)
    const links = { back: { href: homes[lang], text: own.back }, other: { href: resultWords[elsewhere].path, text: own.other, lang: elsewhere }, note: own.note }
    const file = join(out, own.path, 'index.html')
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, pageOf(report, lang, links))
  }
}
