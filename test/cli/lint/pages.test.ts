// @vitest-environment node
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findings } from '../../../src/cli/check.js'
import { readSheets, readSite } from '../../../src/cli/site.js'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'slotwise-pages-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const RULES = { version: 1, segments: { a: { event: 'x' } }, slots: { hero: { experiences: [{ name: 'one', when: 'a', show: 'v' }] } } }
const HERO = '<section data-slot="hero"><template data-variant="v"><h1>V</h1></template><h1>Own</h1></section>'

/** `code where: line` of all that is found, where the pages are looked at too. */
const said = async (files: { [path: string]: string }, rules: object = RULES): Promise<string[]> => {
  rmSync(directory, { recursive: true })
  mkdirSync(directory)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  const pages = await readSite(directory)
  const site = { pages, sheets: await readSheets(directory, pages) }
  return findings(JSON.stringify(rules), { site }).map(({ code, path, page, line }) => (page ? `${code} ${page.slice(directory.length + 1)}:${line} ${path}` : `${code} ${path}`))
}

test('pages and ruleset that fit together have nothing to say', async () => {
  expect(await said({ 'index.html': `<!doctype html><body>${HERO}`, 'deep/er/page.html': HERO, 'node_modules/x/index.html': '<p data-slot="none">', '.git/index.html': '<p data-slot="none">' })).toEqual([])
})

test('slots and variants that one of them lacks are pointed out', async () => {
  expect(await said({ 'index.html': `${HERO}\n<aside data-slot="heroo"></aside>` })).toEqual(['no-slot index.html:2 slot heroo'])
  expect(await said({ 'index.html': '<p>' })).toEqual(['no-slot slots.hero'])
  expect(await said({ 'index.html': '<section data-slot="hero"><h1>Own</h1></section>' })).toEqual(['no-variant slots.hero.experiences[0]'])
  expect(await said({ 'index.html': HERO, 'two.html': '<section data-slot="hero"><h1>Own</h1></section>' })).toEqual(['no-variant slots.hero.experiences[0]'])
  expect(await said({ 'index.html': '<section data-slot="hero" data-slot-by="page"></section>' })).toEqual([])
  expect(await said({ 'index.html': '<p id="x">' }, { ...RULES, slots: { hero: { select: '#x', experiences: [] } } })).toEqual([])
})

test('templates after the default, twice, or for nobody are pointed out with their line', async () => {
  const slot = (...inside: string[]) => `<section data-slot="hero">\n${inside.join('\n')}\n</section>`
  const v = '<template data-variant="v"><h1>V</h1></template>'
  expect(await said({ 'index.html': slot('<h1>Own</h1>', v) })).toEqual(['late index.html:3 slot hero, variant v'])
  expect(await said({ 'index.html': slot('Own words', v) })).toEqual(['late index.html:3 slot hero, variant v'])
  expect(await said({ 'index.html': slot('<!-- a word -->', v, '<h1>Own</h1>') })).toEqual([])
  expect(await said({ 'index.html': slot(v, v, '<template data-variant="w"></template>', '<template data-variant="default"></template>') })).toEqual(['twice index.html:3 slot hero, variant v', 'unused index.html:4 slot hero, variant w', 'default index.html:5 slot hero, variant default'])
})

test('what would be asked of a server only for some visitors is pointed out, with its line', async () => {
  const slot = (inside: string) => `<section data-slot="hero"><template data-variant="v">\n${inside}</template><h1>Own</h1></section>`
  expect(await said({ 'index.html': slot('<img src="/v.png" alt="">') })).toEqual(['requests index.html:1 slot hero, variant v'])
  expect(await said({ 'index.html': slot('<p>x</p>\n<iframe src="/v"></iframe>') })).toEqual(['requests index.html:3 slot hero, variant v'])
  expect(await said({ 'index.html': slot('<img src="/v.png" alt="">') }, { ...RULES, consent: { before: 'memory', requests: 'free' } })).toEqual([])
  const everybody = { ...RULES, slots: { hero: { experiences: [{ name: 'one', show: 'v' }] } } }
  expect(await said({ 'index.html': slot('<iframe src="/v"></iframe>') }, everybody)).toEqual([])
})

test('a style sheet whose picture only a variant brings is pointed out; one for everybody is not', async () => {
  const page = '<link rel="stylesheet" href="/css/all.css"><style>\n.own { background: url(/own.png) }\n.boots { background: image-set("/b.png" 1x) }</style><p class="own"></p><section data-slot="hero"><template data-variant="v"><h1 class="boots big">V</h1></template></section>'
  const css = '/* .boots { background: url(a.png) } */\n.big { color: red }\n@media (min-width: 1px) {\n  .x .big::before { background: url("big.png") }\n}\n.big { mask: url(#inside) }\n[data-slot-state="v"] { background: url(/v.png) }\n.big i { background: url("data:image/png;base64,AA") }\n'
  expect(await said({ 'index.html': page, 'css/all.css': css })).toEqual(['requests css/all.css:4 .x .big::before', 'requests css/all.css:7 [data-slot-state="v"]', 'requests index.html:3 .boots'])
  expect(await said({ 'index.html': page, 'css/all.css': css }, { ...RULES, consent: { before: 'memory', requests: 'free' } })).toEqual([])
  const classed = { ...RULES, slots: { hero: { ...RULES.slots.hero, variants: { v: { class: { h1: { add: 'tele' } } } } } } }
  expect(await said({ 'index.html': '<section data-slot="hero"><h1>Own</h1></section><style>.tele{background:url(/x)}</style>', 'css/all.css': '' }, classed)).toEqual(['requests index.html:1 .tele'])
})

test('a dismissal that no button offers is pointed out', async () => {
  const rules = { ...RULES, slots: { hero: { experiences: [{ name: 'one', when: 'a', show: 'v', cooldown: { for: '1d' } }] } } }
  expect(await said({ 'index.html': HERO }, rules)).toEqual(['toothless slots.hero.experiences[0].cooldown'])
  expect(await said({ 'index.html': HERO.replace('<h1>V</h1>', '<div><button data-slotwise-dismiss>x</button></div>') }, rules)).toEqual([])
})
