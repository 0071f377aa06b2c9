// The consent banner: asks while nobody has answered, and opens again from any [data-slotwise-consent] in the page.

import { guarded } from '../lib/guard.js'
import type { Choice, Consent } from '../types.js'
import { button, maker, panel } from './banner/panel.js'
import { dress } from './banner/style.js'
import { type Texts, wording } from './banner/texts.js'

export type { Texts }

export interface BannerOptions {
  /** Opens at once, whatever was chosen: for a click that came before the banner was loaded. */
  open?: boolean
  /** By default that of `<html lang>`, else the browser's. */
  language?: string
  /** Any text in the site's own words, or all of them in another language. */
  texts?: Partial<Texts>
  root?: Document
}

/** What the banner needs of a site. */
export interface AskingSite {
  on(stage: 'consent', listener: (state: Consent) => void): () => void
  consent(choice: Choice): Promise<void>
}

const CONTROL = '[data-slotwise-consent]'

/** ms that a word about what was done stays on screen. */
const SAID_FOR = 6000

export function banner(options: BannerOptions = {}): (site: AskingSite) => () => void {
  return (site) => {
    const { root: doc = globalThis.document, texts: own } = options
    // In Node there is nobody to ask.
    if (!doc) return () => {}
    const { language, texts } = wording(options.language || doc.documentElement.lang || navigator.language, own)
    const guard = guarded((error) => console.error(`Slotwise: the banner failed, the choice stays as it was: ${error}`))
    const make = maker(doc)

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
    let room = false
    let timer: ReturnType<typeof setTimeout> | undefined

    // A live region has to be in the page before something is said in it.
    const status = make('p', '')
    status.setAttribute('role', 'status')
    status.tabIndex = -1
    const control = button(make, '', texts.control, () => open(control))
    const host = make('div', 'banner', make('div', 'corner', control, status))
    host.setAttribute('data-slotwise-banner', '')
    host.lang = language

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
      status.textContent = words
      timer = setTimeout(() => status.replaceChildren(), SAID_FOR)
    }

    const draw = (managing: boolean): void => {
      const next = panel(make, texts, state as Consent, managing, { answer, manage, close: dismiss })
      // In place while it is open: it does not rise again.
      if (region) region.replaceChildren(...next.childNodes)
      else {
        region = next
        host.append(next)
      }
    }

    /** `from` is what the visitor opened it with; without it, focus stays where it is. */
    const open = guard((from?: HTMLElement | null): void => {
      if (!state) return
      place()
      asking = state.by === 'nobody'
      control.hidden = true
      draw(state.by === 'visitor')
      if (from === undefined) return
      opener = from
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
        console.error(`Slotwise: the choice could not be saved: ${error}`)
        say(texts.failed)
      })
    }

    const heard = guard((next: Consent): void => {
      const first = !state
      state = next
      if (next.by !== 'nobody') dismissed = false
      // The record is there as soon as it is told of; what has to be erased after it may take longer.
      if (saving && next.by === 'visitor') saved()
      else if (first && options.open) open(doc.activeElement?.closest<HTMLElement>(CONTROL) ?? doc.querySelector<HTMLElement>(CONTROL))
      else if (next.by === 'nobody') {
        if (!region && !dismissed) open()
      } else if (region) {
        // Another tab, or code, has answered.
        if (asking) close(false)
      } else if (first) place()
    })

    const clicked = guard((event: Event): void => {
      const from = event.composedPath().find((target): target is HTMLElement => !!(target as Element).matches?.(CONTROL))
      if (!from || !state) return
      // It may be a link to the policy, for when there is no script.
      event.preventDefault()
      open(from)
    })

    const pressed = guard((event: KeyboardEvent): void => {
      if (event.key === 'Escape' && region) dismiss()
    })

    /** What the visitor tabs to is never hidden behind the question, not even at the end of the page. */
    const focused = guard(({ target }: FocusEvent): void => {
      if (!region || host.contains(target as Node)) return
      const { top, bottom } = (target as Element).getBoundingClientRect()
      if (top < region.getBoundingClientRect().top || bottom > doc.documentElement.clientHeight) return
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
