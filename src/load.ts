// Fetches a ruleset, as what it is: nothing is said here of what it holds.

import { deadline } from './lib/deadline.js'

/** The address of a ruleset, or whatever loads one. */
export type Source = string | (() => Promise<unknown>)

/** What JSON holds, and its text where it came as one. */
export type Loaded = [value: unknown, text?: string]

/** Bytes. A larger file would hold up the page while it is parsed. */
export const LARGEST = 1_000_000

/** ms. A ruleset that comes later than this finds a page that has long been read. */
export const WITHIN = 10_000

async function fetchRuleset(url: string, fetch: typeof globalThis.fetch): Promise<Loaded> {
  try {
    const response = await fetch(url)
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    const body = await response.text()
    if (body.length > LARGEST) throw new Error(`more than ${LARGEST} bytes; remove what is not used`)
    return [JSON.parse(body), body]
  } catch (error) {
    // A SyntaxError is one of the JSON.
    throw new Error(`The ruleset at ${url} could not be loaded: ${error}`)
  }
}

/** What JSON holds at an address. Rejects, with an Error that names the address and the mend, also when it takes too long. */
export const fetched = (source: Source, fetch: typeof globalThis.fetch): Promise<Loaded> =>
  deadline(typeof source === 'string' ? fetchRuleset(source, fetch) : source().then((value): Loaded => [value]), WITHIN, 'The ruleset')
