// readSite(): the pages of a site of static files, with their slots, templates, scripts and style sheets.

import { readdir, readFile } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { type DefaultTreeAdapterTypes, html, parse, serialize } from 'parse5'

type Node = DefaultTreeAdapterTypes.Node
export type Element = DefaultTreeAdapterTypes.Element
type Template = DefaultTreeAdapterTypes.Template

export interface PageTemplate {
  variant: string
  /** From 1. */
  line: number
  /** Elements of its content, at any depth. */
  elements: Element[]
  /** Of the page's own content something stands before it. */
  late: boolean
}

export interface PageSlot {
  name: string
  line: number
  templates: PageTemplate[]
  /** The page's own code shows what was decided. */
  byPage: boolean
}

export interface Page {
  file: string
  /** As it stands below the site's directory, with slashes. */
  path: string
  slots: PageSlot[]
  scripts: { src: string; ruleset: string | undefined; line: number }[]
  /** Addresses of style sheets, and styles that stand in the page. */
  styles: ({ href: string } | { css: string; line: number })[]
  /** Classes of the page's own content, outside of templates. */
  classes: Set<string>
}

export const attribute = ({ attrs }: Element, name: string): string | undefined => attrs.find((one) => one.name === name && !one.prefix)?.value
export const classesOf = (element: Element): string[] => (attribute(element, 'class') ?? '').split(/\s+/).filter(Boolean)

const isElement = (node: Node): node is Element => 'tagName' in node
const isTemplate = (node: Element): node is Template => node.tagName === 'template' && node.namespaceURI === html.NS.HTML
const lineOf = (node: Element): number => node.sourceCodeLocation?.startLine ?? 1

/** All elements inside, in the order of the page; templates are left closed, or opened too. */
function* inside(node: Node, open: boolean): Generator<Element> {
  const children = open && isElement(node) && isTemplate(node) ? node.content.childNodes : 'childNodes' in node ? node.childNodes : []
  for (const child of children) {
    if (!isElement(child)) continue
    yield child
    yield* inside(child, open)
  }
}

function slotOf(element: Element): PageSlot {
  let own = false
  const templates: PageTemplate[] = []
  for (const child of element.childNodes) {
    const variant = isElement(child) && isTemplate(child) ? attribute(child, 'data-variant') : undefined
    if (variant !== undefined) templates.push({ variant, line: lineOf(child as Element), elements: [...inside(child, true)], late: own })
    else own ||= isElement(child) || ('value' in child && child.value.trim() !== '')
  }
  return { name: attribute(element, 'data-slot') ?? '', line: lineOf(element), templates, byPage: attribute(element, 'data-slot-by') === 'page' }
}

export function readPage(file: string, path: string, text: string): Page {
  const elements = [...inside(parse(text, { sourceCodeLocationInfo: true }), false)]
  const named = (tag: string): Element[] => elements.filter(({ tagName }) => tagName === tag)
  return {
    file,
    path,
    slots: elements.filter((one) => attribute(one, 'data-slot') !== undefined).map(slotOf),
    scripts: named('script').flatMap((one) => {
      const src = attribute(one, 'src')
      return src === undefined ? [] : [{ src, ruleset: attribute(one, 'data-ruleset'), line: lineOf(one) }]
    }),
    styles: elements.flatMap((one): Page['styles'] => {
      if (one.tagName === 'style') return [{ css: serialize(one), line: lineOf(one) }]
      const href = one.tagName === 'link' && /(^|\s)stylesheet(\s|$)/i.test(attribute(one, 'rel') ?? '') ? attribute(one, 'href') : undefined
      return href === undefined ? [] : [{ href }]
    }),
    classes: new Set(elements.flatMap(classesOf)),
  }
}

/** Files of a site below `directory`, but for what tools keep there. */
export async function filesOf(directory: string, ends: RegExp): Promise<string[]> {
  const found: string[] = []
  const walk = async (at: string): Promise<void> => {
    for (const entry of await readdir(at, { withFileTypes: true })) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
      if (entry.isDirectory()) await walk(join(at, entry.name))
      else if (ends.test(entry.name)) found.push(join(at, entry.name))
    }
  }
  await walk(resolve(directory))
  return found.sort()
}

/** All pages of a site; `at` is told how far it is. Rejects where there is no such directory. */
export async function readSite(directory: string, at: (done: number, of: number) => void = () => {}): Promise<Page[]> {
  const files = await filesOf(directory, /\.html?$/i)
  const pages: Page[] = []
  for (const [i, file] of files.entries()) {
    at(i, files.length)
    pages.push(readPage(file, relative(resolve(directory), file).split(sep).join('/'), await readFile(file, 'utf8')))
  }
  return pages
}

/** A style sheet, as far as it can be read. */
export interface Sheet {
  file: string
  css: string
  /** The line that it begins on. */
  line: number
}

/** Style sheets of the site's own that its pages use, and those that stand in them. */
export async function readSheets(directory: string, pages: Page[]): Promise<Sheet[]> {
  const root = resolve(directory)
  const files = new Set<string>()
  const sheets: Sheet[] = []
  for (const { file, path, styles } of pages) {
    for (const style of styles) {
      if ('css' in style) sheets.push({ file, ...style })
      else {
        const { origin, pathname } = new URL(style.href, `https://site.invalid/${path}`)
        if (origin === 'https://site.invalid') files.add(join(root, decodeURIComponent(pathname)))
      }
    }
  }
  for (const file of files) {
    const css = await readFile(file, 'utf8').catch(() => undefined)
    if (css !== undefined) sheets.push({ file, css, line: 1 })
  }
  return sheets
}
