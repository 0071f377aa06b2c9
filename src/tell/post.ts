// post(): one row to the collector, and what its answer means.

import { isObject } from '../lib/own.js'
import type { Posting } from '../types.js'

/** ms. A collector that has not answered by then does not answer. */
const WITHIN = 10_000
/** ms. No collector is believed that wants us to wait longer. */
const LONGEST = 86_400_000

export interface Answer {
  /** `refused`: it will never be taken. `failed`: to be sent again. `closed`: nobody is let in on this page. */
  is: 'taken' | 'refused' | 'failed' | 'closed'
  error?: string | null
  /** ms, where the collector says how long to wait. */
  after?: number | undefined
}

/** A number of seconds, or a date. */
function retryAfter(header: string | null, now: number): number | undefined {
  const after = header === null || header === '' ? Number.NaN : /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isNaN(after) ? undefined : Math.min(Math.max(after, 0), LONGEST)
}

/** What nobody reads is not fetched; an answer that has broken off by then has nothing to cancel. */
const leaveUnread = ({ body }: Response): void => void body?.cancel().catch(() => {})

async function read(response: Response): Promise<Answer> {
  const type = response.headers.get('content-type') ?? ''
  // A portal that wants a login, or a site's own page for every address: whoever answers so is no collector.
  if (type.includes('html') && /^\s*</.test(await response.text())) return { is: 'failed', error: 'a web page answers; is "sync.endpoint" right?' }
  if (!type.includes('json')) {
    leaveUnread(response)
    return { is: 'taken' }
  }
  // OTLP's way to take a request and refuse what is in it.
  const body: unknown = await response.json().catch(() => undefined)
  const partial = isObject(body) && isObject(body.partialSuccess) ? body.partialSuccess : {}
  return Number(partial.rejectedLogRecords) > 0 ? { is: 'refused', error: `${partial.errorMessage}` } : { is: 'taken' }
}

export interface Posted {
  fetch: typeof globalThis.fetch
  abort: AbortController
  now: () => number
  /** It goes on when the page is left. */
  keepalive: boolean
}

/** Never rejects. Carries no cookies, no referrer, and no header but the type and what the transport asks for. */
export async function post({ url, type, body, headers: more }: Posting, { fetch, abort, now, keepalive }: Posted): Promise<Answer> {
  const timer = setTimeout(() => abort.abort(), WITHIN)
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': type, ...more },
      body,
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      redirect: 'error',
      keepalive,
      signal: abort.signal,
    })
    const { ok, status, headers } = response
    if (ok) return await read(response)
    leaveUnread(response)
    const error = `HTTP ${status}`
    if (status === 401 || status === 403) return { is: 'closed', error }
    if (status < 500 && status !== 408 && status !== 429) return { is: 'refused', error }
    return { is: 'failed', error, after: retryAfter(headers.get('retry-after'), now()) }
  } catch (error) {
    return { is: 'failed', error: abort.signal.aborted ? 'no answer' : `${error}` }
  } finally {
    clearTimeout(timer)
  }
}
