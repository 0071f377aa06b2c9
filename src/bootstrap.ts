// The inline snippet for the head: shows what the hint says while the page is parsed, before anything is painted, and
// holds back for the script what only this page can tell.

import { foreseenIn, readHint } from './remember/hint.js'
import { hasTraces, WAIT } from './show/hydration.js'
import { renderContent, renderText, templateOf } from './show/render.js'
import { isComplete } from './show/slots.js'
import type { Early } from './types.js'

/** ms. The script has so long to decide on a slot, from when that is being parsed. */
const DEADLINE = 300

/** Rather too much than too little. */
const LOADING = /src|poster=|background=|-equiv|url\(|image-set|<(link|style|object|image|use)/

const SLOT = 'data-slot'
const STATE = 'data-slot-state'

/** Out of sight, with its place in the layout kept. A sheet of this kind needs no leave of a content security policy. */
const HIDDEN = `[${STATE}=""],[${STATE}=""] *{visibility:hidden!important}`

function bootstrap(shared: { [key: symbol]: unknown }, key: symbol): void {
  // The script was faster, or this is a second copy.
  if (shared[key]) return
  const hint = readHint()
  const deadlines = new Map<string, ReturnType<typeof setTimeout>>()
  const hidden = new Set<Element>()
  let traces: boolean | undefined
  let taken = false

  const reveal = (element: Element): void => {
    hidden.delete(element)
    if (element.getAttribute(STATE) === '') element.removeAttribute(STATE)
  }
  const hide = (element: Element): void => {
    // The script may have shown it already.
    if (element.hasAttribute(STATE)) return
    element.setAttribute(STATE, '')
    hidden.add(element)
  }

  /** What the hint says of a slot; undefined where the slot is left alone. */
  const foreseen = (slot: string) => {
    if (!hint || early.late.has(slot)) return undefined
    const [until, ...said] = foreseenIn(hint, slot) ?? []
    if (until === undefined) return undefined
    // A campaign's address begins a visit of its own.
    return until > Date.now() && !/[?&]utm_/.test(location.search) ? said : []
  }

  const holdBack = (element: Element, slot: string): void => {
    hide(element)
    if (deadlines.has(slot)) return
    const late = (): void => {
      // The script is here: it will decide as soon as all of the slot is.
      if (taken) return
      early.late.add(slot)
      for (const one of hidden) if (one.getAttribute(SLOT) === slot) reveal(one)
    }
    deadlines.set(slot, setTimeout(late, DEADLINE))
  }

  const markup = (node: Node): string => new XMLSerializer().serializeToString(node)

  /** Undefined, or a throw, where only the script can show it, or say why it cannot be shown. */
  const put = (element: Element, variant: string, text: { [selector: string]: string } | null | undefined, free: boolean | undefined): (() => void) | undefined => {
    if (variant === 'default') return () => {}
    // What any of its variants loads is loaded for everybody: that the script sees to.
    if (!free && LOADING.test(markup(element))) return
    const template = templateOf(element, variant)
    if (!template) return text ? renderText(element, text) : undefined
    // Words that the script fills in.
    return markup(template.content).includes('{{') ? undefined : renderContent(element, document.importNode(template.content, true))
  }

  const look = (element: Element): void => {
    const slot = element.getAttribute(SLOT) ?? ''
    // Shown already, by the script perhaps.
    const said = element.getAttribute(STATE) ? undefined : foreseen(slot)
    if (!said) return
    // Once, by the first slot: what will be hydrated begins before it.
    traces ??= hasTraces(document)
    // What a framework will take over, or shows by itself, has to be as the server sent it.
    if (traces || element.closest(`[data-slot-by],[${WAIT}]`)) return
    const [decision, text, free] = said
    if (!decision) {
      holdBack(element, slot)
      return
    }
    const { variant } = decision
    // Its own content may be there in part, and would be painted.
    if (!isComplete(element)) {
      if (variant !== 'default') hide(element)
      return
    }
    let undo: (() => void) | undefined
    try {
      undo = put(element, variant, text, free)
    } catch {
      // A selector that finds nothing on this page.
    }
    if (!undo) {
      holdBack(element, slot)
      return
    }
    element.setAttribute(STATE, variant)
    hidden.delete(element)
    early.shown.set(element, { slot, variant, nodes: variant === 'default' ? [] : [...element.childNodes], undo })
    early.decisions.set(slot, decision)
  }

  /** Slots are few; one that was incomplete may be complete by what has come behind it. */
  const lookAround = (): void => document.querySelectorAll(`[${SLOT}]`).forEach(look)
  const observer = new MutationObserver(lookAround)

  let sheet: CSSStyleSheet | undefined
  const end = (): void => {
    observer.disconnect()
    deadlines.forEach(clearTimeout)
    hidden.forEach(reveal)
    if (sheet) document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet)
  }
  const parsed = (): void => {
    lookAround()
    if (taken) end()
  }

  const early: Early = {
    of: hint?.of ?? '',
    decisions: new Map(),
    late: new Set(),
    shown: new Map(),
    take: () => {
      taken = true
      if (document.readyState !== 'loading') end()
    },
    stop: () => {
      end()
      early.shown.forEach(({ undo }, element) => {
        element.removeAttribute(STATE)
        undo()
      })
    },
  }
  shared[key] = { early }
  try {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(HIDDEN)
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
  } catch {
    // Not in Safari before 16.4: there nothing is held back.
  }
  observer.observe(document, { childList: true, subtree: true })
  document.addEventListener('DOMContentLoaded', parsed)
  lookAround()
}

bootstrap(globalThis as { [key: symbol]: unknown }, Symbol.for('slotwise'))
