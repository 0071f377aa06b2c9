// appears(): waits for what somebody else puts into the page, however late.

/** ms between two looks: the first, and the longest, each one half as long again as the one before. */
const FIRST = 50
const LONGEST = 3000

/** Looks now, and ever more rarely, until `find` gives something; `found` may return an undo. Gives the undo of both. */
export function appears<T>(find: () => T | undefined, found: (value: T) => (() => void) | void, failed: (error: unknown) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let undo: (() => void) | void
  const look = (wait: number): void => {
    try {
      const value = find()
      if (value !== undefined) undo = found(value)
      else timer = setTimeout(look, wait, Math.min(wait * 1.5, LONGEST))
    } catch (error) {
      failed(error)
    }
  }
  look(FIRST)
  return () => {
    clearTimeout(timer)
    undo?.()
  }
}
