// The visitor's page itself: what is known, what follows from it, and what can be done about it. Built node by node.

import type { Clause, Consent, Exported, Row, SentRow } from '../../types.js'
import type { Texts } from './texts.js'

/** What is shown, all of it as plain data. */
export interface Known {
  all: Exported
  consent: Consent
  /** By segment that holds, by slot: what it is there for. */
  segments: { name: string; clause: Clause | undefined }[]
  slots: { name: string; experience: string | null; variant: string; clauses: Clause[] }[]
  declined: string[]
  /** Asked whether all is to be erased. */
  sure: boolean
}

/** What a button does: its name, and what about. */
export type Act = (what: string, about?: string) => void

type Child = Node | string | false | undefined

export function view(doc: Document, texts: Texts, { all, consent, segments, slots, declined, sure }: Known, act: Act): HTMLElement {
  const make = <K extends keyof HTMLElementTagNameMap>(tag: K, ...children: Child[]): HTMLElementTagNameMap[K] => {
    const element = doc.createElement(tag)
    element.append(...children.filter((child): child is Node | string => child !== false && child !== undefined))
    return element
  }
  const fill = (text: string, values: { [name: string]: string | number }): string => text.replace(/\{(\w+)\}/g, (_, name) => `${values[name]}`)
  const when = (at: number): string => new Intl.DateTimeFormat(texts.language, { dateStyle: 'medium', timeStyle: 'short' }).format(at)
  const number = (n: number): string => new Intl.NumberFormat(texts.language).format(n)
  const kind = (type: string): string => texts.kinds[type] ?? type.replace(/_/g, ' ')
  const days = (text: string): string => (text.endsWith('d') ? fill(texts.days, { n: text.slice(0, -1) }) : text)

  /** `about` tells buttons with the same words apart, for ears as well. */
  const button = (words: string, what: string, about = '', label = ''): HTMLButtonElement => {
    const element = make('button', words)
    element.type = 'button'
    element.dataset.act = `${what} ${about}`
    if (label) element.setAttribute('aria-label', `${words}: ${label}`)
    element.addEventListener('click', () => act(what, about))
    return element
  }
  const section = (title: string, ...children: Child[]): HTMLElement => make('section', make('h3', title), ...children)
  const entry = (name: string, line: string, ...children: Child[]): HTMLElement => make('li', make('div', make('b', name), ' ', make('small', line)), ...children)
  const list = (title: string, entries: HTMLElement[], ...more: Child[]): Child => entries.length > 0 && section(title, make('ul', ...entries), ...more)
  const row = (...buttons: Child[]): HTMLElement => {
    const element = make('div', ...buttons)
    element.className = 'do'
    return element
  }
  const note = (words: string): HTMLElement => {
    const element = make('p', words)
    element.className = 'note'
    return element
  }

  /** What it is there for, in the visitor's own doings. */
  const reasons = (clauses: Clause[]): string => {
    const found = new Set<string>()
    const seek = ({ asks, event, got, last, held, parts = [] }: Clause): void => {
      if (event !== undefined && got) found.add(`${kind(event)} (${last === undefined ? got : fill(texts.times, { n: typeof got === 'number' ? number(got) : `${got}`, date: when(last) })})`)
      else if ((asks === 'trait' || asks === 'context') && held) for (const [path, value] of Object.entries(got as object)) found.add(`${path}: ${value}`)
      parts.forEach(seek)
    }
    clauses.forEach(seek)
    return [...found].join('; ')
  }

  const choice = (purpose: 'personalize' | 'measure'): HTMLElement =>
    entry(
      texts[purpose],
      texts[consent[purpose]],
      ...(['granted', 'denied'] as const).filter((answer) => consent[purpose] !== answer).map((answer) => button(texts[answer === 'granted' ? 'allow' : 'refuse'], purpose, answer, texts[purpose])),
    )

  const types = new Map<string, { n: number; last: number }>()
  for (const { type, at } of all.events) types.set(type, { n: (types.get(type)?.n ?? 0) + 1, last: Math.max(types.get(type)?.last ?? 0, at) })
  const did = [...types].map(([type, { n, last }]) => entry(kind(type), fill(texts.times, { n: number(n), date: when(last) }), button(texts.forget, 'event', type, kind(type))))
  const told = Object.entries(all.traits)
    .filter(([name]) => name !== 'declined')
    .map(([name, { value, source, at }]) => entry(`${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`, fill(texts.from, { source, date: when(at) }), button(texts.forget, 'trait', name, name)))

  const shown = slots.map(({ name, experience, variant, clauses }) =>
    experience === null
      ? entry(name, texts.own)
      : entry(`${name}: ${variant === 'default' ? texts.own : variant}`, reasons(clauses) ? `${texts.because} ${reasons(clauses)}` : texts.everybody, button(texts.decline, 'decline', experience, experience)),
  )

  const line = (row: Row | SentRow): HTMLElement => {
    const said = Object.entries(row).filter(([name]) => !['metric', 'day', 'id', 'sentOn'].includes(name))
    const day = new Date(row.day * 86_400_000).toISOString().slice(0, 10)
    return entry(texts.metrics[row.metric] ?? row.metric, [...said.map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`), day].join(' · '))
  }
  const rows = (title: string, all: (Row | SentRow)[]): Child => all.length > 0 && make('details', make('summary', fill(title, { n: number(all.length) })), make('ul', ...all.map(line)))
  const { outbox, sent, retention } = all

  const title = make('h2', texts.title)
  title.tabIndex = -1
  return make(
    'article',
    make('header', title, make('p', texts.lead)),
    consent.paused && note(texts.paused),
    section(
      texts.choice,
      consent.by === 'signal' && note(texts.signal),
      make('ul', choice('personalize'), consent.notice.sends && choice('measure')),
      all.consent.until !== null && make('p', fill(texts.until, { date: when(all.consent.until) })),
      row(consent.paused ? button(texts.resume, 'resume') : button(texts.pause, 'pause')),
    ),
    did.length + told.length === 0 && note(texts.empty),
    list(texts.did, did),
    list(texts.told, told),
    list(texts.groups, segments.map(({ name, clause }) => entry(name, clause && reasons([clause]) ? `${texts.because} ${reasons([clause])}` : ''))),
    list(texts.shown, shown),
    list(texts.declined, declined.map((name) => entry(name, '', button(texts.again, 'again', name, name)))),
    section(texts.rows, outbox.length + sent.length === 0 ? make('p', texts.nothingSent) : make('p', texts.unlinked), rows(texts.waiting, outbox), rows(texts.sent, sent)),
    section(
      texts.rules,
      make('p', fill(texts.hash, { version: all.rulesetVersion }), ' ', make('code', all.rulesetHash)),
      make('p', fill(texts.kept, { events: days(retention.events), count: number(retention.count), consent: days(retention.consent) })),
    ),
    section(
      texts.yours,
      row(button(texts.save, 'save'), button(texts.load, 'load'), button(texts.receipt, 'receipt')),
      sure ? make('div', note(texts.sure), row(button(texts.yes, 'erase'), button(texts.no, 'keep'))) : row(button(texts.erase, 'sure')),
    ),
  )
}
