// The consent banner: asks while nobody has answered, and opens again from any [data-slotwise-consent] in the page.

import { guarded } from '../lib/guard.js'
import type { Choice, Consent } from '../types.js'
import { button, type Layout, maker, panel, status as live } from './banner/panel.js'
import { dress } from './banner/style.js'
import { type Texts, wording } from './banner/texts.js'

export type { Layout, Texts }

export interface BannerOptions {
  /** Opens at once, whatever was chosen: for a click that came before the banner was loaded. */
  open?: boolean
  /** By default that of `<html lang>`, else the browser's. */
  language?: string
  /** Any text in the site's own words, or all of them in another language. They win over the ruleset's. */
  texts?: Partial<Texts>
  /** By default the ruleset's `consent.layout`, else `bar`. */
  layout?: Layout
  root?: Document
}

/** What the banner needs of a site. */
export interface AskingSite {
  on(stage: 'consent', listener: (state: Consent) => void): () => void
  consent(choice: Choice): Promise<void>
}

const CONTROL = '[data-slotwise-consent]'

/** Told with every answer; rises when the question changes in more than its looks. */
const UI = 'slotwise-banner/1'

/** ms that a word about what was done stays on screen. */
const SAID_FOR = 6000

export function banner(options: BannerOptions = {}): (site: AskingSite) => () => void {
  return (site) => {
    const { root: doc = globalThis.document } = options
    // In Node there is nobody to ask.
    if (!doc) return () => {}
    const complain = (error: unknown): void => console.error(`Slotwise: the banner failed: ${error}`)
    const guard = guarded(complain)
    const make = maker(doc)

    /** Undefined until they are there: some languages are files of their own. */
    let texts!: Texts
    let state: Consent | undefined
    /** The question, while it is open. */
    let region: HTMLElement | undefined
    /** It was opened because nobody had answered. */
    let asking = false
    /** What the visitor opened it with, and where focus goes back to. */
    let opener: HTMLElement | null = null
    /** Put aside without an answer: it does not come back by itself in this page. */
    let dismissed = false
    let saving = false
    let stopped = false
    let room = false
    let timer: ReturnType<typeof setTimeout> | undefined
    /** A click on the page's control that came before the words did. */
    let wanted = options.open
    let layout: Layout

    const status = live(make)
    const control = button(make, '', '', () => open(control))
    const host = make('div', 'banner', make('div', 'corner', control, status))
    host.setAttribute('data-slotwise-banner', '')
    // As its words go, whichever way the page goes.
    host.dir = 'auto'

    const looks = dress(doc)
    const cover = (): void => looks.cover(host.isConnected ? host.offsetHeight : 0, room)
    const resized = new ResizeObserver(guard(cover))
    resized.observe(host)

    /** First in the page: one Tab away from its top. */
    const place = (): void => {
      if (!host.isConnected) doc.body.prepend(host)
    }

    const say = (words: string): void => {
      clearTimeout(timer)
      // In the question while it is open: over a dialog, nothing outside is heard.
      const place = region?.querySelector('[role]') ?? status
      place.textContent = words
      timer = setTimeout(() => place.replaceChildren(), SAID_FOR)
    }

    const draw = (managing: boolean): void => {
      const seen = { ui: UI, language: host.lang, text: undefined as string | undefined }
      const next = panel(make, layout, texts, state as Consent, managing, {
        answer: (choice, method) => answer({ ...choice, evidence: { ...seen, method } }),
        manage,
        close: dismiss,
      })
      void globalThis.crypto.subtle?.digest('SHA-256', new TextEncoder().encode(next.textContent as string)).then((bytes) => {
        seen.text = btoa(String.fromCharCode(...new Uint8Array(bytes)))
      })
      // In place while it is open: it does not rise again.
      if (region) region.replaceChildren(...next.childNodes)
      else {
        region = next
        host.append(next)
      }
    }

    /** `from` is what the visitor opened it with; without it, focus stays where it is, but for a dialog. */
    const open = guard((from?: HTMLElement | null): void => {
      if (!state) return
      place()
      asking = state.by === 'nobody'
      control.hidden = true
      const had = doc.activeElement as HTMLElement
      draw(state.by === 'visitor')
      ;(region as Partial<HTMLDialogElement>).showModal?.()
      if (from === undefined && layout !== 'dialog') return
      // To the body nothing can go back.
      opener = from ?? (had === doc.body ? null : had)
      region?.querySelector('h2')?.focus()
    })

    const manage = guard((): void => {
      draw(true)
      region?.querySelector('input')?.focus()
    })

    const close = (byHand: boolean): void => {
      const leave = byHand || host.contains(doc.activeElement)
      region?.remove()
      region = undefined
      room = false
      control.hidden = false
      cover()
      // The first of them that can take it.
      for (const target of leave ? [opener, control, status] : []) {
        target?.focus({ preventScroll: true })
        if (target && doc.activeElement === target) break
      }
      opener = null
    }

    const dismiss = guard((): void => {
      // By Escape a dialog is closed here, and then by the browser.
      if (!region) return
      dismissed = state?.by === 'nobody'
      close(true)
    })

    const saved = (): void => {
      if (!saving) return
      saving = false
      close(true)
      say(texts.saved)
    }

    const answer = (choice: Choice): void => {
      if (saving) return
      saving = true
      // In a promise from the start: a site that throws is a site that rejects.
      new Promise<void>((done) => done(site.consent(choice))).then(guard(saved), (error) => {
        saving = false
        complain(error)
        say(texts.failed)
      })
    }

    const act = (first: boolean): void => {
      const { by } = state as Consent
      if (by !== 'nobody') dismissed = false
      // The record is there as soon as it is told of; what has to be erased after it may take longer.
      if (saving && by === 'visitor') saved()
      else if (first && wanted) open(doc.activeElement?.closest<HTMLElement>(CONTROL) ?? doc.querySelector<HTMLElement>(CONTROL))
      else if (by === 'nobody') {
        if (!region && !dismissed) open()
      } else if (region) {
        // Another tab, or code, has answered.
        if (asking) close(false)
      } else if (first) place()
    }

    const heard = guard((next: Consent): void => {
      const first = !state
      state = next
      if (texts) act(false)
      if (!first) return
      const { notice } = next
      layout = options.layout ?? notice.layout ?? 'bar'
      const use = guard((found: Texts, language: string): void => {
        if (stopped) return
        texts = found
        control.textContent = texts.control
        host.lang = language
        act(true)
      })
      wording(options.language || doc.documentElement.lang || navigator.language, notice.texts, options.texts, use)
    })

    const clicked = guard((event: Event): void => {
      const from = (event.target as Element).closest?.<HTMLElement>(CONTROL)
      if (!from || !state) return
      // It may be a link to the policy, for when there is no script.
      event.preventDefault()
      if (texts) open(from)
      else wanted = true
    })

    const pressed = guard((event: KeyboardEvent): void => {
      if (event.key === 'Escape') dismiss()
    })

    /** What the visitor tabs to is never hidden behind the question, not even at the end of the page. */
    const focused = guard(({ target }: FocusEvent): void => {
      if (!region || host.contains(target as Node)) return
      if ((target as Element).getBoundingClientRect().top < region.getBoundingClientRect().top) return
      room = true
      cover()
      ;(target as Element).scrollIntoView({ block: 'nearest' })
    })

    let unlisten: (() => void) | undefined
    const start = guard((): void => {
      doc.addEventListener('click', clicked, true)
      doc.addEventListener('focusin', focused)
      host.addEventListener('keydown', pressed)
      unlisten = site.on('consent', heard)
    })
    // Not before the page's own control can be there.
    if (doc.readyState === 'loading') doc.addEventListener('DOMContentLoaded', start, { once: true })
    else start()

    return () => {
      stopped = true
      saving = false
      unlisten?.()
      clearTimeout(timer)
      resized.disconnect()
      doc.removeEventListener('DOMContentLoaded', start)
      doc.removeEventListener('click', clicked, true)
      doc.removeEventListener('focusin', focused)
      host.remove()
      looks.undo()
    }
  }
}

export default banner()
