// The words of a report, in every language that it speaks; each language has all of them.

import { en } from './en.js'
import { pt } from './pt.js'

export type Words = typeof en

export const LANGUAGES = { en, 'pt-BR': pt } as const
export type Language = keyof typeof LANGUAGES

/** Puts values in place of `{name}`. */
export const fill = (text: string, values: { [name: string]: string | number }): string => text.replace(/\{(\w+)\}/g, (_, name: string) => `${values[name] ?? ''}`)

export interface Numbers {
  whole(n: number): string
  /** A share as per cent; `signed` for changes. */
  percent(share: number, digits?: number, signed?: boolean): string
  /** A difference of two shares, in percentage points. */
  points(difference: number): string
  plain(n: number): string
  /** A UTC day since 1970. */
  date(day: number): string
  probability(p: number): string
}

export function numbersIn(language: Language): Numbers {
  const percent = (share: number, digits = 1, signed = false): string =>
    `${share.toLocaleString(language, { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: signed ? 'exceptZero' : 'auto' })}`.replace('-', '−')
  return {
    whole: (n) => n.toLocaleString(language, { maximumFractionDigits: 0 }),
    percent,
    points: (difference) => (100 * difference).toLocaleString(language, { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: 'exceptZero' }).replace('-', '−'),
    plain: (n) => (Math.abs(n) < 0.0005 ? 0 : n).toLocaleString(language, { maximumSignificantDigits: 3 }).replace('-', '−'),
    date: (day) => new Date(day * 86_400_000).toLocaleDateString(language, { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' }),
    probability: (p) => (p > 0.9995 ? `> ${percent(0.999)}` : p < 0.0005 ? `< ${percent(0.001)}` : percent(p)),
  }
}
