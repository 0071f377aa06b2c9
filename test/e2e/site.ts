// The site that visitors are played on: a few shop pages, served with the built files under a strict policy.

import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Serving, serve } from '../../src/cli/serve.js'

export const STRICT = "default-src 'self'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

/** How a page installs Slotwise. */
export type Install = 'script tag' | 'ESM'

// As a site without a bundler does it: the packages that Slotwise imports, by an import map that the policy names by hash.
const IMPORTS = JSON.stringify({ imports: { 'idb-keyval': '/modules/idb-keyval.js', nanoid: '/modules/nanoid/index.browser.js' } })
const IMPORTS_HASH = createHash('sha256').update(IMPORTS).digest('base64')

/** Collects what a visitor's page must never have: errors, and breaches of its policy. */
const WATCH = `window.trouble = []
addEventListener('error', (event) => trouble.push('error: ' + event.message))
addEventListener('unhandledrejection', (event) => trouble.push('rejection: ' + event.reason))
addEventListener('securitypolicyviolation', (event) => trouble.push('policy: ' + event.violatedDirective + ' ' + event.blockedURI))
const { error } = console
window.consoleErrors = []
console.error = (...words) => { consoleErrors.push(words.join(' ')); error.apply(console, words) }
`

export const INSTALL: { [install in Install]: string } = {
  'script tag': `<script src="/watch.js"></script><script src="/hurry.js"></script><script src="/slotwise.js" data-ruleset="/slotwise.json" async></script>`,
  ESM: `<script src="/watch.js"></script><script src="/hurry.js"></script><script type="importmap">${IMPORTS}</script><script type="module" src="/start.js"></script>`,
}

export const RULESET = {
  version: 1,
  pages: { shoes: '/shoes/*', home: '/' },
  segments: {
    'shoe-lover': { event: 'page_view', where: { page: 'shoes' }, within: '7d', count: { $gte: 3 } },
    many: { event: 'tick', count: { $gte: 400 } },
    basket: { event: 'cart_add', where: { item: 'boots' } },
  },
  slots: {
    hero: { experiences: [{ name: 'shoes', when: 'shoe-lover', show: 'shoes' }] },
    note: { experiences: [{ name: 'basket', when: 'basket', show: 'basket' }], variants: { basket: { text: { p: 'Your boots are waiting' } } } },
  },
}

const HERO = '<section data-slot="hero"><template data-variant="shoes"><h1>Made for your feet</h1></template><h1>Welcome</h1></section>'

const page = (title: string, body: string, head: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title><link rel="icon" href="/icon.svg">${head}</head>
<body>
  <nav><a id="home" href="/">Home</a> <a id="one" href="/shoes/1.html">One</a> <a id="two" href="/shoes/2.html">Two</a> <a id="three" href="/shoes/3.html">Three</a></nav>
  <aside data-slot="note"><p>Nothing in your basket</p></aside>
  ${body}
</body></html>
`

/** Files by path, added to the site's own. */
export async function startSite(install: Install, files: { [path: string]: string } = {}, policy = STRICT): Promise<Serving> {
  const directory = mkdtempSync(join(tmpdir(), 'slotwise-site-'))
  const put = (path: string, text: string): void => {
    const file = join(directory, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  const head = INSTALL[install]
  put('index.html', page('Home', HERO, head))
  for (const n of [1, 2, 3]) {
    put(`shoes/${n}.html`, page(`Shoe ${n}`, `<button id="add" data-track="cart_add" data-track-item="boots">Add</button>`, head))
  }
  put('watch.js', WATCH)
  put('hurry.js', '')
  put('icon.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>')
  put('slotwise.json', JSON.stringify(RULESET))
  // What the script fetches from beside itself stands there too.
  for (const file of ['slotwise.js', 'teller.js', 'language.js', 'signals.js', 'explain.js', 'previewer.js', 'portable.js', 'banner.js', 'privacy.js', 'recommend.js', 'recommender.js', 'anticipate.js']) if (existsSync(`dist/${file}`)) cpSync(`dist/${file}`, join(directory, file))
  cpSync('dist/transports', join(directory, 'transports'), { recursive: true })
  cpSync('dist/banner', join(directory, 'banner'), { recursive: true })
  cpSync('dist/privacy', join(directory, 'privacy'), { recursive: true })
  if (install === 'ESM') {
    cpSync('dist/index.js', join(directory, 'slotwise/index.js'))
    cpSync('dist/chunks', join(directory, 'slotwise/chunks'), { recursive: true })
    cpSync('node_modules/idb-keyval/dist/index.js', join(directory, 'modules/idb-keyval.js'))
    cpSync('node_modules/nanoid', join(directory, 'modules/nanoid'), { recursive: true })
    put('start.js', `import { personalize } from './slotwise/index.js'\nwindow.site = personalize({ ruleset: '/slotwise.json' })\n`)
  }
  for (const [path, text] of Object.entries(files)) put(path, text)

  const serving = await serve({ directory, headers: { 'content-security-policy': install === 'ESM' ? `${policy}; script-src 'self' 'sha256-${IMPORTS_HASH}'` : policy } })
  return {
    url: serving.url,
    close: async () => {
      await serving.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
