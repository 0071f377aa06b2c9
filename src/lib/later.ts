// later(): work that waits for something, and can be undone before as after.

/** `failed` hears when it never comes, or when the work throws. */
export function later<T>(coming: Promise<T>, work: (value: T) => (() => void) | void, failed: (error: Error) => void): () => void {
  let undo: (() => void) | void
  let undone = false
  coming
    .then((value) => {
      if (!undone) undo = work(value)
    })
    .catch(failed)
  return () => {
    undone = true
    undo?.()
  }
}
