// Events that are recorded by themselves where a ruleset names them; and which events a ruleset names.

import type { Automatic } from '../types.js'

/** What each of them means, and its properties, stand in cli/events.ts. */
export const SIGNALS = [
  'engaged',
  'scroll',
  'read',
  'rage_click',
  'outbound_click',
  'file_download',
  'search',
  'form_start',
  'form_submit',
  'form_abandon',
  'video_start',
  'video_complete',
] as const satisfies readonly Automatic[]

/** GA4's recommended events for shops and sites, which a page's data layer tells of: those of items first. */
export const COMMERCE = [
  'view_item',
  'view_item_list',
  'select_item',
  'view_promotion',
  'select_promotion',
  'add_to_wishlist',
  'add_to_cart',
  'remove_from_cart',
  'view_cart',
  'begin_checkout',
  'add_shipping_info',
  'add_payment_info',
  'purchase',
  'refund',
  'search',
  'view_search_results',
  'sign_up',
  'login',
  'generate_lead',
  'share',
  'select_content',
] as const satisfies readonly Automatic[]

/** All of them, each once. */
export const AUTOMATIC: readonly Automatic[] = [...new Set([...SIGNALS, ...COMMERCE])]

/** Types of event that something in a ruleset asks for: a segment, a goal, a trigger, a slot, an interest by its weights. */
export function eventTypes(ruleset: unknown): Set<unknown> {
  const types = new Set<unknown>()
  // Goes through all keys, at any depth. The arms of splits have weights, too, and do no harm.
  JSON.stringify(ruleset, (key, value) => {
    if (key === 'event') types.add(value)
    if (key === 'weights') for (const type in value) types.add(type)
    return value
  })
  return types
}
