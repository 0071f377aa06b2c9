// listen(): hears events of one type, until it is undone.

export function listen<E extends Event>(target: EventTarget, type: string, heard: (event: E) => void, options?: AddEventListenerOptions): () => void {
  // Node has no such thing.
  target.addEventListener?.(type, heard as (event: Event) => void, options)
  return () => target.removeEventListener?.(type, heard as (event: Event) => void, options)
}

/** One undo for all of them. */
export const together =
  (undo: (() => void)[]): (() => void) =>
  () =>
    undo.forEach((step) => step())
