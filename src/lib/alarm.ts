// One timer for the next instant at which something changes by itself.

/** The longest wait that `setTimeout` can hold, about 24.8 days; longer ones fire at once. */
const LONGEST = 2 ** 31 - 1

export function alarm(now: () => number, ring: () => void): { set(at: number): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  return {
    set: (at) => {
      clearTimeout(timer)
      if (at < Number.POSITIVE_INFINITY) timer = setTimeout(ring, Math.min(Math.max(at - now(), 0), LONGEST))
    },
    stop: () => clearTimeout(timer),
  }
}
