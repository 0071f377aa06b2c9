// createWire(): puts requests on the wire, as many as a browser carries on with when the page is left.

import type { Posting } from '../types.js'
import { type Answer, post } from './post.js'

/** Browsers carry on with 64 KiB of a page's requests, and Chromium with 9 of them; others of the page need room, too. */
const MOST_BYTES = 48 * 1024
const MOST = 6

export type Wire = (posting: Posting, abort: AbortController) => Promise<Answer>

export function createWire(fetch: typeof globalThis.fetch, now: () => number): Wire {
  let many = 0
  let bytes = 0
  return async (posting, abort) => {
    const size = new TextEncoder().encode(posting.body).length
    const keepalive = many < MOST && bytes + size <= MOST_BYTES
    if (!keepalive) return post(posting, { fetch, abort, now, keepalive })
    many++
    bytes += size
    const answer = await post(posting, { fetch, abort, now, keepalive })
    many--
    bytes -= size
    return answer
  }
}
