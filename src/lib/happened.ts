// happened(): is what an experience waits for met by what has happened? Who has scrolled to the end has seen the middle.

import type { Trigger } from '../types.js'
import { duration } from './duration.js'

export function happened(on: Trigger, fact: Trigger): boolean {
  if ('scroll' in on) return 'scroll' in fact && fact.scroll >= on.scroll
  if ('engaged' in on) return 'engaged' in fact && duration(fact.engaged) >= duration(on.engaged)
  if ('idle' in on) return 'idle' in fact && duration(fact.idle) >= duration(on.idle)
  if ('event' in on) return 'event' in fact && fact.event === on.event
  return 'exit' in fact
}
