// post(): one row to the collector, and what its answer means.

import { isObject } from '../lib/own.js'
import type { Posting } from './otlp.js'

/** ms. A collector that has not answered by then does not answer. */
const WITHIN = 10_000
/** ms. No collector is believed that wants us to wait longer. */
const LONGEST = 86_400_000

export type Answer =
  /** `warning` is for the site: it arrived, but something is odd. */
  | { is: 'taken'; warning?: string }
  /** It will never be taken. */
  | { is: 'refused'; error: string }
  /** To be sent again; `after` in ms, where the collector says how long to wait. */
  | { is: 'failed'; after?: number; error: string }
  /** Nobody is let in: nothing more is sent on this page. */
  | { is: 'closed'; status: number }

/** A number of seconds, or a date. */
function retryAfter(header: string | null, now: number): number | undefined {
  const after = header === null || header === '' ? Number.NaN : /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isNaN(after) ? undefined : Math.min(Math.max(after, 0), LONGEST)
}

/** What nobody reads is not fetched; an answer that has broken off by then has nothing to cancel. */
const leaveUnread = ({ body }: Response): void => void body?.cancel().catch(() => {})

async function read(response: Response): Promise<Answer> {
  const type = response.headers.get('content-type') ?? ''
  if (!type.includes('json')) {
    leaveUnread(response)
    return { is: 'taken', ...(type.includes('html') ? { warning: 'the collector answered with a web page; is "sync.endpoint" the right address?' } : {}) }
  }
  // OTLP's way to take a request and refuse what is in it.
  const body: unknown = await response.json().catch(() => undefined)
  const partial = isObject(body) && isObject(body.partialSuccess) ? body.partialSuccess : {}
  return Number(partial.rejectedLogRecords) > 0 ? { is: 'refused', error: `${partial.errorMessage}` } : { is: 'taken' }
}

/** Never rejects. Carries no cookies, no referrer and no header of its own but the type; goes on when the page is left. */
export async function post({ url, type, body }: Posting, fetch: typeof globalThis.fetch, abort: AbortController, now: () => number): Promise<Answer> {
  const timer = setTimeout(() => abort.abort(), WITHIN)
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      redirect: 'error',
      keepalive: true,
      signal: abort.signal,
    })
    const { ok, status, headers } = response
    if (ok) return await read(response)
    leaveUnread(response)
    if (status === 401 || status === 403) return { is: 'closed', status }
    if (status < 500 && status !== 408 && status !== 429) return { is: 'refused', error: `HTTP ${status}` }
    const after = retryAfter(headers.get('retry-after'), now())
    return { is: 'failed', error: `HTTP ${status}`, ...(after === undefined ? {} : { after }) }
  } catch (error) {
    return { is: 'failed', error: `${error}` }
  } finally {
    clearTimeout(timer)
  }
}
