// createTurn(): of all tabs of a site, one sends at a time. Leases keep rows apart; this keeps requests few.

/** ms. However long a collector takes, no other tab waits longer. */
const LONGEST = 10_000

const LOCK = 'slotwise:flush'

export interface Turn {
  /** Gives what ends it; undefined while it is another tab's. */
  take(): Promise<(() => void) | undefined>
  /** The page is being left. */
  end(): void
}

/** Without Web Locks (Safari before 15.4, pages without TLS) it is always one's turn. */
export function createTurn(locks: Pick<LockManager, 'request'> | undefined): Turn {
  const holders = new Set<object>()
  let held: Promise<boolean> | undefined
  let release = (): void => {}

  const end = (): void => {
    holders.clear()
    held = undefined
    release()
  }
  const request = (): Promise<boolean> =>
    new Promise((granted) => {
      const hold = async (lock: Lock | null): Promise<void> => {
        granted(lock !== null)
        if (!lock) return
        const timer = setTimeout(end, LONGEST)
        await new Promise<void>((done) => {
          release = done
        })
        clearTimeout(timer)
      }
      // Refused, as to a frame in a sandbox: leases alone must do.
      locks?.request(LOCK, { ifAvailable: true }, hold).catch(() => granted(true))
    })

  return {
    take: async () => {
      if (!locks) return () => {}
      const holder = {}
      holders.add(holder)
      held ??= request()
      const give = (): void => {
        if (holders.delete(holder) && holders.size === 0) end()
      }
      if (await held) return give
      give()
      return undefined
    },
    end,
  }
}
