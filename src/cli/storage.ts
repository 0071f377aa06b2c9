// slotwise check --storage: the table of everything that a ruleset lets be kept on a visitor's device.

import { DAY } from '../lib/day.js'
import { KEPT, type Kept } from '../lib/kept.js'
import { retention } from '../remember/retention.js'
import type { Ruleset } from '../types.js'

export type Language = 'en' | 'pt-BR'

export interface Line {
  where: string
  key: string
  what: string
  lasts: string
  /** Under which answer; in `memory` and `off` nothing of a profile is kept before a yes. */
  when: string
}

type Words = { [key: string]: string }

const WHEN: { [language in Language]: Words } = {
  en: { choice: 'once the visitor has answered', measure: 'once measuring is granted', asked: 'for whoever opens a preview link', local: 'from the first page on, until a no', other: 'once personalizing is granted' },
  'pt-BR': { choice: 'depois que o visitante responde', measure: 'depois que a medição é permitida', asked: 'para quem abre um link de prévia', local: 'desde a primeira página, até um não', other: 'depois que a personalização é permitida' },
}

const LASTS: { [language in Language]: Words } = {
  en: { answer: '180 days, then it is asked again', events: '{days} days, and {count} events at most', profile: 'until it is erased', 'next page': 'until the next page, or 30 days', tab: 'as long as the tab', done: 'until it is done', measure: 'until it is sent, measuring is refused, or all is erased', trial: 'until its epoch of {epoch} days and its goal’s time are over' },
  'pt-BR': { answer: '180 dias; depois a pergunta volta', events: '{days} dias, no máximo {count} eventos', profile: 'até ser apagado', 'next page': 'até a próxima página, ou 30 dias', tab: 'enquanto a aba existir', done: 'até ser feito', measure: 'até o envio, a recusa da medição ou a exclusão', trial: 'até acabar o período de {epoch} dias e o prazo da meta' },
}

const possible = ({ when }: Kept, ruleset: Ruleset): boolean => when !== 'measure' || ruleset.sync !== undefined

export function storage(ruleset: Ruleset, language: Language = 'en'): Line[] {
  const { events, count } = retention(ruleset)
  const values: { [name: string]: string } = { days: `${Math.ceil(events / DAY)}`, count: count.toLocaleString(language), epoch: `${ruleset.epochDays ?? 28}` }
  const before = (ruleset.consent?.before ?? 'local') === 'local' ? 'local' : 'other'
  return KEPT.filter((one) => possible(one, ruleset)).map(({ where, key, what, lasts, when }) => ({
    where: where === 'IndexedDB' ? 'IndexedDB “slotwise”' : where,
    key: where === 'IndexedDB' ? `["${key}", …]` : key,
    what: what[language],
    lasts: (LASTS[language][lasts] ?? lasts).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? ''),
    when: WHEN[language][when === 'profile' ? before : when] ?? when,
  }))
}

/** The table in columns, for a screen. */
export function storageText(ruleset: Ruleset, language: Language = 'en'): string {
  const head: Line = { where: 'where', key: 'key', what: 'what for', lasts: 'how long', when: 'when' }
  const lines = [head, ...storage(ruleset, language)]
  const width = (name: keyof Line): number => Math.max(...lines.map((line) => line[name].length))
  const row = (line: Line): string => (['where', 'key', 'what', 'lasts', 'when'] as const).map((name) => line[name].padEnd(width(name))).join('  ').trimEnd()
  return `${lines.map(row).join('\n')}\n\nNo cookie is ever set, and nothing of this is sent by a request of the page's own.\n`
}

/** The same as Markdown. */
export const storageMarkdown = (ruleset: Ruleset, language: Language): string => {
  const heads = language === 'en' ? ['where', 'key', 'what for', 'how long', 'when'] : ['onde', 'chave', 'para quê', 'por quanto tempo', 'quando']
  return [`| ${heads.join(' | ')} |`, '|---|---|---|---|---|', ...storage(ruleset, language).map(({ where, key, what, lasts, when }) => `| ${where} | \`${key}\` | ${what} | ${lasts} | ${when} |`)].join('\n')
}
