// gate(): holds work back until it is opened, then does it in the order in which it came.

export interface Gate {
  /** Now or, while it is closed, as soon as it is opened. */
  pass<T>(work: () => T | Promise<T>): Promise<T>
  open(): void
}

export function gate(): Gate {
  let waiting: (() => void)[] | undefined = []
  return {
    pass: (work) => (waiting ? new Promise((done) => waiting?.push(() => done(work()))) : Promise.resolve(work())),
    open: () => {
      const works = waiting ?? []
      waiting = undefined
      for (const work of works) work()
    },
  }
}
