// Whatever the browser calls runs inside a guard: nothing of ours is ever thrown into the page.

export type Guard = <A extends unknown[]>(work: (...args: A) => void) => (...args: A) => void

export const guarded =
  (failed: (error: unknown) => void): Guard =>
  (work) =>
  (...args) => {
    try {
      work(...args)
    } catch (error) {
      failed(error)
    }
  }
