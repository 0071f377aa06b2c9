// slotwise init: puts the script's files into a site of static files, and writes a first ruleset for the slots that it finds.

import { createHash } from 'node:crypto'
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Experience, Ruleset } from '../types.js'
import { type Page, readSite } from './site.js'
import { refuse } from './terminal.js'

export interface InitOptions {
  directory: string
  /** Where the files go, below the directory. */
  to: string
  /** The address at which the directory is found, such as `/` or `/shop/`. */
  base: string
  /** With the inline bootstrap, for the first paint. */
  bootstrap: boolean
  /** Puts the tags into the pages that have slots. */
  write: boolean
  force: boolean
  /** Where the built files are; by default where this one is. */
  from?: string
}

export interface Initiated {
  /** What was written, below the directory. */
  files: string[]
  /** By slot, its variants. */
  slots: { [slot: string]: string[] }
  /** For the head of each page. */
  tags: string
  /** What a content security policy has to allow; stricter is not needed. */
  policy: string
  ruleset: Ruleset
  /** Pages that have the tags now, and those that had them before. */
  pages: string[]
}

const isFile = async (path: string): Promise<boolean> => !!(await stat(path).catch(() => undefined))?.isFile()

/** The package's built files lie beside the command's own, or one above. */
async function built(): Promise<string> {
  const here = dirname(fileURLToPath(import.meta.url))
  for (const place of [here, dirname(here), resolve(here, '../../dist')]) if (await isFile(join(place, 'slotwise.js'))) return place
  return refuse('the built files are not beside this command; install the package anew, or build it: npm run build')
}

/** The script's own file, and all that it loads from beside itself, now or some day. */
async function needed(from: string, bootstrap: boolean): Promise<string[]> {
  const files = new Set<string>()
  const follow = async (name: string): Promise<void> => {
    if (files.has(name) || !(await isFile(join(from, name)))) return
    files.add(name)
    const code = await readFile(join(from, name), 'utf8')
    for (const [, other] of code.matchAll(/\bimport\("\.\/([\w-]+(?:\/[\w-]+)?\.js)"\)/g)) await follow(other as string)
  }
  await follow('slotwise.js')
  await follow('banner.js')
  // The visitor's own page, for a page that says <slotwise-privacy>, and its languages.
  await follow('privacy.js')
  for (const name of await readdir(join(from, 'privacy')).catch(() => [])) if (name.endsWith('.js')) await follow(`privacy/${name}`)
  // Only the bootstrap reads what this file leaves.
  if (!bootstrap) files.delete('hinter.js')
  return [...files]
}

const NAME = /^[a-z][\w-]*$/i

/** Page groups for directories with several pages. */
function groupsOf(pages: Page[], base: string): { [group: string]: string } {
  const counts = new Map<string, number>()
  for (const { path } of pages) {
    const [top, ...more] = path.split('/')
    if (top && more.length > 0 && NAME.test(top)) counts.set(top, (counts.get(top) ?? 0) + 1)
  }
  return Object.fromEntries([...counts].flatMap(([name, n]) => (n > 1 ? [[name, `${base}${name}/*`]] : [])))
}

/** Rarer visitors first: whoever is regular is also returning. */
const WHO = ['regular', 'returning']

function rulesetFor(slots: { [slot: string]: string[] }, pages: Page[], to: string, base: string): Ruleset {
  const groups = groupsOf(pages, base)
  const experiencesOf = (slot: string, variants: string[]): Experience[] => {
    const who = WHO.slice(-Math.min(variants.length, WHO.length))
    return variants.map((show, i) => ({ name: `${slot}-${show}`, ...(who[i] ? { when: who[i] } : { enabled: false }), show }))
  }
  return {
    $schema: `./${to}/slotwise.schema.json`,
    version: 1,
    ...(Object.keys(groups).length > 0 ? { pages: groups } : {}),
    segments: { returning: { event: 'visit', count: { $gte: 2 } }, regular: { event: 'visit', within: '30d', count: { $gte: 4 } } },
    slots: Object.fromEntries(Object.entries(slots).map(([slot, variants]) => [slot, { experiences: experiencesOf(slot, variants) }])),
    consent: { before: 'memory' },
  }
}

/** One line for what fits on one. */
function asText(value: unknown, indent = ''): string {
  const flat = JSON.stringify(value).replace(/([{,:])(?=["{[\d])|(?<=[}\]"\de])(})/g, (found) => (found === '}' ? ' }' : `${found} `))
  if (typeof value !== 'object' || value === null || (indent.length > 2 && flat.length + indent.length < 120)) return flat
  const inner = `${indent}  `
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[\n${value.map((one) => inner + asText(one, inner)).join(',\n')}\n${indent}]`
  const entries = Object.entries(value)
  return entries.length === 0 ? '{}' : `{\n${entries.map(([key, one]) => `${inner}${JSON.stringify(key)}: ${asText(one, inner)}`).join(',\n')}\n${indent}}`
}

/** Before the head ends, or where it would have begun. Undefined where there is no telling. */
export function withTags(html: string, tags: string): string | undefined {
  const place = /<\/head\s*>/i.exec(html) ?? /<body[\s>]/i.exec(html)
  if (place) return `${html.slice(0, place.index)}${tags}\n${html.slice(place.index)}`
  const start = /^(\s*<!doctype[^>]*>)?(\s*<html[^>]*>)?/i.exec(html)?.[0] ?? ''
  return start ? `${start}\n${tags}${html.slice(start.length)}` : undefined
}

export async function init({ directory, to, base, bootstrap, write, force, from }: InitOptions): Promise<Initiated> {
  const root = resolve(directory)
  if (!(await stat(root).catch(() => undefined))?.isDirectory()) refuse(`there is no directory ${directory}; name the one that your site is served from`)
  const place = from ?? (await built())
  const files = await needed(place, bootstrap)

  const copies = [...files, 'slotwise.schema.json'].map((name) => ({ path: `${to}/${name}`, source: join(place, name) }))
  const all = await readSite(root)
  const slots: { [slot: string]: string[] } = {}
  for (const { slots: found } of all) {
    for (const { name, templates } of found) {
      slots[name] ??= []
      const variants = slots[name]
      for (const { variant } of templates) if (!variants.includes(variant) && variant !== 'default') variants.push(variant)
    }
  }
  delete slots['']
  const ruleset = rulesetFor(slots, all, to, base)
  const text = `${asText(ruleset)}\n`

  const there: string[] = []
  for (const { path, source } of copies) if (await isFile(join(root, path))) if (!(await readFile(join(root, path))).equals(await readFile(source))) there.push(path)
  // A ruleset is somebody's work.
  if (await isFile(join(root, 'slotwise.json'))) there.push('slotwise.json')
  if (there.length > 0 && !force) refuse(`${there.join(', ')} ${there.length > 1 ? 'are' : 'is'} there already, and nothing was written; --force writes over ${there.length > 1 ? 'them' : 'it'}`)

  await mkdir(join(root, to), { recursive: true })
  for (const { path, source } of copies) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await copyFile(source, join(root, path))
  }
  await writeFile(join(root, 'slotwise.json'), text)

  const script = await readFile(join(place, 'slotwise.js'))
  const integrity = `sha384-${createHash('sha384').update(script).digest('base64')}`
  const inline = bootstrap ? (JSON.parse(await readFile(join(place, 'bootstrap.json'), 'utf8')) as { hash: string; code: string }) : undefined
  const tags = [...(inline ? [`<script>${inline.code}</script>`] : []), `<script src="${base}${to}/slotwise.js" integrity="${integrity}" data-ruleset="${base}slotwise.json" async></script>`].join('\n')
  const policy = `script-src 'self'${inline ? ` '${inline.hash}'` : ''}; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'`

  const pages: string[] = []
  for (const page of write ? all : []) {
    if (page.scripts.some(({ src }) => /(^|\/)slotwise\.js(\?|$)/.test(src))) {
      pages.push(page.path)
      continue
    }
    const html = withTags(await readFile(page.file, 'utf8'), tags)
    if (html === undefined) continue
    await writeFile(page.file, html)
    pages.push(page.path)
  }
  return { files: [...copies.map(({ path }) => path), 'slotwise.json'], slots, tags, policy, ruleset, pages }
}
