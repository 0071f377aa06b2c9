// plan(): what a variant changes, as plain data that has been looked through; says by path whatever is wrong with it.

import type { Report } from '../lib/shape.js'
import type { HtmlNode, VariantData } from '../types.js'
import { attributesOf, changeable, changesOnly, elements, isPicture, LONGEST, MOST_NODES, safely, wrongAttribute, wrongChange, wrongElement } from './allow.js'
import { fillable, namesIn } from './fill.js'

/** One change. `at` is a selector, `on` the only elements that it may be made on, where not all are. */
export type Change =
  | { at: string; text: string }
  | { at: string; set: { [name: string]: string }; on: string[] }
  | { at: string; add: string[]; remove: string[] }
  /** In place of all that is in the slot; made before the others. */
  | { nodes: HtmlNode[] }

const LONGEST_SELECTOR = 200

const wordsOf = (text = ''): string[] => text.split(/\s+/).filter(Boolean)

/** A path of this very site: what a parser makes of `//host` or `/\host` leads away from it. */
export function isPath(path: string): boolean {
  try {
    return path[0] === '/' && new URL(path, 'https://site.invalid').origin === 'https://site.invalid'
  } catch {
    return false
  }
}

/**
 * The changes that a variant of the right shape makes. `names` is the ruleset's `fill`; `parse` makes a tree of HTML,
 * and without it HTML is only measured.
 */
export function plan(data: VariantData, path: string, names: readonly string[], report: Report, parse?: (html: string) => HtmlNode[]): Change[] {
  const { text = {}, attributes = {}, image = {}, class: classes = {}, hide = [], html, redirect, recommend } = data

  const declared = (said: string, path: string): void => {
    for (const name of namesIn(said)) if (!names.includes(name)) report(path, 'fill', name, names)
  }
  const filled = (name: string, value: string, path: string): void => {
    declared(value, path)
    if (value.includes('{{') && !fillable(name, value)) report(path, 'filled', name)
  }
  const under = <T>(kind: string, entries: { [selector: string]: T }, make: (at: string, value: T, path: string) => Change[]): Change[] =>
    Object.entries(entries).flatMap(([at, value]) => {
      const here = `${path}.${kind}.${at}`
      if (at.length > LONGEST_SELECTOR) report(here, 'longSelector', at)
      return make(at, value, here)
    })

  let nodes = 0
  const node = (one: HtmlNode, path: string): HtmlNode => {
    if (++nodes === MOST_NODES + 1) report(path, 'nodes')
    if (typeof one === 'string') {
      declared(one, path)
      return one
    }
    const [tag, ...rest] = one
    const given = typeof rest[0] === 'object' && !Array.isArray(rest[0]) ? (rest.shift() as { [name: string]: string }) : {}
    if (wrongElement(tag)) report(`${path}[0]`, 'element', tag, elements)
    for (const [name, value] of Object.entries(given)) {
      const here = `${path}[1].${name}`
      const wrong = wrongElement(tag) ? undefined : wrongAttribute(tag, name, value)
      if (wrong) report(here, wrong, wrong === 'attribute' ? name : value, attributesOf(tag))
      else filled(name, value, here)
    }
    const first = one.length - rest.length
    return [tag, safely(tag, given), ...rest.map((inner, i) => node(inner as HtmlNode, `${path}[${i + first}]`))]
  }
  const tree = (): Change[] => {
    const here = `${path}.html`
    if (html === undefined) return []
    if (typeof html === 'string') {
      declared(html, here)
      if (html.length > LONGEST) report(here, 'long')
      if (!parse) return []
    } else if (elements.includes(html[0] as string)) report(here, 'bare', html[0])
    const list = typeof html === 'string' ? (parse as (html: string) => HtmlNode[])(html) : html
    if (typeof html !== 'string' && JSON.stringify(list).length > LONGEST) report(here, 'long')
    return [{ nodes: list.map((one, i) => node(one, `${here}[${i}]`)) }]
  }

  for (const [alone, value] of Object.entries({ redirect, recommend })) if (value !== undefined && Object.keys(data).length > 1) report(path, 'alone', alone)
  if (redirect !== undefined) {
    if (!isPath(redirect)) report(`${path}.redirect`, 'path', redirect)
  }
  return [
    ...tree(),
    ...under('text', text, (at, words, here) => {
      declared(words, here)
      return [{ at, text: words }]
    }),
    ...under('attributes', attributes, (at, given, path) =>
      Object.entries(given).flatMap(([name, value]) => {
        const here = `${path}.${name}`
        const wrong = wrongChange(name, value)
        if (wrong) report(here, wrong, wrong === 'attribute' ? name : value, changeable)
        else filled(name, value, here)
        // What a link that opens a new page needs beside it goes wherever links go.
        const set = name === 'target' ? safely('a', { target: value, ...(given.rel === undefined ? {} : { rel: given.rel }) }) : name === 'rel' ? safely('a', given) : { [name]: value }
        return [{ at, set: name === 'rel' ? { rel: set.rel as string } : set, on: changesOnly(name) }]
      }),
    ),
    ...under('image', image, (at, { src, alt, width, height, srcset }, here) => {
      for (const [name, value] of [['src', src], ['srcset', srcset]] as const) if (value !== undefined && !isPicture(name, value)) report(`${here}.${name}`, 'address', value)
      filled('src', src, `${here}.src`)
      filled('srcset', srcset ?? '', `${here}.srcset`)
      filled('alt', alt, `${here}.alt`)
      // The page's own `srcset` would win over another `src`; an empty one is none, and keeps its place among the attributes.
      return [{ at, set: { width: String(width), height: String(height), alt, srcset: srcset ?? '', src }, on: ['img'] }]
    }),
    ...under('class', classes, (at, { add, remove }) => [{ at, add: wordsOf(add), remove: wordsOf(remove) }]),
    ...under('hide', Object.fromEntries(hide.map((at) => [at, at])), (at) => [{ at, set: { hidden: 'slotwise' }, on: [] }]),
  ]
}
