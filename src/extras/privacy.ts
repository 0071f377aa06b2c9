// The visitor's page: everything that is known of a visitor, why, and what can be done about it, in the page's language.

import { guarded } from '../lib/guard.js'
import type { Site } from '../site.js'
import type { Choice, Clause, Consent, Fact } from '../types.js'
import { receipt } from './privacy/receipt.js'
import { CSS } from './privacy/style.js'
import type { Texts } from './privacy/texts.js'
import { view } from './privacy/view.js'

export type { Texts }

export interface PrivacyOptions {
  /** The language's own file, `slotwise/privacy/en` and so on; by default fetched from beside this one, as `<html lang>` says. */
  texts?: Texts
}

const LANGUAGES = ['en', 'pt-BR', 'es', 'fr', 'de']

/** The code that one import loads, or a text by itself, in whichever language is nearest. */
async function textsFor(wanted: string): Promise<Texts> {
  const language = LANGUAGES.find((one) => one.slice(0, 2) === wanted.slice(0, 2).toLowerCase()) ?? 'en'
  const { url } = import.meta
  // An address made at run time is left alone by bundlers: with one, the texts are passed in.
  const { texts } = (await import(/* @vite-ignore */ new URL(`privacy/${language}.js`, url).href)) as { texts: Texts }
  return texts
}

/** Shows it in an element, for as long as the site runs or until the undo. */
export function privacy(element: Element, options: PrivacyOptions = {}): (site: Site) => () => void {
  return (site) => {
    const doc = element.ownerDocument
    const window = doc.defaultView as Window & typeof globalThis
    const host = doc.createElement('div')
    const root = host.attachShadow({ mode: 'open' })
    const status = doc.createElement('p')
    status.setAttribute('role', 'status')
    status.className = 'note'
    let texts: Texts | undefined
    let sure = false
    let stopped = false
    let turn: Promise<unknown> = Promise.resolve()
    const guard = guarded((error) => console.error(`Slotwise: the privacy page failed: ${error}`))

    const declinedIn = (value: unknown): string[] => (Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [])

    const draw = async (): Promise<void> => {
      const all = await site.export()
      // What this page has, and what earlier pages have shown.
      const seen = all.events.filter(({ type }) => type === 'exposure').map(({ props }) => `${props.slot}`)
      const here = [...doc.querySelectorAll('[data-slot]')].map((slot) => `${slot.getAttribute('data-slot')}`)
      const slots = await Promise.all(
        [...new Set([...here, ...seen])].map(async (name) => {
          const { now, experiences } = await site.explain(name)
          return { name, experience: now.experience, variant: now.variant, clauses: experiences.find((one) => one.name === now.experience)?.clauses ?? [] }
        }),
      )
      const segments = await Promise.all(all.segments.map(async (name): Promise<{ name: string; clause: Clause | undefined }> => ({ name, clause: await site.explain({ segment: name }) })))
      texts ??= options.texts ?? (await textsFor(doc.documentElement.lang || window.navigator.language))
      if (stopped) return
      host.lang = texts.language
      const active = root.activeElement as HTMLElement | null
      const focused = active ? (active.dataset.act ?? '') : undefined
      const open = [...root.querySelectorAll('details')].map((details) => details.open)
      root.querySelector('article')?.remove()
      root.prepend(view(doc, texts, { all, consent: site.consent(), segments, slots, declined: declinedIn(all.traits.declined?.value), sure }, act))
      root.querySelectorAll('details').forEach((details, i) => (details.open = open[i] ?? false))
      if (focused === undefined) return
      // What was pressed may be gone, with what it stood beside.
      const same = [...root.querySelectorAll<HTMLElement>('[data-act]')].find((one) => one.dataset.act === (sure ? 'erase ' : focused))
      ;(same ?? root.querySelector<HTMLElement>('h2'))?.focus({ preventScroll: same === undefined && focused !== 'erase ' })
    }

    /** One after the other, so that what is shown is never older than what was done. */
    const refresh = (): Promise<void> => {
      const drawn = turn.then(draw)
      turn = drawn.catch((error) => !stopped && console.error(`Slotwise: the privacy page failed: ${error}`))
      return drawn
    }

    const save = (name: string, data: unknown): void => {
      const link = doc.createElement('a')
      link.href = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }))
      link.download = name
      link.click()
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
    }

    const load = (): Promise<string> =>
      new Promise((done) => {
        const input = doc.createElement('input')
        input.type = 'file'
        input.accept = '.json,application/json'
        input.hidden = true
        input.addEventListener('change', () => done(input.files?.[0]?.text() ?? ''), { once: true })
        root.append(input)
        input.click()
        input.remove()
      })

    const decline = async (change: (names: string[]) => string[]): Promise<void> => {
      const names = change(declinedIn((await site.export()).traits.declined?.value))
      await site.traits({ declined: names.length > 0 ? names : null }, { source: 'visitor' })
    }

    /** What each button does; the sentence that it gives is said in place of "done". */
    const acts: { [what: string]: (about: string) => unknown } = {
      personalize: (answer) => site.consent({ personalize: answer } as Choice),
      measure: (answer) => site.consent({ measure: answer } as Choice),
      pause: site.pause,
      resume: site.resume,
      event: (event) => site.forget({ event } as Fact),
      trait: (trait) => site.forget({ trait } as Fact),
      decline: (name) => decline((names) => [...names.filter((one) => one !== name), name]),
      again: (name) => decline((names) => names.filter((one) => one !== name)),
      save: async () => save('slotwise-export.json', await site.export()),
      receipt: async () => save('slotwise-receipt.json', receipt(await site.export(), site.consent(), texts?.language ?? '', doc.location.href)),
      load: async () => {
        const { ok, events, traits, why = '' } = await site.import(await load())
        if (!ok) throw new Error(why)
        return texts?.taken.replace('{events}', `${events}`).replace('{traits}', `${traits}`)
      },
      sure: () => {
        sure = true
      },
      keep: () => {
        sure = false
      },
      erase: () => {
        sure = false
        return site.forget()
      },
    }

    function act(what: string, about = ''): void {
      new Promise<unknown>((done) => done(acts[what]?.(about)))
        .then(
          (said) => (/^(sure|keep)$/.test(what) ? '' : typeof said === 'string' ? said : texts?.done),
          (error: Error) => texts?.failed.replace('{why}', () => error.message),
        )
        .then(async (words = '') => {
          await refresh()
          // A live region says what is put into it while it is in the page.
          status.textContent = words
        })
        .catch(() => {})
    }

    const sheet = new window.CSSStyleSheet()
    sheet.replaceSync(CSS)
    root.adoptedStyleSheets = [sheet]
    root.append(status)
    element.append(host)
    let last: Consent['paused'] | string
    const undo = site.on(
      'consent',
      guard(({ notice: _, ...consent }: Consent) => {
        // Another tab, or the page's own control.
        const said = JSON.stringify(consent)
        if (said !== last) void refresh().catch(() => {})
        last = said
      }),
    )
    void site.ready.then(() => (last === undefined ? refresh().catch(() => {}) : undefined))
    return () => {
      stopped = true
      undo()
      host.remove()
    }
  }
}

const NAME = 'slotwise-privacy'

interface Made extends CustomElementConstructor {
  site?: Site
}

/** For the script tag: every `<slotwise-privacy>`, whenever it comes into the page. */
export default function everywhere(site: Site): () => void {
  // In Node there is no page.
  if (typeof customElements === 'undefined') return () => {}
  const undo = new Map<Element, () => void>()
  const shown = (element: Element): void => {
    undo.get(element)?.()
    const { site } = element.constructor as Made
    if (site) undo.set(element, privacy(element)(site))
  }
  const made: Made =
    customElements.get(NAME) ??
    class extends HTMLElement {
      connectedCallback(): void {
        shown(this)
      }
      disconnectedCallback(): void {
        undo.get(this)?.()
      }
    }
  made.site = site
  if (customElements.get(NAME)) document.querySelectorAll(NAME).forEach(shown)
  else customElements.define(NAME, made)
  return () => {
    delete made.site
    for (const step of undo.values()) step()
  }
}
