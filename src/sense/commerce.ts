// commerce(): events of shops and sites without code, from the data layer; and a product that was viewed, from what the
// page says of itself where the data layer does not.

import { COMMERCE } from '../lib/automatic.js'
import type { Guard } from '../lib/guard.js'
import type { Json, Props, Ruleset, Signal } from '../types.js'
import { dataLayer, LATER } from './datalayer.js'
import { factsOf } from './facts.js'
import { searchTerm } from './search.js'

export interface CommercePage {
  view: Window
  ruleset: Ruleset
  guard: Guard
  /** Does the ruleset ask for events of this type, and are they left to us to record? */
  uses(type: string): boolean
  note(type: string, props?: { [name: string]: Json | undefined }): void
}

export interface Commerce {
  /** The page view ends, for now or for good. */
  leave(): void
  /** Another page view is about to be recorded. */
  turn(): void
  stop(): void
}

/** The document was loaded again, or come back to: what it tells of by itself it has told before. */
const isAgain = (view: Window): boolean => {
  const [entry] = view.performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  return entry?.type === 'reload' || entry?.type === 'back_forward'
}

export function commerce({ view, ruleset, guard, uses, note }: CommercePage): Commerce {
  const again = isAgain(view)
  /** Of this page view: has a product been told of, and what the document said before. */
  let viewed = false
  let before = ''
  /** The page itself has told of its product, and a slow data layer may still do so. */
  let ahead = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const heard = ({ type, props = {} }: Signal, late: boolean): void => {
    if (type === 'view_item') {
      viewed = true
      if (ahead) {
        ahead = false
        return
      }
    }
    // Names of a site's own are taken where the ruleset says so.
    if (!(COMMERCE as readonly string[]).includes(type) && !ruleset.sense?.dataLayer) return
    // A page of thanks that is loaded again is no second purchase.
    if (type === 'purchase' && again && !late) return
    // Site search is told by the address, where the ruleset says by what.
    if (type === 'search' && ruleset.sense?.search) return
    const { search_term: term, ...rest } = props
    note(type, typeof term === 'string' ? { ...rest, term: searchTerm(term) } : rest)
  }

  const facts = (): Props => factsOf(view.document)
  /** Where nothing else tells, the page itself does; each page view once. */
  const viewItem = (): void => {
    clearTimeout(timer)
    if (viewed || !uses('view_item')) return
    const known = facts()
    if (known.item_id === undefined || JSON.stringify(known) === before) return
    viewed = ahead = true
    note('view_item', known)
  }
  const wait = guard(() => {
    clearTimeout(timer)
    timer = setTimeout(guard(viewItem), LATER)
  })

  const unhear = dataLayer(view, guard, heard)
  if (view.document.readyState === 'complete') wait()
  else view.addEventListener('load', wait, { once: true })
  return {
    leave: viewItem,
    turn: () => {
      // In a single page the document may go on saying what it said before.
      before = JSON.stringify(facts())
      viewed = ahead = false
      wait()
    },
    stop: () => {
      clearTimeout(timer)
      view.removeEventListener('load', wait)
      unhear()
    },
  }
}
