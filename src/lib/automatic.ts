// Events that are recorded by themselves where a ruleset names them; and which events a ruleset names.

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
] as const

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
