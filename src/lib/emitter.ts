// on and emit for named stages, whose values are objects: a late listener gets the last value, and one that throws stops nobody else.

export interface Emitter<Stages> {
  on<K extends keyof Stages>(stage: K, listener: (value: Stages[K]) => void): () => void
  /** Without a value, what was the last is forgotten, and nobody hears of it. */
  emit<K extends keyof Stages>(stage: K, value?: Stages[K]): void
  clear(): void
}

/** `failed` hears of every listener that throws. */
export function emitter<Stages>(failed: (stage: keyof Stages, error: unknown) => void): Emitter<Stages> {
  const listeners = new Map<keyof Stages, Set<(value: never) => void>>()
  const last = new Map<keyof Stages, unknown>()

  const call = <K extends keyof Stages>(stage: K, listener: (value: Stages[K]) => void, value: Stages[K]): void => {
    try {
      listener(value)
    } catch (error) {
      failed(stage, error)
    }
  }

  return {
    on: (stage, listener) => {
      // Wrapped, so that the same function can be added twice and each undo takes away its own.
      const own = (value: never): void => listener(value)
      const set = listeners.get(stage) ?? new Set()
      listeners.set(stage, set.add(own))
      if (last.get(stage)) call(stage, listener, last.get(stage) as never)
      return () => void set.delete(own)
    },
    emit: (stage, value) => {
      last.set(stage, value)
      if (value) for (const listener of [...(listeners.get(stage) ?? [])]) call(stage, listener as never, value)
    },
    clear: () => {
      listeners.clear()
      last.clear()
    },
  }
}
