// Elements that say by data-track-view what it is called that they have been seen; data-track-* attributes are its
// properties, as for clicks. Once per page view.

import { inView } from '../lib/inView.js'
import { propsOf } from './click.js'
import { listen } from './listen.js'
import type { Start } from './signals.js'

const MARK = 'data-track-view'

/** ms. Elements that a script adds come in crowds: they are looked for once for so long. */
const LOOK_AFTER = 250

export const views: Start = ({ view: { document }, ruleset, put, guard }) => {
  const watched = new WeakSet<Element>()
  const seen = inView(
    document,
    guard((element) => {
      const type = element.getAttribute(MARK)
      if (type) put({ type, props: propsOf(element) })
    }),
  )
  const look = (): void => {
    for (const element of document.querySelectorAll(`[${MARK}]`)) {
      if (watched.has(element)) continue
      watched.add(element)
      seen.watch(element)
    }
  }
  look()
  const undo = [seen.stop, listen({ guard }, document, 'DOMContentLoaded', look)]

  if (ruleset.sense?.views) {
    let timer: ReturnType<typeof setTimeout> | undefined
    const added = new MutationObserver(() => {
      timer ??= setTimeout(() => {
        timer = undefined
        guard(look)()
      }, LOOK_AFTER)
    })
    added.observe(document, { childList: true, subtree: true })
    undo.push(() => {
      added.disconnect()
      clearTimeout(timer)
    })
  }
  return () => {
    for (const step of undo) step()
  }
}
