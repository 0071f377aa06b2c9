// @vitest-environment node
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { findings } from '../../src/cli/check.js'
import { treeOf } from '../../src/cli/compile.js'
import { checkRuleset } from '../../src/ruleset.js'
import { HTML } from '../show/hostile.js'

const directory = mkdtempSync(join(tmpdir(), 'slotwise-compile-'))
afterAll(() => rmSync(directory, { recursive: true }))

const ruleset = (data: unknown, more = {}): string => JSON.stringify({ version: 1, ...more, slots: { hero: { experiences: [{ name: 'a', show: 'v' }], variants: { v: data } } } })
const said = (data: unknown, more = {}): string[] => findings(ruleset(data, more)).map(({ severity, path, message }) => `${severity} ${path.replace('slots.hero.variants.', '')}: ${message}`)
const run = (text: string, ...options: string[]) => {
  const file = join(directory, 'slotwise.json')
  writeFileSync(file, text)
  return spawnSync(process.execPath, ['dist/cli.js', 'check', file, ...options], { encoding: 'utf8' })
}

test('HTML becomes a tree of what is allowed, and what is not is told', () => {
  const dropped: string[] = []
  expect(treeOf('\n<h1 class="big" onclick="x()">Spring <b>now</b></h1><script>x()</script> <svg><g>x</g></svg><!-- a --><img src="/a.png" alt="">\n', (what) => dropped.push(what))).toEqual([['h1', { class: 'big' }, 'Spring ', ['b', 'now']], ' ', ['img', { src: '/a.png', alt: '' }]])
  expect(dropped).toEqual(['onclick="x()" of <h1>', '<script>', '<svg>'])
})

test('the compiled ruleset goes to a file or to the screen, with each tree on a line, and is right', () => {
  const text = ruleset({ html: '<h1>Spring \u2028 "now"</h1>' })
  const out = join(directory, 'out.json')
  const { status, stderr, stdout } = run(text, '--compile', '--out', out)
  expect([status, stdout, stderr]).toEqual([0, expect.stringContaining('nothing is wrong'), ''])
  const written = readFileSync(out, 'utf8')
  expect(written).toContain('"html": [["h1","Spring \u2028 \\"now\\""]]')
  expect(checkRuleset(JSON.parse(written))).toEqual([])
  const screen = run(text, '--compile')
  expect(JSON.parse(screen.stdout)).toEqual(JSON.parse(written))
  expect(screen.stderr).toContain('nothing is wrong')
  expect(run(text, '--out', out).status).toBe(2)
})

test('what loses everything is refused, and nothing is written', () => {
  const { status, stdout, stderr } = run(ruleset({ html: '<script>x()</script>' }), '--compile')
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr).toContain('nothing of it is allowed: <script>')
})

test('without --compile HTML is warned of, and a tree is not', () => {
  expect(said({ html: '<p style="a:b">x</p>' })).toEqual([
    'warning v.html: is not allowed in a variant, and left out: style="a:b" of <p>',
    'warning v.html: is HTML, which no Safari has a safe way to read: there the default stays; make a tree of it: slotwise check FILE --compile',
  ])
  expect(said({ html: [['p', 'x']] })).toEqual([])
})

test.each([
  ['an element', { html: [['p', ['iframe']]] }, 'v.html[0][1][0]: a variant may not hold <iframe>'],
  ['a misspelt element', { html: [['sectoin']] }, 'did you mean "section"?'],
  ['an attribute', { html: [['p', { onclick: 'x' }]] }, 'v.html[0][1].onclick: a variant may not set "onclick"'],
  ['an address', { html: [['a', { href: 'java\tscript:x' }]] }, 'is no address that a variant may hold'],
  ['an id without a hyphen', { html: [['p', { id: 'main' }]] }, 'an id needs a hyphen'],
  ['a bare element', { html: ['h1', 'x'] }, 'put the element into a list of its own: [["h1", …]]'],
  ['a page’s attribute', { attributes: { a: { class: 'x' } } }, 'v.attributes.a.class: a variant may not set "class" here'],
  ['a picture without its size', { image: { img: { src: '/x.png', alt: '' } } }, '"width" is missing'],
  ['a redirect with company', { redirect: '/x', text: {} }, '"redirect" stands alone'],
  ['another site', { redirect: '//evil.example' }, 'is no path of this site'],
  ['a name that is not declared', { text: { h1: 'Hi {{trait.name|you}}' } }, '{{trait.name}} is not listed under "fill"; add it there'],
  ['a name that is not declared, in HTML', { html: '<p>{{trait.name|you}}</p>' }, 'is not listed under "fill"'],
  ['a place where nothing is filled in', { html: [['img', { src: '/{{trait.plan|x}}.png' }]] }, 'nothing may be filled in in this place of "src"'],
  ['such a place in HTML', { html: '<img src="/{{trait.plan|x}}.png">' }, 'nothing may be filled in in this place of "src"'],
  ['a long selector', { hide: ['a'.repeat(201)] }, 'longer than 200 characters'],
])('%s is refused with its path and its mend', (_, data, mend) => {
  const more = JSON.stringify(data).includes('trait.plan') ? { fill: ['trait.plan'] } : {}
  expect(said(data, more).filter((line) => line.startsWith('error')).join('\n')).toContain(mend)
})

test('what a site should know of its variants is said: names without a word instead, redirects, requests that would tell', () => {
  expect(said({ text: { h1: '{{trait.name}}' } }, { fill: ['trait.name', 'utm.sorce'] })).toEqual([
    expect.stringContaining('warning fill[1]: pages tell nothing of the name "utm.sorce"'),
    expect.stringContaining('{{trait.name|friend}}'),
  ])
  expect(said({ redirect: '/x' }).join()).toContain('first in the page')
  const personal = (data: unknown, consent?: object): string =>
    findings(JSON.stringify({ version: 1, ...(consent ? { consent } : {}), segments: { s: { event: 'x' } }, slots: { hero: { experiences: [{ name: 'a', when: 's', show: 'v' }], variants: { v: data } } } })).map(({ message }) => message).join('\n')
  const image = { image: { img: { src: '/x.png', alt: '', width: 1, height: 1 } } }
  expect(personal(image)).toContain('every visitor loads them')
  expect(personal({ html: [['img', { src: '/x.png', alt: '' }]] })).toContain('every visitor loads them')
  expect(personal({ image: { '': image.image.img } })).toContain('make an element around the picture the slot')
  expect(personal({ html: [['img', { src: '/x.png', alt: '' }]], ...image })).toContain('write the picture into its html')
  expect(personal({ redirect: '/x' })).toContain('waits until measure is granted')
  expect(personal(image, { before: 'memory', requests: 'free' })).toBe('')
  expect(said(image)).toEqual([])
})

test('of hundreds of hostile texts, the compiler leaves only what the check takes', () => {
  for (const { html } of HTML) {
    const tree = treeOf(html, () => {})
    if (tree) expect(checkRuleset(JSON.parse(ruleset({ html: tree }))), html).toEqual([])
  }
})
