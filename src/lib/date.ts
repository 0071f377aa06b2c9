// ISO dates and date-times, as a ruleset writes them.

/** `2026-11-27`, `2026-11-27T10:00`, with a zone or without. */
export const ISO = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/

export const isDate = (text: unknown): boolean => typeof text === 'string' && ISO.test(text) && !Number.isNaN(Date.parse(text))

/** An instant, in ms since 1970, as a ruleset would write it. */
export const iso = (at: number): string => new Date(at).toISOString()
