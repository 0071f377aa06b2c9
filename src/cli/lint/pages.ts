// Where pages and ruleset do not fit together: slots and variants that one of them lacks, templates after the default,
// content that waits for measuring, dismissals that no button offers, and style sheets whose pictures would tell.

import { own } from '../../lib/own.js'
import { shownBy } from '../../lib/shownBy.js'
import type { Experience, Ruleset, SlotRules } from '../../types.js'
import { attribute, classesOf, type Page, type PageSlot, type Sheet } from '../site.js'
import { isGuarded } from './alike.js'
import { isLoading, isPicture } from './loading.js'

/** Found on a page, at a line of it. */
export type FoundThere = (page: string, line: number, path: string, code: string, why: string, mend: string) => void
/** Found in the ruleset, by what the pages are. */
export type FoundHere = (path: string, code: string, why: string, mend: string) => void

const armsOf = ({ split, ...one }: Experience): string[] => [...(split ? [] : [shownBy(one)]), ...[split?.weights ?? {}, ...(split?.by ?? []).map(({ weights }) => weights)].flatMap(Object.keys)].filter((arm) => arm !== 'default')

function slots(ruleset: Ruleset, all: [Page, PageSlot][], there: FoundThere, here: FoundHere): void {
  const names = Object.keys(ruleset.slots ?? {})
  for (const [page, { name, line }] of all) {
    if (!names.includes(name)) there(page.file, line, `slot ${name}`, 'no-slot', `the ruleset has no slot "${name}"`, names.length > 0 ? `known there: ${names.join(', ')}` : 'add it under "slots"')
  }
  for (const name of names) {
    if (ruleset.slots?.[name]?.select === undefined && !all.some(([, slot]) => slot.name === name)) here(`slots.${name}`, 'no-slot', 'no page has this slot', `mark it: data-slot="${name}"`)
  }
}

function variants(name: string, { experiences = [], variants = {}, select }: SlotRules, mine: [Page, PageSlot][], there: FoundThere, here: FoundHere): void {
  const shown = new Set(experiences.flatMap(armsOf))
  experiences.forEach((one, i) => {
    for (const arm of new Set(armsOf(one))) {
      // Recommendations without a template are a list of links.
      if (one.recommend || own(variants, arm) || select !== undefined || mine.length === 0) continue
      const without = mine.filter(([, { templates, byPage }]) => !byPage && !templates.some(({ variant }) => variant === arm))
      if (without.length === 0) continue
      const path = `slots.${name}.experiences[${i}]`
      if (without.length === mine.length) here(path, 'no-variant', `"${one.name}" shows "${arm}", which no page has`, `write <template data-variant="${arm}"> into the slot, or slots.${name}.variants.${arm}`)
      else here(path, 'no-variant', `"${one.name}" shows "${arm}", which ${without.length} of ${mine.length} places lack: there the default stays`, `add it to ${[...new Set(without.map(([{ path }]) => path))].slice(0, 3).join(', ')}`)
    }
  })
  for (const [page, { templates }] of mine) {
    for (const [i, { variant, line }] of templates.entries()) {
      const path = `slot ${name}, variant ${variant}`
      if (variant === 'default') there(page.file, line, path, 'default', '"default" is the page\'s own content', 'give the template another name')
      else if (templates.findIndex((other) => other.variant === variant) < i) there(page.file, line, path, 'twice', 'stands twice in the slot, and only the first is shown', 'remove one')
      else if (!shown.has(variant)) there(page.file, line, path, 'unused', 'no experience shows it', `name it in a "show" or "split" of slots.${name}, or remove it`)
    }
  }
}

function templates(ruleset: Ruleset, name: string, mine: [Page, PageSlot][], there: FoundThere): void {
  for (const [page, slot] of mine) {
    for (const { variant, line, elements, late } of slot.templates) {
      const path = `slot ${name}, variant ${variant}`
      if (late) there(page.file, line, path, 'late', 'stands after the default, so that a page that streams in paints that first', 'put templates first in their slot')
      if (!isGuarded(ruleset, name)) continue
      const loading = elements.find(isLoading)
      if (loading) there(page.file, loading.sourceCodeLocation?.startLine ?? line, path, 'requests', `what <${loading.tagName}> loads would tell the server what the visitor did: it is not shown until measure is granted`, 'leave it out, put it into the page for everybody, or say "requests": "free" under "consent"')
      else if (elements.some(isPicture)) there(page.file, line, path, 'requests', 'its pictures would tell the server what the visitor did: until measure is granted every visitor loads them, whatever is shown', 'keep them small, or say "requests": "free" under "consent"')
    }
  }
}

function dismissals(name: string, { experiences = [], variants = {} }: SlotRules, mine: [Page, PageSlot][], here: FoundHere): void {
  experiences.forEach((one, i) => {
    if (!one.cooldown || mine.length === 0) return
    const offered = armsOf(one).some((arm) => JSON.stringify(own(variants, arm)?.html ?? '').includes('data-slotwise-dismiss') || mine.some(([, { templates, byPage }]) => byPage || templates.some(({ variant, elements }) => variant === arm && elements.some((element) => attribute(element, 'data-slotwise-dismiss') !== undefined))))
    if (!offered) here(`slots.${name}.experiences[${i}].cooldown`, 'toothless', `nothing that "${one.name}" shows can be dismissed`, 'put data-slotwise-dismiss on a button in it, or remove "cooldown"')
  })
}

/** A picture by style sheet is asked for once its selector matches: for a class that only a variant has, that tells. */
function styles(ruleset: Ruleset, all: [Page, PageSlot][], pages: Page[], sheets: Sheet[], there: FoundThere): void {
  const ordinary = new Set(pages.flatMap(({ classes }) => [...classes]))
  const guarded = Object.keys(ruleset.slots ?? {}).filter((name) => isGuarded(ruleset, name))
  if (guarded.length === 0) return
  const added = guarded.flatMap((name) => Object.values(ruleset.slots?.[name]?.variants ?? {}).flatMap((data) => [...Object.values(data.class ?? {}).flatMap(({ add = '' }) => add.split(/\s+/)), ...[...JSON.stringify(data.html ?? '').matchAll(/class\\?["']?[:=]\\?["']([^"'\\]*)/g)].flatMap(([, names = '']) => names.split(/\s+/))]))
  const inTemplates = all.filter(([, { name }]) => guarded.includes(name)).flatMap(([, { templates }]) => templates.flatMap(({ elements }) => elements.flatMap(classesOf)))
  const telling = new Set([...added, ...inTemplates].filter((name) => name && !ordinary.has(name)))
  for (const { file, css, line } of sheets) {
    const plain = css.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    for (const { 1: selector = '', 2: body = '', index } of plain.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
      if (!/image-set\(|url\(\s*["']?(?!["']?(data:|#))/i.test(body)) continue
      const name = [...selector.matchAll(/\.([\w-]+)/g)].map(([, name]) => name as string).find((name) => telling.has(name))
      const what = name ? `.${name}` : /\[data-slot-state/.test(selector) ? '[data-slot-state]' : undefined
      if (what) there(file, line + plain.slice(0, index + (/^\s*/.exec(selector)?.[0].length ?? 0)).split('\n').length - 1, selector.trim(), 'requests', `its picture is asked for where a variant brings ${what}, which tells the server what the visitor did`, 'put the picture into the variant as <img>, which is loaded for everybody, or into a rule that holds for every visitor')
    }
  }
}

export function pages(ruleset: Ruleset, site: Page[], sheets: Sheet[], there: FoundThere, here: FoundHere): void {
  const all = site.flatMap((page) => page.slots.map((slot): [Page, PageSlot] => [page, slot]))
  slots(ruleset, all, there, here)
  for (const [name, rules] of Object.entries(ruleset.slots ?? {})) {
    const mine = all.filter(([, slot]) => slot.name === name)
    variants(name, rules, mine, there, here)
    templates(ruleset, name, mine, there)
    dismissals(name, rules, mine, here)
  }
  styles(ruleset, all, site, sheets, there)
}
