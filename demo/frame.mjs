// What every page of the demo has around its content: head, policy, masthead and foot.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { words } from './content.mjs'
import { modeWords } from './modes.mjs'
import { notice } from './notice.mjs'
import { resultWords } from './results.mjs'

/** What shows the last page's decisions while this one is parsed: it stands in each page, by its hash. */
const bootstrap = JSON.parse(readFileSync(join(dirname(fileURLToPath(import.meta.url)), '../dist/bootstrap.json'), 'utf8'))

// As strict as a policy can be: no other inline code, no inline styles, nothing may turn text into markup, and no form can be sent.
const POLICY = `default-src 'self'; script-src 'self' '${bootstrap.hash}'; img-src 'self' data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'`

/** Words that a script of the page needs; a `<` in them must not end the element. */
export const data = (id, value) => `<script type="application/json" id="${id}">${JSON.stringify(value).replaceAll('<', '\\u003c')}</script>`

/**
 * Writes one page below `out`. `other` is its address in the other language, `own` names what it has a style sheet and a
 * script of its own for, `ruleset` is another than the magazine's, and `extras` is what the script tag brings along.
 */
export function writePage(out, lang, { path, title, description, main, other, shop, own = [], ruleset = '/slotwise.json', extras }) {
  const w = words[lang]
  const { consent, strip, rows, privacy } = notice[lang]
  const html = `<!doctype html>
<html lang="${lang}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta http-equiv="Content-Security-Policy" content="${POLICY}">
  <meta name="color-scheme" content="light dark">
  <script>${bootstrap.code}</script>
  <title>${title}</title>
  <meta name="description" content="${description}">
  <link rel="icon" href="/icon.svg">
  ${['demo', 'strip', ...own].map((name) => `<link rel="stylesheet" href="/${name}.css">`).join('\n  ')}
  <script src="/slotwise.js" data-ruleset="${ruleset}"${extras ? ` data-extras="${extras}"` : ''} async></script>
  ${['signup', 'strip', ...own].map((name) => `<script src="/${name}.js" defer></script>`).join('\n  ')}
</head>
<body>
  <header class="top">
    <a class="name" href="${w.home}">${w.name}</a><span class="tagline">${w.tagline}</span>
    <nav><a href="${shop}">${w.shop.label}</a><a href="${other}" lang="${w.other.lang}" hreflang="${w.other.lang}">${w.other.label}</a></nav>
  </header>
  ${main}
  <footer class="foot"><p>${w.footer}</p>
    <p class="foot-links"><button class="plain" type="button" data-slotwise-consent>${consent}</button><a class="plain" href="${privacy.path}">${privacy.link}</a><a class="plain" href="${rows.path}">${rows.link}</a><a class="plain" href="${modeWords[lang].path}">${modeWords[lang].link}</a><a class="plain" href="${resultWords[lang].path}">${resultWords[lang].link}</a></p></footer>
  ${data('strip-words', { ...strip, home: w.home, rowsPath: rows.path })}
</body>
</html>
`
  const file = join(out, path, 'index.html')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, html)
}
