// @vitest-environment node
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findings } from '../../src/cli/check.js'
import { main } from '../../src/cli/cli.js'
import { init, withTags } from '../../src/cli/init.js'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'slotwise-init-'))
})
afterEach(() => rmSync(directory, { recursive: true }))
const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(directory, path)), { recursive: true })
  writeFileSync(join(directory, path), text)
}
const get = (path: string): string => readFileSync(join(directory, path), 'utf8')
const begin = (more: object = {}) => init({ directory, to: 'slotwise', base: '/', bootstrap: false, write: false, force: false, ...more })

const PAGE = '<!doctype html><html><head><title>x</title></head><body><section data-slot="hero"><template data-variant="back"><h1>Back</h1></template><template data-variant="often"><h1>Often</h1></template><h1>Own</h1></section></body></html>'

test('a site gets the files, a ruleset for its slots with nothing wrong, and a tag with the script’s integrity', async () => {
  put('index.html', PAGE)
  put('blog/a.html', '<p data-slot="aside">A</p>')
  put('blog/b.html', '<p>B</p>')
  const { slots, tags, policy, files } = await begin()
  expect(slots).toEqual({ aside: [], hero: ['back', 'often'] })
  const integrity = createHash('sha384').update(readFileSync('dist/slotwise.js')).digest('base64')
  expect(tags).toBe(`<script src="/slotwise/slotwise.js" integrity="sha384-${integrity}" data-ruleset="/slotwise.json" async></script>`)
  expect(policy).toContain("script-src 'self';")
  expect(files).toEqual(expect.arrayContaining(['slotwise/slotwise.js', 'slotwise/language.js', 'slotwise/banner.js', 'slotwise/teller.js', 'slotwise.json']))
  for (const file of files) expect(existsSync(join(directory, file)), file).toBe(true)
  expect(existsSync(join(directory, 'slotwise/hinter.js'))).toBe(false)
  const ruleset = JSON.parse(get('slotwise.json'))
  expect(ruleset).toMatchObject({ $schema: './slotwise/slotwise.schema.json', pages: { blog: '/blog/*' }, slots: { aside: { experiences: [] }, hero: { experiences: [{ name: 'hero-back', when: 'regular' }, { name: 'hero-often', when: 'returning' }] } } })
  expect(findings(get('slotwise.json'))).toEqual([])
  expect(get('index.html')).toBe(PAGE)
})

test('nothing that is there is written over, unless it is asked for', async () => {
  put('slotwise.json', '{ "version": 7 }')
  await expect(begin()).rejects.toThrow('slotwise.json is there already, and nothing was written; --force writes over it')
  expect([get('slotwise.json'), existsSync(join(directory, 'slotwise'))]).toEqual(['{ "version": 7 }', false])
  await begin({ force: true })
  expect(JSON.parse(get('slotwise.json')).version).toBe(1)
  put('slotwise/language.js', 'changed')
  await expect(begin()).rejects.toThrow('slotwise/language.js, slotwise.json are there already')
})

test('the tags go into pages once, and nothing else of them changes', async () => {
  put('index.html', PAGE)
  const { tags, pages } = await begin({ write: true, bootstrap: true, base: '/shop/' })
  expect(pages).toEqual(['index.html'])
  expect(tags).toContain('src="/shop/slotwise/slotwise.js"')
  const written = get('index.html')
  expect(written).toBe(PAGE.replace('</head>', () => `${tags}\n</head>`))
  expect(existsSync(join(directory, 'slotwise/hinter.js'))).toBe(true)
  await begin({ write: true, force: true })
  expect(get('index.html')).toBe(written)
})

test('a page without a head gets them where that would have begun, and what is no page none', () => {
  expect(withTags('<!doctype html>\n<title>x</title>', '<T>')).toBe('<!doctype html>\n<T>\n<title>x</title>')
  expect(withTags('<html lang="en"><body class="x">', '<T>')).toBe('<html lang="en"><T>\n<body class="x">')
  expect(withTags('<p>part of a page', '<T>')).toBeUndefined()
})

test('the command line says what to do next, and refuses what cannot be', async () => {
  put('index.html', PAGE)
  expect(await main(['init', directory, '--json'])).toBe(0)
  expect(await main(['init', directory])).toBe(2)
  expect(await main(['init', join(directory, 'none')])).toBe(2)
  expect(await main(['init', directory, '--base', 'shop'])).toBe(2)
  expect(await main(['init', directory, '--to', '../x'])).toBe(2)
})
